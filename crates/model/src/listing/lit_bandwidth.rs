//! Lit buildings with the smallest and the largest bandwidth as text.
//!
//! `Switched Ethernet - Min Bandwidth` and `… - Max Bandwidth` are one product, sold in a range: one
//! claim with both ends. A list may have several such pairs of columns.

use super::figures;
use super::header::{Cells, Header};
use super::lit::LitPlace;
use super::mapped::BandwidthUnit;
use super::row::{Notes, RejectReason, RowReading};
use crate::Text;
use crate::claim::{Claim, Kbps, Standing, Technology};
use crate::identity::ProviderName;

const LARGEST: &str = "maxbandwidth";
const SMALLEST: &str = "minbandwidth";

/// Where the columns are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LitBandwidth {
    place: LitPlace,
    products: Vec<Product>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Product {
    name: Option<Text>,
    largest: Column,
    smallest: Option<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    index: usize,
    name: String,
}

impl LitBandwidth {
    /// Finds the columns, or says which are missing.
    pub(super) fn new(header: &Header) -> Result<Self, Vec<String>> {
        let mut missing = Vec::new();
        let place = LitPlace::new(header, &mut missing);
        let products: Vec<Product> = header
            .ending(LARGEST)
            .map(|(index, start)| product(header, index, start))
            .collect();
        if products.is_empty() {
            missing.push("max bandwidth".to_owned());
        }
        if missing.is_empty() {
            Ok(Self { place, products })
        } else {
            Err(missing)
        }
    }

    /// Reads one row.
    pub(super) fn read<C: Cells + ?Sized>(
        &self,
        cells: &C,
        owner: &ProviderName,
        notes: &mut Notes,
    ) -> RowReading {
        match self.claims(cells, owner, notes) {
            Ok(claims) => RowReading::Claims(claims),
            Err(reason) => RowReading::Rejected(reason),
        }
    }

    fn claims<C: Cells + ?Sized>(
        &self,
        cells: &C,
        owner: &ProviderName,
        notes: &mut Notes,
    ) -> Result<Vec<Claim>, RejectReason> {
        let (building, place) = self.place.place(cells, notes)?;
        let coordinates = self.place.coordinates(cells, notes);
        let mut claims = Vec::with_capacity(self.products.len());
        for product in &self.products {
            let Some(largest) = bandwidth(cells, &product.largest)? else {
                continue;
            };
            let smallest = match &product.smallest {
                Some(column) => bandwidth(cells, column)?,
                None => None,
            };
            claims.push(Claim {
                provider: owner.clone(),
                building: building.clone(),
                place: place.clone(),
                technology: Technology::Ethernet,
                product: product.name.clone(),
                smallest,
                down: Some(largest),
                up: Some(largest),
                standing: Standing::Offered,
                price: None,
                coordinates,
                provider_building_id: self.place.id(cells),
                underlying_provider: None,
            });
        }
        if claims.is_empty() {
            let column = self.products.first().map(|product| &product.largest.name);
            return Err(RejectReason::Missing {
                column: column.cloned().unwrap_or_default(),
            });
        }
        Ok(claims)
    }
}

fn product(header: &Header, index: usize, start: &str) -> Product {
    let column = |index: usize| Column {
        index,
        name: header.names()[index].clone(),
    };
    let smallest = header
        .ending(SMALLEST)
        .find(|(_, other)| *other == start)
        .map(|(index, _)| column(index));
    let largest = column(index);
    // `Switched Ethernet - Max Bandwidth` without its last two words and the dash.
    let words = largest
        .name
        .to_lowercase()
        .rfind("max")
        .and_then(|end| largest.name.get(..end))
        .map(|words| words.trim_end_matches([' ', '-', '_', ':']))
        .filter(|words| !words.is_empty());
    Product {
        name: words.map(Text::new),
        largest,
        smallest,
    }
}

fn bandwidth<C: Cells + ?Sized>(cells: &C, column: &Column) -> Result<Option<Kbps>, RejectReason> {
    let given = cells.cell(column.index);
    if given.is_empty() {
        return Ok(None);
    }
    figures::bandwidth(given, BandwidthUnit::Mbps)
        .map(Some)
        .ok_or_else(|| RejectReason::BadBandwidth {
            column: column.name.clone(),
            given: given.to_owned(),
        })
}

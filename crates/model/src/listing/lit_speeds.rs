//! Lit buildings with a column per speed: `Y`, `N` or `ICB` under `1G Ethernet`.
//!
//! Each filled cell is a claim of its own, because on-net is per product and speed, not per building.
//! The column's name is the product; its figure is the bandwidth both ways.

use super::figures;
use super::header::{Cells, Header};
use super::lit::LitPlace;
use super::row::{Notes, RejectReason, RowReading};
use super::speed_cell;
use crate::Text;
use crate::claim::{Claim, Kbps, Technology};
use crate::identity::ProviderName;

/// Where the columns are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LitSpeeds {
    place: LitPlace,
    speeds: Vec<Speed>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Speed {
    column: usize,
    name: Text,
    technology: Technology,
    smallest: Option<Kbps>,
    largest: Kbps,
}

impl LitSpeeds {
    /// Finds the columns, or says which are missing.
    pub(super) fn new(header: &Header) -> Result<Self, Vec<String>> {
        let mut missing = Vec::new();
        let place = LitPlace::new(header, &mut missing);
        let speeds: Vec<Speed> = header
            .names()
            .iter()
            .enumerate()
            .filter_map(|(column, name)| speed(column, name))
            .collect();
        if speeds.is_empty() {
            missing.push("a column per speed, for example \"1G Ethernet\"".to_owned());
        }
        if missing.is_empty() {
            Ok(Self { place, speeds })
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
        let provider_building_id = self.place.id(cells);
        let mut claims = Vec::with_capacity(self.speeds.len());
        for speed in &self.speeds {
            let Some(standing) = speed_cell::standing(cells.cell(speed.column), &speed.name, notes)
            else {
                continue;
            };
            claims.push(Claim {
                provider: owner.clone(),
                building: building.clone(),
                place: place.clone(),
                technology: speed.technology,
                product: Some(speed.name.clone()),
                smallest: speed.smallest,
                down: Some(speed.largest),
                up: Some(speed.largest),
                standing,
                price: None,
                coordinates,
                provider_building_id: provider_building_id.clone(),
                underlying_provider: None,
            });
        }
        if claims.is_empty() {
            Err(RejectReason::NothingSaid)
        } else {
            Ok(claims)
        }
    }
}

fn speed(column: usize, name: &str) -> Option<Speed> {
    let (smallest, largest) = figures::bandwidth_of_name(name)?;
    let lower = name.to_lowercase();
    Some(Speed {
        column,
        name: name.into(),
        technology: if lower.contains("fiber") || lower.contains("wave") {
            Technology::Fiber
        } else {
            Technology::Ethernet
        },
        smallest,
        largest,
    })
}

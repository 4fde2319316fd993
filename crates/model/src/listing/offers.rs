//! Offers by address: one offer a row.
//!
//! `address_full`, `provider`, `price`, `speed_down`, `speed_up` (Mbps), `technology`, `package`, …;
//! `collection_datetime` (seconds since 1970) dates the row. A resold line names its carrier in
//! `contract_provider`. Columns of a provider's fastest offer are another offer without a name; they
//! are not read. A `speed_down` of 0 says that the provider does not serve the address.

use jiff::Timestamp;

use super::figures;
use super::header::{Cells, Header};
use super::mapped::BandwidthUnit;
use super::name;
use super::place::{self, PlaceCells, filled};
use super::row::{Notes, RejectReason, RowReading, Warning};
use crate::address::Parts;
use crate::claim::{Claim, Kbps, ListPrice, Standing, Technology};
use crate::money::Currency;

const ADDRESS: &str = "address_full";
const PROVIDER: &str = "provider";
const PRICE: &str = "price";
const DOWN: &str = "speed_down";
const UP: &str = "speed_up";
const UNDERLYING: &str = "contract_provider";

/// Where the columns are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offers {
    address: usize,
    provider: usize,
    price: usize,
    down: usize,
    up: usize,
    state: Option<usize>,
    latitude: Option<usize>,
    longitude: Option<usize>,
    technology: Option<usize>,
    package: Option<usize>,
    collected_at: Option<usize>,
    underlying: Option<usize>,
}

impl Offers {
    /// Finds the columns, or says which are missing.
    pub(super) fn new(header: &Header) -> Result<Self, Vec<String>> {
        let mut missing = Vec::new();
        let mut need = |name: &str| {
            header.find(&[name]).unwrap_or_else(|| {
                missing.push(name.to_owned());
                0
            })
        };
        let offers = Self {
            address: need(ADDRESS),
            provider: need(PROVIDER),
            price: need(PRICE),
            down: need(DOWN),
            up: need(UP),
            state: header.find(&["state"]),
            latitude: header.find(&["lat", "latitude"]),
            longitude: header.find(&["lon", "lng", "longitude"]),
            technology: header.find(&["technology"]),
            package: header.find(&["package"]),
            collected_at: header.find(&["collection_datetime"]),
            underlying: header.find(&[UNDERLYING]),
        };
        if missing.is_empty() {
            Ok(offers)
        } else {
            Err(missing)
        }
    }

    /// Reads one row.
    pub(super) fn read<C: Cells + ?Sized>(&self, cells: &C, notes: &mut Notes) -> RowReading {
        match self.claim(cells, notes) {
            Ok(claim) => RowReading::Claims(vec![claim]),
            Err(reason) => RowReading::Rejected(reason),
        }
    }

    fn claim<C: Cells + ?Sized>(
        &self,
        cells: &C,
        notes: &mut Notes,
    ) -> Result<Claim, RejectReason> {
        let optional = |column: Option<usize>| column.map_or("", |column| cells.cell(column));
        let provider = name::provider(cells.cell(self.provider), PROVIDER, notes)?;
        let underlying = match optional(self.underlying) {
            "" => None,
            given => Some(name::provider(given, UNDERLYING, notes)?),
        };
        let down = speed(cells.cell(self.down), DOWN)?;
        let up = speed(cells.cell(self.up), UP)?;
        let price = price(cells.cell(self.price), notes);
        let product = filled(optional(self.package));
        if down.is_none() && price.is_none() && product.is_none() {
            return Err(RejectReason::Missing {
                column: DOWN.to_owned(),
            });
        }
        let served = down != Some(Kbps(0));
        let (building, place) = place::place(
            PlaceCells {
                line: cells.cell(self.address),
                parts: Parts {
                    state: filled(optional(self.state)),
                    ..Parts::default()
                },
                column: ADDRESS,
            },
            notes,
        )?;
        notes.collected_at = optional(self.collected_at)
            .parse()
            .ok()
            .and_then(|second| Timestamp::from_second(second).ok());
        Ok(Claim {
            provider,
            building,
            place,
            technology: figures::technology(optional(self.technology)).unwrap_or(Technology::Other),
            product,
            smallest: None,
            down: down.filter(|_| served),
            up: up.filter(|_| served),
            standing: if served {
                Standing::Offered
            } else {
                Standing::NotOffered
            },
            price: price.filter(|_| served),
            coordinates: place::coordinates(
                optional(self.latitude),
                optional(self.longitude),
                notes,
            ),
            provider_building_id: None,
            underlying_provider: underlying,
        })
    }
}

fn speed(given: &str, column: &str) -> Result<Option<Kbps>, RejectReason> {
    if given.is_empty() {
        return Ok(None);
    }
    figures::bandwidth(given, BandwidthUnit::Mbps)
        .map(Some)
        .ok_or_else(|| RejectReason::BadBandwidth {
            column: column.to_owned(),
            given: given.to_owned(),
        })
}

fn price(given: &str, notes: &mut Notes) -> Option<ListPrice> {
    if given.is_empty() {
        return None;
    }
    let mrc = figures::price(given, Currency::Usd);
    if mrc.is_none() {
        notes.warnings.push(Warning::PriceDropped {
            column: PRICE.to_owned(),
            given: given.to_owned(),
        });
    }
    mrc.map(|mrc| ListPrice { mrc })
}

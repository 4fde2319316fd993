//! What both shapes of lit-building lists share: where a building is, and its id.

use super::header::{Cells, Header};
use super::place::{self, Place, PlaceCells, filled};
use super::row::{Notes, RejectReason};
use crate::Text;
use crate::address::Parts;
use crate::geography::Coordinates;

const ADDRESS: [&str; 3] = ["address", "location address", "street address"];
const CITY: [&str; 2] = ["city", "location city"];
const STATE: [&str; 2] = ["state", "location state"];
const ZIP: [&str; 5] = ["zip code", "zip", "zipcode", "location zip", "postal code"];

/// Where the columns of the place are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LitPlace {
    line: Option<usize>,
    number: Option<usize>,
    predirectional: Option<usize>,
    street: Option<usize>,
    suffix: Option<usize>,
    postdirectional: Option<usize>,
    building: Option<usize>,
    city: usize,
    state: usize,
    zip: usize,
    zip4: Option<usize>,
    latitude: Option<usize>,
    longitude: Option<usize>,
    id: Option<usize>,
}

impl LitPlace {
    /// Finds the columns; what is missing is added to `missing`.
    pub(super) fn new(header: &Header, missing: &mut Vec<String>) -> Self {
        let line = header.find(&ADDRESS);
        let number = header.find(&["street number"]);
        let street = header.find(&["street name"]);
        if line.is_none() && (number.is_none() || street.is_none()) {
            missing.push(ADDRESS[0].to_owned());
        }
        let mut need = |names: &[&str]| {
            header.find(names).unwrap_or_else(|| {
                missing.push(names[0].to_owned());
                0
            })
        };
        Self {
            line,
            number,
            predirectional: header.find(&["prefix"]),
            street,
            suffix: header.find(&["street type"]),
            postdirectional: header.find(&["suffix"]),
            building: header.find(&["bldg"]),
            city: need(&CITY),
            state: need(&STATE),
            zip: need(&ZIP),
            zip4: header.find(&["location zip4", "zip4", "zip+4"]),
            latitude: header.find(&["latitude", "lat"]),
            longitude: header.find(&["longitude", "lon"]),
            id: header.find(&["bldg clli", "clli", "ref"]),
        }
    }

    /// The building of a row. Parts stand above the line where the row has both.
    pub(super) fn place<C: Cells + ?Sized>(
        &self,
        cells: &C,
        notes: &mut Notes,
    ) -> Result<Place, RejectReason> {
        let cell = |column: Option<usize>| filled(column.map_or("", |column| cells.cell(column)));
        let building = cell(self.building);
        let parts = Parts {
            number: cell(self.number),
            predirectional: cell(self.predirectional),
            street: cell(self.street),
            suffix: cell(self.suffix),
            postdirectional: cell(self.postdirectional),
            unit_type: building.as_ref().map(|_| Text::new_static("BLDG")),
            unit: building,
            city: filled(cells.cell(self.city)),
            state: filled(cells.cell(self.state)),
            zip: filled(cells.cell(self.zip)),
            zip4: cell(self.zip4),
        };
        let apart = parts.number.is_some() && parts.street.is_some();
        let line = self.line.map_or("", |column| cells.cell(column));
        place::place(
            PlaceCells {
                line: if apart { "" } else { line },
                parts,
                column: ADDRESS[0],
            },
            notes,
        )
    }

    pub(super) fn coordinates<C: Cells + ?Sized>(
        &self,
        cells: &C,
        notes: &mut Notes,
    ) -> Option<Coordinates> {
        let cell = |column: Option<usize>| column.map_or("", |column| cells.cell(column));
        place::coordinates(cell(self.latitude), cell(self.longitude), notes)
    }

    pub(super) fn id<C: Cells + ?Sized>(&self, cells: &C) -> Option<Text> {
        filled(self.id.map_or("", |column| cells.cell(column)))
    }
}

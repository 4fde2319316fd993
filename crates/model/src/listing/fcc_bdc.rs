//! FCC Broadband Data Collection, fixed availability: area hints.
//!
//! One row a location, without address or coordinates; `h3_res8_id` is all that joins to a place. The
//! hint of a brand, cell and technology has the largest speeds of its rows. Satellite (60, 61) is
//! excluded: it reaches everywhere. Ids with leading zeros (`frn`, `block_geoid`) are not read.

use h3o::{CellIndex, Resolution};

use super::figures;
use super::header::{Cells, Header};
use super::mapped::BandwidthUnit;
use super::name;
use super::row::{Exclusion, Notes, RejectReason, RowReading};
use crate::claim::{AreaHint, Kbps, Technology};
use crate::geography::Cell;

const BRAND: &str = "brand_name";
const TECHNOLOGY: &str = "technology";
const DOWN: &str = "max_advertised_download_speed";
const UP: &str = "max_advertised_upload_speed";
const CELL: &str = "h3_res8_id";

/// Where the columns are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FccBdc {
    brand: usize,
    technology: usize,
    down: usize,
    up: usize,
    cell: usize,
}

impl FccBdc {
    /// Finds the columns, or says which are missing.
    pub(super) fn new(header: &Header) -> Result<Self, Vec<String>> {
        let mut missing = Vec::new();
        let mut need = |name: &str| {
            header.find(&[name]).unwrap_or_else(|| {
                missing.push(name.to_owned());
                0
            })
        };
        let columns = Self {
            brand: need(BRAND),
            technology: need(TECHNOLOGY),
            down: need(DOWN),
            up: need(UP),
            cell: need(CELL),
        };
        if missing.is_empty() {
            Ok(columns)
        } else {
            Err(missing)
        }
    }

    /// Reads one row.
    pub(super) fn read<C: Cells + ?Sized>(&self, cells: &C, notes: &mut Notes) -> RowReading {
        self.hint(cells, notes).unwrap_or_else(RowReading::Rejected)
    }

    fn hint<C: Cells + ?Sized>(
        &self,
        cells: &C,
        notes: &mut Notes,
    ) -> Result<RowReading, RejectReason> {
        let technology = match technology(cells.cell(self.technology))? {
            Code::Satellite => return Ok(RowReading::Excluded(Exclusion::Satellite)),
            Code::Ground(technology) => technology,
        };
        let down = speed(cells.cell(self.down), DOWN)?;
        let up = speed(cells.cell(self.up), UP)?;
        if down == Some(Kbps(0)) && up.is_none_or(|up| up == Kbps(0)) {
            return Ok(RowReading::Excluded(Exclusion::NoBandwidth));
        }
        Ok(RowReading::Hint(AreaHint {
            provider: name::provider(cells.cell(self.brand), BRAND, notes)?,
            cell: cell(cells.cell(self.cell))?,
            technology,
            down,
            up,
        }))
    }
}

enum Code {
    Satellite,
    Ground(Technology),
}

fn technology(given: &str) -> Result<Code, RejectReason> {
    Ok(Code::Ground(match given {
        "0" => Technology::Other,
        "10" => Technology::Copper,
        "40" => Technology::Cable,
        "50" => Technology::Fiber,
        "60" | "61" => return Ok(Code::Satellite),
        "70" => Technology::UnlicensedFixedWireless,
        "71" => Technology::LicensedFixedWireless,
        "72" => Technology::LicensedByRuleFixedWireless,
        _ => {
            return Err(RejectReason::BadTechnology {
                column: TECHNOLOGY.to_owned(),
                given: given.to_owned(),
            });
        }
    }))
}

/// Megabits per second; empty or `null` where the provider reports none.
fn speed(given: &str, column: &str) -> Result<Option<Kbps>, RejectReason> {
    if given.is_empty() || given.eq_ignore_ascii_case("null") {
        return Ok(None);
    }
    figures::bandwidth(given, BandwidthUnit::Mbps)
        .map(Some)
        .ok_or_else(|| RejectReason::BadBandwidth {
            column: column.to_owned(),
            given: given.to_owned(),
        })
}

fn cell(given: &str) -> Result<Cell, RejectReason> {
    u64::from_str_radix(given, 16)
        .ok()
        .and_then(|index| CellIndex::try_from(index).ok())
        .filter(|cell| cell.resolution() == Resolution::Eight)
        .map(|cell| Cell(u64::from(cell)))
        .ok_or_else(|| RejectReason::BadCell {
            column: CELL.to_owned(),
            given: given.to_owned(),
        })
}

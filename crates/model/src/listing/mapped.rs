//! Any other list, read by a column map.

use std::collections::BTreeMap;

use crate::claim::{Kbps, Standing, Technology};
use crate::money::Currency;

/// How the columns of a list are read.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnMap {
    /// Rows before the first data row.
    pub header_rows: usize,
    /// Which of them names the columns, from 1.
    pub names_row: usize,
    /// What stands between two cells.
    pub delimiter: u8,
    /// Where each field is found.
    pub fields: BTreeMap<Field, FieldSource>,
    /// Unit of bandwidths that are bare figures.
    pub bandwidth_unit: BandwidthUnit,
    /// Columns that stand for one speed each.
    pub speeds: Vec<SpeedColumn>,
    /// What the words of the standing column mean; compared without regard to case.
    pub standing_words: Vec<(String, Standing)>,
    /// What the words of the technology column mean; compared without regard to case.
    pub technology_words: Vec<(String, Technology)>,
    /// Currency of prices.
    pub currency: Currency,
}

/// Something that a claim needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The whole address, or its delivery line (`303 E 26th St Apt 4`).
    Address,
    /// House number.
    Number,
    /// Directional before the name.
    Predirectional,
    /// Street: its name, or all of it.
    Street,
    /// Suffix.
    Suffix,
    /// Directional after the name.
    Postdirectional,
    /// Unit, with its designator or without.
    Unit,
    /// City.
    City,
    /// State.
    State,
    /// ZIP, ZIP+4.
    Zip,
    /// The four digits after the ZIP.
    Zip4,
    /// Degrees.
    Latitude,
    /// Degrees.
    Longitude,
    /// Whose claim it is, where the list names several providers.
    Provider,
    /// The carrier whose line is resold.
    UnderlyingProvider,
    /// Product or package.
    Product,
    /// Technology, in the words of the list.
    Technology,
    /// Whether it can be sold, in the words of the list.
    Standing,
    /// Smallest bandwidth.
    Smallest,
    /// Highest download bandwidth.
    Down,
    /// Highest upload bandwidth.
    Up,
    /// Monthly recurring charge, or `ICB`.
    Mrc,
    /// The provider's own id of the building.
    BuildingId,
}

/// Where a field is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldSource {
    /// In this column.
    Column(String),
    /// The same for every row.
    Fixed(String),
}

/// A column that stands for one speed and holds Y, N or ICB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeedColumn {
    /// Its name.
    pub column: String,
    /// Product; the column's name where nothing is said.
    pub product: Option<String>,
    /// Smallest bandwidth.
    pub smallest: Option<Kbps>,
    /// Highest download bandwidth.
    pub down: Kbps,
    /// Highest upload bandwidth.
    pub up: Kbps,
}

/// Unit of a bandwidth that is written as a bare figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BandwidthUnit {
    /// 1,000 bit/s.
    Kbps,
    /// 1,000,000 bit/s.
    #[default]
    Mbps,
    /// 1,000,000,000 bit/s.
    Gbps,
}

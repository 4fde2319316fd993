//! What becomes of one row of a list.

use jiff::Timestamp;
use thiserror::Error;

use crate::claim::{AreaHint, Claim};

/// What a row says.
#[derive(Clone, Debug, PartialEq)]
pub enum RowReading {
    /// Statements about buildings; several where a row has a column per speed.
    Claims(Vec<Claim>),
    /// A statement about an area.
    Hint(AreaHint),
    /// Left out on purpose.
    Excluded(Exclusion),
    /// It cannot be used.
    Rejected(RejectReason),
}

/// Why a row is left out on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exclusion {
    /// Satellite (BDC 60, 61) reaches everywhere and says nothing about a building.
    Satellite,
    /// Zero bandwidth: the provider reports that it does not offer service there.
    NoBandwidth,
}

/// Everything that was noticed while one row was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// Repairs.
    pub warnings: Vec<Warning>,
    /// The time at which the row was true, where it says one.
    pub collected_at: Option<Timestamp>,
}

/// A repair.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Warning {
    /// A ZIP code had lost its leading zeros.
    #[error("ZIP {given:?} read as {read}")]
    ZipPadded {
        /// As in the file.
        given: String,
        /// As read.
        read: String,
    },
    /// A ZIP code is not one, and the row has a city and a state to go by.
    #[error("ZIP {given:?} is not a ZIP code and was left out")]
    ZipDropped {
        /// As in the file.
        given: String,
    },
    /// Coordinates are not on earth, half missing, or zero.
    #[error("coordinates {latitude:?}, {longitude:?} were left out")]
    CoordinatesDropped {
        /// As in the file.
        latitude: String,
        /// As in the file.
        longitude: String,
    },
    /// A name holds characters that names cannot have.
    #[error("name {given:?} read as {read:?}")]
    NameFolded {
        /// As in the file.
        given: String,
        /// As read.
        read: String,
    },
    /// A price is not an amount.
    #[error("price {given:?} in column {column:?} is not an amount and was left out")]
    PriceDropped {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// A cell of one speed is none of Y, N and ICB.
    #[error("{given:?} in column {column:?} is not known and was left out")]
    CellDropped {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
}

impl Warning {
    /// The code used on every surface: `zip_padded`, ….
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ZipPadded { .. } => "zip_padded",
            Self::ZipDropped { .. } => "zip_dropped",
            Self::CoordinatesDropped { .. } => "coordinates_dropped",
            Self::NameFolded { .. } => "name_folded",
            Self::PriceDropped { .. } => "price_dropped",
            Self::CellDropped { .. } => "cell_dropped",
        }
    }
}

/// Why a row cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RejectReason {
    /// A cell that every row needs is empty.
    #[error("column {column:?} is empty")]
    Missing {
        /// Column.
        column: String,
    },
    /// The address is no building: a box, a route, an intersection, or without number or street.
    #[error("the address is not a building with a number on a street")]
    NotABuilding,
    /// The address has neither a ZIP nor a city with its state.
    #[error("the address has neither a ZIP nor a city and state")]
    NoArea,
    /// The ZIP code is not one, and there is no city and state to go by.
    #[error("ZIP {given:?} is not a ZIP code")]
    BadZip {
        /// As in the file.
        given: String,
    },
    /// A bandwidth cannot be read.
    #[error("column {column:?}: {given:?} is not a bandwidth")]
    BadBandwidth {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// A technology is not known.
    #[error("column {column:?}: technology {given:?} is not known")]
    BadTechnology {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// A standing is not among the words of the column map.
    #[error("column {column:?}: {given:?} is not among the words of the column map")]
    BadStanding {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// No column of a speed says Y, N or ICB.
    #[error("no speed column says Y, N or ICB")]
    NothingSaid,
    /// An H3 cell is not one of resolution 8.
    #[error("column {column:?}: {given:?} is not an H3 cell of resolution 8")]
    BadCell {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// A provider's name cannot be one.
    #[error("column {column:?}: {given:?} cannot be a provider's name")]
    BadProvider {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// The row is another provider's claim than that of the one who may load the list.
    #[error("the row is a claim of {given:?}, and this list may hold those of {owner:?} only")]
    OtherProvider {
        /// Whom the row names.
        given: String,
        /// Whose list it is.
        owner: String,
    },
    /// The row has not as many cells as the header.
    #[error("the row has {found} cells where the header has {expected}")]
    WrongWidth {
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// The row is not UTF-8 text.
    #[error("the row is not UTF-8 text")]
    NotText,
    /// The row is longer than any real one, most likely for a quote that is never closed.
    #[error("the row is longer than {limit} bytes; a quote may not be closed")]
    TooLong {
        /// Most bytes that a row may have.
        limit: usize,
    },
}

impl RejectReason {
    /// The code used on every surface: `missing`, ….
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::NotABuilding => "not_a_building",
            Self::NoArea => "no_area",
            Self::BadZip { .. } => "bad_zip",
            Self::BadBandwidth { .. } => "bad_bandwidth",
            Self::BadTechnology { .. } => "bad_technology",
            Self::BadStanding { .. } => "bad_standing",
            Self::NothingSaid => "nothing_said",
            Self::BadCell { .. } => "bad_cell",
            Self::BadProvider { .. } => "bad_provider",
            Self::OtherProvider { .. } => "other_provider",
            Self::WrongWidth { .. } => "wrong_width",
            Self::NotText => "not_text",
            Self::TooLong { .. } => "too_long",
        }
    }

    /// The column that is at fault, where there is one.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Missing { column }
            | Self::BadBandwidth { column, .. }
            | Self::BadTechnology { column, .. }
            | Self::BadStanding { column, .. }
            | Self::BadCell { column, .. }
            | Self::BadProvider { column, .. } => Some(column),
            Self::NotABuilding
            | Self::NoArea
            | Self::BadZip { .. }
            | Self::OtherProvider { .. }
            | Self::NothingSaid
            | Self::WrongWidth { .. }
            | Self::NotText
            | Self::TooLong { .. } => None,
        }
    }
}

//! What becomes of one row of a list.

use jiff::Timestamp;
use jiff::civil::Date;
use thiserror::Error;

use crate::carrier::Product;
use crate::claim::{AreaHint, Claim, Technology};
use crate::money::Currency;
use crate::rate_card::Rate;

/// What a row says.
#[derive(Clone, Debug, PartialEq)]
pub enum RowReading {
    /// Statements about buildings; several where a row has a column per speed.
    Claims(Vec<Claim>),
    /// A statement about an area.
    Hint(AreaHint),
    /// Prices; several where a row names several zones.
    Rates(Vec<Rate>),
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

/// Names with commas between them.
fn one_of<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> String {
    let names: Vec<&str> = all.iter().map(|one| name(*one)).collect();
    names.join(", ")
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
    #[error(
        "column {column:?}: {given:?} is not a bandwidth: write Mbps, or a figure with its unit (10G)"
    )]
    BadBandwidth {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// A technology is not known.
    #[error(
        "column {column:?}: technology {given:?} is not known: write one of {}",
        one_of(&Technology::ALL, |technology| technology.as_str())
    )]
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
    #[error("the row is what {given:?} says, and this list may hold what {owner:?} says only")]
    OtherProvider {
        /// Whom the row names.
        given: String,
        /// Whose list it is.
        owner: String,
    },
    /// A rate is of a product that is not known.
    #[error(
        "column {column:?}: product {given:?} is not known: write one of {}",
        one_of(&Product::ALL, |product| product.as_str())
    )]
    BadProduct {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// A term is not a number of months.
    #[error("column {column:?}: {given:?} is not a term: write whole months, 1 to {longest}")]
    BadTerm {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
        /// Most months.
        longest: u16,
    },
    /// A price is no amount; a rate without its price would be another price.
    #[error(
        "column {column:?}: {given:?} is not a price: write an amount of 0 or more with at most two decimals, \
         or ICB"
    )]
    BadPrice {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// Whether a person prices it cannot be read.
    #[error("column {column:?}: {given:?} is not known: write Y or N")]
    BadIcb {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// An install interval is not a number of days.
    #[error("column {column:?}: {given:?} is no interval: write whole days, at most {longest}")]
    BadInstallInterval {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
        /// Most days.
        longest: u32,
    },
    /// A currency is not kept.
    #[error(
        "column {column:?}: currency {given:?} is not known: write its three letters, one of {}",
        one_of(&Currency::ALL, |currency| currency.code())
    )]
    BadCurrency {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// A day is not one.
    #[error("column {column:?}: {given:?} is not a day: write YYYY-MM-DD")]
    BadDay {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// A rate would never hold.
    #[error("the rate ends on {until}, before it begins on {from}: correct one of the days")]
    EndsBeforeItBegins {
        /// First day.
        from: Date,
        /// Last day.
        until: Date,
    },
    /// A zone is not one.
    #[error(
        "column {column:?}: {given:?} is not a zone: write everywhere, states (NH), ZIP codes (03611), or \
         list:NAME; a building stands in the column address"
    )]
    BadZone {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// A zone is no ZIP code.
    #[error("column {column:?}: {given:?} is not a ZIP code: write its five digits")]
    BadZipZone {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// A zone is no state.
    #[error("column {column:?}: {given:?} is no state: write its two letters")]
    UnknownState {
        /// Column.
        column: String,
        /// As in the file.
        given: String,
    },
    /// A row names a building and other zones.
    #[error(
        "column {column:?}: the row names zones as well: write the building and the zones in rows of their own"
    )]
    TwoZones {
        /// Column.
        column: String,
    },
    /// A row names more zones than one may.
    #[error("the row names more than {allowed} zones: split it")]
    TooManyZones {
        /// Most zones.
        allowed: usize,
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
            Self::BadZip { .. } | Self::BadZipZone { .. } => "bad_zip",
            Self::BadBandwidth { .. } => "bad_bandwidth",
            Self::BadTechnology { .. } => "bad_technology",
            Self::BadStanding { .. } => "bad_standing",
            Self::NothingSaid => "nothing_said",
            Self::BadCell { .. } => "bad_cell",
            Self::BadProvider { .. } => "bad_provider",
            Self::OtherProvider { .. } => "other_provider",
            Self::BadProduct { .. } => "bad_product",
            Self::BadTerm { .. } => "bad_term",
            Self::BadPrice { .. } => "bad_price",
            Self::BadIcb { .. } => "bad_icb",
            Self::BadInstallInterval { .. } => "bad_install_interval",
            Self::BadCurrency { .. } => "bad_currency",
            Self::BadDay { .. } => "bad_day",
            Self::EndsBeforeItBegins { .. } => "ends_before_it_begins",
            Self::BadZone { .. } => "bad_zone",
            Self::UnknownState { .. } => "unknown_state",
            Self::TwoZones { .. } => "two_zones",
            Self::TooManyZones { .. } => "too_many_zones",
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
            | Self::BadProvider { column, .. }
            | Self::BadProduct { column, .. }
            | Self::BadTerm { column, .. }
            | Self::BadPrice { column, .. }
            | Self::BadIcb { column, .. }
            | Self::BadInstallInterval { column, .. }
            | Self::BadCurrency { column, .. }
            | Self::BadDay { column, .. }
            | Self::BadZone { column, .. }
            | Self::BadZipZone { column, .. }
            | Self::UnknownState { column, .. }
            | Self::TwoZones { column } => Some(column),
            Self::NotABuilding
            | Self::NoArea
            | Self::BadZip { .. }
            | Self::OtherProvider { .. }
            | Self::NothingSaid
            | Self::EndsBeforeItBegins { .. }
            | Self::TooManyZones { .. }
            | Self::WrongWidth { .. }
            | Self::NotText
            | Self::TooLong { .. } => None,
        }
    }
}

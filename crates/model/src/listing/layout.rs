//! Which format a file has, by its header, and one row read by it.

use thiserror::Error;

use super::Format;
use super::fcc_bdc::FccBdc;
use super::header::{Cells, Header};
use super::lit_bandwidth::LitBandwidth;
use super::lit_speeds::LitSpeeds;
use super::mapped::{ColumnMap, Mapped};
use super::offers::Offers;
use super::row::{Notes, RowReading};
use crate::identity::ProviderName;
use crate::rate_card::RateColumns;

/// A format together with where its columns are in one file.
#[derive(Clone, Debug, PartialEq)]
pub enum Layout {
    /// [`Format::Offers`].
    Offers(Offers),
    /// [`Format::LitSpeeds`].
    LitSpeeds(LitSpeeds),
    /// [`Format::LitBandwidth`].
    LitBandwidth(LitBandwidth),
    /// [`Format::FccBdc`].
    FccBdc(FccBdc),
    /// [`Format::Mapped`].
    Mapped(Mapped),
    /// [`Format::Rates`].
    Rates(Box<RateColumns>),
}

/// A file is not what it was said to be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LayoutError {
    /// The header has not the columns of the format.
    #[error(
        "the file is not in the format {}: it has no column {}{}",
        .asked.as_str(),
        .missing.join(", "),
        looks_like_text(*.looks_like)
    )]
    NotThatFormat {
        /// The format that was asked for.
        asked: Format,
        /// The columns that it misses.
        missing: Vec<String>,
        /// The format whose columns it has.
        looks_like: Option<Format>,
    },
    /// The header is that of no known format.
    #[error(
        "the header is that of no known format; write a column map for it (columns found: {}); \
         nearest is the format {}, which needs {} as well",
        .columns.join(", "),
        .nearest.as_str(),
        .missing.join(", ")
    )]
    UnknownFormat {
        /// The columns of the file.
        columns: Vec<String>,
        /// The format that misses the fewest columns.
        nearest: Format,
        /// The columns that it misses.
        missing: Vec<String>,
    },
    /// The header is a rate card's, and a list of buildings is what was asked to be loaded.
    #[error("the file is a rate card, not a list of buildings; import it as rates")]
    IsRateCard,
    /// The format needs a column map and none was given.
    #[error("the format mapped needs a column map")]
    MapMissing,
    /// A column map was given for a format that has its own columns.
    #[error(
        "a column map was given, but the format {} has its own columns; use the format mapped",
        .format.as_str()
    )]
    MapNotUsed {
        /// The format that was asked for.
        format: Format,
    },
}

fn looks_like_text(format: Option<Format>) -> String {
    format.map_or_else(String::new, |format| {
        format!("; it looks like the format {}", format.as_str())
    })
}

/// Formats of buildings that have columns of their own, in the order in which they are tried.
const KNOWN: [Format; 4] = [
    Format::Offers,
    Format::FccBdc,
    Format::LitBandwidth,
    Format::LitSpeeds,
];

impl Layout {
    /// Finds the columns of a format in a header; of the format that fits, where none is asked for.
    ///
    /// # Errors
    /// [`LayoutError`], which names the columns that are missing and what the file looks like.
    pub fn new(
        asked: Option<Format>,
        header: &Header,
        map: Option<&ColumnMap>,
    ) -> Result<Self, LayoutError> {
        match (asked, map) {
            (Some(Format::Mapped) | None, Some(map)) => Mapped::new(header, map)
                .map(Self::Mapped)
                .map_err(|missing| LayoutError::NotThatFormat {
                    asked: Format::Mapped,
                    missing,
                    looks_like: detect(header),
                }),
            (Some(Format::Mapped), None) => Err(LayoutError::MapMissing),
            (Some(format), Some(_)) => Err(LayoutError::MapNotUsed { format }),
            (Some(format), None) => {
                known(format, header).map_err(|missing| LayoutError::NotThatFormat {
                    asked: format,
                    missing,
                    looks_like: detect(header),
                })
            }
            (None, None) => find(header),
        }
    }

    /// The format.
    #[must_use]
    pub const fn format(&self) -> Format {
        match self {
            Self::Offers(_) => Format::Offers,
            Self::LitSpeeds(_) => Format::LitSpeeds,
            Self::LitBandwidth(_) => Format::LitBandwidth,
            Self::FccBdc(_) => Format::FccBdc,
            Self::Mapped(_) => Format::Mapped,
            Self::Rates(_) => Format::Rates,
        }
    }

    /// Reads one row of a list of `owner`; repairs are noted.
    pub fn read<C: Cells + ?Sized>(
        &self,
        cells: &C,
        owner: &ProviderName,
        notes: &mut Notes,
    ) -> RowReading {
        match self {
            Self::Offers(offers) => offers.read(cells, notes),
            Self::LitSpeeds(lit) => lit.read(cells, owner, notes),
            Self::LitBandwidth(lit) => lit.read(cells, owner, notes),
            Self::FccBdc(fcc) => fcc.read(cells, notes),
            Self::Mapped(mapped) => mapped.read(cells, owner, notes),
            Self::Rates(columns) => columns.read(cells, owner, notes),
        }
    }
}

/// The format whose columns a header has.
#[must_use]
pub fn detect(header: &Header) -> Option<Format> {
    KNOWN
        .into_iter()
        .chain([Format::Rates])
        .find(|format| known(*format, header).is_ok())
}

fn find(header: &Header) -> Result<Layout, LayoutError> {
    let mut nearest = (Format::Offers, Vec::new());
    for format in KNOWN {
        match known(format, header) {
            Ok(layout) => return Ok(layout),
            Err(missing) => {
                if nearest.1.is_empty() || missing.len() < nearest.1.len() {
                    nearest = (format, missing);
                }
            }
        }
    }
    if known(Format::Rates, header).is_ok() {
        return Err(LayoutError::IsRateCard);
    }
    Err(LayoutError::UnknownFormat {
        columns: header.names().to_vec(),
        nearest: nearest.0,
        missing: nearest.1,
    })
}

fn known(format: Format, header: &Header) -> Result<Layout, Vec<String>> {
    match format {
        Format::Offers => Offers::new(header).map(Layout::Offers),
        Format::LitSpeeds => LitSpeeds::new(header).map(Layout::LitSpeeds),
        Format::LitBandwidth => LitBandwidth::new(header).map(Layout::LitBandwidth),
        Format::FccBdc => FccBdc::new(header).map(Layout::FccBdc),
        Format::Rates => RateColumns::new(header).map(|columns| Layout::Rates(Box::new(columns))),
        // A column map has no columns of its own.
        Format::Mapped => Err(Vec::new()),
    }
}

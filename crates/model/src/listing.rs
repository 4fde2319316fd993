//! A provider's list on its way in: its formats, its rows, its life.

use jiff::civil::Date;

/// How a list is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// One offer a row, address on one line, coordinates, price and speeds.
    Offers,
    /// Lit buildings, one column per speed with Y / N / ICB.
    LitSpeeds,
    /// Lit buildings, smallest and largest bandwidth as text.
    LitBandwidth,
    /// FCC Broadband Data Collection, fixed availability: area hints.
    FccBdc,
    /// Any other list, read by a column map.
    Mapped,
}

impl Format {
    /// `offers`, `lit-speeds`, `lit-bandwidth`, `fcc-bdc`, `mapped`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offers => "offers",
            Self::LitSpeeds => "lit-speeds",
            Self::LitBandwidth => "lit-bandwidth",
            Self::FccBdc => "fcc-bdc",
            Self::Mapped => "mapped",
        }
    }
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// Rows are being read; readers still see the list before it.
    Loading,
    /// This is the list that readers see.
    Active,
    /// A newer import took its place; kept so that the newer one can be undone.
    Superseded,
    /// Taken back by `undo`.
    Undone,
    /// It stopped before the end; nothing of it is visible. Importing the same file again resumes it.
    Interrupted,
    /// The file was not what it was said to be.
    Failed,
}

impl ImportState {
    /// `loading`, `active`, `superseded`, `undone`, `interrupted`, `failed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Active => "active",
            Self::Superseded => "superseded",
            Self::Undone => "undone",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
        }
    }
}

/// What became of the rows so far. `rows = imported + unchanged + duplicates + excluded + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Data rows read.
    pub rows: u64,
    /// Rows that are new or differ from the list before.
    pub imported: u64,
    /// Rows that say what the list before said.
    pub unchanged: u64,
    /// Rows that say again what an earlier row of the same file said.
    pub duplicates: u64,
    /// Rows left out on purpose (satellite).
    pub excluded: u64,
    /// Rows that could not be used; each is in the rejects file.
    pub rejected: u64,
    /// Repairs made (a padded ZIP); a row can have several.
    pub warnings: u64,
    /// Claims and hints written.
    pub claims: u64,
}

/// The day on which a list was true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AsOf(pub Date);

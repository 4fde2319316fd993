//! A provider's list on its way in, of buildings or of rates: its formats, its rows, its life.

pub mod fcc_bdc;
pub mod figures;
pub mod header;
pub mod layout;
pub mod life;
mod lit;
pub mod lit_bandwidth;
pub mod lit_speeds;
pub mod mapped;
mod name;
pub mod offers;
pub(crate) mod place;
pub mod row;
pub(crate) mod speed_cell;

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use thiserror::Error;

use crate::identity::{ImportNumber, ListId, ListName, ProviderName};

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
    /// A rate card: a price a row.
    Rates,
}

/// What a list holds. It never changes: another kind of file is another list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holds {
    /// What can be delivered at buildings and in areas.
    #[default]
    Buildings,
    /// What that costs: a rate card.
    Rates,
}

impl Holds {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Buildings, Self::Rates];

    /// The name used on every surface: `buildings`, `rates`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Buildings => "buildings",
            Self::Rates => "rates",
        }
    }

    /// Name of a provider's list of this kind unless another is given: `main`, `rates`.
    #[must_use]
    pub const fn default_list(self) -> &'static str {
        match self {
            Self::Buildings => "main",
            Self::Rates => "rates",
        }
    }
}

impl Format {
    /// Every format, in the order in which they are told apart.
    pub const ALL: [Self; 6] = [
        Self::Offers,
        Self::LitSpeeds,
        Self::LitBandwidth,
        Self::FccBdc,
        Self::Mapped,
        Self::Rates,
    ];

    /// What a list of this format holds.
    #[must_use]
    pub const fn holds(self) -> Holds {
        match self {
            Self::Offers | Self::LitSpeeds | Self::LitBandwidth | Self::FccBdc | Self::Mapped => {
                Holds::Buildings
            }
            Self::Rates => Holds::Rates,
        }
    }

    /// `offers`, `lit-speeds`, `lit-bandwidth`, `fcc-bdc`, `mapped`, `rates`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offers => "offers",
            Self::LitSpeeds => "lit-speeds",
            Self::LitBandwidth => "lit-bandwidth",
            Self::FccBdc => "fcc-bdc",
            Self::Mapped => "mapped",
            Self::Rates => "rates",
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
    /// The file breaks off or is damaged; nothing of it is visible. It must be sent again, whole.
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
    /// Claims, hints and rates written.
    pub claims: u64,
}

impl Counts {
    /// Whether no row could be used.
    #[must_use]
    pub const fn is_of_nothing(&self) -> bool {
        self.imported + self.unchanged == 0
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        let Self {
            rows,
            imported,
            unchanged,
            duplicates,
            excluded,
            rejected,
            warnings,
            claims,
        } = other;
        self.rows += rows;
        self.imported += imported;
        self.unchanged += unchanged;
        self.duplicates += duplicates;
        self.excluded += excluded;
        self.rejected += rejected;
        self.warnings += warnings;
        self.claims += claims;
    }
}

/// The day on which a list was true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AsOf(pub Date);

/// The short number of a list, given when it is first imported; stands for the list in every claim's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListNumber(pub u32);

/// One import of one list, as every claim carries it in its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Generation {
    /// Which list.
    pub list: ListNumber,
    /// Which import of it.
    pub import: ImportNumber,
}

/// The id of an import on every surface: provider, list and number, `Acme_Fiber.main.3`.
///
/// The text is safe in a URL path: a blank becomes `_`, everything but ASCII letters, digits and `-`
/// becomes `~` and two hex digits per UTF-8 byte.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImportId {
    /// The list.
    pub list: ListId,
    /// Which import of it.
    pub number: ImportNumber,
}

/// A text is not the id of an import or of a list.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{text:?} is not an import: expected PROVIDER.LIST.NUMBER, for example Acme_Fiber.main.3")]
pub struct BadImportId {
    /// The text as given.
    pub text: String,
}

impl fmt::Display for ImportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", list_text(&self.list), self.number.0)
    }
}

impl FromStr for ImportId {
    type Err = BadImportId;

    fn from_str(text: &str) -> Result<Self, BadImportId> {
        let bad = || BadImportId {
            text: text.to_owned(),
        };
        let (list, number) = text.rsplit_once('.').ok_or_else(bad)?;
        let id = Self {
            list: list_from_text(list).ok_or_else(bad)?,
            number: ImportNumber(number.parse().map_err(|_| bad())?),
        };
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(bad())
        }
    }
}

/// The text of a list in ids and keys: `Acme_Fiber.main`.
#[must_use]
pub fn list_text(list: &ListId) -> String {
    let mut text = String::with_capacity(list.provider.as_str().len() + 8);
    push_escaped(&mut text, list.provider.as_str());
    text.push('.');
    push_escaped(&mut text, list.name.as_str());
    text
}

/// Reads [`list_text`] back.
#[must_use]
pub fn list_from_text(text: &str) -> Option<ListId> {
    let (provider, name) = text.split_once('.')?;
    let list = ListId {
        provider: ProviderName::new(&unescaped(provider)?).ok()?,
        name: ListName::new(&unescaped(name)?).ok()?,
    };
    (list_text(&list) == text).then_some(list)
}

/// Begins an escaped byte, as in the keys of buildings.
const ESCAPE: char = '~';

fn push_escaped(out: &mut String, name: &str) {
    for byte in name.bytes() {
        match byte {
            b' ' => out.push('_'),
            b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => out.push(char::from(byte)),
            _ => {
                out.push(ESCAPE);
                out.push(hex_digit(byte >> 4));
                out.push(hex_digit(byte & 0x0F));
            }
        }
    }
}

fn hex_digit(nibble: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(nibble)])
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '_' => bytes.push(b' '),
            ESCAPE => {
                let high = rest.next()?.to_digit(16)?;
                let low = rest.next()?.to_digit(16)?;
                bytes.push(u8::try_from(high * 16 + low).ok()?);
            }
            plain if plain.is_ascii() => bytes.push(u8::try_from(plain).ok()?),
            _ => return None,
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(provider: &str, name: &str, number: u32) -> ImportId {
        ImportId {
            list: ListId {
                provider: ProviderName::new(provider).expect("a name"),
                name: ListName::new(name).expect("a name"),
            },
            number: ImportNumber(number),
        }
    }

    #[test]
    fn import_ids_stand_in_a_path_and_come_back() {
        for (given, text) in [
            (id("acme", "main", 3), "acme.main.3"),
            (id("Acme Fiber", "on-net", 1), "Acme_Fiber.on-net.1"),
            (id("AT&T", "Q1 2026", 12), "AT~26T.Q1_2026.12"),
            (id("a.b_c", "x.y", 7), "a~2Eb~5Fc.x~2Ey.7"),
            (id("Télé", "main", 1), "T~C3~A9l~C3~A9.main.1"),
        ] {
            assert_eq!(given.to_string(), text);
            assert_eq!(text.parse(), Ok(given));
        }
    }

    #[test]
    fn other_texts_are_no_import_ids() {
        for text in [
            "",
            "acme",
            "acme.main",
            "acme.main.x",
            "acme.main.03",
            "acme.ma in.3",
            ".main.3",
            "a~2e.main.1",
            "a.b.c.1",
            "a~4.main.1",
        ] {
            assert!(text.parse::<ImportId>().is_err(), "{text}");
        }
    }
}

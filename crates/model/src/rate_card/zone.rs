//! Where a rate holds.

use crate::Text;
use crate::address::normal::zip::standard_zip;
use crate::address::{Area, BuildingKey, publication28};
use crate::identity::ListName;
use crate::listing::row::RejectReason;

use super::ZONES_OF_ROW_MAX;

/// Where a rate holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Wherever the provider delivers.
    Everywhere,
    /// One state, by its two letters.
    State(Text),
    /// One ZIP code, five digits.
    Zip(Text),
    /// The buildings of one of the provider's own lists.
    List(ListName),
    /// One building.
    Building(BuildingKey),
}

/// How closely a zone is drawn, closest first: the closer one decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Closeness {
    /// One building.
    Building,
    /// The buildings of a list.
    List,
    /// A ZIP code.
    Zip,
    /// A state.
    State,
    /// Everywhere.
    Everywhere,
}

impl Zone {
    /// How closely it is drawn.
    #[must_use]
    pub const fn closeness(&self) -> Closeness {
        match self {
            Self::Building(_) => Closeness::Building,
            Self::List(_) => Closeness::List,
            Self::Zip(_) => Closeness::Zip,
            Self::State(_) => Closeness::State,
            Self::Everywhere => Closeness::Everywhere,
        }
    }

    /// The ground that it lies on, where that is no larger than a ZIP code or a city; rates of such zones
    /// are looked for by it.
    #[must_use]
    pub fn area(&self) -> Option<Area> {
        match self {
            Self::Zip(zip) => Some(Area::Zip(zip.clone())),
            Self::Building(building) => Some(building.street.area.clone()),
            Self::Everywhere | Self::State(_) | Self::List(_) => None,
        }
    }
}

/// Begins the name of a list in a cell.
const LIST: &str = "list:";
/// Words that mean [`Zone::Everywhere`], in lower case; an empty cell means it, too.
const EVERYWHERE: [&str; 4] = ["everywhere", "all", "any", "*"];

/// Reads a cell of zones: states and ZIP codes between `;`, `,` or blanks, `list:NAME` between `;`, or one of
/// the words for everywhere.
pub(super) fn zones(given: &str, column: &str) -> Result<Vec<Zone>, RejectReason> {
    let given = given.trim();
    if given.is_empty() || is_everywhere(given) {
        return Ok(vec![Zone::Everywhere]);
    }
    let mut zones = Vec::new();
    for part in given.split(';').map(str::trim) {
        if let Some(name) = list_name(part) {
            let name = ListName::new(name).map_err(|_| bad(part, column))?;
            zones.push(Zone::List(name));
            continue;
        }
        let words = part.split([',', ' ', '\t']).filter(|word| !word.is_empty());
        for word in words {
            zones.push(zone(word, column)?);
        }
        if zones.len() > ZONES_OF_ROW_MAX {
            return Err(RejectReason::TooManyZones {
                allowed: ZONES_OF_ROW_MAX,
            });
        }
    }
    if zones.is_empty() {
        return Err(bad(given, column));
    }
    Ok(zones)
}

fn is_everywhere(word: &str) -> bool {
    EVERYWHERE
        .iter()
        .any(|everywhere| everywhere.eq_ignore_ascii_case(word))
}

fn list_name(part: &str) -> Option<&str> {
    let (start, name) = part.split_at_checked(LIST.len())?;
    start.eq_ignore_ascii_case(LIST).then_some(name)
}

fn zone(word: &str, column: &str) -> Result<Zone, RejectReason> {
    if word.bytes().any(|byte| byte.is_ascii_digit()) {
        // A ZIP that lost its zeros could be another state's: the row names none to go by.
        return match standard_zip(word, None) {
            Some(read) if read.zip4.is_none() => Ok(Zone::Zip(read.zip)),
            Some(_) | None => Err(RejectReason::BadZipZone {
                column: column.to_owned(),
                given: word.to_owned(),
            }),
        };
    }
    let two_letters = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !two_letters {
        return Err(bad(word, column));
    }
    match publication28::state(&word.to_ascii_uppercase()) {
        Some(state) => Ok(Zone::State(Text::new_static(state))),
        None => Err(RejectReason::UnknownState {
            column: column.to_owned(),
            given: word.to_owned(),
        }),
    }
}

fn bad(given: &str, column: &str) -> RejectReason {
    RejectReason::BadZone {
        column: column.to_owned(),
        given: given.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(letters: &str) -> Zone {
        Zone::State(letters.into())
    }

    fn zip(digits: &str) -> Zone {
        Zone::Zip(digits.into())
    }

    fn list(name: &str) -> Zone {
        Zone::List(ListName::new(name).unwrap())
    }

    #[test]
    fn a_cell_names_zones_in_every_usual_way() {
        for (given, read) in [
            ("", vec![Zone::Everywhere]),
            ("Everywhere", vec![Zone::Everywhere]),
            ("*", vec![Zone::Everywhere]),
            ("NH", vec![state("NH")]),
            ("nh; VT,ME", vec![state("NH"), state("VT"), state("ME")]),
            ("03611 03612", vec![zip("03611"), zip("03612")]),
            ("NH;82001", vec![state("NH"), zip("82001")]),
            ("list:on net; List:main", vec![list("on net"), list("main")]),
            ("list:main;NH", vec![list("main"), state("NH")]),
        ] {
            assert_eq!(zones(given, "zone"), Ok(read), "{given:?}");
        }
    }

    #[test]
    fn what_is_no_zone_is_refused_with_its_reason() {
        for (given, code) in [
            ("XX", "unknown_state"),
            ("NH;ZZ", "unknown_state"),
            ("3611", "bad_zip"),
            ("036111", "bad_zip"),
            ("03611-1234", "bad_zip"),
            ("00000", "bad_zip"),
            ("New England", "bad_zone"),
            ("list:", "bad_zone"),
            (";", "bad_zone"),
        ] {
            let reason = zones(given, "zone").unwrap_err();
            assert_eq!(reason.code(), code, "{given:?}: {reason}");
        }
        let many = vec!["NH"; ZONES_OF_ROW_MAX + 1].join(" ");
        let reason = zones(&many, "zone").unwrap_err();
        assert_eq!(reason.code(), "too_many_zones");
        assert!(zones(&many[3..], "zone").is_ok());
    }

    #[test]
    fn the_closer_zone_comes_first() {
        let zones = [list("main"), zip("03611"), state("NH"), Zone::Everywhere];
        assert!(zones.is_sorted_by_key(Zone::closeness));
        assert!(Closeness::Building < Closeness::List);
    }
}

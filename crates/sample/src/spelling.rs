//! The same address as different people write it.

use crate::city::{Building, CITY, STATE};

const WORDS: &[(&str, &str)] = &[
    ("ST", "Street"),
    ("AVE", "Avenue"),
    ("RD", "Road"),
    ("LN", "Lane"),
    ("DR", "Drive"),
    ("WAY", "Way"),
    ("CT", "Court"),
    ("BLVD", "Boulevard"),
    ("PL", "Place"),
    ("TER", "Terrace"),
    ("PKWY", "Parkway"),
    ("CIR", "Circle"),
    ("N", "North"),
    ("E", "East"),
    ("S", "South"),
    ("W", "West"),
    ("1ST", "First"),
    ("3RD", "Third"),
    ("5TH", "Fifth"),
    ("7TH", "Seventh"),
    ("8TH", "Eighth"),
    ("10TH", "Tenth"),
];

const VARIANTS: &[(&str, &str)] = &[
    ("AVE", "AV"),
    ("BLVD", "BOUL"),
    ("PKWY", "PKY"),
    ("ST", "STR"),
    ("CIR", "CIRC"),
    ("TER", "TERR"),
];

/// How a list spells addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// `303 E 26TH ST`.
    Standard,
    /// `303 East 26th Street`.
    Words,
    /// `303 E. 26th St.`.
    Points,
    /// `303 E 26TH AV`, and blanks where none belong.
    Variant,
}

impl Spelling {
    /// Mostly `usual`, and now and then another.
    pub(crate) fn mostly(usual: Self, chance: &mut fastrand::Rng) -> Self {
        match chance.u8(..20) {
            0 => Self::Words,
            1 => Self::Points,
            2 => Self::Variant,
            _ => usual,
        }
    }

    /// The delivery line without a unit.
    pub(crate) fn line(self, building: &Building) -> String {
        let number = building.number;
        let directional = building.predirectional.map(|text| self.part(text));
        let street = self.part(building.street);
        let suffix = self.part(building.suffix);
        match (self, directional) {
            (Self::Variant, Some(directional)) => {
                format!("{number}  {directional} {street} {suffix} ")
            }
            (_, Some(directional)) => format!("{number} {directional} {street} {suffix}"),
            (_, None) => format!("{number} {street} {suffix}"),
        }
    }

    /// One part of the line.
    pub(crate) fn part(self, standard: &'static str) -> String {
        match self {
            Self::Standard => standard.to_owned(),
            Self::Words => found(WORDS, standard).map_or_else(|| capitals(standard), str::to_owned),
            Self::Points if found(WORDS, standard).is_some_and(|_| !is_figure(standard)) => {
                format!("{}.", capitals(standard))
            }
            Self::Points => capitals(standard),
            Self::Variant => found(VARIANTS, standard).unwrap_or(standard).to_owned(),
        }
    }

    /// The unit, as in `APT 4`, `#4`, `Unit 4`.
    pub(crate) fn unit(self, unit: u32) -> String {
        match self {
            Self::Standard => format!("APT {unit}"),
            Self::Words => format!("Apartment {unit}"),
            Self::Points => format!("#{unit}"),
            Self::Variant => format!("UNIT {unit}"),
        }
    }

    /// The whole address on one line, as collected offers have it: `303 E 26TH ST,PORT ALDEN,NH 03611,USA`.
    pub(crate) fn collected(self, building: &Building) -> String {
        let line = self.line(building);
        let unit = building
            .unit
            .map(|unit| format!(" {}", self.unit(unit)))
            .unwrap_or_default();
        format!("{line}{unit},{CITY},{STATE} {},USA", building.zip)
    }
}

/// The building's address in the four ways that the lists write it, unit included.
#[must_use]
pub fn spellings(building: &Building) -> [String; 4] {
    [
        Spelling::Standard,
        Spelling::Words,
        Spelling::Points,
        Spelling::Variant,
    ]
    .map(|spelling| spelling.collected(building))
}

fn found(table: &[(&str, &'static str)], standard: &str) -> Option<&'static str> {
    table
        .iter()
        .find(|(short, _)| *short == standard)
        .map(|(_, long)| *long)
}

fn is_figure(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// `PINE GROVE` as `Pine Grove`, `26TH` as `26th`.
fn capitals(text: &str) -> String {
    let mut first = true;
    text.chars()
        .map(|c| {
            let shown = if first { c } else { c.to_ascii_lowercase() };
            first = c == ' ';
            shown
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::City;

    #[test]
    fn one_building_is_written_in_four_ways() {
        let city = City::new(1, 20_000, date(2026, 3, 3));
        let written = spellings(&city.building(4));
        assert_eq!(
            written,
            [
                "133 N MAIN ST APT 5,PORT ALDEN,NH 03611,USA",
                "133 North Main Street Apartment 5,PORT ALDEN,NH 03611,USA",
                "133 N. Main St. #5,PORT ALDEN,NH 03611,USA",
                "133  N MAIN STR  UNIT 5,PORT ALDEN,NH 03611,USA",
            ]
        );
    }
}

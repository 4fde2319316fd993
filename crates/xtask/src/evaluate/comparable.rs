//! The parts of an address as two readings of it are compared: folded, without blanks.

use lastmile_model::Text;
use lastmile_model::address::{Parts, publication28};

/// The names of the compared parts, in the order of [`Comparable`].
pub(super) const PART_NAMES: [&str; PARTS] = [
    "number",
    "predirectional",
    "street",
    "suffix",
    "postdirectional",
    "unit_type",
    "unit",
    "city",
    "state",
    "zip",
];
pub(super) const PARTS: usize = 10;
const STREET: usize = 2;
const UNIT_TYPE: usize = 5;
pub(super) const UNIT: usize = 6;

/// The folded parts of one address; an empty text is an absent part.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Comparable(pub(super) [String; PARTS]);

impl Comparable {
    pub(super) fn of_labels(labels: &[(String, String)], whole_street: bool) -> Self {
        let mut parts = Self::default();
        let mut subaddress = Self::default();
        let mut second_street = false;
        for (text, label) in labels {
            if label == "IntersectionSeparator" {
                second_street = true;
            }
            match label.as_str() {
                "SubaddressType" => subaddress.push(UNIT_TYPE, text),
                "SubaddressIdentifier" => subaddress.push(UNIT, text),
                _ => {
                    let Some(part) = part_of_label(label) else {
                        continue;
                    };
                    let is_street = (1..=4).contains(&part);
                    if is_street && second_street {
                        continue;
                    }
                    parts.push(
                        if is_street && whole_street {
                            STREET
                        } else {
                            part
                        },
                        text,
                    );
                }
            }
        }
        let designator = publication28::unit_designator(&subaddress.0[UNIT_TYPE]).is_some();
        if parts.0[UNIT].is_empty() && parts.0[UNIT_TYPE].is_empty() && designator {
            parts.0[UNIT_TYPE] = subaddress.0[UNIT_TYPE].clone();
            parts.0[UNIT] = subaddress.0[UNIT].clone();
        }
        parts
    }

    pub(super) fn of_parts(read: &Parts, whole_street: bool) -> Self {
        let mut parts = Self::default();
        let street = [
            &read.predirectional,
            &read.street,
            &read.suffix,
            &read.postdirectional,
        ];
        for (index, text) in street.into_iter().enumerate() {
            parts.push_option(if whole_street { STREET } else { index + 1 }, text.as_ref());
        }
        let others = [
            (0, &read.number),
            (UNIT_TYPE, &read.unit_type),
            (UNIT, &read.unit),
            (7, &read.city),
            (8, &read.state),
            (9, &read.zip),
            (9, &read.zip4),
        ];
        for (part, text) in others {
            parts.push_option(part, text.as_ref());
        }
        parts
    }

    fn push_option(&mut self, part: usize, text: Option<&Text>) {
        if let Some(text) = text {
            self.push(part, text);
        }
    }

    /// Appends the letters and digits of `text`, in upper case.
    fn push(&mut self, part: usize, text: &str) {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        self.0[part].extend(letters.flat_map(char::to_uppercase));
    }
}

/// The position in [`PART_NAMES`] of what a label names.
fn part_of_label(label: &str) -> Option<usize> {
    Some(match label {
        "AddressNumber" | "AddressNumberPrefix" | "AddressNumberSuffix" => 0,
        "StreetNamePreDirectional" => 1,
        "StreetName" | "StreetNamePreType" | "StreetNamePreModifier" | "StreetNamePostModifier" => {
            STREET
        }
        "StreetNamePostType" => 3,
        "StreetNamePostDirectional" => 4,
        "OccupancyType" => UNIT_TYPE,
        "OccupancyIdentifier" => UNIT,
        "PlaceName" => 7,
        "StateName" => 8,
        "ZipCode" => 9,
        _ => return None,
    })
}

/// Strings, and those of them with every part right.
#[derive(Clone, Default)]
pub(super) struct Share {
    pub(super) name: String,
    pub(super) strings: usize,
    pub(super) right: usize,
}

impl Share {
    pub(super) fn count(&mut self, right: bool) {
        self.strings += 1;
        self.right += usize::from(right);
    }

    pub(super) fn value(&self) -> f64 {
        ratio(self.right, self.strings)
    }
}

pub(super) fn ratio(right: usize, all: usize) -> f64 {
    // Counts of strings: far below 2^52.
    if all == 0 {
        1.0
    } else {
        right as f64 / all as f64
    }
}

//! Units within a building: `Apt 4-B`, `#4B`, `004B` and `4 b` are one unit.

use smol_str::format_smolstr;

use crate::Text;
use crate::address::key::without_leading_zeros;
use crate::address::publication28;

/// Designators that say no more than "a unit": with or without them the identifier names it.
const PLAIN: [&str; 7] = ["#", "APT", "NO", "NUM", "RM", "STE", "UNIT"];

/// The one designator that stands behind its identifier as often as before it.
const FLOOR: &str = "FL";

/// The designator and the unit in standard form.
pub(super) struct StandardUnit {
    /// Standard abbreviation, where one was written.
    pub(super) unit_type: Option<Text>,
    /// `4B`; with the designator where that makes a difference: `FL 4`, `REAR`.
    pub(super) unit: Option<Text>,
}

impl StandardUnit {
    /// The unit within a wider one that was written beside it: apartment 12 of building 4 is not the
    /// one of building 5.
    pub(super) fn within(self, wider: &str) -> Self {
        let wider = standard_unit(None, Some(wider), None);
        // `APT 5 # 7`: of two plain units the second is within the first, or another word for it.
        if let (Some(kind), Some(inner), Some(unit)) =
            (wider.unit_type.as_deref(), &wider.unit, &self.unit)
            && PLAIN.contains(&kind)
        {
            let unit = if unit == inner {
                unit.clone()
            } else {
                format_smolstr!("{unit} UNIT {inner}")
            };
            return Self {
                unit_type: self.unit_type,
                unit: Some(unit),
            };
        }
        let Some(outside) = wider.unit else {
            return self;
        };
        let Some(inside) = self.unit else {
            return Self {
                unit_type: wider.unit_type,
                unit: Some(outside),
            };
        };
        let plain = self
            .unit_type
            .as_deref()
            .is_none_or(|kind| PLAIN.contains(&kind));
        let unit = if plain {
            format_smolstr!("{outside} UNIT {inside}")
        } else {
            format_smolstr!("{outside} {inside}")
        };
        Self {
            unit_type: wider.unit_type,
            unit: Some(unit),
        }
    }
}

/// Brings designator and identifier to the standard form. `number` is the house number's text: units
/// come with it before them (`99-9` in number 99 is unit 9).
pub(super) fn standard_unit(
    designator: Option<&str>,
    identifier: Option<&str>,
    number: Option<&str>,
) -> StandardUnit {
    if designator.is_none() && identifier.is_none() {
        return StandardUnit {
            unit_type: None,
            unit: None,
        };
    }
    let upper = identifier.unwrap_or_default().to_uppercase();
    let (written_inside, rest) = designator_of(&upper);
    let unit_type = designator
        .and_then(|word| {
            publication28::unit_designator(
                word.trim_matches(|c: char| c == '.' || c.is_whitespace()),
            )
        })
        .or(written_inside);
    let mut unit = closed_up(rest);
    if let Some(shorter) = number.and_then(|number| unit.strip_prefix(number)?.strip_prefix('-'))
        && !shorter.is_empty()
    {
        unit = shorter.to_owned();
    }
    let unit = match unit_type {
        Some(kind) if unit.is_empty() => {
            publication28::unit_stands_alone(kind).then_some(Text::new_static(kind))
        }
        Some(kind) if !PLAIN.contains(&kind) => Some(format_smolstr!("{kind} {}", cardinal(&unit))),
        _ => (!unit.is_empty()).then(|| unit.into()),
    };
    StandardUnit {
        unit_type: unit_type.map(Text::new_static),
        unit,
    }
}

/// Splits a designator off an identifier that carries one: `APT 9`, `#9`, `REAR`.
fn designator_of(upper: &str) -> (Option<&'static str>, &str) {
    let text = upper.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '#');
    if let Some(rest) = text.strip_prefix('#') {
        return (Some("#"), rest);
    }
    let end = text
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    // `2ND FLOOR`, `GROUND FLOOR`.
    if let Some((which, last)) = text.rsplit_once(' ')
        && publication28::unit_designator(last) == Some(FLOOR)
    {
        return (Some(FLOOR), which);
    }
    match publication28::unit_designator(word) {
        // `FL2` is a designator written close; `KEY`, `STOP` and the like need what follows.
        Some(kind)
            if rest.chars().any(char::is_alphanumeric)
                || publication28::unit_stands_alone(kind) =>
        {
            (Some(kind), rest)
        }
        _ => (None, text),
    }
}

/// Runs of letters and of digits, without leading zeros; a hyphen stays between two alike
/// (`99-9`), nothing between a letter and a digit (`4-B`).
fn closed_up(text: &str) -> String {
    let mut unit = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let digits = rest[start..].starts_with(|c: char| c.is_ascii_digit());
        let run = &rest[start..];
        let end = run
            .find(|c: char| !c.is_alphanumeric() || c.is_ascii_digit() != digits)
            .unwrap_or(run.len());
        let apart =
            start > 0 && !unit.is_empty() && unit.ends_with(|c: char| c.is_ascii_digit()) == digits;
        if apart {
            unit.push('-');
        }
        unit.push_str(if digits {
            without_leading_zeros(&run[..end])
        } else {
            &run[..end]
        });
        rest = &run[end..];
    }
    unit
}

/// `2ND` and `SECOND` of `2ND FLOOR` are 2.
fn cardinal(unit: &str) -> &str {
    let unit = publication28::ordinal_word(unit).unwrap_or(unit);
    super::numerals::ordinal_figures(unit)
        .or_else(|| publication28::cardinal_word(unit))
        .unwrap_or(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(designator: &str, identifier: &str) -> Text {
        standard_unit(
            Some(designator).filter(|text| !text.is_empty()),
            Some(identifier).filter(|text| !text.is_empty()),
            Some("99"),
        )
        .unit
        .unwrap_or_default()
    }

    #[test]
    fn spellings_of_one_unit_have_one_text() {
        for (spellings, expected) in [
            (
                &[
                    ("", "9"),
                    ("Apt", "9"),
                    ("", "Apt 9"),
                    ("", "99-9"),
                    ("#", "009"),
                    ("", "# 9"),
                    ("Ste", "#9"),
                ][..],
                "9",
            ),
            (
                &[("", "4B"), ("Unit", "4-b"), ("", "4 B"), ("APT", "04B")],
                "4B",
            ),
            (&[("", "B"), ("Apt.", "b")], "B"),
            (&[("", "9R")], "9R"),
            (
                &[
                    ("Fl", "2"),
                    ("", "FL 2"),
                    ("Floor", "2nd"),
                    ("", "2nd Floor"),
                    ("Floor", "Second"),
                    ("Fl", "Two"),
                ],
                "FL 2",
            ),
            (&[("Rear", ""), ("", "REAR")], "REAR"),
            (&[("PH", "2"), ("Penthouse", "02")], "PH 2"),
            (&[("Bldg", "4")], "BLDG 4"),
            (&[("", "1-2")], "1-2"),
            (&[("", ""), ("Apt", ""), ("", "#"), ("", " - ")], ""),
        ] {
            for (designator, identifier) in spellings {
                assert_eq!(
                    unit(designator, identifier),
                    expected,
                    "{designator} {identifier}"
                );
            }
        }
    }

    #[test]
    fn units_that_differ_stay_apart() {
        let all = [
            ("", "12"),
            ("", "1-2"),
            ("FL", "12"),
            ("BLDG", "12"),
            ("", "12A"),
            ("", "A12"),
            ("REAR", "12"),
        ];
        for (index, one) in all.iter().enumerate() {
            for other in &all[index + 1..] {
                assert_ne!(
                    unit(one.0, one.1),
                    unit(other.0, other.1),
                    "{one:?} and {other:?}"
                );
            }
        }
    }
}

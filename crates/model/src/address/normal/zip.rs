//! ZIP codes, and those that lost their leading zeros in a spreadsheet.

use smol_str::format_smolstr;

use super::fold;
use crate::Text;

/// Digits of a ZIP code.
const ZIP_DIGITS: usize = 5;
/// Digits of the part behind the hyphen of a ZIP+4.
pub(crate) const ZIP4_DIGITS: usize = 4;
/// Fewest digits that are taken for a ZIP code which lost its leading zeros: no ZIP begins with three.
const ZIP_DIGITS_MIN: usize = 3;

/// States and territories whose ZIP codes begin with `0` (New York has two such towns, `AE` is military
/// mail in Europe).
const ZERO_STATES: [&str; 11] = [
    "AE", "CT", "MA", "ME", "NH", "NJ", "NY", "PR", "RI", "VI", "VT",
];

/// A ZIP code in standard form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StandardZip {
    /// Five digits.
    pub(crate) zip: Text,
    /// The four digits of a ZIP+4.
    pub(crate) zip4: Option<Text>,
    /// Whether its leading zeros were missing.
    pub(crate) padded: bool,
}

/// Reads `82001`, `82001-1234`, `820011234`, and where the state has ZIP codes that begin with `0` also
/// those without their zeros: `3431`, `907`, `3431-1234`, `34311234`. Anything else is no ZIP.
pub(crate) fn standard_zip(written: &str, state: Option<&str>) -> Option<StandardZip> {
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let written = written.trim();
    let is_plain = written.len() == ZIP_DIGITS && all_digits(written);
    let apart = if is_plain {
        None
    } else {
        written.split_once(['-', ' '])
    };
    let (zip, zip4) = match apart {
        Some((zip, zip4)) => (zip, Some(zip4.trim_start_matches(['-', ' ']))),
        None if written.len() > ZIP_DIGITS && all_digits(written) => {
            let (zip, zip4) = written.split_at(written.len() - ZIP4_DIGITS);
            (zip, Some(zip4))
        }
        None => (written, None),
    };
    let sound = |zip4: &str| zip4.len() == ZIP4_DIGITS && all_digits(zip4);
    if !all_digits(zip) || !zip4.is_none_or(sound) {
        return None;
    }
    let padded = match zip.len() {
        ZIP_DIGITS => false,
        ZIP_DIGITS_MIN..ZIP_DIGITS if has_zero_zips(state) => true,
        _ => return None,
    };
    let zip = if padded {
        format_smolstr!("{zip:0>ZIP_DIGITS$}")
    } else {
        Text::new(zip)
    };
    let zip4 = zip4.map(Text::new);
    (zip.bytes().any(|digit| digit != b'0')).then_some(StandardZip { zip, zip4, padded })
}

fn has_zero_zips(state: Option<&str>) -> bool {
    state
        .and_then(fold::state)
        .is_some_and(|state| ZERO_STATES.contains(&state))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str, state: &str) -> Option<(Text, Option<Text>, bool)> {
        standard_zip(written, Some(state)).map(|read| (read.zip, read.zip4, read.padded))
    }

    #[test]
    fn a_zip_is_read_with_and_without_its_zeros() {
        let zip =
            |zip: &str, zip4: Option<&str>, padded| Some((zip.into(), zip4.map(Text::new), padded));
        assert_eq!(read("82001", "WY"), zip("82001", None, false));
        assert_eq!(read("82001-1234", "WY"), zip("82001", Some("1234"), false));
        assert_eq!(read("820011234", "WY"), zip("82001", Some("1234"), false));
        assert_eq!(read("3431", "NH"), zip("03431", None, true));
        assert_eq!(read("3431", "new hampshire"), zip("03431", None, true));
        assert_eq!(read("907", "PR"), zip("00907", None, true));
        assert_eq!(read("6410-0012", "CT"), zip("06410", Some("0012"), true));
    }

    #[test]
    fn what_is_no_zip_is_not_made_one() {
        for (written, state) in [
            ("8200", "WY"),
            ("34", "NH"),
            ("", "NH"),
            ("00000", "NH"),
            ("0000", "NH"),
            ("A1234", "NH"),
            ("8200-1234", "WY"),
            ("3431-12345", "NH"),
        ] {
            assert_eq!(read(written, state), None, "{written} in {state}");
        }
        assert_eq!(standard_zip("3431", None), None);
    }
}

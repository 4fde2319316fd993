//! Keys: what makes two spellings one building, and two buildings two.
//!
//! The text of a key holds only `A-Z a-z 0-9 - _ . ~ :`, so it stands in a URL path and in a query
//! without escaping. Blanks become `-`; characters outside the plain ones become `~` and two hex
//! digits per UTF-8 byte, so that no two keys ever share one text.

use std::fmt;
use std::iter::repeat_n;
use std::str::FromStr;

use smol_str::ToSmolStr as _;
use thiserror::Error;

use super::publication28;
use crate::{Spell, Text};

/// The ground a street name is unique on.
///
/// Displayed as `82001` or `WY.CHEYENNE`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// A five-digit ZIP code.
    Zip(Text),
    /// State (two letters) and normalised city, where the ZIP is missing.
    City {
        /// Two-letter state.
        state: Text,
        /// City, upper case, punctuation folded.
        city: Text,
    },
}

/// A street within an [`Area`]: the partition under which the claims of its buildings are kept.
///
/// Displayed as `82001:E-26TH-ST`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreetKey {
    /// Where the street lies.
    pub area: Area,
    /// The whole street in standard form, `E 26TH ST`: directionals, name and suffix.
    pub street: Text,
}

/// A house number in standard form, ordered along the street: by the figure, then by the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HouseNumber {
    ordinal: u32,
    text: Text,
}

/// One building: area, street and number. Two spellings of one building give one key.
///
/// Displayed (and read back) as `82001:E-26TH-ST:303`, or `WY.CHEYENNE:E-26TH-ST:303` without a ZIP.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BuildingKey {
    /// The street.
    pub street: StreetKey,
    /// The house number on it.
    pub number: HouseNumber,
}

/// One unit of a building, displayed as the building's key, `:` and the unit (`82001:E-26TH-ST:303:4B`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitKey {
    /// The building.
    pub building: BuildingKey,
    /// The unit in standard form, without its designator: `4B`.
    pub unit: Text,
}

/// A text is not a key of an area, street, building or unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "not a building key: expected AREA:STREET:NUMBER (and :UNIT for a unit), \
     for example 82001:E-26TH-ST:303"
)]
pub struct BadKey;

/// Digits of a five-digit ZIP code.
const ZIP_DIGITS: usize = 5;
/// Letters of a state's postal abbreviation.
const STATE_LETTERS: usize = 2;
/// Width of the figure in [`HouseNumber::sort_text`]: every `u32` fits.
const ORDINAL_DIGITS: usize = 10;
/// Room made for a [`HouseNumber::sort_text`] before it is written, and for what stands behind it in a key.
const SORT_TEXT_BYTES_EXPECTED: usize = 64;
/// Ends [`HouseNumber::sort_text`]; lower than every character of a number's text, so that `30`
/// stands before `30A` and is not its prefix.
const SORT_END: char = '!';

/// The slash of a fraction written with small figures.
const FRACTION_SLASH: char = '\u{2044}';
/// Vulgar fractions that have a character of their own.
const FRACTIONS: [(char, &str); 9] = [
    ('½', "1/2"),
    ('⅓', "1/3"),
    ('⅔', "2/3"),
    ('¼', "1/4"),
    ('¾', "3/4"),
    ('⅛', "1/8"),
    ('⅜', "3/8"),
    ('⅝', "5/8"),
    ('⅞', "7/8"),
];

impl HouseNumber {
    /// Brings one spelling of a house number to the standard form; `None` where it has no figure.
    ///
    /// Upper case, without leading zeros: `12-A`, `12 a` and `012A` are `12A`; `100 1/2`, `100-1/2`
    /// and `100½` are `100_1/2`; a range or Queens number keeps its hyphen and what follows it as
    /// written (`12-34`, `40-05`); a grid number is closed up (`N165W2123`). The standard form of a
    /// standard form is itself.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        if let Some(number) = Self::figure(written) {
            return Some(number);
        }
        let mut upper = unfold_fractions(written).to_uppercase();
        // `900 AND 902` is the range that `900 & 902` is.
        if upper.contains(" AND ") {
            upper = upper.replace(" AND ", " ");
        }
        let runs = runs_of(&upper);
        let text = join_runs(&runs);
        if text.bytes().any(|byte| byte.is_ascii_digit()) {
            return Some(Self {
                ordinal: ordinal_of(&text),
                text: text.into(),
            });
        }
        let ordinal = publication28::cardinal_words(&text)?;
        Some(Self {
            ordinal,
            text: ordinal.to_smolstr(),
        })
    }

    /// The figure that orders the houses of a street: the first run of digits, of a grid number the
    /// last one. Figures beyond `u32` count as its greatest.
    #[must_use]
    pub const fn ordinal(&self) -> u32 {
        self.ordinal
    }

    /// The whole number in standard form: `303`, `12-34`, `100_1/2`, `N165W2123`; no blanks.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number as it is written on an envelope: `100 1/2`.
    #[must_use]
    pub fn written(&self) -> String {
        self.text.replace('_', " ")
    }

    /// A text that sorts as the numbers do: `0000000303.303!`.
    ///
    /// No number's text is the prefix of another's (`30` of `303`, `30A` or `30_1/2`), so it can
    /// stand before other parts of a sort key.
    #[must_use]
    pub fn sort_text(&self) -> String {
        let mut sort_text = Self::sort_bound(self.ordinal);
        sort_text.push_str(&self.text);
        sort_text.push(SORT_END);
        sort_text
    }

    /// The lower bound of all [`HouseNumber::sort_text`]s with this figure or a greater one.
    #[must_use]
    pub fn sort_bound(ordinal: u32) -> String {
        // Every lookup asks with one, and `format!` is slow with digits.
        let mut digits = itoa::Buffer::new();
        let figure = digits.format(ordinal);
        let mut bound = String::with_capacity(SORT_TEXT_BYTES_EXPECTED);
        bound.extend(repeat_n('0', ORDINAL_DIGITS - figure.len()));
        bound.push_str(figure);
        bound.push('.');
        bound
    }

    /// Reads [`HouseNumber::sort_text`] back.
    ///
    /// # Errors
    /// [`BadKey`] where the text is not one.
    pub fn from_sort_text(sort_text: &str) -> Result<Self, BadKey> {
        if let Some(number) = Self::plain(sort_text) {
            return Ok(number);
        }
        let text = sort_text
            .get(ORDINAL_DIGITS + 1..)
            .and_then(|rest| rest.strip_suffix(SORT_END));
        let number = Self::standard(text.ok_or(BadKey)?)?;
        if number.sort_text() == sort_text {
            Ok(number)
        } else {
            Err(BadKey)
        }
    }

    /// The sort text of a number that is nothing but its figure.
    fn plain(sort_text: &str) -> Option<Self> {
        let (figure, rest) = sort_text.split_at_checked(ORDINAL_DIGITS)?;
        let text = rest.strip_prefix('.')?.strip_suffix(SORT_END)?;
        Self::figure(text).filter(|_| figure.trim_start_matches('0') == text)
    }

    /// A number that is nothing but its figure, as most are: read without forming it anew, because every
    /// claim that is read has one.
    fn figure(text: &str) -> Option<Self> {
        let is_plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        Some(Self {
            ordinal: text.parse().ok().filter(|_| is_plain)?,
            text: text.into(),
        })
    }

    /// Takes a text that must already be in standard form.
    fn standard(text: &str) -> Result<Self, BadKey> {
        Self::parse(text)
            .filter(|number| number.text == text)
            .ok_or(BadKey)
    }
}

impl fmt::Display for HouseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Figures of a fraction that has a character of its own: `½` -> `1/2`.
pub(super) fn fraction(character: char) -> Option<&'static str> {
    FRACTIONS
        .iter()
        .find(|(sign, _)| *sign == character)
        .map(|(_, figures)| *figures)
}

fn unfold_fractions(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    for character in written.chars() {
        match fraction(character) {
            Some(figures) => {
                text.push(' ');
                text.push_str(figures);
            }
            None if character == FRACTION_SLASH => text.push('/'),
            None => text.push(character),
        }
    }
    text
}

/// A run of digits or of letters, and what stands before it.
struct Run<'a> {
    text: &'a str,
    digits: bool,
    before: Separator,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Nothing,
    Slash,
    Hyphen,
    Other,
}

fn runs_of(upper: &str) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    let mut before = Separator::Nothing;
    let mut rest = upper;
    while let Some(first) = rest.chars().next() {
        if !first.is_alphanumeric() {
            before = match first {
                '/' => Separator::Slash,
                '-' | '\u{2010}'..='\u{2015}' if before != Separator::Slash => Separator::Hyphen,
                _ if before == Separator::Nothing => Separator::Other,
                _ => before,
            };
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let digits = first.is_ascii_digit();
        let end = rest
            .find(|c: char| !c.is_alphanumeric() || c.is_ascii_digit() != digits)
            .unwrap_or(rest.len());
        let (text, after) = rest.split_at(end);
        runs.push(Run {
            text,
            digits,
            before,
        });
        before = Separator::Nothing;
        rest = after;
    }
    runs
}

fn join_runs(runs: &[Run<'_>]) -> String {
    let mut text = String::new();
    for (index, run) in runs.iter().enumerate() {
        let fraction_follows = runs
            .get(index + 1)
            .is_some_and(|next| next.before == Separator::Slash && next.digits);
        if let Some(previous) = index.checked_sub(1).map(|at| &runs[at]) {
            match (previous.digits == run.digits, run.before) {
                (true, Separator::Slash) => text.push('/'),
                (true, _) if run.digits && fraction_follows => text.push('_'),
                (true, _) => text.push('-'),
                // `12A-2` may be another building than `12-A2`.
                (false, Separator::Hyphen) if run.digits && index > 1 => text.push('-'),
                // `12-A` and `12A`, `N165 W2123` and `N165W2123` are one number.
                (false, _) => {}
            }
        }
        let follows_hyphen = text.ends_with('-');
        text.push_str(if run.digits && !follows_hyphen {
            without_leading_zeros(run.text)
        } else {
            run.text
        });
    }
    text
}

/// `007` is `7`; `000` is `0`.
pub(super) fn without_leading_zeros(digits: &str) -> &str {
    let stripped = digits.trim_start_matches('0');
    if stripped.is_empty() {
        &digits[digits.len() - 1..]
    } else {
        stripped
    }
}

fn ordinal_of(text: &str) -> u32 {
    let mut figures = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty());
    let grid = text.starts_with(|c: char| !c.is_ascii_digit());
    let figure = if grid {
        figures.next_back()
    } else {
        figures.next()
    };
    figure.map_or(0, |digits| digits.parse().unwrap_or(u32::MAX))
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spell(f)
    }
}

impl Spell for Area {
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        match self {
            Self::Zip(zip) => write_escaped(out, zip, &STREET_SIGNS),
            Self::City { state, city } => {
                write_escaped(out, state, &STREET_SIGNS)?;
                out.write_char('.')?;
                write_escaped(out, city, &STREET_SIGNS)
            }
        }
    }
}

impl FromStr for Area {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let area = match text.split_once('.') {
            None => Self::Zip(unescape(text, &STREET_SIGNS)?),
            Some((state, city)) => Self::City {
                state: unescape(state, &STREET_SIGNS)?,
                city: unescape(city, &STREET_SIGNS)?,
            },
        };
        let plausible = match &area {
            Self::Zip(zip) => {
                zip.len() == ZIP_DIGITS && zip.bytes().all(|byte| byte.is_ascii_digit())
            }
            Self::City { state, .. } => {
                state.len() == STATE_LETTERS && state.bytes().all(|byte| byte.is_ascii_uppercase())
            }
        };
        if plausible {
            only_as_displayed(area, text)
        } else {
            Err(BadKey)
        }
    }
}

impl fmt::Display for StreetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spell(f)
    }
}

impl Spell for StreetKey {
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        self.area.spell(out)?;
        out.write_char(':')?;
        write_escaped(out, &self.street, &STREET_SIGNS)
    }
}

impl FromStr for StreetKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let (area, street) = text.split_once(':').ok_or(BadKey)?;
        let key = Self {
            area: area.parse()?,
            street: unescape(street, &STREET_SIGNS)?,
        };
        only_as_displayed(key, text)
    }
}

impl fmt::Display for BuildingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spell(f)
    }
}

impl Spell for BuildingKey {
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        self.street.spell(out)?;
        out.write_char(':')?;
        write_escaped(out, &self.number.text, &NUMBER_SIGNS)
    }
}

impl FromStr for BuildingKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let (street, number) = text.rsplit_once(':').ok_or(BadKey)?;
        let number = HouseNumber::standard(&unescape(number, &NUMBER_SIGNS)?)?;
        only_as_displayed(
            Self {
                street: street.parse()?,
                number,
            },
            text,
        )
    }
}

impl fmt::Display for UnitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.building)?;
        write_escaped(f, &self.unit, &STREET_SIGNS)
    }
}

impl FromStr for UnitKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let (building, unit) = text.rsplit_once(':').ok_or(BadKey)?;
        let key = Self {
            building: building.parse()?,
            unit: unescape(unit, &STREET_SIGNS)?,
        };
        only_as_displayed(key, text)
    }
}

/// Refuses a second spelling of a key (`~41` for `A`): one key, one text.
fn only_as_displayed<K: fmt::Display>(key: K, text: &str) -> Result<K, BadKey> {
    if key.to_string() == text {
        Ok(key)
    } else {
        Err(BadKey)
    }
}

/// A sign of the standard form and the sign that stands for it in a key's text.
type Signs = [(char, char)];

/// Streets, cities and units: blanks are many, hyphens are few.
const STREET_SIGNS: [(char, char); 2] = [(' ', '-'), ('-', '_')];
/// House numbers hold no blanks, but hyphens and fractions.
const NUMBER_SIGNS: [(char, char); 3] = [('-', '-'), ('_', '_'), ('/', '.')];

/// First character of an escaped byte.
const ESCAPE: char = '~';

fn write_escaped(out: &mut impl fmt::Write, text: &str, signs: &Signs) -> fmt::Result {
    let mut rest = text;
    loop {
        let plain = rest.bytes().position(|byte| !byte.is_ascii_alphanumeric());
        let (plain, after) = rest.split_at(plain.unwrap_or(rest.len()));
        out.write_str(plain)?;
        let mut after = after.chars();
        let Some(character) = after.next() else {
            return Ok(());
        };
        if let Some((_, sign)) = signs.iter().find(|(plain, _)| *plain == character) {
            out.write_char(*sign)?;
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                write!(out, "{ESCAPE}{byte:02X}")?;
            }
        }
        rest = after.as_str();
    }
}

fn unescape(text: &str, signs: &Signs) -> Result<Text, BadKey> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character.is_ascii_alphanumeric() {
            bytes.push(character as u8);
        } else if let Some((plain, _)) = signs.iter().find(|(_, sign)| *sign == character) {
            bytes.push(*plain as u8);
        } else if character == ESCAPE {
            bytes.push(escaped_byte(&mut characters).ok_or(BadKey)?);
        } else {
            return Err(BadKey);
        }
    }
    if bytes.is_empty() {
        Err(BadKey)
    } else {
        str::from_utf8(&bytes).map(Text::new).map_err(|_| BadKey)
    }
}

/// The byte of two upper-case hex digits.
fn escaped_byte(characters: &mut std::str::Chars<'_>) -> Option<u8> {
    let mut digit = || {
        characters
            .next()
            .filter(|c| !c.is_ascii_lowercase())
            .and_then(|c| c.to_digit(16))
    };
    let high = digit()?;
    let low = digit()?;
    u8::try_from(high * 16 + low).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(written: &str) -> HouseNumber {
        HouseNumber::parse(written).unwrap_or_else(|| panic!("{written} is a house number"))
    }

    #[test]
    fn spellings_of_one_number_have_one_text() {
        for (spellings, text, ordinal) in [
            (&["303", "0303", " 303 ", "#303", "303."][..], "303", 303),
            (&["12A", "12-A", "12 a", "012A"], "12A", 12),
            (
                &[
                    "100 1/2",
                    "100-1/2",
                    "100½",
                    "100 ½",
                    "100 1\u{2044}2",
                    "100_1/2",
                ],
                "100_1/2",
                100,
            ),
            (
                &["12-34", "12 - 34", "12–34", "12 34", "012-34"],
                "12-34",
                12,
            ),
            (&["40-05"], "40-05", 40),
            (
                &["N165 W2123", "N165W2123", "n165w2123", "N 165 W 2123"],
                "N165W2123",
                2123,
            ),
            (&["One", "ONE", "1"], "1", 1),
            (&["0", "000"], "0", 0),
            (&["12A-2"], "12A-2", 12),
            (&["99999999999"], "99999999999", u32::MAX),
        ] {
            for spelling in spellings {
                let number = number(spelling);
                assert_eq!(
                    (number.text(), number.ordinal()),
                    (text, ordinal),
                    "{spelling}"
                );
            }
        }
    }

    #[test]
    fn numbers_that_differ_stay_apart() {
        let all = [
            "30", "303", "3", "30A", "30B", "30 1/2", "30 1/4", "30-3", "30-03", "30/3", "3-03",
            "N30W3", "N3W03", "S30W3", "12A-2", "12-A2",
        ];
        for (index, one) in all.iter().enumerate() {
            for other in &all[index + 1..] {
                assert_ne!(number(one), number(other), "{one} and {other}");
            }
        }
    }

    #[test]
    fn text_without_a_figure_is_no_number() {
        for written in ["", " ", "-", "ELEVENTY", "A", "/"] {
            assert_eq!(HouseNumber::parse(written), None, "{written}");
        }
    }

    #[test]
    fn houses_stand_in_the_order_of_the_street() {
        let mut houses = ["303", "30 1/2", "30", "9", "100", "30A", "12-34"].map(number);
        houses.sort();
        assert_eq!(
            houses.map(|house| house.text().to_owned()),
            ["9", "12-34", "30", "30A", "30_1/2", "100", "303"]
        );
    }

    #[test]
    fn keys_are_displayed_as_documented() {
        let street = StreetKey {
            area: Area::Zip("82001".into()),
            street: "E 26TH ST".into(),
        };
        let building = BuildingKey {
            street,
            number: number("303 1/2"),
        };
        assert_eq!(building.to_string(), "82001:E-26TH-ST:303_1.2");
        let unit = UnitKey {
            building,
            unit: "99-9".into(),
        };
        assert_eq!(unit.to_string(), "82001:E-26TH-ST:303_1.2:99_9");
        let area = Area::City {
            state: "MO".into(),
            city: "SAINT LOUIS".into(),
        };
        assert_eq!(area.to_string(), "MO.SAINT-LOUIS");
        let odd = StreetKey {
            area,
            street: "CAÑON_1:2".into(),
        };
        assert_eq!(odd.to_string(), "MO.SAINT-LOUIS:CA~C3~91ON~5F1~3A2");
    }

    #[test]
    fn a_text_that_no_key_is_displayed_as_is_refused() {
        for text in [
            "",
            "82001",
            "82001:E-26TH-ST",
            "82001:E-26TH-ST:",
            "82001::303",
            "8200:E-26TH-ST:303",
            "82001:E-26TH-ST:0303",
            "82001:E-26TH-ST:ONE",
            "82001:E 26TH ST:303",
            "82001:E-26TH-S~54:303",
            "82001:E-26TH-ST~:303",
            "82001:~FF:303",
            "82001:E-26TH-ST:303:4B",
            "WYO.CHEYENNE:E-26TH-ST:303",
            "82001:E-26TH-ST:303/../x",
        ] {
            assert_eq!(text.parse::<BuildingKey>(), Err(BadKey), "{text}");
        }
    }

    fn area() -> impl Strategy<Value = Area> {
        prop_oneof![
            "[0-9]{5}".prop_map(|zip| Area::Zip(zip.into())),
            ("[A-Z]{2}", "[A-Z ]{1,12}|\\PC{1,8}").prop_map(|(state, city)| Area::City {
                state: state.into(),
                city: city.into()
            }),
        ]
    }

    prop_compose! {
        fn building()(
            area in area(),
            street in "[A-Z0-9 ]{1,20}|\\PC{1,12}",
            number in "[0-9]{1,6}[A-Z]?|[0-9]{1,3}-[0-9]{1,3}|[0-9]{1,4} 1/2|[NS][0-9]{1,3}[EW][0-9]{1,5}|[1-9]\\PC{0,6}",
        ) -> BuildingKey {
            BuildingKey { street: StreetKey { area, street: street.into() }, number: HouseNumber::parse(&number).unwrap() }
        }
    }

    fn stands_in_a_url_path(text: &str) -> bool {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.~:".contains(&byte))
    }

    #[test]
    fn a_sort_text_that_none_writes_is_refused() {
        for text in [
            "0000000303.304!",
            "0000000303.0303!",
            "0000000000.!",
            "9999999999.9999999999!",
            "000000303.303!",
            "+000000303.303!",
            "0000000303.303",
            "",
        ] {
            assert_eq!(HouseNumber::from_sort_text(text), Err(BadKey), "{text}");
        }
        for text in ["0", "7", "4294967295", "9999999999", "100 1/2", "12-34"] {
            let number = HouseNumber::parse(text).unwrap();
            let read = HouseNumber::from_sort_text(&number.sort_text());
            assert_eq!(read, Ok(number), "{text}");
        }
    }

    proptest! {
        #[test]
        fn building_keys_round_trip(key in building()) {
            let text = key.to_string();
            prop_assert!(stands_in_a_url_path(&text), "{}", text);
            prop_assert_eq!(text.parse::<BuildingKey>(), Ok(key.clone()));
            prop_assert_eq!(key.street.to_string().parse::<StreetKey>(), Ok(key.street.clone()));
            prop_assert_eq!(key.street.area.to_string().parse::<Area>(), Ok(key.street.area));
        }

        #[test]
        fn unit_keys_round_trip(building in building(), unit in "[A-Z0-9]{1,5}|[0-9]{1,3}-[0-9]{1,2}|\\PC{1,8}") {
            let key = UnitKey { building, unit: unit.into() };
            let text = key.to_string();
            prop_assert!(stands_in_a_url_path(&text), "{}", text);
            prop_assert_eq!(text.parse::<UnitKey>(), Ok(key));
        }

        #[test]
        fn two_keys_never_share_a_text(one in building(), other in building()) {
            prop_assert_eq!(one == other, one.to_string() == other.to_string());
        }

        #[test]
        fn any_text_is_read_as_the_key_it_shows_or_refused(text in "\\PC{0,30}|[0-9]{5}:[A-Z~0-9_-]{1,8}:[0-9A-Z._-]{1,6}") {
            if let Ok(key) = text.parse::<BuildingKey>() {
                prop_assert_eq!(key.to_string(), text);
            }
        }

        #[test]
        fn the_standard_form_is_its_own_standard_form(written in "[0-9A-Za-z /½-]{1,12}|\\PC{1,12}") {
            if let Some(number) = HouseNumber::parse(&written) {
                let again = HouseNumber::parse(number.text());
                prop_assert_eq!(again, Some(number));
            }
        }

        #[test]
        fn sort_texts_keep_the_order_and_prefix_nothing(one in building(), other in building()) {
            let (one, other) = (one.number, other.number);
            prop_assert_eq!(one.cmp(&other), one.sort_text().cmp(&other.sort_text()));
            prop_assert_eq!(one == other, other.sort_text().starts_with(&one.sort_text()));
            prop_assert_eq!(HouseNumber::from_sort_text(&one.sort_text()), Ok(one.clone()));
            prop_assert!(HouseNumber::sort_bound(one.ordinal()) <= one.sort_text());
            prop_assert_eq!(
                other.ordinal() < one.ordinal(),
                other.sort_text() < HouseNumber::sort_bound(one.ordinal())
            );
        }
    }
}

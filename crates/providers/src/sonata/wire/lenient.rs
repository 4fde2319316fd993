//! Reading what carriers send, which is not always what the documents say: a list or a bare object, a
//! number or a text, a price or the word "ICB", an enum with a blank behind it or in capitals.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lastmile_model::listing::figures;
use lastmile_model::money::{Currency, Money};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Most members of a list that are read; the others are not looked at.
const MEMBERS_MAX: usize = 1_000;
/// Decimals of every currency that is kept.
const CENT_DIGITS: usize = 2;
/// How carriers write that a person prices it.
const INDIVIDUAL_CASE: &str = "ICB";

/// A list, a bare object in its place, or nothing.
#[derive(Clone, Debug)]
pub(crate) struct Many<T>(pub(crate) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}

struct ManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_unit<E>(self) -> Result<Many<T>, E> {
        Ok(Many::default())
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Many<T>, M::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|one| Many(vec![one]))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Many<T>, S::Error> {
        let mut members = Vec::new();
        while let Some(member) = list.next_element()? {
            if members.len() < MEMBERS_MAX {
                members.push(member);
            }
        }
        Ok(Many(members))
    }
}

/// A number, a text or a truth value, as it was written.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Scalar(Box<RawValue>);

impl Scalar {
    /// The text, without quotation marks and blanks around it. `None` for what is no scalar.
    pub(crate) fn text(&self) -> Option<String> {
        let raw = self.0.get();
        let text = match raw.as_bytes().first()? {
            b'"' => serde_json::from_str(raw).ok()?,
            b'{' | b'[' => return None,
            _ => raw.to_owned(),
        };
        Some(text.trim().to_owned())
    }

    /// A whole number: `36`, `"36"`, `36.0`.
    pub(crate) fn whole(&self) -> Option<u32> {
        let text = self.text()?;
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        if fraction.bytes().any(|digit| digit != b'0') {
            return None;
        }
        whole.parse().ok()
    }

    /// `true`, `"true"`.
    pub(crate) fn truth(&self) -> Option<bool> {
        self.text()?.to_ascii_lowercase().parse().ok()
    }

    /// An amount of money, to the nearest cent, or that a person finds it out.
    pub(crate) fn amount(&self) -> Option<Amount> {
        let text = self.text()?;
        if text.eq_ignore_ascii_case(INDIVIDUAL_CASE) {
            return Some(Amount::IndividualCase);
        }
        cents(&text).map(Amount::Cents)
    }
}

/// What stands where a price should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Amount {
    Cents(i64),
    IndividualCase,
}

/// Digits beyond the cent come from programs that calculate with binary fractions
/// (`1434.6899999999998`): they are rounded, half a cent up.
fn cents(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let kept = &fraction[..fraction.len().min(CENT_DIGITS)];
    let money = figures::price(&format!("{whole}.{kept:0<CENT_DIGITS$}"), Currency::Usd)?;
    let Money { minor, currency: _ } = money;
    let up = fraction
        .as_bytes()
        .get(CENT_DIGITS)
        .is_some_and(|digit| *digit >= b'5');
    minor.checked_add(i64::from(up))
}

/// A point in time: RFC 3339, or a day, which then ends at midnight UTC.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let day: Date = text.parse().ok()?;
    let end = day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(end.timestamp())
}

/// Which of these names a text is, blanks around it and capitals left aside.
pub(crate) fn one_of<T: Copy>(text: &str, all: &[(&str, T)]) -> Option<T> {
    let text = text.trim();
    all.iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text))
        .map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(json: &str) -> Scalar {
        serde_json::from_str(json).unwrap()
    }

    #[derive(Debug, Deserialize)]
    struct Line {
        value: Scalar,
    }

    #[test]
    fn a_bare_object_is_a_list_of_one() {
        let read = |json: &str| -> Vec<Option<Amount>> {
            let many: Many<Line> = serde_json::from_str(json).unwrap();
            many.0.iter().map(|line| line.value.amount()).collect()
        };
        assert_eq!(read(r#"{"value": 1.5}"#), [Some(Amount::Cents(150))]);
        assert_eq!(
            read(r#"[{"value": "ICB"}, {"value": 2}]"#),
            [Some(Amount::IndividualCase), Some(Amount::Cents(200))]
        );
        assert!(read("[]").is_empty());
        assert!(read("null").is_empty());
    }

    #[test]
    fn amounts_are_exact_and_rounded_to_the_cent() {
        for (json, cents) in [
            ("1434.69", 143_469),
            ("\"1,434.69\"", 143_469),
            ("1434.6899999999998", 143_469),
            ("0.005", 1),
            ("1274.1", 127_410),
            ("1100", 110_000),
        ] {
            assert_eq!(scalar(json).amount(), Some(Amount::Cents(cents)), "{json}");
        }
        for json in ["\"icb\"", "\" ICB \""] {
            assert_eq!(scalar(json).amount(), Some(Amount::IndividualCase));
        }
        for json in ["-1", "1e3", "\"call us\"", "{}", "[1]", "null", "\"\""] {
            assert_eq!(scalar(json).amount(), None, "{json}");
        }
    }

    #[test]
    fn terms_and_truths_come_as_text_too() {
        for json in ["36", "\"36\"", "36.0", "\" 36 \""] {
            assert_eq!(scalar(json).whole(), Some(36), "{json}");
        }
        assert_eq!(scalar("36.5").whole(), None);
        assert_eq!(scalar("\"TRUE\"").truth(), Some(true));
        assert_eq!(scalar("false").truth(), Some(false));
        assert_eq!(scalar("1").truth(), None);
    }

    #[test]
    fn a_day_ends_at_its_midnight() {
        let at = |text: &str| time(text).map(|time| time.to_string());
        assert_eq!(at("2026-03-03"), Some("2026-03-04T00:00:00Z".to_owned()));
        assert_eq!(
            at(" 2026-03-03T01:02:03.5Z"),
            Some("2026-03-03T01:02:03.5Z".to_owned())
        );
        assert_eq!(
            at("2026-03-03T01:02:03+02:00"),
            Some("2026-03-02T23:02:03Z".to_owned())
        );
        assert_eq!(at("soon"), None);
    }
}

//! Parts that come apart already: the columns of a list, the fields of a form.

use super::super::{Address, Parts, Unparsed, UnparsedReason};
use super::Reader;
use crate::Text;

/// See [`Address::from_parts`].
pub(crate) fn from_parts(given: &Parts) -> Address {
    let Parts {
        number,
        predirectional,
        street,
        suffix,
        postdirectional,
        unit_type,
        unit,
        city,
        state,
        zip,
        zip4,
    } = given;
    let line = joined(&[number, predirectional, street, suffix, postdirectional]);
    let area = [city, state, zip].map(trimmed);
    // A list with one column for the whole address puts it under `street`.
    let mut address = if area.iter().all(Option::is_none) {
        super::parse(&line)
    } else {
        read_line_alone(&line)
    };
    let [city, state, zip] = area;
    put_area(&mut address, city, state, zip);
    if let Some(zip4) = trimmed(zip4) {
        address.parts.zip4 = Some(zip4);
    }
    put_unit(&mut address, trimmed(unit_type), trimmed(unit));
    address
}

fn trimmed(part: &Option<Text>) -> Option<Text> {
    let text = part.as_deref()?;
    let text =
        text.trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';'));
    (!text.is_empty()).then(|| text.into())
}

fn joined(parts: &[&Option<Text>]) -> String {
    let mut line = String::new();
    for part in parts.iter().filter_map(|part| trimmed(part)) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&part);
    }
    line
}

/// Reads a street line after which neither state nor ZIP code is to be looked for.
fn read_line_alone(line: &str) -> Address {
    let mut reader = Reader::new(line);
    reader.is_line = true;
    reader.read_body(reader.tokens.len());
    let mut address = reader.finish();
    // The city has its own column: what looks like one behind the street is not understood.
    if let Some(text) = address.parts.city.take() {
        address.unparsed.push(Unparsed {
            text: text.into(),
            reason: UnparsedReason::NotUnderstood,
        });
    }
    address
}

fn put_area(address: &mut Address, city: Option<Text>, state: Option<Text>, zip: Option<Text>) {
    let parts = &mut address.parts;
    parts.city = city.or(parts.city.take());
    parts.state = state.or(parts.state.take());
    let Some(zip) = zip else { return };
    let digits: String = zip.chars().filter(char::is_ascii_digit).collect();
    let plus_four = digits.len() == 9
        && zip
            .chars()
            .all(|letter| letter.is_ascii_digit() || matches!(letter, '-' | ' '));
    if plus_four {
        let (zip, zip4) = digits.split_at(5);
        parts.zip = Some(zip.into());
        parts.zip4 = Some(zip4.into());
    } else {
        parts.zip = Some(zip);
    }
}

/// The unit's own column wins over a unit in the street line, which is set aside if it differs.
fn put_unit(address: &mut Address, unit_type: Option<Text>, unit: Option<Text>) {
    let Some(unit) = unit else {
        if unit_type.is_some() {
            address.parts.unit_type = unit_type;
        }
        return;
    };
    let (read_type, read) = split_unit(&unit);
    let unit_type = unit_type.or(read_type);
    let earlier = (address.parts.unit_type.take(), address.parts.unit.take());
    if let (kind, Some(text)) = earlier
        && !read
            .as_ref()
            .is_some_and(|unit| unit.eq_ignore_ascii_case(&text))
    {
        let text = kind.map_or_else(|| text.to_string(), |kind| format!("{kind} {text}"));
        address.unparsed.push(Unparsed {
            text,
            reason: UnparsedReason::SecondUnit,
        });
    }
    address.parts.unit_type = unit_type;
    address.parts.unit = read;
}

/// `Apt 9` into designator and identifier; `9`, `99-9`, `B` and `9R` are identifiers.
fn split_unit(text: &str) -> (Option<Text>, Option<Text>) {
    let mut reader = Reader::new(text);
    let end = reader.tokens.len();
    if let Some(unit) = reader.unit_at(0, end)
        && unit.end() == end
    {
        reader.take_unit(&unit);
        let parts = reader.finish().parts;
        if parts.unit.is_some() || parts.unit_type.is_some() {
            return (parts.unit_type, parts.unit);
        }
    }
    (None, Some(text.into()))
}

//! The images of the table's stream, as Lambda hands them over: DynamoDB's JSON, in which each value
//! stands under the letter of its type.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lastmile_store::{Attributes, Item, PrimaryKey, Value, item};
use serde::Deserialize;

/// The attributes of a key or an item.
pub type Image = HashMap<String, Typed>;

/// A value under the letter of its type. Types that no item of ours has are not read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub enum Typed {
    /// Text.
    S(String),
    /// A number, as text.
    N(String),
    /// Bytes, in Base64.
    B(String),
    /// Truth.
    #[serde(rename = "BOOL")]
    Bool(bool),
}

/// The primary key in an image; `None` where it has none.
#[must_use]
pub fn key_in(image: &Image) -> Option<PrimaryKey> {
    Some(PrimaryKey {
        pk: text(image, item::PK)?.into(),
        sk: text(image, item::SK)?.to_owned(),
    })
}

/// The item in an image, without its places in the indexes, which nobody asks of a change; `None` where
/// it is none of ours.
#[must_use]
pub fn item_in(image: &Image) -> Option<Item> {
    let own = image
        .iter()
        .filter(|(name, _)| !item::RESERVED_NAMES.contains(&name.as_str()));
    let attributes: Option<Attributes> = own
        .map(|(name, value)| Some((name.as_str(), value_of(value)?)))
        .collect();
    let streamed = matches!(image.get(item::STREAMED), Some(Typed::Bool(true)));
    Some(Item {
        streamed,
        attributes: attributes?,
        ..Item::new(key_in(image)?)
    })
}

fn text<'i>(image: &'i Image, name: &str) -> Option<&'i str> {
    match image.get(name)? {
        Typed::S(text) => Some(text),
        Typed::N(_) | Typed::B(_) | Typed::Bool(_) => None,
    }
}

fn value_of(typed: &Typed) -> Option<Value> {
    Some(match typed {
        Typed::S(text) => Value::S(text.clone()),
        Typed::N(number) => Value::N(number.parse().ok()?),
        Typed::B(bytes) => Value::B(STANDARD.decode(bytes).ok()?),
        Typed::Bool(truth) => Value::Bool(*truth),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn image(json: serde_json::Value) -> Image {
        serde_json::from_value(json).expect("an image")
    }

    #[test]
    fn an_item_is_read_from_its_image() {
        let read = item_in(&image(json!({
            "pk": {"S": "TASKQ#0"}, "sk": {"S": "1"}, "st": {"BOOL": true},
            "ttl": {"N": "1800000000"},
            "v": {"B": "AAEC"}, "n": {"N": "-5"}, "t": {"S": ""}, "yes": {"BOOL": false},
        })));
        let mut expected = Item::new(PrimaryKey {
            pk: "TASKQ#0".into(),
            sk: "1".to_owned(),
        });
        expected.streamed = true;
        expected.attributes = Attributes::from_iter([
            ("v", Value::B(vec![0, 1, 2])),
            ("n", Value::N(-5)),
            ("t", Value::S(String::new())),
            ("yes", Value::Bool(false)),
        ]);
        assert_eq!(read, Some(expected));
    }

    #[test]
    fn what_is_no_item_of_ours_is_none() {
        let none = [
            json!({}),
            json!({"pk": {"S": "a"}}),
            json!({"pk": {"S": "a"}, "sk": {"N": "1"}}),
            json!({"pk": {"S": "a"}, "sk": {"S": "1"}, "n": {"N": "1.5"}}),
            json!({"pk": {"S": "a"}, "sk": {"S": "1"}, "b": {"B": "?"}}),
        ];
        for json in none {
            assert_eq!(item_in(&image(json.clone())), None, "{json}");
        }
    }
}

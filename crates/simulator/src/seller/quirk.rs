//! Writes an answer, with the habits that a seller has been told to have.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Response, StatusCode};
use serde_json::{Map, Value};

use super::Reply;
use crate::behaviour::Behaviour;

/// Attributes that hold enums.
const ENUMS: &[&str] = &[
    "state",
    "serviceabilityConfidence",
    "priceType",
    "quoteLevel",
    "recurringChargePeriod",
];
/// Attributes that hold numbers some sellers write as text.
const NUMBERS: &[&str] = &["amount", "value", "totalMrc", "totalNrc"];

pub(super) fn written(reply: Reply, behaviour: Behaviour) -> Response<Bytes> {
    let Reply {
        status,
        mut body,
        headers,
    } = reply;
    // Errors are written as documented: clients must tell an array from an object.
    if status < 400 {
        spoil(&mut body, behaviour);
    }
    let text = if body.is_null() {
        Bytes::new()
    } else {
        Bytes::from(body.to_string())
    };
    let mut response = Response::builder()
        .status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .header(CONTENT_TYPE, "application/json;charset=utf-8");
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response
        .body(text)
        .expect("statuses and headers are ours and valid")
}

fn spoil(value: &mut Value, behaviour: Behaviour) {
    match value {
        Value::Object(fields) => spoil_fields(fields, behaviour),
        Value::Array(members) => {
            for member in members.iter_mut() {
                spoil(member, behaviour);
            }
            if behaviour.bare_objects
                && let [only] = members.as_mut_slice()
                && only.is_object()
            {
                *value = only.take();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn spoil_fields(fields: &mut Map<String, Value>, behaviour: Behaviour) {
    if behaviour.swapped_coordinates
        && let (Some(latitude), Some(longitude)) = (
            fields.get("latitude").cloned(),
            fields.get("longitude").cloned(),
        )
    {
        fields.insert("latitude".to_owned(), longitude);
        fields.insert("longitude".to_owned(), latitude);
    }
    for (name, field) in fields.iter_mut() {
        spoil(field, behaviour);
        match field {
            Value::String(text) if behaviour.trailing_blanks && ENUMS.contains(&name.as_str()) => {
                text.push(' ');
            }
            Value::Number(number) if behaviour.text_numbers && NUMBERS.contains(&name.as_str()) => {
                *field = Value::String(number.to_string());
            }
            _ => {}
        }
    }
}

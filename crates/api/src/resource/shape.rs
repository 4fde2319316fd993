//! Whether an attribute looks as the table says, and what it refers to.

use jiff::Timestamp;
use lastmile_model::document::{
    Attribute, DocumentId, DocumentKind, DocumentRef, LifecycleStatus, Mention, Shape,
};
use serde_json::{Map, Value};

use crate::document::{AttributeError, DocumentError, Problem};

/// What was found while the attributes of a document were looked at.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) status: Option<LifecycleStatus>,
    pub(super) mentions: Vec<Mention>,
}

impl Reader {
    /// Looks at one attribute. A status is brought to the published spelling.
    pub(super) fn look(
        &mut self,
        attribute: &Attribute,
        value: &mut Value,
    ) -> Result<(), DocumentError> {
        let Attribute {
            name,
            shape,
            says: _,
        } = *attribute;
        match shape {
            Shape::Text => text(name, value).map(drop)?,
            Shape::Truth if value.is_boolean() => {}
            Shape::Truth => return Err(expected(name, "true or false", value).into()),
            Shape::Number => number(name, value)?,
            Shape::WholeNumber if value.is_i64() || value.is_u64() => {}
            Shape::WholeNumber => return Err(expected(name, "a whole number", value).into()),
            Shape::Amount => amount(name, object(name, value)?)?,
            Shape::Period => period(name, object(name, value)?)?,
            Shape::Status => {
                let status = status(name, value)?;
                *value = status.as_str().into();
                self.status = Some(status);
            }
            Shape::Object => object(name, value).map(drop)?,
            Shape::Objects => objects(name, value, |_, _| Ok(()))?,
            Shape::Id(kind) => self.mention(name.to_owned(), text(name, value)?, kind)?,
            Shape::Reference(kind) => self.reference(name, object(name, value)?, kind)?,
            Shape::References(kind) => {
                objects(name, value, |at, element| self.reference(at, element, kind))?;
            }
            Shape::Mentions(kind) => objects(name, value, |at, element| {
                if element.contains_key(ID) {
                    self.reference(at, element, kind)?;
                }
                Ok(())
            })?,
            Shape::MentionsWithin(inner, kind) => objects(name, value, |at, element| {
                if let Some(value) = element.get(inner) {
                    let at = format!("{at}.{inner}");
                    self.reference(&at, object(&at, value)?, kind)?;
                }
                Ok(())
            })?,
        }
        Ok(())
    }

    fn reference(
        &mut self,
        at: &str,
        reference: &Map<String, Value>,
        kind: DocumentKind,
    ) -> Result<(), DocumentError> {
        let path = format!("{at}.{ID}");
        match reference.get(ID) {
            Some(id) => self.mention(path.clone(), text(&path, id)?, kind),
            None => {
                let hint = "the id of what is referred to";
                Err(AttributeError::at(path, Problem::Missing { hint }).into())
            }
        }
    }

    fn mention(&mut self, path: String, id: &str, kind: DocumentKind) -> Result<(), DocumentError> {
        match id.parse::<DocumentId>() {
            Ok(id) => {
                let target = DocumentRef { kind, id };
                self.mentions.push(Mention { path, target });
                Ok(())
            }
            // Every document has an id of ours, so that nothing can be meant by another text.
            Err(_) => Err(DocumentError::UnknownReference {
                path,
                noun: kind.rules().noun,
            }),
        }
    }
}

const ID: &str = "id";

/// The text that a value is.
pub(super) fn text<'v>(at: &str, value: &'v Value) -> Result<&'v str, AttributeError> {
    let text = value.as_str();
    text.ok_or_else(|| expected(at, "a text", value))
}

fn number(at: &str, value: &Value) -> Result<(), AttributeError> {
    if value.is_number() {
        Ok(())
    } else {
        Err(expected(at, "a number", value))
    }
}

fn object<'v>(at: &str, value: &'v Value) -> Result<&'v Map<String, Value>, AttributeError> {
    let object = value.as_object();
    object.ok_or_else(|| expected(at, "an object", value))
}

/// Looks at each element of a list of objects, with its path.
fn objects(
    at: &str,
    value: &Value,
    mut look: impl FnMut(&str, &Map<String, Value>) -> Result<(), DocumentError>,
) -> Result<(), DocumentError> {
    let elements = value.as_array();
    let elements = elements.ok_or_else(|| expected(at, "a list", value))?;
    for (position, element) in elements.iter().enumerate() {
        let at = format!("{at}[{position}]");
        look(&at, object(&at, element)?)?;
    }
    Ok(())
}

fn amount(at: &str, amount: &Map<String, Value>) -> Result<(), AttributeError> {
    if let Some(unit) = amount.get("unit") {
        text(&format!("{at}.unit"), unit)?;
    }
    match amount.get("value") {
        Some(value) => number(&format!("{at}.value"), value),
        None => Ok(()),
    }
}

fn period(at: &str, period: &Map<String, Value>) -> Result<(), AttributeError> {
    const END: &str = "endDateTime";
    let start = time(at, period, "startDateTime")?;
    let end = time(at, period, END)?;
    match (start, end) {
        (Some(start), Some(end)) if end < start => Err(AttributeError::at(
            format!("{at}.{END}"),
            Problem::BeforeStart,
        )),
        _ => Ok(()),
    }
}

fn time(
    at: &str,
    period: &Map<String, Value>,
    name: &str,
) -> Result<Option<Timestamp>, AttributeError> {
    let Some(value) = period.get(name) else {
        return Ok(None);
    };
    let path = format!("{at}.{name}");
    let given = text(&path, value)?;
    let not_a_time = |_| Problem::NotA {
        given: given.to_owned(),
        expected: "a time, such as 2026-03-03T12:00:00Z",
    };
    let time = given.parse().map_err(not_a_time);
    time.map(Some)
        .map_err(|problem| AttributeError::at(path, problem))
}

fn status(at: &str, value: &Value) -> Result<LifecycleStatus, AttributeError> {
    let given = text(at, value)?;
    LifecycleStatus::named(given).ok_or_else(|| {
        let problem = Problem::NotOneOf {
            given: given.to_owned(),
            allowed: LifecycleStatus::NAMES,
        };
        AttributeError::at(at, problem)
    })
}

fn expected(at: &str, expected: &'static str, found: &Value) -> AttributeError {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "a truth",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    AttributeError::at(at, Problem::Other { expected, found })
}

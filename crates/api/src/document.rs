//! JSON bodies: read with the path of what is wrong, and kept with what we do not know.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use thiserror::Error;

/// A JSON object in the order in which it was written. What a client sends is kept as one, so that
/// attributes unknown to us come back as they were.
pub type Document = Map<String, Value>;

/// A body is not the document that it should be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DocumentError {
    /// It is no JSON.
    #[error("line {line}, column {column}: {problem}")]
    Malformed {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What the JSON parser says.
        problem: String,
    },
    /// It is JSON, but no object.
    #[error("the body must be a JSON object, {{…}}")]
    NotAnObject,
    /// An attribute is missing or wrong.
    #[error(transparent)]
    Attribute(#[from] AttributeError),
    /// An attribute names a document that there cannot be.
    #[error("{path}: there is no such {noun}")]
    UnknownReference {
        /// Where in the document.
        path: String,
        /// What it should name.
        noun: &'static str,
    },
    /// An attribute is given that only the server sets.
    #[error("{attribute}: leave this attribute out")]
    ReadOnly {
        /// Its name.
        attribute: &'static str,
    },
}

/// An attribute is missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{path}: {problem}")]
pub struct AttributeError {
    /// Where in the document: `searchCriteria.service.place[3].id`.
    pub path: String,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// It has another type, or a mandatory attribute within it is missing.
    #[error("{said}")]
    Shape {
        /// What the deserialiser says.
        said: String,
    },
    /// It has another type.
    #[error("expected {expected}, found {found}")]
    Other {
        /// The type that it should have.
        expected: &'static str,
        /// The type that it has.
        found: &'static str,
    },
    /// It must be given.
    #[error("must be given: {hint}")]
    Missing {
        /// What to give.
        hint: &'static str,
    },
    /// Only the server sets it.
    #[error("is set by the server only: leave this attribute out")]
    ServerOwned,
    /// Its value is none of those that are allowed.
    #[error("{given:?} is not one of {allowed}")]
    NotOneOf {
        /// The value.
        given: String,
        /// Those that are allowed.
        allowed: &'static str,
    },
    /// Its value is not of the form that is needed.
    #[error("{given:?} is not {expected}")]
    NotA {
        /// The value.
        given: String,
        /// The form.
        expected: &'static str,
    },
    /// Another element has this id already.
    #[error(
        "{given:?} is the id of an item before it: give each its own, or none (an item without one is named by its position, from 1)"
    )]
    Repeated {
        /// The id.
        given: String,
    },
    /// A period ends before it begins.
    #[error("lies before startDateTime")]
    BeforeStart,
    /// What is asked contradicts itself.
    #[error("contradicts {other}: nothing can meet both")]
    Contradiction {
        /// The other attribute.
        other: &'static str,
    },
}

impl AttributeError {
    /// The problem at a path.
    #[must_use]
    pub fn at(path: impl Into<String>, problem: Problem) -> Self {
        Self {
            path: path.into(),
            problem,
        }
    }
}

/// Reads a body as a JSON object.
///
/// # Errors
/// [`DocumentError::Malformed`] or [`DocumentError::NotAnObject`].
pub fn read(body: &[u8]) -> Result<Document, DocumentError> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(document)) => Ok(document),
        Ok(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_),
        ) => Err(DocumentError::NotAnObject),
        Err(error) => Err(DocumentError::Malformed {
            line: error.line(),
            column: error.column(),
            problem: without_position(&error),
        }),
    }
}

fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((problem, _)) => problem.to_owned(),
        None => text,
    }
}

/// Reads the attributes that we know out of a document.
///
/// # Errors
/// [`AttributeError`] with the path of the first that is missing or of another type.
pub fn typed<T: DeserializeOwned>(document: &Document) -> Result<T, AttributeError> {
    serde_path_to_error::deserialize(document).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." {
            "(body)".to_owned()
        } else {
            path
        };
        AttributeError::at(
            path,
            Problem::Shape {
                said: error.inner().to_string(),
            },
        )
    })
}

/// Refuses a document that sets what only the server sets.
///
/// # Errors
/// [`DocumentError::ReadOnly`] with the first such attribute.
pub fn refuse(document: &Document, read_only: &[&'static str]) -> Result<(), DocumentError> {
    match read_only
        .iter()
        .find(|attribute| document.contains_key(**attribute))
    {
        Some(attribute) => Err(DocumentError::ReadOnly { attribute }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_json_is_shown_with_its_place() {
        let error = read(b"{\n  \"a\": 1,\n}").unwrap_err();
        assert_eq!(error.to_string(), "line 3, column 1: trailing comma");
        assert_eq!(read(b"[1]").unwrap_err(), DocumentError::NotAnObject);
    }

    #[test]
    fn a_wrong_type_is_shown_with_its_path() {
        #[derive(serde::Deserialize)]
        struct Outer {
            #[serde(rename = "inner")]
            _inner: Vec<std::collections::BTreeMap<String, String>>,
        }
        let document = read(br#"{"inner":[{"a":"x"},{"a":7}]}"#).unwrap();
        let error = typed::<Outer>(&document).err().unwrap();
        assert_eq!(
            error.to_string(),
            "inner[1].a: invalid type: integer `7`, expected a string"
        );
    }
}

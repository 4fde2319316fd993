//! Credentials of carriers: where they come from, and that nobody sees them.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

use serde_json::Value;
use thiserror::Error;

/// Longest secret that is read, in bytes.
pub const SECRET_MAX_BYTES: usize = 8 * 1024;

/// Shortest secret with which something is sealed, in bytes.
pub const SEALING_MIN_BYTES: usize = 32;

/// A secret text. Neither displayed nor, by `Debug`, printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text that must not be seen.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the one request that carries it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// Where a secret comes from. Settings name a place and never hold the secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// A variable of the environment.
    Environment(String),
    /// One of several secrets that a variable of the environment holds as a JSON object of texts, as a store of
    /// secrets gives them.
    EnvironmentField {
        /// The variable.
        name: String,
        /// Name of the secret in the object.
        field: String,
    },
    /// A file that holds nothing else; a line break at its end does not count.
    File(PathBuf),
}

/// A secret could not be had.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The variable is not set, or is no text.
    #[error("the environment variable {name} must hold the secret")]
    Environment {
        /// Which one.
        name: String,
    },
    /// The variable is not set, or is no JSON object with such a text.
    #[error(
        "the environment variable {name} must hold a JSON object with the secret as the text {field}"
    )]
    EnvironmentField {
        /// Which one.
        name: String,
        /// Which text of it.
        field: String,
    },
    /// The file could not be read.
    #[error("the secret cannot be read from {path}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It seals what others see, and could be found out by trying.
    #[error(
        "a secret that seals addresses has at least {SEALING_MIN_BYTES} bytes; `openssl rand -base64 32` makes one"
    )]
    TooShort,
    /// There is nothing, or too much.
    #[error("a secret has 1 to {SECRET_MAX_BYTES} bytes")]
    Size,
}

impl SecretSource {
    /// Reads it anew: a secret that was replaced is used from the next token on.
    ///
    /// # Errors
    /// [`SecretError`]; none of them holds any of the secret.
    pub fn read(&self) -> Result<Secret, SecretError> {
        let text = match self {
            Self::Environment(name) => {
                std::env::var(name).map_err(|_| SecretError::Environment { name: name.clone() })?
            }
            Self::EnvironmentField { name, field } => {
                let object = std::env::var(name).unwrap_or_default();
                text_in(&object, field).ok_or_else(|| SecretError::EnvironmentField {
                    name: name.clone(),
                    field: field.clone(),
                })?
            }
            Self::File(path) => {
                let text = std::fs::read_to_string(path).map_err(|source| SecretError::File {
                    path: path.clone(),
                    source,
                })?;
                text.trim_end_matches(['\r', '\n']).to_owned()
            }
        };
        if text.is_empty() || text.len() > SECRET_MAX_BYTES {
            return Err(SecretError::Size);
        }
        Ok(Secret::new(text))
    }
}

/// A text of a JSON object. Why there is none is not kept: a parser's words may repeat the secret.
fn text_in(object: &str, field: &str) -> Option<String> {
    let mut texts: BTreeMap<String, Value> = serde_json::from_str(object).ok()?;
    match texts.remove(field)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::new("correct horse".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret(hidden)");
        assert_eq!(format!("{:?}", Some(secret)), "Some(Secret(hidden))");
    }

    #[test]
    fn a_file_gives_its_line_and_errors_give_nothing_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "correct horse\n").unwrap();
        let source = SecretSource::File(path.clone());
        assert_eq!(source.read().unwrap().reveal(), "correct horse");
        std::fs::write(&path, "\n").unwrap();
        assert!(matches!(source.read(), Err(SecretError::Size)));
        let gone = SecretSource::File(folder.path().join("gone"));
        assert!(matches!(gone.read(), Err(SecretError::File { .. })));
        let unset = SecretSource::Environment("LASTMILE_NO_SUCH_SECRET".to_owned());
        assert!(matches!(unset.read(), Err(SecretError::Environment { .. })));
    }

    #[test]
    fn one_of_several_secrets_is_found_by_its_name() {
        let object = r#"{"alden": "correct horse", "bay": "battery", "pin": 7}"#;
        assert_eq!(text_in(object, "alden").as_deref(), Some("correct horse"));
        assert_eq!(text_in(object, "granite"), None);
        assert_eq!(text_in(object, "pin"), None);
        assert_eq!(text_in("correct horse", "alden"), None);
        let unset = SecretSource::EnvironmentField {
            name: "LASTMILE_NO_SUCH_SECRET".to_owned(),
            field: "alden".to_owned(),
        };
        let error = unset.read().map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("LASTMILE_NO_SUCH_SECRET") && error.contains("alden"));
    }
}

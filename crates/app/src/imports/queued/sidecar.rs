//! What may be said of a list that is put as a file, in a file beside it.

use jiff::civil::Date;
use lastmile_model::listing::Format;
use serde::Deserialize;
use thiserror::Error;

use crate::imports::column_map::{BadMapping, Mapping};

/// What a list's sidecar says; nothing where there is none.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sidecar {
    pub(super) format: Option<Format>,
    pub(super) as_of: Option<Date>,
    pub(super) mapping: Option<Mapping>,
}

/// A sidecar cannot be read.
#[derive(Debug, Error)]
pub(super) enum BadSidecar {
    /// It is longer than any that makes sense.
    #[error("the file beside the list is longer than {allowed} bytes")]
    TooLong { allowed: u64 },
    /// It is not TOML, or has a key that is not known.
    #[error("the file beside the list is not valid: {message}")]
    Toml { message: String },
    /// There is no such format.
    #[error(
        "format = {text:?} is none of offers, lit-speeds, lit-bandwidth, fcc-bdc, mapped, rates"
    )]
    Format { text: String },
    /// It is no day.
    #[error("as_of = {text:?} is not a day such as \"2026-11-25\"")]
    AsOf { text: String },
    /// The column map cannot be read.
    #[error(transparent)]
    Mapping(#[from] BadMapping),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SidecarToml {
    format: Option<String>,
    as_of: Option<String>,
    mapping: Option<String>,
}

impl Sidecar {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, BadSidecar> {
        let invalid = |message: String| BadSidecar::Toml { message };
        let text = str::from_utf8(bytes).map_err(|error| invalid(error.to_string()))?;
        let SidecarToml {
            format,
            as_of,
            mapping,
        } = toml::from_str(text).map_err(|error| invalid(error.message().to_owned()))?;
        Ok(Self {
            format: format.map(format_named).transpose()?,
            as_of: as_of.map(day).transpose()?,
            mapping: mapping.as_deref().map(Mapping::parse).transpose()?,
        })
    }
}

fn format_named(text: String) -> Result<Format, BadSidecar> {
    let named = Format::ALL
        .into_iter()
        .find(|format| format.as_str() == text);
    named.ok_or(BadSidecar::Format { text })
}

fn day(text: String) -> Result<Date, BadSidecar> {
    text.parse().map_err(|_| BadSidecar::AsOf { text })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_sidecar_says_how_its_list_is_read() {
        let read = Sidecar::read(
            b"format = \"mapped\"\nas_of = \"2026-11-01\"\nmapping = '''\n[columns]\naddress = \"A\"\n'''\n",
        );
        let read = read.expect("a sidecar");
        assert_eq!(
            (read.format, read.as_of),
            (Some(Format::Mapped), Some(date(2026, 11, 1)))
        );
        assert!(read.mapping.is_some());
        assert_eq!(
            Sidecar::read(b"").expect("nothing said"),
            Sidecar::default()
        );
    }

    #[test]
    fn what_a_sidecar_cannot_say_is_refused() {
        for (text, said) in [
            (&b"format = \"xlsx\""[..], "format"),
            (b"as_of = \"yesterday\"", "as_of"),
            (b"colour = \"red\"", "colour"),
            (b"mapping = \"==\"", "column map"),
            (b"\xff", "utf-8"),
        ] {
            let error = Sidecar::read(text).expect_err("no sidecar").to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}

//! `geographicAddressValidation`: is this address real.

use lastmile_model::availability::task::{
    Gist, NewTask, Task, TaskHeader, TaskItem, TaskKind, TaskResults, Terms,
};
use lastmile_model::availability::{Criteria, Validation, ValidationVerdict};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::address::GeographicAddress;
use crate::document::{Document, DocumentError, read, refuse, typed};
use crate::names::{Correction, TaskStateType, UnknownPlace, ValidationResult};
use crate::task::{Asked, Rendered, stored_text, with_task};
use crate::version::{GEOGRAPHIC_ADDRESS_VALIDATION, tmf673_href};

/// What only the server sets.
pub const SERVER_OWNED: &[&str] = &[
    "id",
    "href",
    "state",
    "validationDate",
    "validationResult",
    "alternateGeographicAddress",
    "validGeographicAddress",
    "corrections",
    "unitUnknown",
    "unknownBecause",
];

/// What cannot be changed once it is asked, besides [`SERVER_OWNED`].
pub const ASKED_ONCE: &[&str] = &[
    "submittedGeographicAddress",
    "provideAlternative",
    "instantSyncValidation",
];

/// What a list does not hold, because it is read with the task only.
pub const NOT_LISTED: &[&str] = &[
    "submittedGeographicAddress",
    "alternateGeographicAddress",
    "validGeographicAddress",
    "corrections",
];

/// The body of a POST. Attributes that are not listed are kept and given back.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GeographicAddressValidationCreate {
    /// Whether addresses like the submitted one are wanted where it is not real.
    pub provide_alternative: bool,
    /// The address, in parts, in one line, or by reference.
    pub submitted_geographic_address: GeographicAddress,
    /// Extension: `true` answers at once (200); else it is worked out in the background (201).
    #[serde(default)]
    pub instant_sync_validation: bool,
}

/// A validation and its answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GeographicAddressValidation {
    /// Id.
    pub id: String,
    /// Where it can be read.
    #[schema(format = "uri-reference")]
    pub href: String,
    /// What the client sent, attributes unknown to us included.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub asked: Document,
    /// Where it stands.
    pub state: TaskStateType,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub validation_date: Option<String>,
    /// The answer; absent until the validation is done.
    #[serde(flatten)]
    #[schema(value_type = Verdict)]
    pub verdict: Option<Verdict>,
}

/// The answer of a validation; absent until it is done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ValidationVerdict)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// `success`, `partial` or `fail`.
    #[schema(required = false)]
    pub validation_result: ValidationResult,
    /// The building, in standard form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_geographic_address: Option<GeographicAddress>,
    /// Addresses like the submitted one, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub alternate_geographic_address: Vec<GeographicAddress>,
    /// Extension: what had to be changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub corrections: Vec<Correction>,
    /// Extension: the unit is not among those that lists name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_unknown: Option<bool>,
    /// Extension: why the address is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<UnknownPlace>,
}

/// Reads the body of a POST.
///
/// # Errors
/// [`DocumentError`] with the path of what is wrong.
pub fn asked(body: &[u8]) -> Result<Asked, DocumentError> {
    let mut document = read(body)?;
    refuse(&document, SERVER_OWNED)?;
    let create: GeographicAddressValidationCreate = typed(&document)?;
    let GeographicAddressValidationCreate {
        provide_alternative,
        submitted_geographic_address,
        instant_sync_validation,
    } = create;
    let place = submitted_geographic_address.to_place("submittedGeographicAddress")?;
    let submitted = document
        .get_mut("submittedGeographicAddress")
        .map(Value::take)
        .unwrap_or_default();
    Ok(Asked {
        task: NewTask {
            kind: TaskKind::Validation,
            document: stored_text(&document),
            terms: Terms {
                provide_alternative,
                ..Terms::default()
            },
            items: vec![TaskItem {
                document: submitted.to_string(),
                place,
                criteria: Criteria::default(),
            }],
        },
        instant: instant_sync_validation,
    })
}

/// A task as a list shows it: without [`NOT_LISTED`].
///
/// # Errors
/// [`DocumentError`] where what is stored is no document: a defect, not the client's.
pub fn of_header(header: &TaskHeader) -> Result<Document, DocumentError> {
    let mut asked = read(header.document.as_bytes())?;
    asked.shift_remove("submittedGeographicAddress");
    Ok(rendered(
        header,
        asked,
        header.state.gist().and_then(Verdict::in_short),
    ))
}

/// A task, whole.
///
/// # Errors
/// As [`of_header`].
pub fn of_task(task: &Task) -> Result<Document, DocumentError> {
    let Task {
        header,
        items,
        results,
    } = task;
    let mut asked = read(header.document.as_bytes())?;
    if let Some(item) = items.first() {
        let submitted = Value::Object(read(item.document.as_bytes())?);
        asked.insert("submittedGeographicAddress".to_owned(), submitted);
    }
    let verdict = match results {
        Some(TaskResults::Validation(validation)) => Some(Verdict::of(validation)),
        Some(TaskResults::Query(_) | TaskResults::Check(_)) | None => None,
    };
    Ok(rendered(header, asked, verdict))
}

impl Verdict {
    /// The document of a validation's answer.
    #[must_use]
    pub fn of(validation: &Validation) -> Self {
        let Validation {
            verdict,
            alternatives,
        } = validation;
        let alternatives = alternatives.iter().map(GeographicAddress::of_known);
        let bare = Self {
            alternate_geographic_address: alternatives.collect(),
            ..Self::bare(ValidationResult::Success)
        };
        match verdict {
            ValidationVerdict::Valid(known) => Self {
                valid_geographic_address: Some(GeographicAddress::of_known(known)),
                ..bare
            },
            ValidationVerdict::Partial {
                known,
                corrections,
                unit_unknown,
            } => Self {
                validation_result: ValidationResult::Partial,
                valid_geographic_address: Some(GeographicAddress::of_known(known)),
                corrections: corrections.iter().copied().map(Correction::from).collect(),
                unit_unknown: unit_unknown.then_some(true),
                ..bare
            },
            ValidationVerdict::Unknown(why) => Self {
                validation_result: ValidationResult::Fail,
                unknown_because: Some((*why).into()),
                ..bare
            },
        }
    }

    /// What a list shows of it; `None` for what no validation comes to.
    fn in_short(gist: Gist) -> Option<Self> {
        match gist {
            Gist::Query | Gist::Check(_) => None,
            Gist::Valid => Some(Self::bare(ValidationResult::Success)),
            Gist::Partial { unit_unknown } => Some(Self {
                unit_unknown: unit_unknown.then_some(true),
                ..Self::bare(ValidationResult::Partial)
            }),
            Gist::Unknown(why) => Some(Self {
                unknown_because: Some(why.into()),
                ..Self::bare(ValidationResult::Fail)
            }),
        }
    }

    const fn bare(validation_result: ValidationResult) -> Self {
        Self {
            validation_result,
            valid_geographic_address: None,
            alternate_geographic_address: Vec::new(),
            corrections: Vec::new(),
            unit_unknown: None,
            unknown_because: None,
        }
    }
}

fn rendered(header: &TaskHeader, asked: Document, verdict: Option<Verdict>) -> Document {
    let Rendered {
        id,
        state,
        created: _,
        answered,
        expires: _,
    } = Rendered::of(header);
    with_task(
        &GeographicAddressValidation {
            href: tmf673_href(GEOGRAPHIC_ADDRESS_VALIDATION, &id),
            id,
            asked,
            state,
            validation_date: answered,
            verdict,
        },
        "GeographicAddressValidation",
    )
}

/// The text to store after a patch of a task, from its document as it would be shown.
///
/// # Errors
/// [`DocumentError`] where the result is no validation any more.
pub fn after_patch(mut patched: Document) -> Result<String, DocumentError> {
    for attribute in SERVER_OWNED {
        patched.shift_remove(*attribute);
    }
    typed::<GeographicAddressValidationCreate>(&patched)?;
    if let Some(submitted) = patched.get_mut("submittedGeographicAddress") {
        *submitted = Value::Null;
    }
    Ok(stored_text(&patched))
}

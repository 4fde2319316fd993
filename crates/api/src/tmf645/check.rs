//! `checkServiceQualification`: is this service available at this place.

use std::collections::HashSet;

use lastmile_model::availability::sentence::unknown_sentence;
use lastmile_model::availability::task::{
    Gist, NewTask, Task, TaskHeader, TaskItem, TaskKind, TaskResults, Terms,
};
use lastmile_model::availability::{
    CheckVerdict, Finding, Outcome as ModelOutcome, PlaceMatch, Qualification, sentence,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::criteria;
use super::item::{PlaceMatchDocument, QualificationItem, TerminationError};
use super::service::{AskedItem, RelatedParty, Service};

use crate::document::{AttributeError, Document, DocumentError, Problem, read, refuse, typed};
use crate::names::{Confidence, NearNet, Outcome, QualificationResult, TaskStateType};
use crate::task::{Asked, Rendered, stored_text, with_task};
use crate::version::{CHECK_SERVICE_QUALIFICATION, tmf645_href};

/// What only the server sets.
pub const SERVER_OWNED: &[&str] = &[
    "id",
    "href",
    "state",
    "checkServiceQualificationDate",
    "effectiveQualificationDate",
    "expirationDate",
    "qualificationResult",
];

/// What cannot be changed once it is asked, besides [`SERVER_OWNED`].
pub const ASKED_ONCE: &[&str] = &[
    "serviceQualificationItem",
    "instantSyncQualification",
    "provideAlternative",
    "provideUnavailabilityReason",
    "nearNet",
];

/// What a list does not hold, because it is read with the task only.
pub const NOT_LISTED: &[&str] = &["serviceQualificationItem"];

/// What of an item only the server sets.
const ITEM_SERVER_OWNED: &[&str] = &[
    "qualificationResult",
    "state",
    "alternateServiceProposal",
    "eligibilityUnavailabilityReason",
    "terminationError",
    "serviceQualificationItem",
    "placeMatch",
    "outcome",
    "confidence",
    "confidenceReason",
];

/// The body of a POST. Attributes that are not listed are kept and given back.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckServiceQualificationCreate {
    /// 1 to 1,000 items, each with one `service.place`.
    pub service_qualification_item: Vec<AskedItem>,
    /// `true`: answered at once (200); else worked out in the background (201).
    #[serde(default)]
    pub instant_sync_qualification: bool,
    /// Whether other services are proposed where the asked one cannot be had.
    #[serde(default)]
    pub provide_alternative: bool,
    /// Whether it is said why a service cannot be had.
    #[serde(default)]
    pub provide_unavailability_reason: bool,
    /// Extension: when near-net neighbours and area hints are looked for; `when_unserved` if not said.
    pub near_net: Option<NearNet>,
    /// For people.
    pub description: Option<String>,
    /// The client's own id.
    pub external_id: Option<String>,
    /// When an answer is wanted; kept.
    pub expected_qualification_date: Option<String>,
    /// Whoever is concerned; kept.
    pub related_party: Option<Vec<RelatedParty>>,
}

/// A check and its answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckServiceQualification {
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
    /// When it was taken in.
    #[schema(format = DateTime)]
    pub check_service_qualification_date: String,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub effective_qualification_date: Option<String>,
    /// From when on it is gone.
    #[schema(format = DateTime)]
    pub expiration_date: String,
    /// `unqualified` if one item is, else `alternate` if one item is, else `qualified`; absent until the
    /// check is done, and where an item failed and none is unqualified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualification_result: Option<QualificationResult>,
    /// The items as they were sent, with what was found. Not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<CheckServiceQualificationItem>>)]
    pub service_qualification_item: Option<Vec<Value>>,
}

/// One item with its answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckServiceQualificationItem {
    /// What the client sent, attributes unknown to us included.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub asked: Document,
    /// Where the item stands.
    pub state: TaskStateType,
    /// What was found; absent until the check is done.
    #[serde(flatten)]
    #[schema(value_type = ItemVerdict)]
    pub verdict: Option<ItemVerdict>,
}

/// What was found about one item; absent until the check is done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemVerdict {
    /// `alternate` also where the asked service needs a person to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualification_result: Option<QualificationResult>,
    /// Extension: one of the five outcomes, for the asked service only.
    #[schema(required = false)]
    pub outcome: Outcome,
    /// Extension: how sure; absent without evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Extension: why, for people; absent without evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence_reason: Option<String>,
    /// Extension: how the place was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_match: Option<PlaceMatchDocument>,
    /// Extension: the evidence, one per finding about the asked service, never merged.
    #[schema(required = false)]
    pub service_qualification_item: Vec<QualificationItem>,
    /// Extension: true where there is more evidence than is given; the best is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub findings_cut: bool,
    /// Other services that can be had there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub alternate_service_proposal: Vec<AlternateServiceProposal>,
    /// Why the asked service cannot be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eligibility_unavailability_reason: Option<Vec<UnavailabilityReason>>,
    /// Why the question failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_error: Option<Vec<TerminationError>>,
}

/// TMF645 `AlternateServiceProposal`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlternateServiceProposal {
    /// Its number, from 1.
    pub id: String,
    /// What can be had instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternate_service: Option<Service>,
    /// Extension: how sure, why, at what price, by which list.
    pub qualification: QualificationItem,
    /// `AlternateServiceProposal`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// TMF645 `ServiceEligibilityUnavailabilityReason`.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnavailabilityReason {
    /// The outcome that it explains.
    pub code: Outcome,
    /// Why, for people.
    pub label: String,
    /// `ServiceEligibilityUnavailabilityReason`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// Reads the body of a POST.
///
/// # Errors
/// [`DocumentError`] with the path of what is wrong.
pub fn asked(body: &[u8]) -> Result<Asked, DocumentError> {
    let mut document = read(body)?;
    refuse(&document, SERVER_OWNED)?;
    let create: CheckServiceQualificationCreate = typed(&document)?;
    let CheckServiceQualificationCreate {
        service_qualification_item,
        instant_sync_qualification,
        provide_alternative,
        provide_unavailability_reason: _,
        near_net,
        description: _,
        external_id: _,
        expected_qualification_date: _,
        related_party: _,
    } = create;
    if service_qualification_item.is_empty() {
        let hint = "one item at least";
        return Err(
            AttributeError::at("serviceQualificationItem", Problem::Missing { hint }).into(),
        );
    }
    let written = match document
        .get_mut("serviceQualificationItem")
        .map(Value::take)
    {
        Some(Value::Array(written)) => written,
        _ => Vec::new(),
    };
    refuse_repeated_ids(&written)?;
    let mut items = Vec::with_capacity(written.len());
    for (position, (item, written)) in service_qualification_item.iter().zip(written).enumerate() {
        items.push(task_item(
            item,
            &written,
            &format!("serviceQualificationItem[{position}]"),
        )?);
    }
    Ok(Asked {
        task: NewTask {
            kind: TaskKind::Check,
            document: stored_text(&document),
            terms: Terms {
                near_net: near_net.map(Into::into).unwrap_or_default(),
                provide_alternative,
            },
            items,
        },
        instant: instant_sync_qualification,
    })
}

/// Answers are told apart by their items' ids, given or by position.
fn refuse_repeated_ids(written: &[Value]) -> Result<(), AttributeError> {
    let mut seen = HashSet::with_capacity(written.len());
    for (position, item) in written.iter().enumerate() {
        let id = item_id(item.get("id"), position);
        if let Some(given) = seen.replace(id) {
            let path = format!("serviceQualificationItem[{position}].id");
            return Err(AttributeError::at(path, Problem::Repeated { given }));
        }
    }
    Ok(())
}

/// The id of an item: as it was given, else its position from 1.
fn item_id(given: Option<&Value>, position: usize) -> String {
    match given {
        Some(Value::String(id)) => id.clone(),
        Some(other) => other.to_string(),
        None => (position + 1).to_string(),
    }
}

fn task_item(item: &AskedItem, written: &Value, path: &str) -> Result<TaskItem, AttributeError> {
    let owned = ITEM_SERVER_OWNED
        .iter()
        .find(|attribute| written.get(**attribute).is_some());
    if let Some(attribute) = owned {
        return Err(AttributeError::at(
            format!("{path}.{attribute}"),
            Problem::ServerOwned,
        ));
    }
    let places = item
        .service
        .as_ref()
        .and_then(|service| service.place.as_deref());
    let path_of_place = format!("{path}.service.place");
    let [place] = places.unwrap_or_default() else {
        let hint = "exactly one place; ask about others in items of their own";
        return Err(AttributeError::at(path_of_place, Problem::Missing { hint }));
    };
    Ok(TaskItem {
        document: written.to_string(),
        place: place.to_place(&format!("{path_of_place}[0]"))?,
        criteria: criteria::read(item, path)?,
    })
}

/// A task as a list shows it: without its items.
///
/// # Errors
/// [`DocumentError`] where what is stored is no document: a defect, not the client's.
pub fn of_header(header: &TaskHeader) -> Result<Document, DocumentError> {
    let mut asked = read(header.document.as_bytes())?;
    asked.shift_remove("serviceQualificationItem");
    let overall = match header.state.gist() {
        Some(Gist::Check(overall)) => overall,
        Some(Gist::Query | Gist::Valid | Gist::Partial { .. } | Gist::Unknown(_)) | None => None,
    };
    Ok(rendered(header, asked, overall, None))
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
    asked.shift_remove("serviceQualificationItem");
    let explain = asked.get("provideUnavailabilityReason") == Some(&Value::Bool(true));
    let verdicts = match results {
        Some(TaskResults::Check(verdicts)) => Some(verdicts.as_slice()),
        Some(TaskResults::Query(_) | TaskResults::Validation(_)) | None => None,
    };
    let mut shown = Vec::with_capacity(items.len());
    for (position, item) in items.iter().enumerate() {
        let verdict = verdicts.and_then(|verdicts| verdicts.get(position));
        shown.push(of_item(position, &item.document, verdict, explain, header)?);
    }
    let overall = verdicts.and_then(Qualification::of_all);
    Ok(rendered(header, asked, overall, Some(shown)))
}

fn of_item(
    position: usize,
    document: &str,
    verdict: Option<&CheckVerdict>,
    explain: bool,
    header: &TaskHeader,
) -> Result<Value, DocumentError> {
    let mut asked = read(document.as_bytes())?;
    asked
        .entry("id")
        .or_insert_with(|| item_id(None, position).into());
    let state = match verdict {
        Some(verdict) if verdict.outcome == ModelOutcome::Failed => {
            TaskStateType::TerminatedWithError
        }
        Some(_) => TaskStateType::Done,
        None => (&header.state).into(),
    };
    let item = CheckServiceQualificationItem {
        asked,
        state,
        verdict: verdict.map(|verdict| ItemVerdict::of(verdict, explain)),
    };
    Ok(Value::Object(with_task(
        &item,
        "CheckServiceQualificationItem",
    )))
}

impl ItemVerdict {
    fn of(verdict: &CheckVerdict, explain: bool) -> Self {
        let CheckVerdict {
            outcome,
            matched,
            findings,
            findings_cut,
            alternates,
            failure,
        } = verdict;
        let best = findings.first();
        let unknown = PlaceMatch::Alternatives(Vec::new());
        let found_at = matched.as_ref().unwrap_or(&unknown);
        let explained = explain && *outcome != ModelOutcome::Served && failure.is_none();
        Self {
            qualification_result: verdict.qualification().map(Into::into),
            outcome: (*outcome).into(),
            confidence: best.map(|finding| finding.confidence.into()),
            confidence_reason: best.map(|finding| sentence(finding).to_string()),
            place_match: matched.as_ref().map(PlaceMatchDocument::of),
            service_qualification_item: QualificationItem::of_findings("", found_at, findings),
            findings_cut: *findings_cut,
            alternate_service_proposal: proposals(found_at, alternates),
            eligibility_unavailability_reason: explained.then(|| {
                vec![UnavailabilityReason {
                    code: (*outcome).into(),
                    label: why_not(best, found_at),
                    type_name: "ServiceEligibilityUnavailabilityReason",
                }]
            }),
            termination_error: failure.map(|failure| vec![TerminationError::of(failure)]),
        }
    }
}

fn proposals(matched: &PlaceMatch, alternates: &[Finding]) -> Vec<AlternateServiceProposal> {
    let items = QualificationItem::of_findings("", matched, alternates);
    let proposal = |mut item: QualificationItem| AlternateServiceProposal {
        id: item.id.clone(),
        alternate_service: item.service.take(),
        qualification: item,
        type_name: "AlternateServiceProposal",
    };
    items.into_iter().map(proposal).collect()
}

fn why_not(best: Option<&Finding>, matched: &PlaceMatch) -> String {
    match (best, matched) {
        (Some(finding), _) => sentence(finding).to_string(),
        (None, PlaceMatch::Exact(_) | PlaceMatch::Corrected { .. }) => {
            "no list has the asked service at this building".to_owned()
        }
        (None, PlaceMatch::Alternatives(_)) => {
            "the address is not known; placeMatch names those like it".to_owned()
        }
        (None, PlaceMatch::None(why)) => unknown_sentence(*why).to_owned(),
    }
}

fn rendered(
    header: &TaskHeader,
    asked: Document,
    overall: Option<Qualification>,
    items: Option<Vec<Value>>,
) -> Document {
    let Rendered {
        id,
        state,
        created,
        answered,
        expires,
    } = Rendered::of(header);
    with_task(
        &CheckServiceQualification {
            href: tmf645_href(CHECK_SERVICE_QUALIFICATION, &id),
            id,
            asked,
            state,
            check_service_qualification_date: created,
            effective_qualification_date: answered,
            expiration_date: expires,
            qualification_result: overall.map(Into::into),
            service_qualification_item: items,
        },
        "CheckServiceQualification",
    )
}

/// The text to store after a patch of a task, from its document as it would be shown.
///
/// # Errors
/// [`DocumentError`] where the result is no check any more.
pub fn after_patch(mut patched: Document) -> Result<String, DocumentError> {
    for attribute in SERVER_OWNED {
        patched.shift_remove(*attribute);
    }
    typed::<CheckServiceQualificationCreate>(&patched)?;
    if let Some(items) = patched.get_mut("serviceQualificationItem") {
        *items = Value::Null;
    }
    Ok(stored_text(&patched))
}

//! `queryServiceQualification`: what is available at these places.

use lastmile_model::availability::PlaceAnswer;
use lastmile_model::availability::task::{
    NewTask, Task, TaskHeader, TaskItem, TaskKind, TaskResults, Terms,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::criteria;
use super::item::QualificationItem;
use super::service::{AskedItem, RelatedParty};

use crate::document::{AttributeError, Document, DocumentError, Problem, read, refuse, typed};
use crate::names::{NearNet, TaskStateType};
use crate::task::{Asked, Rendered, stored_text, with_task};
use crate::version::{QUERY_SERVICE_QUALIFICATION, tmf645_href};

/// What only the server sets.
pub const SERVER_OWNED: &[&str] = &[
    "id",
    "href",
    "state",
    "queryServiceQualificationDate",
    "effectiveQualificationDate",
    "expirationDate",
    "serviceQualificationItem",
];

/// What cannot be changed once it is asked, besides [`SERVER_OWNED`].
pub const ASKED_ONCE: &[&str] = &["searchCriteria", "instantSyncQualification", "nearNet"];

/// What a list does not hold, because it is read with the task only.
pub const NOT_LISTED: &[&str] = &["serviceQualificationItem"];

/// The body of a POST. Attributes that are not listed are kept and given back.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryServiceQualificationCreate {
    /// What is asked for, and at which places: `service.place`, 1 to 1,000 of them.
    pub search_criteria: AskedItem,
    /// `true`: answered at once (200); else worked out in the background (201).
    #[serde(default)]
    pub instant_sync_qualification: bool,
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

/// A query and its answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueryServiceQualification {
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
    pub query_service_qualification_date: String,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub effective_qualification_date: Option<String>,
    /// From when on it is gone.
    #[schema(format = DateTime)]
    pub expiration_date: String,
    /// One per finding, never merged; present when the state is `done`. Not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_qualification_item: Option<Vec<QualificationItem>>,
}

/// Reads the body of a POST.
///
/// # Errors
/// [`DocumentError`] with the path of what is wrong.
pub fn asked(body: &[u8]) -> Result<Asked, DocumentError> {
    let mut document = read(body)?;
    refuse(&document, SERVER_OWNED)?;
    let create: QueryServiceQualificationCreate = typed(&document)?;
    let QueryServiceQualificationCreate {
        search_criteria,
        instant_sync_qualification,
        near_net,
        description: _,
        external_id: _,
        expected_qualification_date: _,
        related_party: _,
    } = create;
    let wanted = criteria::read(&search_criteria, "searchCriteria")?;
    let places = search_criteria
        .service
        .and_then(|service| service.place)
        .unwrap_or_default();
    let written = match places_of(&mut document).map(Value::take) {
        Some(Value::Array(written)) => written,
        _ => Vec::new(),
    };
    if places.is_empty() {
        let hint = "one place at least";
        let missing = AttributeError::at("searchCriteria.service.place", Problem::Missing { hint });
        return Err(missing.into());
    }
    let mut items = Vec::with_capacity(places.len());
    for (position, (place, written)) in places.iter().zip(written).enumerate() {
        items.push(TaskItem {
            document: written.to_string(),
            place: place.to_place(&format!("searchCriteria.service.place[{position}]"))?,
            criteria: wanted.clone(),
        });
    }
    Ok(Asked {
        task: NewTask {
            kind: TaskKind::Query,
            document: stored_text(&document),
            terms: Terms {
                near_net: near_net.map(Into::into).unwrap_or_default(),
                provide_alternative: false,
            },
            items,
        },
        instant: instant_sync_qualification,
    })
}

/// The places within a document; `null` while they are stored apart.
fn places_of(document: &mut Document) -> Option<&mut Value> {
    document
        .get_mut("searchCriteria")?
        .get_mut("service")?
        .get_mut("place")
}

/// A task as a list shows it: without places and results.
///
/// # Errors
/// [`DocumentError`] where what is stored is no document: a defect, not the client's.
pub fn of_header(header: &TaskHeader) -> Result<Document, DocumentError> {
    let mut asked = read(header.document.as_bytes())?;
    if let Some(Value::Object(service)) = asked
        .get_mut("searchCriteria")
        .and_then(|criteria| criteria.get_mut("service"))
    {
        service.shift_remove("place");
    }
    Ok(rendered(header, asked, None))
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
    if let Some(places) = places_of(&mut asked) {
        let written = items
            .iter()
            .map(|item| read(item.document.as_bytes()).map(Value::Object));
        *places = Value::Array(written.collect::<Result<_, _>>()?);
    }
    let results = match results {
        Some(TaskResults::Query(answers)) => Some(of_answers(answers)),
        Some(TaskResults::Check(_) | TaskResults::Validation(_)) | None => None,
    };
    Ok(rendered(header, asked, results))
}

fn of_answers(answers: &[PlaceAnswer]) -> Vec<QualificationItem> {
    let numbered = answers.iter().zip(1..);
    numbered
        .flat_map(|(answer, place)| QualificationItem::of_place(place, answer))
        .collect()
}

fn rendered(
    header: &TaskHeader,
    asked: Document,
    items: Option<Vec<QualificationItem>>,
) -> Document {
    let Rendered {
        id,
        state,
        created,
        answered,
        expires,
    } = Rendered::of(header);
    with_task(
        &QueryServiceQualification {
            href: tmf645_href(QUERY_SERVICE_QUALIFICATION, &id),
            id,
            asked,
            state,
            query_service_qualification_date: created,
            effective_qualification_date: answered,
            expiration_date: expires,
            service_qualification_item: items,
        },
        "QueryServiceQualification",
    )
}

/// The text to store after a patch of a task, from its document as it would be shown.
///
/// # Errors
/// [`DocumentError`] where the result is no query any more.
pub fn after_patch(mut patched: Document) -> Result<String, DocumentError> {
    for attribute in SERVER_OWNED {
        patched.shift_remove(*attribute);
    }
    typed::<QueryServiceQualificationCreate>(&patched)?;
    if let Some(places) = places_of(&mut patched) {
        *places = Value::Null;
    }
    Ok(stored_text(&patched))
}

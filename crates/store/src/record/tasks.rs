//! Stored questions: a small header, and items and results in chunks beside it.
//!
//! A chunk's value is a row of CBOR entries, one per item or result, so that a task of any size is kept
//! in items well below the store's limit.

use jiff::Timestamp;
use lastmile_model::availability::task::{
    Gist, TaskFailure, TaskHeader, TaskId, TaskItem, TaskKind, TaskResults, TaskState, Terms,
};

use lastmile_model::availability::{
    CheckVerdict, NearNet, PlaceAnswer, Qualification, UnknownPlace, Validation,
};
use lastmile_model::identity::TenantId;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use super::code::Coded;
use super::{REVISION, VALUE, attributes, decoded, encoded, number, some_or_corrupt};
use crate::error::StoreError;
use crate::item::{Attributes, Item, PrimaryKey, Value};
use crate::key::{self, Key, TaskKey, TaskPart};
use crate::limits::TASK_CHUNK_MAX_BYTES;

mod answer;
mod finding;
mod question;

use answer::{PlaceAnswerValue, ValidationValue, VerdictValue};
use question::ItemValue;

/// One item or one result alone is larger than a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("one item needs {bytes} bytes where at most {TASK_CHUNK_MAX_BYTES} can be kept")]
pub struct EntryTooLarge {
    /// How large it is.
    pub bytes: usize,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct HeaderValue<'b> {
    #[b(0)]
    state: StateValue,
    /// Microseconds since 1970.
    #[n(1)]
    updated: i64,
    #[n(2)]
    expires_second: i64,
    #[b(3)]
    document: &'b str,
    #[n(4)]
    near_net: u8,
    #[n(5)]
    provide_alternative: bool,
    #[n(6)]
    item_count: u32,
}

/// Times in microseconds since 1970.
#[derive(Encode, Decode)]
enum StateValue {
    #[n(0)]
    Acknowledged,
    #[n(1)]
    InProgress,
    #[n(2)]
    Done(#[n(0)] i64, #[n(1)] Option<GistValue>),
    #[n(3)]
    TerminatedWithError(#[n(0)] i64, #[n(1)] u8),
}

/// Headers that were written before it was kept have none.
#[derive(Clone, Copy, Encode, Decode)]
enum GistValue {
    #[n(0)]
    Query,
    #[n(1)]
    Check(#[n(0)] Option<u8>),
    #[n(2)]
    Valid,
    #[n(3)]
    Partial(#[n(0)] bool),
    #[n(4)]
    Unknown(#[n(0)] u8),
}

impl GistValue {
    fn of(gist: Gist) -> Self {
        match gist {
            Gist::Query => Self::Query,
            Gist::Check(overall) => Self::Check(overall.map(Qualification::code)),
            Gist::Valid => Self::Valid,
            Gist::Partial { unit_unknown } => Self::Partial(unit_unknown),
            Gist::Unknown(why) => Self::Unknown(why.code()),
        }
    }

    fn read(self) -> Option<Gist> {
        Some(match self {
            Self::Query => Gist::Query,
            Self::Check(None) => Gist::Check(None),
            Self::Check(Some(overall)) => Gist::Check(Some(<Qualification as Coded>::of(overall)?)),
            Self::Valid => Gist::Valid,
            Self::Partial(unit_unknown) => Gist::Partial { unit_unknown },
            Self::Unknown(why) => Gist::Unknown(UnknownPlace::of(why)?),
        })
    }
}

/// Makes the item of a header. Conditions look at its version ([`super::at_revision`]).
#[must_use]
pub fn header_item(header: &TaskHeader) -> Item {
    let TaskHeader {
        id,
        tenant,
        kind,
        state,
        version,
        updated,
        expires,
        document,
        terms: Terms {
            near_net,
            provide_alternative,
        },
        item_count,
    } = header;
    let task = TaskKey {
        tenant,
        kind: *kind,
        id: *id,
    };
    let value = HeaderValue {
        state: match state {
            TaskState::Acknowledged => StateValue::Acknowledged,
            TaskState::InProgress => StateValue::InProgress,
            TaskState::Done { at, gist } => {
                StateValue::Done(at.as_microsecond(), gist.map(GistValue::of))
            }
            TaskState::TerminatedWithError { at, error } => {
                StateValue::TerminatedWithError(at.as_microsecond(), error.code())
            }
        },
        updated: updated.as_microsecond(),
        expires_second: expires.as_second(),
        document,
        near_net: near_net.code(),
        provide_alternative: *provide_alternative,
        item_count: *item_count,
    };
    let mut attributes = attributes(&value);
    attributes.insert(REVISION, Value::N(i64::from(*version)));
    Item {
        index2: Some(key::task_listing(task)),
        expires_at: Some(expires.as_second()),
        attributes,
        ..Item::new(part_key(task, TaskPart::Header))
    }
}

/// Reads a header back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_header(item: &Item) -> Result<TaskHeader, StoreError> {
    let value: HeaderValue<'_> = decoded(item)?;
    let version = u32::try_from(number(item, REVISION)?).ok();
    let header = key::read_task(&item.key).and_then(|names| header_of(names, version?, &value));
    some_or_corrupt(header, &item.key)
}

fn header_of(
    (tenant, kind, id): (TenantId, TaskKind, TaskId),
    version: u32,
    value: &HeaderValue<'_>,
) -> Option<TaskHeader> {
    let time = |microseconds: i64| Timestamp::from_microsecond(microseconds).ok();
    let state = match value.state {
        StateValue::Acknowledged => TaskState::Acknowledged,
        StateValue::InProgress => TaskState::InProgress,
        StateValue::Done(at, gist) => TaskState::Done {
            at: time(at)?,
            gist: match gist {
                Some(gist) => Some(gist.read()?),
                None => None,
            },
        },
        StateValue::TerminatedWithError(at, error) => TaskState::TerminatedWithError {
            at: time(at)?,
            error: TaskFailure::of(error)?,
        },
    };
    Some(TaskHeader {
        id,
        tenant,
        kind,
        state,
        version,
        updated: time(value.updated)?,
        expires: Timestamp::from_second(value.expires_second).ok()?,
        document: value.document.to_owned(),
        terms: Terms {
            near_net: NearNet::of(value.near_net)?,
            provide_alternative: value.provide_alternative,
        },
        item_count: value.item_count,
    })
}

/// Makes the chunks of what was asked.
///
/// # Errors
/// [`EntryTooLarge`] for an item that no chunk can hold.
pub fn item_chunks(header: &TaskHeader, items: &[TaskItem]) -> Result<Vec<Item>, EntryTooLarge> {
    let entries = items.iter().map(|item| encoded(&ItemValue::of(item)));
    chunks(header, entries, TaskPart::Items)
}

/// Makes the chunks of the answers.
///
/// # Errors
/// [`EntryTooLarge`] for an answer that no chunk can hold.
pub fn result_chunks(
    header: &TaskHeader,
    results: &TaskResults,
) -> Result<Vec<Item>, EntryTooLarge> {
    match results {
        TaskResults::Query(answers) => {
            let entries = answers
                .iter()
                .map(|answer| encoded(&PlaceAnswerValue::of(answer)));
            chunks(header, entries, TaskPart::Results)
        }
        TaskResults::Check(verdicts) => {
            let entries = verdicts
                .iter()
                .map(|verdict| encoded(&VerdictValue::of(verdict)));
            chunks(header, entries, TaskPart::Results)
        }
        TaskResults::Validation(validation) => {
            let entry = encoded(&ValidationValue::of(validation));
            chunks(header, std::iter::once(entry), TaskPart::Results)
        }
    }
}

/// Reads the items out of one chunk ([`TaskPart::Items`]).
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_items(item: &Item) -> Result<Vec<TaskItem>, StoreError> {
    let read = entries(item, |decoder| {
        decoder.decode::<ItemValue<'_>>().ok()?.read()
    });
    some_or_corrupt(read, &item.key)
}

/// Results as they are gathered chunk by chunk.
#[must_use]
pub fn no_results(kind: TaskKind) -> GatheredResults {
    match kind {
        TaskKind::Query => GatheredResults::Query(Vec::new()),
        TaskKind::Check => GatheredResults::Check(Vec::new()),
        TaskKind::Validation => GatheredResults::Validation(None),
    }
}

/// See [`no_results`].
#[derive(Debug)]
pub enum GatheredResults {
    /// Of a query.
    Query(Vec<PlaceAnswer>),
    /// Of a check.
    Check(Vec<CheckVerdict>),
    /// Of a validation.
    Validation(Option<Validation>),
}

impl GatheredResults {
    /// Adds the results of one chunk ([`TaskPart::Results`]).
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the item is something else.
    pub fn add(&mut self, item: &Item) -> Result<(), StoreError> {
        let added = match self {
            Self::Query(answers) => entries(item, |decoder| {
                decoder.decode::<PlaceAnswerValue<'_>>().ok()?.read()
            })
            .map(|mut read| answers.append(&mut read)),
            Self::Check(verdicts) => entries(item, |decoder| {
                decoder.decode::<VerdictValue<'_>>().ok()?.read()
            })
            .map(|mut read| verdicts.append(&mut read)),
            Self::Validation(validation) => entries(item, |decoder| {
                decoder.decode::<ValidationValue<'_>>().ok()?.read()
            })
            .map(|mut read| *validation = read.pop()),
        };
        some_or_corrupt(added, &item.key)
    }

    /// The results, where there is one per item.
    #[must_use]
    pub fn complete(self, item_count: u32) -> Option<TaskResults> {
        let is_all = |count: usize| u32::try_from(count) == Ok(item_count);
        match self {
            Self::Query(answers) => is_all(answers.len()).then_some(TaskResults::Query(answers)),
            Self::Check(verdicts) => is_all(verdicts.len()).then_some(TaskResults::Check(verdicts)),
            Self::Validation(validation) => validation.map(Box::new).map(TaskResults::Validation),
        }
    }
}

/// A deferred task that waits for a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Whose.
    pub tenant: TenantId,
    /// What kind of question.
    pub kind: TaskKind,
    /// Which.
    pub id: TaskId,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct WaitingValue<'b> {
    #[b(0)]
    tenant: &'b str,
    #[n(1)]
    kind: u8,
}

/// Makes the item that calls a worker; its making is in the change feed.
#[must_use]
pub fn waiting_item(header: &TaskHeader) -> Item {
    let value = WaitingValue {
        tenant: header.tenant.as_str(),
        kind: header.kind.code(),
    };
    Item {
        expires_at: Some(header.expires.as_second()),
        streamed: true,
        attributes: attributes(&value),
        ..Item::new(Key::WaitingTask { id: header.id }.primary())
    }
}

/// Reads who waits.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_waiting(item: &Item) -> Result<Waiting, StoreError> {
    let WaitingValue { tenant, kind } = decoded(item)?;
    let waiting = key::read_waiting_task(&item.key).and_then(|id| {
        Some(Waiting {
            tenant: TenantId::new(tenant).ok()?,
            kind: TaskKind::of(kind)?,
            id,
        })
    });
    some_or_corrupt(waiting, &item.key)
}

fn part_key(task: TaskKey<'_>, part: TaskPart) -> PrimaryKey {
    Key::Task { task, part }.primary()
}

/// Packs entries, in order, into as few chunks as hold them.
fn chunks(
    header: &TaskHeader,
    entries: impl Iterator<Item = Vec<u8>>,
    part: fn(u32) -> TaskPart,
) -> Result<Vec<Item>, EntryTooLarge> {
    let mut packed: Vec<Vec<u8>> = Vec::new();
    for entry in entries {
        if entry.len() > TASK_CHUNK_MAX_BYTES {
            return Err(EntryTooLarge { bytes: entry.len() });
        }
        match packed.last_mut() {
            Some(chunk) if chunk.len() + entry.len() <= TASK_CHUNK_MAX_BYTES => {
                chunk.extend_from_slice(&entry);
            }
            Some(_) | None => packed.push(entry),
        }
    }
    let task = TaskKey {
        tenant: &header.tenant,
        kind: header.kind,
        id: header.id,
    };
    let item = |(chunk, number): (Vec<u8>, u32)| Item {
        expires_at: Some(header.expires.as_second()),
        attributes: Attributes::from_iter([(VALUE, Value::B(chunk))]),
        ..Item::new(part_key(task, part(number)))
    };
    Ok(packed.into_iter().zip(0..).map(item).collect())
}

/// Reads the entries of a chunk; `None` where one of them cannot be read.
fn entries<'b, T>(
    item: &'b Item,
    mut read: impl FnMut(&mut Decoder<'b>) -> Option<T>,
) -> Option<Vec<T>> {
    let Some(Value::B(bytes)) = item.attributes.get(VALUE) else {
        return None;
    };
    let mut decoder = Decoder::new(bytes);
    let mut entries = Vec::new();
    while decoder.position() < bytes.len() {
        entries.push(read(&mut decoder)?);
    }
    Some(entries)
}

#[cfg(test)]
mod tests;

//! `POST /imports`: a provider's list, streamed in the body, in place of the one before.

#![expect(
    unused_qualifications,
    reason = "the macro that describes an endpoint writes paths out"
)]

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{OriginalUri, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::StreamExt;
use jiff::civil::Date;
use lastmile_api::ErrorCode;
use lastmile_api::imports::ImportDocument;
use lastmile_api::names::Format;
use lastmile_app::imports::{
    self, Begun, ClaimsOf, LoadError, LoadRequest, Mapping, ReceiveError, Upload,
};
use lastmile_model::identity::{Caller, ListId, ListName, ProviderName, Role};
use lastmile_model::listing::{self, Holds};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as NameError, StrDeserializer};
use utoipa::IntoParams;

use super::{ImportsState, may_change};
use crate::authentication::may_load;
use crate::body::{media_type, unsupported};
use crate::limits::COLUMN_MAP_MAX_BYTES;
use crate::list::single_pairs;
use crate::openapi::responses::{Changed, Common, Upload as UploadResponses};
use crate::refusal::Refusal;
use crate::reply;
use crate::reply::document;

/// Name of the file unless another is given.
const DEFAULT_FILE_NAME: &str = "(uploaded)";
/// Longest file name that is kept, in bytes.
const FILE_NAME_MAX_BYTES: usize = 255;
/// Types of bodies that are taken; how the file is compressed is found out from its first bytes.
const TAKEN: &str = "text/csv, application/gzip or application/octet-stream";

/// What is imported, and how it is read.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportParameters {
    /// Whose list it is.
    #[param(value_type = String, example = "Acme Fiber")]
    provider: ProviderName,
    /// What it holds: `buildings` if not said, or `rates` for a rate card.
    #[param(rename = "as", value_type = Option<lastmile_api::names::Holds>, inline)]
    holds: Holds,
    /// Which of the provider's lists it replaces; if not said, `main`, and `rates` for a rate card.
    #[param(value_type = Option<String>)]
    list: ListName,
    /// How it is laid out; found out from its header if not said.
    #[param(inline)]
    format: Option<Format>,
    /// Column map for the format `mapped`: its TOML text.
    #[param(value_type = Option<String>)]
    mapping: Option<Mapping>,
    /// The day on which the list was true; if not said, the newest day that a row names, else today.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<Date>,
    /// The file's name, for people.
    #[param(value_type = Option<String>)]
    file_name: String,
}

/// Load a list of buildings, or a rate card, in place of the one before
///
/// The body is the file: CSV, plain or gzipped. The reply comes when the whole file has arrived and its header was
/// understood; rows are then loaded in the background (201), and readers see the list before until the new one is
/// complete: read the import until its `state` is no longer `loading`. The very file that is active already changes
/// nothing (200). With a provider's key, rows that name another provider are rejected. A file whose import was interrupted goes on where that stopped.
#[utoipa::path(
    post,
    path = "/imports",
    operation_id = "createImport",
    tag = "imports",
    params(ImportParameters),
    request_body(content(
        (String = "text/csv"),
        (String = "application/gzip"),
        (String = "application/octet-stream"),
    )),
    responses(
        (status = 200, description = "The import that is active already.", body = ImportDocument),
        (status = 201, description = "The import, loading.", body = ImportDocument,
            headers(("Location" = String, description = "The `href` of the import."))),
        Common,
        UploadResponses,
        Changed,
    )
)]
pub(crate) async fn handler(
    State(state): State<ImportsState>,
    Extension(caller): Extension<Arc<Caller>>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Result<Response, Refusal> {
    let parameters = ImportParameters::read(uri.query().unwrap_or_default())?;
    may_load(&caller, &parameters.provider)?;
    let list = ListId {
        provider: parameters.provider.clone(),
        name: parameters.list.clone(),
    };
    let tenant = imports::tenant_of(&state.context, &list).await;
    if let Some(tenant) = tenant.map_err(|error| Refusal::store(&error.into()))? {
        may_change(&caller, &tenant)?;
    }
    match media_type(request.headers()).as_deref() {
        Some(
            "text/csv" | "application/gzip" | "application/x-gzip" | "application/octet-stream",
        ) => {}
        given => return Err(unsupported(given, TAKEN)),
    }
    let upload = state
        .desk
        .receive()
        .await
        .map_err(|error| refuse_receive(&error))?;
    let upload = spool(upload, request.into_body()).await?;
    let request = parameters.into_request(list, &caller);
    let begun = upload.begin(request).await;
    let (status, id) = match begun.map_err(|error| refuse_load(&error))? {
        Begun::Loading(id) => (StatusCode::CREATED, id),
        Begun::Done(summary) if summary.changed => (StatusCode::CREATED, summary.id),
        Begun::Done(summary) => (StatusCode::OK, summary.id),
    };
    match imports::get(&state.context, &id).await {
        Ok(import) => Ok(reply::located(
            status,
            &document(&ImportDocument::of(&import))?,
        )),
        Err(error) => Err(Refusal::logged(ErrorCode::StoreUnavailable, &error)),
    }
}

async fn spool(mut upload: Box<dyn Upload>, body: Body) -> Result<Box<dyn Upload>, Refusal> {
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Refusal::new(ErrorCode::BodyUnreadable))?;
        upload
            .write(&chunk)
            .await
            .map_err(|error| refuse_receive(&error))?;
    }
    Ok(upload)
}

impl ImportParameters {
    fn read(query: &str) -> Result<Self, Refusal> {
        let (mut provider, mut list, mut format, mut holds) = (None, None, None, None);
        let (mut mapping, mut as_of, mut file_name) = (None, None, None);
        for (name, value) in single_pairs(query)? {
            let text = value.trim();
            match &*name {
                "provider" => {
                    provider = Some(ProviderName::new(text).map_err(|error| bad(&error))?)
                }
                "list" => list = Some(ListName::new(text).map_err(|error| bad(&error))?),
                "as" => holds = Some(holds_of(text)?),
                "format" => format = format_of(text)?,
                "mapping" => mapping = Some(map_of(&value)?),
                "as_of" => {
                    let shown = format!("as_of={text:?} is not a date, YYYY-MM-DD");
                    as_of = Some(text.parse().map_err(|_| bad(&shown))?);
                }
                "file_name" => file_name = Some(file_name_of(text)?),
                _ => return Err(bad(&format!("{name} is no parameter here"))),
            }
        }
        let holds = holds_as(holds, format)?;
        let default_list = || ListName::new(holds.default_list()).map_err(|error| bad(&error));
        Ok(Self {
            provider: provider.ok_or_else(|| bad(&"provider is missing: say whose list it is"))?,
            holds,
            list: list.map_or_else(default_list, Ok)?,
            format,
            mapping,
            as_of,
            file_name: file_name.unwrap_or_else(|| DEFAULT_FILE_NAME.to_owned()),
        })
    }

    fn into_request(self, list: ListId, caller: &Caller) -> LoadRequest {
        let Self {
            provider: _,
            holds,
            list: _,
            format,
            mapping,
            as_of,
            file_name,
        } = self;
        LoadRequest {
            list,
            tenant: caller.tenant.clone(),
            claims_of: claims_of(&caller.role),
            format: match holds {
                Holds::Buildings => format.map(Into::into),
                Holds::Rates => Some(listing::Format::Rates),
            },
            column_map: mapping,
            as_of,
            file_name,
            file_date: None,
        }
    }
}

/// A provider speaks for itself only; who loads for others is trusted with lists that were collected.
const fn claims_of(role: &Role) -> ClaimsOf {
    match role {
        Role::Provider(_) => ClaimsOf::ListOwner,
        Role::Operator | Role::Agent => ClaimsOf::Anyone,
    }
}

/// `auto` and nothing mean that the format is to be found out.
fn format_of(text: &str) -> Result<Option<Format>, Refusal> {
    if matches!(text, "" | "auto") {
        return Ok(None);
    }
    let name: StrDeserializer<'_, NameError> = text.into_deserializer();
    let format = Format::deserialize(name);
    let allowed = "auto, offers, lit-speeds, lit-bandwidth, fcc-bdc, mapped, rates";
    format
        .map(Some)
        .map_err(|_| bad(&format!("format={text:?} is none of {allowed}")))
}

fn holds_of(text: &str) -> Result<Holds, Refusal> {
    let mut all = Holds::ALL.into_iter();
    all.find(|holds| holds.as_str() == text)
        .ok_or_else(|| bad(&format!("as={text:?} is none of buildings, rates")))
}

/// A rate card has one format, so that either says both.
fn holds_as(said: Option<Holds>, format: Option<Format>) -> Result<Holds, Refusal> {
    let of_format = format.map(|format| listing::Format::from(format).holds());
    match (said, of_format) {
        (Some(said), Some(of_format)) if said != of_format => Err(bad(&format!(
            "as={} does not go with the format: leave one of them out",
            said.as_str()
        ))),
        (said, of_format) => Ok(said.or(of_format).unwrap_or_default()),
    }
}

fn map_of(text: &str) -> Result<Mapping, Refusal> {
    if text.len() > COLUMN_MAP_MAX_BYTES {
        return Err(bad(&format!(
            "mapping is longer than {COLUMN_MAP_MAX_BYTES} bytes"
        )));
    }
    Mapping::parse(text).map_err(|error| bad(&format!("mapping: {error}")))
}

fn file_name_of(text: &str) -> Result<String, Refusal> {
    if text.len() > FILE_NAME_MAX_BYTES || text.chars().any(char::is_control) {
        return Err(bad(&format!(
            "file_name is longer than {FILE_NAME_MAX_BYTES} bytes, or not plain"
        )));
    }
    Ok(text.to_owned())
}

fn bad(message: &dyn std::fmt::Display) -> Refusal {
    Refusal::with(ErrorCode::InvalidParameter, message.to_string())
}

fn refuse_receive(error: &ReceiveError) -> Refusal {
    match error {
        ReceiveError::Busy => Refusal::with(ErrorCode::Overloaded, error.to_string()),
        ReceiveError::TooLong { allowed: _ } => {
            Refusal::with(ErrorCode::BodyTooLarge, error.to_string())
        }
        ReceiveError::Spool(_) => Refusal::logged(ErrorCode::StoreUnavailable, error),
    }
}

fn refuse_load(error: &LoadError) -> Refusal {
    match error {
        LoadError::Empty
        | LoadError::NotText
        | LoadError::Layout(_)
        | LoadError::TooManyRates { .. } => {
            Refusal::with(ErrorCode::ImportFormat, error.to_string())
        }
        LoadError::AsOfInFuture { .. } => bad(error),
        LoadError::TooLong { .. } => Refusal::with(ErrorCode::BodyTooLarge, error.to_string()),
        LoadError::ProviderSpelling { .. }
        | LoadError::OtherKind { .. }
        | LoadError::TooManyRateCards { .. } => {
            Refusal::with(ErrorCode::Conflict, error.to_string())
        }
        LoadError::Running { .. } => Refusal::with(ErrorCode::ImportRunning, error.to_string()),
        LoadError::Cancelled { .. } | LoadError::CancelledBefore => {
            Refusal::with(ErrorCode::Overloaded, error.to_string())
        }
        LoadError::TakenOver { .. } => Refusal::with(ErrorCode::Conflict, error.to_string()),
        LoadError::Source(_)
        | LoadError::FileChanged
        | LoadError::Store(_)
        | LoadError::Queue(_) => Refusal::logged(ErrorCode::StoreUnavailable, error),
    }
}

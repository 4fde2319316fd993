//! Refusals that many endpoints share, each with the codes that it can carry, and lists.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use lastmile_api::{ErrorBody, ErrorCode};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{self, ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

pub(crate) type Responses = BTreeMap<String, RefOr<Response>>;

/// What every endpoint with a key can answer.
pub(crate) struct Common;
/// What every endpoint with a JSON body can answer.
pub(crate) struct Json;
/// What every endpoint that names a resource can answer.
pub(crate) struct Missing;
/// What every endpoint that changes a resource can answer.
pub(crate) struct Changed;
/// What an endpoint that takes a file can answer.
pub(crate) struct Upload;
/// What an endpoint that takes a quote in can answer.
pub(crate) struct Asked;
/// What an endpoint that changes a quote can answer.
pub(crate) struct Moved;
/// What an endpoint without a key can answer that carriers call.
pub(crate) struct CalledBack;
/// What an endpoint can answer that reads many cells of a quote: they may be more than can be given at once.
pub(crate) struct Cells;
/// A list of `T`.
pub(crate) struct List<T>(PhantomData<T>);

pub(crate) const COMMON: &[ErrorCode] = &[
    ErrorCode::AccessDenied,
    ErrorCode::ApiKeyInvalid,
    ErrorCode::ApiKeyMissing,
    ErrorCode::Internal,
    ErrorCode::InvalidParameter,
    ErrorCode::MethodNotAllowed,
    ErrorCode::Overloaded,
    ErrorCode::StoreUnavailable,
    ErrorCode::Timeout,
    ErrorCode::QuotaExceeded,
    ErrorCode::RateLimited,
    ErrorCode::TokenInvalid,
];
pub(crate) const JSON: &[ErrorCode] = &[
    ErrorCode::AttributeReadOnly,
    ErrorCode::BodyTooLarge,
    ErrorCode::BodyUnreadable,
    ErrorCode::InvalidAttribute,
    ErrorCode::InvalidParameter,
    ErrorCode::MalformedJson,
    ErrorCode::TooManyItems,
    ErrorCode::UnsupportedMediaType,
];
const UPLOAD: &[ErrorCode] = &[
    ErrorCode::BodyTooLarge,
    ErrorCode::BodyUnreadable,
    ErrorCode::ImportFormat,
    ErrorCode::InvalidParameter,
    ErrorCode::UnsupportedMediaType,
];

impl IntoResponses for Common {
    fn responses() -> Responses {
        refusals(COMMON.to_vec())
    }
}

impl IntoResponses for Json {
    fn responses() -> Responses {
        refusals(JSON.to_vec())
    }
}

impl IntoResponses for Missing {
    fn responses() -> Responses {
        refusals(vec![ErrorCode::NotFound])
    }
}

impl IntoResponses for Changed {
    fn responses() -> Responses {
        refusals(vec![
            ErrorCode::Conflict,
            ErrorCode::ImportNotUndoable,
            ErrorCode::ImportRunning,
            ErrorCode::PatchFailed,
        ])
    }
}

impl IntoResponses for Asked {
    fn responses() -> Responses {
        let own = [ErrorCode::IdempotencyKeyReused, ErrorCode::RowsRefused];
        refusals([COMMON, JSON, &own].concat())
    }
}

impl IntoResponses for Moved {
    fn responses() -> Responses {
        let own = [
            ErrorCode::CellNotOpen,
            ErrorCode::Conflict,
            ErrorCode::MoveRefused,
            ErrorCode::NotFound,
            ErrorCode::PatchFailed,
        ];
        refusals([COMMON, JSON, &own].concat())
    }
}

impl IntoResponses for Cells {
    fn responses() -> Responses {
        let own = [ErrorCode::NotFound, ErrorCode::TooManyItems];
        refusals([COMMON, &own].concat())
    }
}

impl IntoResponses for CalledBack {
    fn responses() -> Responses {
        refusals(vec![
            ErrorCode::BodyTooLarge,
            ErrorCode::BodyUnreadable,
            ErrorCode::Internal,
            ErrorCode::InvalidAttribute,
            ErrorCode::MethodNotAllowed,
            ErrorCode::NotFound,
            ErrorCode::Overloaded,
            ErrorCode::RateLimited,
            ErrorCode::StoreUnavailable,
            ErrorCode::Timeout,
            ErrorCode::UnsupportedMediaType,
        ])
    }
}

impl IntoResponses for Upload {
    fn responses() -> Responses {
        refusals(UPLOAD.to_vec())
    }
}

impl<T: ToSchema> IntoResponses for List<T> {
    fn responses() -> Responses {
        list(&T::name())
    }
}

/// What a list of the named schema is answered with.
pub(crate) fn list(schema: &str) -> Responses {
    let list = |description: &str| {
        let items = ArrayBuilder::new()
            .items(Ref::from_schema_name(schema))
            .build();
        let number = ObjectBuilder::new().schema_type(Type::Integer).build();
        let counted = |description: &str| {
            HeaderBuilder::new()
                .schema(Some(number.clone()))
                .description(Some(description))
                .build()
        };
        let links = text("`self`, `first`, `next`, `prev`, `last`.");
        ResponseBuilder::new()
            .description(description)
            .content(
                "application/json",
                ContentBuilder::new().schema(Some(items)).build(),
            )
            .header("X-Total-Count", counted("How many match in all."))
            .header("X-Result-Count", counted("How many are in this answer."))
            .header("Link", links)
            .build()
    };
    let whole = list("The whole list.");
    let part =
        list("A part of the list: `offset`, `limit` or the server's page left something out.");
    [
        ("200".to_owned(), RefOr::T(whole)),
        ("206".to_owned(), RefOr::T(part)),
    ]
    .into()
}

/// Answers as an operation takes them.
pub(crate) fn all(answers: Responses) -> openapi::Responses {
    openapi::ResponsesBuilder::new()
        .responses_from_iter(answers)
        .build()
}

/// An answer with a document of the named schema.
pub(crate) fn resource(description: &str, schema: &str) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(schema)));
    ResponseBuilder::new()
        .description(description)
        .content("application/json", content.build())
}

/// A header that is text.
pub(crate) fn text(description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(String::schema()))
        .description(Some(description))
        .build()
}

/// One response per status, with the codes that come with it.
pub(crate) fn refusals(codes: Vec<ErrorCode>) -> Responses {
    let mut by_status: BTreeMap<String, Vec<ErrorCode>> = BTreeMap::new();
    for code in codes {
        let same = by_status.entry(code.status().to_string()).or_default();
        if !same.contains(&code) {
            same.push(code);
        }
    }
    let described = |codes: &[ErrorCode]| {
        let described = codes
            .iter()
            .map(|code| format!("`{}`: {}", code.as_str(), code.reason()));
        described.collect::<Vec<_>>().join("; ")
    };
    let response = |codes: Vec<ErrorCode>| {
        let body = Ref::from_schema_name(ErrorBody::name());
        let content = ContentBuilder::new().schema(Some(body)).build();
        RefOr::T(
            ResponseBuilder::new()
                .description(described(&codes))
                .content("application/json", content)
                .build(),
        )
    };
    by_status
        .into_iter()
        .map(|(status, codes)| (status, response(codes)))
        .collect()
}

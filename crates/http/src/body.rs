//! Bodies into bytes, bounded, and only of a type that is understood.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use bytes::Bytes;
use lastmile_api::ErrorCode;

use crate::limits::JSON_BODY_MAX_BYTES;
use crate::refusal::Refusal;

/// A body of the type `application/json`.
pub struct JsonBody(pub Bytes);

/// A body of the type `text/csv`.
pub struct CsvBody(pub Bytes);

/// What a PATCH asks for.
pub enum PatchBody {
    /// RFC 7396: `application/merge-patch+json`, and `application/json` as TMF has it.
    Merge(Bytes),
    /// RFC 6902: `application/json-patch+json`.
    Operations(Bytes),
}

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        match media_type(request.headers()).as_deref() {
            Some("application/json") => whole(request).await.map(Self),
            given => Err(unsupported(given, "application/json")),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for CsvBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        match media_type(request.headers()).as_deref() {
            Some("text/csv") => whole(request).await.map(Self),
            given => Err(unsupported(given, "text/csv")),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for PatchBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        match media_type(request.headers()).as_deref() {
            Some("application/json" | "application/merge-patch+json") => {
                whole(request).await.map(Self::Merge)
            }
            Some("application/json-patch+json") => whole(request).await.map(Self::Operations),
            given => Err(unsupported(
                given,
                "application/merge-patch+json, application/json-patch+json or application/json",
            )),
        }
    }
}

/// The type of a body without its parameters, in lower case: its case means nothing (RFC 9110, 8.3.1).
pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let whole = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let media_type = whole
        .split_once(';')
        .map_or(whole, |(media_type, _)| media_type);
    Some(media_type.trim().to_ascii_lowercase())
}

/// 415 that says what is taken.
pub(crate) fn unsupported(given: Option<&str>, taken: &str) -> Refusal {
    let given = given.unwrap_or("nothing");
    Refusal::with(
        ErrorCode::UnsupportedMediaType,
        format!("Content-Type is {given}; this endpoint takes {taken}"),
    )
}

async fn whole(request: Request) -> Result<Bytes, Refusal> {
    let too_large = || {
        Refusal::with(
            ErrorCode::BodyTooLarge,
            format!("the body may have {JSON_BODY_MAX_BYTES} bytes"),
        )
    };
    let announced = request.headers().get(CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > JSON_BODY_MAX_BYTES) {
        return Err(too_large());
    }
    let body: Body = request.into_body();
    to_bytes(body, JSON_BODY_MAX_BYTES).await.map_err(|error| {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            if inner.is::<http_body_util::LengthLimitError>() {
                return too_large();
            }
            cause = inner.source();
        }
        Refusal::new(ErrorCode::BodyUnreadable)
    })
}

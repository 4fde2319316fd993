//! Answers into bytes.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use lastmile_api::{Document, ErrorCode};
use serde::Serialize;
use serde_json::Value;

use crate::refusal::Refusal;

/// Room made for a JSON body before it is written, in bytes: an answer with a few findings.
const JSON_BYTES_EXPECTED: usize = 2048;

/// A JSON body, written straight from the document.
pub fn json<T: Serialize + ?Sized>(status: StatusCode, document: &T) -> Response {
    let mut bytes = Vec::with_capacity(JSON_BYTES_EXPECTED);
    match serde_json::to_writer(&mut bytes, document) {
        Ok(()) => json_text(status, bytes),
        Err(error) => Refusal::logged(ErrorCode::Internal, &error).into_response(),
    }
}

/// A JSON body that is written already.
pub(crate) fn json_text(status: StatusCode, text: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// A document, with its own `href` as `Location`.
pub fn located(status: StatusCode, document: &Document) -> Response {
    let mut response = json(status, document);
    let href = document.get("href").and_then(|href| href.as_str());
    if let Some(href) = href.and_then(|href| HeaderValue::from_str(href).ok()) {
        response.headers_mut().insert(LOCATION, href);
    }
    response
}

/// 204.
#[must_use]
pub fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// A typed document as one whose attributes can be selected.
pub(crate) fn document<T: Serialize>(typed: &T) -> Result<Document, Refusal> {
    match serde_json::to_value(typed) {
        Ok(Value::Object(document)) => Ok(document),
        Ok(_) => Err(Refusal::new(ErrorCode::Internal)),
        Err(error) => Err(Refusal::logged(ErrorCode::Internal, &error)),
    }
}

//! The version of a document as an entity tag (RFC 9110, 8.8.3), and the condition on it.

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_model::document::Document;

use crate::refusal::Refusal;

/// The condition of a request: the `If-Match` header, where there is one.
pub(crate) struct IfMatch(Option<Vec<String>>);

/// What a client is told about the header.
pub(super) const IF_MATCH_SAYS: &str = "The `ETag` of the document as it was read: where it has another version by now, nothing is changed (412). Without it a change that somebody else makes at the same moment is a conflict (409).";
/// What a client is told about the tag of an answer.
pub(super) const ETAG_SAYS: &str = "The version of the document, for `If-Match`.";

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let mut tags: Option<Vec<String>> = None;
        for value in parts.headers.get_all(IF_MATCH) {
            let text = value.to_str().map_err(|_| {
                Refusal::with(ErrorCode::InvalidParameter, "If-Match is not plain text")
            })?;
            let named = text.split(',').map(|tag| tag.trim().to_owned());
            tags.get_or_insert_default().extend(named);
        }
        Ok(Self(tags))
    }
}

impl IfMatch {
    /// Whether the document is one that the client means.
    ///
    /// # Errors
    /// [`ErrorCode::PreconditionFailed`] where it has another version. A weak tag is none of ours.
    pub(super) fn hold(&self, document: &Document) -> Result<(), Refusal> {
        let Self(Some(tags)) = self else {
            return Ok(());
        };
        let current = tag_of(document);
        if tags.iter().any(|tag| tag == "*" || *tag == current) {
            Ok(())
        } else {
            let message = format!("If-Match names another version: this one is {current}");
            Err(Refusal::with(ErrorCode::PreconditionFailed, message))
        }
    }
}

/// An answer with the version of its document.
pub(super) fn tagged(mut response: Response, document: &Document) -> Response {
    if let Ok(tag) = HeaderValue::try_from(tag_of(document)) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

fn tag_of(document: &Document) -> String {
    format!("\"{}\"", document.version)
}

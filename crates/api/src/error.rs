//! Every way in which a request can be refused, and the body that says so.

use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::version::ERROR_PAGES_PATH;

/// Why a request was refused. Alphabetical; each has a page in `docs/errors` that says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorCode {
    /// The key is good, but its role may not do this.
    AccessDenied,
    /// The key is unknown or revoked.
    ApiKeyInvalid,
    /// There is no `x-api-key` header.
    ApiKeyMissing,
    /// The attribute is the server's.
    AttributeReadOnly,
    /// The body is longer than this endpoint takes.
    BodyTooLarge,
    /// The body did not arrive in time, or broke off.
    BodyUnreadable,
    /// The cell of a quote does not wait for a person.
    CellNotOpen,
    /// Somebody else changed the resource in the meantime.
    Conflict,
    /// The idempotency key was used for another request.
    IdempotencyKeyReused,
    /// The file that is to be imported is not what it is said to be.
    ImportFormat,
    /// The import cannot be undone in the state it is in.
    ImportNotUndoable,
    /// Another import of the same list is running.
    ImportRunning,
    /// A defect of the server.
    Internal,
    /// An attribute of the body is missing, or is not what it should be.
    InvalidAttribute,
    /// A query parameter or header is not what it should be.
    InvalidParameter,
    /// The body is no JSON.
    MalformedJson,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// What the resource stands for cannot go from the state it is in to that one.
    MoveRefused,
    /// There is no such resource (for this tenant).
    NotFound,
    /// The server has too much to do.
    Overloaded,
    /// The patch cannot be applied to the resource.
    PatchFailed,
    /// The resource has another version than `If-Match` names.
    PreconditionFailed,
    /// The API key has used up what its plan allows in a period. Said by a gateway only.
    QuotaExceeded,
    /// More requests in a short time than the plan of the API key allows. Said by a gateway only.
    RateLimited,
    /// An attribute refers to a resource that there is not.
    ReferenceUnknown,
    /// Other resources refer to it.
    ResourceInUse,
    /// There is no such path.
    RouteNotFound,
    /// Rows of a file cannot be used.
    RowsRefused,
    /// The store could not be used.
    StoreUnavailable,
    /// It took too long.
    Timeout,
    /// The token is missing, unknown or revoked.
    TokenInvalid,
    /// More items than one request may have.
    TooManyItems,
    /// The body is of a type that this endpoint does not take.
    UnsupportedMediaType,
}

impl ErrorCode {
    /// All of them, in alphabetical order.
    pub const ALL: [Self; 33] = [
        Self::AccessDenied,
        Self::ApiKeyInvalid,
        Self::ApiKeyMissing,
        Self::AttributeReadOnly,
        Self::BodyTooLarge,
        Self::BodyUnreadable,
        Self::CellNotOpen,
        Self::Conflict,
        Self::IdempotencyKeyReused,
        Self::ImportFormat,
        Self::ImportNotUndoable,
        Self::ImportRunning,
        Self::Internal,
        Self::InvalidAttribute,
        Self::InvalidParameter,
        Self::MalformedJson,
        Self::MethodNotAllowed,
        Self::MoveRefused,
        Self::NotFound,
        Self::Overloaded,
        Self::PatchFailed,
        Self::PreconditionFailed,
        Self::QuotaExceeded,
        Self::RateLimited,
        Self::ReferenceUnknown,
        Self::ResourceInUse,
        Self::RouteNotFound,
        Self::RowsRefused,
        Self::StoreUnavailable,
        Self::Timeout,
        Self::TokenInvalid,
        Self::TooManyItems,
        Self::UnsupportedMediaType,
    ];

    /// The code on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::ApiKeyInvalid => "api_key_invalid",
            Self::ApiKeyMissing => "api_key_missing",
            Self::AttributeReadOnly => "attribute_read_only",
            Self::BodyTooLarge => "body_too_large",
            Self::BodyUnreadable => "body_unreadable",
            Self::CellNotOpen => "cell_not_open",
            Self::Conflict => "conflict",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::ImportFormat => "import_format",
            Self::ImportNotUndoable => "import_not_undoable",
            Self::ImportRunning => "import_running",
            Self::Internal => "internal",
            Self::InvalidAttribute => "invalid_attribute",
            Self::InvalidParameter => "invalid_parameter",
            Self::MalformedJson => "malformed_json",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::MoveRefused => "move_refused",
            Self::NotFound => "not_found",
            Self::Overloaded => "overloaded",
            Self::PatchFailed => "patch_failed",
            Self::PreconditionFailed => "precondition_failed",
            Self::QuotaExceeded => "quota_exceeded",
            Self::RateLimited => "rate_limited",
            Self::ReferenceUnknown => "reference_unknown",
            Self::ResourceInUse => "resource_in_use",
            Self::RouteNotFound => "route_not_found",
            Self::RowsRefused => "rows_refused",
            Self::StoreUnavailable => "store_unavailable",
            Self::Timeout => "timeout",
            Self::TokenInvalid => "token_invalid",
            Self::TooManyItems => "too_many_items",
            Self::UnsupportedMediaType => "unsupported_media_type",
        }
    }

    /// The HTTP status that it comes with. A missing or unknown key is 403, as at the managed gateways
    /// that stand before the same routers elsewhere.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::AttributeReadOnly
            | Self::BodyUnreadable
            | Self::ImportFormat
            | Self::InvalidAttribute
            | Self::InvalidParameter
            | Self::MalformedJson
            | Self::RowsRefused
            | Self::TooManyItems => 400,
            Self::TokenInvalid => 401,
            Self::AccessDenied | Self::ApiKeyInvalid | Self::ApiKeyMissing => 403,
            Self::NotFound | Self::RouteNotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::CellNotOpen
            | Self::Conflict
            | Self::ImportNotUndoable
            | Self::ImportRunning
            | Self::MoveRefused
            | Self::ResourceInUse => 409,
            Self::PreconditionFailed => 412,
            Self::BodyTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::IdempotencyKeyReused | Self::PatchFailed | Self::ReferenceUnknown => 422,
            Self::QuotaExceeded | Self::RateLimited => 429,
            Self::Internal => 500,
            Self::Overloaded | Self::StoreUnavailable | Self::Timeout => 503,
        }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        match self {
            Self::BodyUnreadable
            | Self::Conflict
            | Self::ImportRunning
            | Self::Overloaded
            | Self::QuotaExceeded
            | Self::RateLimited
            | Self::StoreUnavailable
            | Self::Timeout => true,
            Self::AccessDenied
            | Self::ApiKeyInvalid
            | Self::ApiKeyMissing
            | Self::AttributeReadOnly
            | Self::BodyTooLarge
            | Self::CellNotOpen
            | Self::IdempotencyKeyReused
            | Self::ImportFormat
            | Self::ImportNotUndoable
            | Self::Internal
            | Self::InvalidAttribute
            | Self::InvalidParameter
            | Self::MalformedJson
            | Self::MethodNotAllowed
            | Self::MoveRefused
            | Self::NotFound
            | Self::PatchFailed
            | Self::PreconditionFailed
            | Self::ReferenceUnknown
            | Self::ResourceInUse
            | Self::RouteNotFound
            | Self::RowsRefused
            | Self::TokenInvalid
            | Self::TooManyItems
            | Self::UnsupportedMediaType => false,
        }
    }

    /// What happened, in one line that is the same for every request.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::AccessDenied => "the role of this API key may not do this",
            Self::ApiKeyInvalid => "the API key is unknown or revoked",
            Self::ApiKeyMissing => "an API key is needed",
            Self::AttributeReadOnly => "the attribute is set by the server only",
            Self::BodyTooLarge => "the body is too large",
            Self::BodyUnreadable => "the body did not arrive whole",
            Self::CellNotOpen => "the cell does not wait for a person",
            Self::Conflict => "the resource was changed in the meantime",
            Self::IdempotencyKeyReused => "the idempotency key was used for another request",
            Self::ImportFormat => "the file is not in the format that it should have",
            Self::ImportNotUndoable => "the import cannot be undone",
            Self::ImportRunning => "another import of this list is running",
            Self::Internal => "the server has a defect",
            Self::InvalidAttribute => "an attribute is missing or not valid",
            Self::InvalidParameter => "a parameter is missing or not valid",
            Self::MalformedJson => "the body is not JSON",
            Self::MethodNotAllowed => "the method is not allowed here",
            Self::MoveRefused => "the state cannot change in this way",
            Self::NotFound => "there is no such resource",
            Self::Overloaded => "the server has too much to do",
            Self::PatchFailed => "the patch cannot be applied",
            Self::PreconditionFailed => "the resource has another version than If-Match names",
            Self::QuotaExceeded => "the API key has used up its requests",
            Self::RateLimited => "too many requests in a short time",
            Self::ReferenceUnknown => "an attribute refers to a resource that does not exist",
            Self::ResourceInUse => "other resources refer to it",
            Self::RouteNotFound => "there is no such path",
            Self::RowsRefused => "rows of the file cannot be used",
            Self::StoreUnavailable => "the store cannot be used",
            Self::Timeout => "it took too long",
            Self::TokenInvalid => "the token is missing, unknown or revoked",
            Self::TooManyItems => "too many items in one request",
            Self::UnsupportedMediaType => "the content type is not supported",
        }
    }

    /// The page about it, as Markdown: what happened and what the caller should do.
    #[must_use]
    pub const fn page(self) -> &'static str {
        match self {
            Self::AccessDenied => include_str!("../../../docs/errors/access_denied.md"),
            Self::ApiKeyInvalid => include_str!("../../../docs/errors/api_key_invalid.md"),
            Self::ApiKeyMissing => include_str!("../../../docs/errors/api_key_missing.md"),
            Self::AttributeReadOnly => include_str!("../../../docs/errors/attribute_read_only.md"),
            Self::BodyTooLarge => include_str!("../../../docs/errors/body_too_large.md"),
            Self::BodyUnreadable => include_str!("../../../docs/errors/body_unreadable.md"),
            Self::CellNotOpen => include_str!("../../../docs/errors/cell_not_open.md"),
            Self::Conflict => include_str!("../../../docs/errors/conflict.md"),
            Self::IdempotencyKeyReused => {
                include_str!("../../../docs/errors/idempotency_key_reused.md")
            }
            Self::ImportFormat => include_str!("../../../docs/errors/import_format.md"),
            Self::ImportNotUndoable => include_str!("../../../docs/errors/import_not_undoable.md"),
            Self::ImportRunning => include_str!("../../../docs/errors/import_running.md"),
            Self::Internal => include_str!("../../../docs/errors/internal.md"),
            Self::InvalidAttribute => include_str!("../../../docs/errors/invalid_attribute.md"),
            Self::InvalidParameter => include_str!("../../../docs/errors/invalid_parameter.md"),
            Self::MalformedJson => include_str!("../../../docs/errors/malformed_json.md"),
            Self::MethodNotAllowed => include_str!("../../../docs/errors/method_not_allowed.md"),
            Self::MoveRefused => include_str!("../../../docs/errors/move_refused.md"),
            Self::NotFound => include_str!("../../../docs/errors/not_found.md"),
            Self::Overloaded => include_str!("../../../docs/errors/overloaded.md"),
            Self::PatchFailed => include_str!("../../../docs/errors/patch_failed.md"),
            Self::PreconditionFailed => include_str!("../../../docs/errors/precondition_failed.md"),
            Self::QuotaExceeded => include_str!("../../../docs/errors/quota_exceeded.md"),
            Self::RateLimited => include_str!("../../../docs/errors/rate_limited.md"),
            Self::ReferenceUnknown => include_str!("../../../docs/errors/reference_unknown.md"),
            Self::ResourceInUse => include_str!("../../../docs/errors/resource_in_use.md"),
            Self::RouteNotFound => include_str!("../../../docs/errors/route_not_found.md"),
            Self::RowsRefused => include_str!("../../../docs/errors/rows_refused.md"),
            Self::StoreUnavailable => include_str!("../../../docs/errors/store_unavailable.md"),
            Self::Timeout => include_str!("../../../docs/errors/timeout.md"),
            Self::TokenInvalid => include_str!("../../../docs/errors/token_invalid.md"),
            Self::TooManyItems => include_str!("../../../docs/errors/too_many_items.md"),
            Self::UnsupportedMediaType => {
                include_str!("../../../docs/errors/unsupported_media_type.md")
            }
        }
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The TMF error body, the same for every API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Error)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// Which error; stable, made for programs.
    #[schema(value_type = String, example = "invalid_attribute")]
    pub code: ErrorCode,
    /// What the code means.
    pub reason: &'static str,
    /// What is wrong with this request, and what to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The HTTP status, as text.
    #[schema(example = "400")]
    pub status: String,
    /// The page about the code, served by this process.
    #[schema(example = "/docs/errors/invalid_attribute", format = "uri-reference")]
    pub reference_error: String,
    /// `Error`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

impl ErrorBody {
    /// The body for a code, with what is particular about this request.
    #[must_use]
    pub fn new(code: ErrorCode, message: Option<String>) -> Self {
        Self {
            code,
            reason: code.reason(),
            message,
            status: code.status().to_string(),
            reference_error: format!("{ERROR_PAGES_PATH}/{}", code.as_str()),
            type_name: "Error",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_codes_are_alphabetical_and_complete() {
        let codes: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        let sorted: BTreeSet<_> = codes.iter().copied().collect();
        assert_eq!(codes, sorted.into_iter().collect::<Vec<_>>());
        assert_eq!(
            ErrorCode::ALL.last().map(|code| *code as usize + 1),
            Some(ErrorCode::ALL.len())
        );
    }

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
        let pages: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let codes: BTreeSet<String> = ErrorCode::ALL
            .iter()
            .map(|code| format!("{}.md", code.as_str()))
            .collect();
        assert_eq!(pages, codes);
    }

    #[test]
    fn every_page_gives_its_own_code_and_status_and_says_what_to_do() {
        for code in ErrorCode::ALL {
            let page = code.page();
            let head = format!("# {}\n\nStatus {}", code.as_str(), code.status());
            assert!(
                page.starts_with(&head),
                "docs/errors/{}.md begins otherwise",
                code.as_str()
            );
            assert!(
                page.contains("## What to do"),
                "docs/errors/{}.md",
                code.as_str()
            );
            let retry = if code.is_retryable() {
                "worth a retry"
            } else {
                "not worth a retry"
            };
            assert!(
                page.contains(retry),
                "docs/errors/{}.md must say {retry:?}",
                code.as_str()
            );
        }
    }
}

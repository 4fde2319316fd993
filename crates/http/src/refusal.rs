//! Every refusal becomes the same body.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use lastmile_api::document::AttributeError;
use lastmile_api::{DocumentError, ErrorBody, ErrorCode};
use lastmile_app::availability::StoreFailed;

use crate::limits::RETRY_AFTER_SECONDS;
use crate::reply;

/// Why a request was refused, and what the client is told about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    code: ErrorCode,
    message: Option<String>,
}

impl Refusal {
    /// A refusal that its code says all about.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self {
            code,
            message: None,
        }
    }

    /// A refusal with what is particular about this request. Never an inner error's text: that is logged.
    #[must_use]
    pub fn with(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: Some(message.into()),
        }
    }

    /// A refusal whose cause is the server's: logged here with its chain, shown to nobody.
    #[must_use]
    pub fn logged(code: ErrorCode, cause: &(dyn std::error::Error + 'static)) -> Self {
        let mut chain = cause.to_string();
        let mut source = cause.source();
        while let Some(error) = source {
            chain.push_str(": ");
            chain.push_str(&error.to_string());
            source = error.source();
        }
        tracing::error!(
            error.code = code.as_str(),
            error.chain = chain,
            "request failed"
        );
        Self::new(code)
    }

    /// What is stored is not what was written: a defect.
    #[must_use]
    pub fn damaged(error: &DocumentError) -> Self {
        Self::logged(ErrorCode::Internal, error)
    }

    /// The answer is longer than `allowed` bytes, which is all that can be handed on at once where there is
    /// such a limit.
    #[must_use]
    pub fn too_long(allowed: usize) -> Self {
        let message = format!(
            "the answer is longer than the {allowed} bytes that can be given at once: ask for fewer items; a quote is read \
             location by location: GET …/quote/ID/location?offset=0&limit=10"
        );
        Self::with(ErrorCode::TooManyItems, message)
    }

    /// The store failed under a request.
    #[must_use]
    pub fn store(error: &StoreFailed) -> Self {
        let code = if error.is_retryable() {
            ErrorCode::StoreUnavailable
        } else {
            ErrorCode::Internal
        };
        Self::logged(code, error)
    }

    /// The code.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { code, message } = self;
        let status =
            StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = reply::json(status, &ErrorBody::new(code, message));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
        }
        response.extensions_mut().insert(code);
        response
    }
}

impl From<DocumentError> for Refusal {
    fn from(error: DocumentError) -> Self {
        let code = match &error {
            DocumentError::Malformed { .. } | DocumentError::NotAnObject => {
                ErrorCode::MalformedJson
            }
            DocumentError::Attribute(_) => ErrorCode::InvalidAttribute,
            DocumentError::UnknownReference { .. } => ErrorCode::ReferenceUnknown,
            DocumentError::ReadOnly { .. } => ErrorCode::AttributeReadOnly,
        };
        Self::with(code, error.to_string())
    }
}

impl From<AttributeError> for Refusal {
    fn from(error: AttributeError) -> Self {
        Self::with(ErrorCode::InvalidAttribute, error.to_string())
    }
}

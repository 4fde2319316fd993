//! The key of a request that is to have its effect once.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use lastmile_api::ErrorCode;
use lastmile_model::idempotency::IdempotencyKey;

use crate::refusal::Refusal;

/// The header with the key.
pub const IDEMPOTENCY_KEY_HEADER: &str = "idempotency-key";

/// What a client is told about the header.
pub(crate) const HEADER_SAYS: &str = "A text of the client's own (up to 128 visible characters). The same request again under it has no second effect; another one is refused (422).";

/// The key of a request, where it has one.
pub struct RequestKey(pub Option<IdempotencyKey>);

impl<S: Send + Sync> FromRequestParts<S> for RequestKey {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let mut given = parts.headers.get_all(IDEMPOTENCY_KEY_HEADER).iter();
        let invalid = |message: String| Refusal::with(ErrorCode::InvalidParameter, message);
        match (given.next(), given.next()) {
            (None, _) => Ok(Self(None)),
            (Some(_), Some(_)) => Err(invalid("Idempotency-Key is given twice".to_owned())),
            (Some(value), None) => {
                let key = IdempotencyKey::new(value.to_str().unwrap_or_default());
                let key = key.map_err(|bad| invalid(format!("Idempotency-Key {bad}")))?;
                Ok(Self(Some(key)))
            }
        }
    }
}

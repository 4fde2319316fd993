//! Who asks: the `x-api-key` header into a [`Caller`].
//!
//! The room may not use the edge, so it says what it needs as a trait; whoever starts the router puts
//! the edge's keys (or a gateway's finding) behind it.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::HeaderName;
use axum::middleware::Next;
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_model::identity::{Caller, ProviderName, Role};

use crate::refusal::Refusal;

/// The header that carries the key.
pub const API_KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// Says whose key it is.
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// `None` for a key that is nobody's.
    async fn caller(&self, key: &str) -> Result<Option<Arc<Caller>>, AuthenticationFailed>;
}

/// It could not be found out whose key it is; nothing is known about it.
#[derive(Debug, thiserror::Error)]
#[error("the API key could not be looked up")]
pub struct AuthenticationFailed(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Lets a request with a good key pass, with its [`Caller`] as `Extension<Arc<Caller>>`.
///
/// # Errors
/// [`Refusal`] for every other request.
pub async fn require_key(
    State(authenticator): State<Arc<dyn Authenticator>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let header = request.headers().get(API_KEY_HEADER);
    let Some(key) = header.and_then(|key| key.to_str().ok()) else {
        return Err(Refusal::new(ErrorCode::ApiKeyMissing));
    };
    match authenticator.caller(key).await {
        Ok(Some(caller)) => {
            request.extensions_mut().insert(Arc::clone(&caller));
            let mut response = next.run(request).await;
            response.extensions_mut().insert(caller);
            Ok(response)
        }
        Ok(None) => Err(Refusal::new(ErrorCode::ApiKeyInvalid)),
        Err(error) => Err(Refusal::logged(ErrorCode::StoreUnavailable, &error)),
    }
}

/// Whether the caller may load lists, and whose: `Ok(None)` for any provider's.
///
/// # Errors
/// [`ErrorCode::AccessDenied`] for an agent.
pub fn lists_of(caller: &Caller) -> Result<Option<&ProviderName>, Refusal> {
    match &caller.role {
        Role::Operator => Ok(None),
        Role::Provider(provider) => Ok(Some(provider)),
        Role::Agent => Err(Refusal::with(
            ErrorCode::AccessDenied,
            "an agent key asks about addresses; lists are for operator and provider keys",
        )),
    }
}

/// Whether the caller may touch this provider's lists.
///
/// # Errors
/// [`ErrorCode::AccessDenied`] for an agent and for another provider.
pub fn may_load(caller: &Caller, provider: &ProviderName) -> Result<(), Refusal> {
    match lists_of(caller)? {
        None => Ok(()),
        Some(own) if own == provider => Ok(()),
        Some(own) => Err(Refusal::with(
            ErrorCode::AccessDenied,
            format!("this key is for the lists of {own} only"),
        )),
    }
}

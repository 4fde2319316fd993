//! Who asks: what a request shows, into a [`Caller`].
//!
//! The room may not use the edge, so it says what it needs: a [`Gate`]. Whoever starts the router either
//! puts the edge's keys behind it, or says that a gateway stands before the router and has found out.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName};
use lastmile_api::ErrorCode;
use lastmile_model::identity::{Caller, ProviderName, Role};

use crate::refusal::Refusal;

/// The header that carries the key.
pub const API_KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// The scheme of a bearer token in the `authorization` header (RFC 6750).
const BEARER: &str = "bearer";

/// Who finds out who asks.
#[derive(Clone)]
pub enum Gate {
    /// The router: the request shows a key, as `authorization: Bearer …` or as `x-api-key`. A client that
    /// sends both, as it does where a gateway has plans by key, means the token.
    Keys(Arc<dyn Authenticator>),
    /// A gateway before the router: whoever takes the request from it puts the `Arc<Caller>` among the
    /// request's extensions, where no client can write.
    Gateway,
}

/// Says whose key it is.
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// The caller, where it is known without asking anybody; most requests come from one who has just asked before.
    fn known(&self, key: &str) -> Option<Arc<Caller>>;

    /// `None` for a key that is nobody's.
    async fn caller(&self, key: &str) -> Result<Option<Arc<Caller>>, AuthenticationFailed>;
}

/// It could not be found out whose key it is; nothing is known about it.
#[derive(Debug, thiserror::Error)]
#[error("the API key could not be looked up")]
pub struct AuthenticationFailed(#[source] pub Box<dyn std::error::Error + Send + Sync>);

impl Gate {
    /// Who asks, where that is known at once.
    pub(crate) fn known(&self, request: &Request) -> Option<Arc<Caller>> {
        match self {
            Self::Keys(authenticator) => {
                let shown = shown(request.headers()).ok()?;
                authenticator.known(shown.key)
            }
            Self::Gateway => request.extensions().get().cloned(),
        }
    }

    /// Who asks. (The request is borrowed as what may go to another thread, which a body that is shared may not.)
    pub(crate) async fn caller(&self, request: &mut Request) -> Result<Arc<Caller>, Refusal> {
        match self {
            Self::Keys(authenticator) => {
                let shown = shown(request.headers())?;
                holder(authenticator.as_ref(), shown).await
            }
            Self::Gateway => self
                .known(request)
                .ok_or(Refusal::new(ErrorCode::TokenInvalid)),
        }
    }
}

/// The key that a request shows, and what is wrong where it is nobody's.
struct Shown<'r> {
    key: &'r str,
    if_unknown: ErrorCode,
}

fn shown(headers: &HeaderMap) -> Result<Shown<'_>, Refusal> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text(AUTHORIZATION).and_then(bearer_token);
    match (bearer, text(API_KEY_HEADER)) {
        (Some(key), _) => Ok(Shown {
            key,
            if_unknown: ErrorCode::TokenInvalid,
        }),
        (None, Some(key)) => Ok(Shown {
            key,
            if_unknown: ErrorCode::ApiKeyInvalid,
        }),
        (None, None) => Err(Refusal::new(ErrorCode::ApiKeyMissing)),
    }
}

/// The token of an `authorization` header; empty where the scheme stands alone, and `None`
/// where it is another one.
#[must_use]
pub fn bearer_token(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    scheme.eq_ignore_ascii_case(BEARER).then(|| token.trim())
}

async fn holder(
    authenticator: &dyn Authenticator,
    shown: Shown<'_>,
) -> Result<Arc<Caller>, Refusal> {
    match authenticator.caller(shown.key).await {
        Ok(Some(caller)) => Ok(caller),
        Ok(None) => Err(Refusal::new(shown.if_unknown)),
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

/// Whether the caller may ask for quotes and read them.
///
/// # Errors
/// [`ErrorCode::AccessDenied`] for a provider, who would see what its competitors take.
pub fn may_quote(caller: &Caller) -> Result<(), Refusal> {
    match &caller.role {
        Role::Operator | Role::Agent => Ok(()),
        Role::Provider(_) => Err(Refusal::with(
            ErrorCode::AccessDenied,
            "a quote compares providers; a provider's key sees its own open cases only",
        )),
    }
}

/// Whose open cases the caller sees: `Ok(None)` for any provider's, else only these.
///
/// # Errors
/// [`ErrorCode::AccessDenied`] where a provider asks for another's.
pub fn cases_of<'a>(
    caller: &'a Caller,
    asked: Option<&'a ProviderName>,
) -> Result<Option<&'a ProviderName>, Refusal> {
    match (caller.role.provider(), asked) {
        (None, asked) => Ok(asked),
        (Some(own), None) => Ok(Some(own)),
        (Some(own), Some(asked)) if own == asked => Ok(Some(own)),
        (Some(own), Some(_)) => Err(Refusal::with(
            ErrorCode::AccessDenied,
            format!("this key is for the prices of {own} only"),
        )),
    }
}

/// Whether the caller may give a price of this provider.
///
/// # Errors
/// [`ErrorCode::AccessDenied`] for an agent and for another provider.
pub fn may_price(caller: &Caller, provider: &ProviderName) -> Result<(), Refusal> {
    match &caller.role {
        Role::Operator | Role::Provider(_) => cases_of(caller, Some(provider)).map(|_| ()),
        Role::Agent => Err(Refusal::with(
            ErrorCode::AccessDenied,
            "an agent key reads prices; they are given with operator and provider keys",
        )),
    }
}

/// Whether the caller may see which providers are set up, and how they are doing.
///
/// # Errors
/// [`ErrorCode::AccessDenied`] for everybody but an operator: it says how much is asked of whom, and who fails.
pub fn may_see_providers(caller: &Caller) -> Result<(), Refusal> {
    match &caller.role {
        Role::Operator => Ok(()),
        Role::Agent | Role::Provider(_) => Err(Refusal::with(
            ErrorCode::AccessDenied,
            "how providers are doing is for operator keys",
        )),
    }
}

/// Whether the caller may write documents: those of its tenant, or as a provider its own.
///
/// # Errors
/// [`ErrorCode::AccessDenied`] for an agent.
pub fn may_write_documents(caller: &Caller) -> Result<(), Refusal> {
    match &caller.role {
        Role::Operator | Role::Provider(_) => Ok(()),
        Role::Agent => Err(Refusal::with(
            ErrorCode::AccessDenied,
            "an agent key reads the catalog; it is written with operator and provider keys",
        )),
    }
}

//! The token endpoint, and who is let in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Method, Request};
use jiff::Timestamp;
use serde_json::json;

use super::problem::NotAnswered;
use super::{Reply, Seller, State};

/// Behind the base path.
pub(super) const PATH: &str = "oauth2/token";
/// Life of a token.
const LIFE_SECONDS: i64 = 3_600;
/// Most tokens that are kept.
const TOKENS_MAX: usize = 10_000;

impl Seller {
    pub(super) fn issue_token(
        &self,
        state: &mut State,
        request: &Request<Bytes>,
        now: Timestamp,
    ) -> Result<Reply, NotAnswered> {
        if request.method() != Method::POST {
            return Err(NotAnswered::Method);
        }
        let form: Vec<(String, String)> = form_urlencoded::parse(request.body())
            .into_owned()
            .collect();
        let field = |name: &str| {
            let found = form.iter().find(|(field, _)| field == name);
            found.map(|(_, value)| value.clone())
        };
        if field("grant_type").as_deref() != Some("client_credentials") {
            return Err(NotAnswered::Token("unsupported_grant_type"));
        }
        let secret = basic_secret(request).or_else(|| field("client_secret"));
        if secret.as_deref() != Some(&self.client_secret) {
            return Err(NotAnswered::Token("invalid_client"));
        }
        let number = state.next_id();
        let token = format!("{:016x}", self.chance.about(&number.to_string()).draw());
        if state.tokens.len() >= TOKENS_MAX {
            state.tokens.retain(|_, ends| *ends > now);
        }
        let ends = Timestamp::from_second(now.as_second() + LIFE_SECONDS).unwrap_or(now);
        state.tokens.insert(token.clone(), ends);
        let body = json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": LIFE_SECONDS,
        });
        Ok(Reply::new(200, body))
    }
}

/// The second half of `Basic …`, decoded as a form (RFC 6749, section 2.3.1).
fn basic_secret(request: &Request<Bytes>) -> Option<String> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let pair = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (_client, secret) = pair.split_once(':')?;
    form_urlencoded::parse(secret.as_bytes())
        .next()
        .map(|(secret, _)| secret.into_owned())
}

/// Lets in who has a token that is not over.
pub(super) fn check(
    state: &mut State,
    request: &Request<Bytes>,
    now: Timestamp,
) -> Result<(), NotAnswered> {
    let token = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|header| header.to_str().ok()?.strip_prefix("Bearer "))
        .ok_or(NotAnswered::Unauthorized("missingCredentials"))?;
    let is_valid = state.tokens.get(token).is_some_and(|ends| *ends > now);
    if is_valid && !state.behaviour.forgets_tokens {
        Ok(())
    } else {
        state.tokens.remove(token);
        Err(NotAnswered::Unauthorized("invalidCredentials"))
    }
}

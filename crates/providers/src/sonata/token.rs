//! The access token: OAuth 2 client credentials (RFC 6749, section 4.4), asked for once and kept until
//! shortly before it ends.

use std::time::Duration;

use bytes::Bytes;
use form_urlencoded::Serializer;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request};
use jiff::Timestamp;
use lastmile_model::carrier::FailureReason;
use lastmile_model::door::Clock;
use tokio::sync::Mutex;

use super::bearer::{basic, bearer};
use super::problem::{Trouble, trouble};
use super::wire::answers::TokenAnswer;
use super::wire::lenient::Scalar;
use crate::exchange::Exchange;
use crate::secret::{Secret, SecretSource};

/// Life of a token whose answer does not say.
const LIFE_UNSAID: Duration = Duration::from_secs(300);
/// So long before its end a token is no longer used: a request under way must not outlive it.
const RENEWED_BEFORE: Duration = Duration::from_secs(60);

/// How the client says who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// In the header, as RFC 6749 asks servers to take it.
    Basic,
    /// In the form, for servers that take nothing else.
    Form,
}

/// Where tokens come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSettings {
    /// URL of the token endpoint.
    pub url: String,
    /// Our name there.
    pub client_id: String,
    /// Where our secret is.
    pub secret: SecretSource,
    /// How it is sent.
    pub authentication: ClientAuthentication,
    /// What is asked for, where the carrier wants it said.
    pub scope: Option<String>,
}

/// A token, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Marked as sensitive, so that it is never printed.
    header: HeaderValue,
    used_until: Timestamp,
}

impl Token {
    pub(super) const fn header(&self) -> &HeaderValue {
        &self.header
    }
}

/// The token of one carrier. While it is fetched, all who need it wait for that one.
pub(super) struct Tokens {
    settings: TokenSettings,
    current: Mutex<Option<Token>>,
}

impl Tokens {
    pub(super) const fn new(settings: TokenSettings) -> Self {
        Self {
            settings,
            current: Mutex::const_new(None),
        }
    }

    /// The token that is valid now.
    pub(super) async fn get(
        &self,
        exchange: &dyn Exchange,
        clock: &dyn Clock,
    ) -> Result<Token, Trouble> {
        let mut current = self.current.lock().await;
        if let Some(token) = current.as_ref()
            && clock.now() < token.used_until
        {
            return Ok(token.clone());
        }
        let token = self.fetch(exchange, clock).await?;
        *current = Some(token.clone());
        Ok(token)
    }

    /// Does not use this token again: the carrier refused it.
    pub(super) async fn forget(&self, refused: &Token) {
        let mut current = self.current.lock().await;
        if current.as_ref() == Some(refused) {
            *current = None;
        }
    }

    async fn fetch(&self, exchange: &dyn Exchange, clock: &dyn Clock) -> Result<Token, Trouble> {
        let request = self.request()?;
        let asked_at = clock.now();
        let response = exchange.send(request).await.map_err(|error| {
            tracing::debug!(error = &error as &dyn std::error::Error, "no token");
            Trouble::from(FailureReason::Unreachable)
        })?;
        if !response.status().is_success() {
            // A token endpoint says with 400 that it does not know the client (RFC 6749, section 5.2).
            let refused = response.status().is_client_error()
                && response.status() != http::StatusCode::TOO_MANY_REQUESTS;
            return Err(if refused {
                FailureReason::NotLetIn.into()
            } else {
                trouble(response.status(), response.headers(), response.body())
            });
        }
        let answer: TokenAnswer = serde_json::from_slice(response.body())
            .map_err(|_| Trouble::from(FailureReason::NotUnderstood))?;
        let life = answer.expires_in.as_ref().and_then(Scalar::whole);
        let life = life.map_or(LIFE_UNSAID, |seconds| Duration::from_secs(seconds.into()));
        let used_for = life.saturating_sub(RENEWED_BEFORE).max(life / 2);
        Ok(Token {
            header: bearer(&Secret::new(answer.access_token))
                .ok_or_else(|| Trouble::from(FailureReason::NotUnderstood))?,
            used_until: asked_at.saturating_add(used_for).unwrap_or(asked_at),
        })
    }

    fn request(&self) -> Result<Request<Bytes>, Trouble> {
        let TokenSettings {
            url,
            client_id,
            secret,
            authentication,
            scope,
        } = &self.settings;
        let secret = secret.read().map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "no client secret");
            Trouble::from(FailureReason::NotLetIn)
        })?;
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if let Some(scope) = scope {
            form.append_pair("scope", scope);
        }
        let mut request = Request::post(url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json");
        match authentication {
            ClientAuthentication::Basic => {
                let header = basic(client_id, &secret)
                    .ok_or_else(|| Trouble::from(FailureReason::NotLetIn))?;
                request = request.header(AUTHORIZATION, header);
            }
            ClientAuthentication::Form => {
                form.append_pair("client_id", client_id);
                form.append_pair("client_secret", secret.reveal());
            }
        }
        request
            .body(Bytes::from(form.finish()))
            .map_err(|_| FailureReason::Refused.into())
    }
}

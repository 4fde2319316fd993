//! One request to a seller: where it goes, what it carries, and what a status means.

use bytes::Bytes;
use form_urlencoded::{Serializer, byte_serialize};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, Response, StatusCode};
use lastmile_model::carrier::{CarrierReference, FailureReason};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Sonata;
use super::problem::{Trouble, is_undocumented_refusal, trouble};
use super::token::Token;
use crate::exchange::Exchange;

/// What every path begins with.
const ROOT: &str = "mefApi/sonata";
/// Media type of every body, as documented.
const JSON: &str = "application/json;charset=utf-8";

/// The APIs of a seller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    Address,
    Qualification,
    Quote,
}

/// What a request is made to.
pub(super) enum Target<'a> {
    /// A collection: `quote`, `hub`.
    Collection(&'static str),
    /// One of a collection.
    Member(&'static str, &'a CarrierReference),
}

/// An answer as it came; or that the seller refused what it was sent by a code of its own, or has no such part of the API.
pub(super) enum Received {
    Body(Bytes),
    UndocumentedRefusal(Trouble),
    NotImplemented(Trouble),
}

impl<E: Exchange> Sonata<E> {
    /// Sends a body to a collection and reads what comes back.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        api: Api,
        collection: &'static str,
        body: &Value,
    ) -> Result<T, Trouble> {
        let target = Target::Collection(collection);
        let sent = self.send(&Method::POST, api, &target, Some(body)).await;
        match sent.map_err(as_sent)? {
            Received::Body(body) => read(&body),
            Received::UndocumentedRefusal(trouble) | Received::NotImplemented(trouble) => {
                Err(trouble)
            }
        }
    }

    /// Reads one of a collection.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        api: Api,
        collection: &'static str,
        id: &CarrierReference,
    ) -> Result<T, Trouble> {
        let target = Target::Member(collection, id);
        match self.send(&Method::GET, api, &target, None).await? {
            Received::Body(body) => read(&body),
            Received::UndocumentedRefusal(trouble) | Received::NotImplemented(trouble) => {
                Err(trouble)
            }
        }
    }

    /// Sends one request with a valid token; with a new one where the seller no longer takes the old.
    pub(super) async fn send(
        &self,
        method: &Method,
        api: Api,
        target: &Target<'_>,
        body: Option<&Value>,
    ) -> Result<Received, Trouble> {
        let token = self.token().await?;
        let mut response = self.send_once(method, api, target, body, &token).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            self.tokens.forget(&token).await;
            let token = self.token().await?;
            response = self.send_once(method, api, target, body, &token).await?;
        }
        if response.status().is_success() {
            return Ok(Received::Body(response.into_body()));
        }
        let trouble = trouble(response.status(), response.headers(), response.body());
        if is_undocumented_refusal(response.status(), response.body()) {
            return Ok(Received::UndocumentedRefusal(trouble));
        }
        if response.status() == StatusCode::NOT_IMPLEMENTED {
            return Ok(Received::NotImplemented(trouble));
        }
        Err(trouble)
    }

    async fn token(&self) -> Result<Token, Trouble> {
        self.tokens.get(&self.exchange, self.clock.as_ref()).await
    }

    async fn send_once(
        &self,
        method: &Method,
        api: Api,
        target: &Target<'_>,
        body: Option<&Value>,
        token: &Token,
    ) -> Result<Response<Bytes>, Trouble> {
        let mut request = Request::builder()
            .method(method)
            .uri(self.url(api, target))
            .header(AUTHORIZATION, token.header())
            .header(ACCEPT, JSON);
        let body = match body {
            Some(body) => {
                request = request.header(CONTENT_TYPE, JSON);
                Bytes::from(body.to_string())
            }
            None => Bytes::new(),
        };
        let request = request
            .body(body)
            .map_err(|_| Trouble::from(FailureReason::Refused))?;
        self.exchange.send(request).await.map_err(|error| {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "no answer of a carrier"
            );
            FailureReason::Unreachable.into()
        })
    }

    /// `{base}/mefApi/sonata/quoteManagement/v8/quote/{id}?buyerId=…&sellerId=…`.
    fn url(&self, api: Api, target: &Target<'_>) -> String {
        let settings = &self.settings;
        let versions = settings.versions;
        let (name, version) = match api {
            Api::Address => ("geographicAddressManagement", versions.address),
            Api::Qualification => ("productOfferingQualification", versions.qualification),
            Api::Quote => ("quoteManagement", versions.quote),
        };
        let base = settings.base_url.trim_end_matches('/');
        let mut url = format!("{base}/{ROOT}/{name}/v{version}/");
        match target {
            Target::Collection(collection) => url.push_str(collection),
            Target::Member(collection, id) => {
                url.push_str(collection);
                url.push('/');
                // In a path a blank is not a plus.
                let id: String = byte_serialize(id.as_str().as_bytes()).collect();
                url.push_str(&id.replace('+', "%20"));
            }
        }
        let mut query = Serializer::new(String::new());
        for (name, value) in [
            ("buyerId", &settings.buyer_id),
            ("sellerId", &settings.seller_id),
        ] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if !query.is_empty() {
            url.push('?');
            url.push_str(&query);
        }
        url
    }
}

/// A collection that is not there was never known: the base URL or the version is wrong.
pub(super) fn as_sent(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Failed { why, .. } if why.reason == FailureReason::Forgotten => {
            FailureReason::Refused.into()
        }
        trouble => trouble,
    }
}

/// Reads a body; what does not read is not understood, and asking again would not help.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Trouble> {
    serde_json::from_slice(body).map_err(|_| FailureReason::NotUnderstood.into())
}

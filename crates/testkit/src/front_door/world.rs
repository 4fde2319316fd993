//! What a case finds: a door, keys, and an empty store behind it.

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::ask::{Ask, Reply};
use super::described;
use super::deviation::Deviation;

/// Header of an answer that an API gateway gives by itself.
const OWN_ANSWER_HEADER: &str = "x-amzn-errortype";

/// Takes a request, gives the answer.
#[async_trait]
pub trait Door: Send + Sync {
    /// Sends the request through. The path is without host.
    async fn send(&self, request: Request<Bytes>) -> Response<Bytes>;
}

/// The provider whose key is [`Keys::provider`].
pub const OWN_PROVIDER: &str = "Acme Fiber";

/// Keys of the store behind the door.
pub struct Keys {
    /// An operator of the tenant `default`.
    pub operator: String,
    /// An agent of the tenant `default`.
    pub agent: String,
    /// The provider [`OWN_PROVIDER`], tenant `default`.
    pub provider: String,
    /// An operator of another tenant.
    pub stranger: String,
    /// A key that was revoked.
    pub revoked: String,
}

/// Who finds out who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The router: a missing or unknown key is 403.
    Router,
    /// A gateway before it, which wants a token: a missing or unknown one is 401.
    Gateway,
}

/// A door with an empty store behind it.
pub struct World {
    /// The way in.
    pub door: Box<dyn Door>,
    /// Who stands in it.
    pub gate: Gate,
    /// In what it is not like the others.
    pub deviations: &'static [Deviation],
    /// When the lists were collected that are to be fresh: not long ago for those behind the door.
    pub collected: Timestamp,
    /// Who may come in.
    pub keys: Keys,
    /// The OpenAPI documents of what is behind the door.
    pub documents: Vec<Value>,
    /// Lets more time pass, for the server, than it may go on using what it has read.
    pub pass_time: Box<dyn Fn() + Send + Sync>,
    /// Lets every call of the store fail from now on.
    pub break_store: Box<dyn Fn() + Send + Sync>,
}

impl World {
    /// Sends a request, and holds the answer against the OpenAPI documents.
    ///
    /// # Panics
    /// Where the answer is none that they describe.
    pub async fn send(&self, ask: &Ask) -> Reply {
        let response = self.door.send(ask.request()).await;
        let reply = Reply::of(response);
        let is_own_answer = reply.headers.contains_key(OWN_ANSWER_HEADER);
        if !(is_own_answer && self.deviates(Deviation::OwnRefusals)) {
            described::hold(&self.documents, ask, &reply);
        }
        reply
    }

    /// The day on which fresh lists were collected.
    pub(super) fn collected_on(&self) -> String {
        self.collected.to_zoned(TimeZone::UTC).date().to_string()
    }

    /// Whether the door differs in this.
    pub(super) fn deviates(&self, deviation: Deviation) -> bool {
        self.deviations.contains(&deviation)
    }

    /// Sends a request that must be refused because nobody knows who asks; `code` is what the router says
    /// where it finds that out itself.
    ///
    /// # Panics
    /// Where the answer is another one.
    pub async fn refused_at_gate(&self, ask: &Ask, code: &str) {
        let reply = self.send(ask).await;
        match self.gate {
            Gate::Router => {
                let status = if code.starts_with("token") { 401 } else { 403 };
                reply.refused(status, code);
            }
            Gate::Gateway => {
                reply.expect(401);
            }
        }
    }

    /// Reads as the operator.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(&Ask::get(path).key(&self.keys.operator)).await
    }

    /// Posts JSON as the operator.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(&Ask::post(path, body).key(&self.keys.operator))
            .await
    }
}

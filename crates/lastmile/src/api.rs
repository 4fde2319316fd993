//! The APIs as a command asks them: of the server that has the data open, or of the same routes in this process.

use std::io::Write;
use std::sync::Arc;

use axum::Router;
use bytes::Bytes;
use futures_util::future::join_all;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::header::CONTENT_TYPE;
use hyper::{Method, Request, Response};
use lastmile_app::availability::Availability;
use lastmile_app::quotes::{Panel, Quotes};
use lastmile_app::work::relay::Seating;
use lastmile_http::Gate;
use lastmile_http::limits::DRAIN_TIMEOUT;
use lastmile_model::identity::{Caller, Role, TenantId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

use crate::data_folder::DataError;
use crate::ending::Failure;
use crate::home::{Home, Opened};
use crate::remote::{Remote, encode};
use crate::runtime::Stop;
use crate::server;

/// The body of an answer, wherever it comes from.
pub(crate) type Body = UnsyncBoxBody<Bytes, Failure>;

/// The request was refused.
#[derive(Debug, Error)]
#[error("{said} ({code})")]
pub(crate) struct Refused {
    /// HTTP status.
    pub(crate) status: u16,
    /// The error code; `docs/errors` has a page for each.
    pub(crate) code: String,
    /// What is wrong, and what to do.
    said: String,
}

/// Status of an answer for what is not there.
const NOT_FOUND: u16 = 404;
/// Status of an answer of one who cannot answer now.
const UNAVAILABLE: u16 = 503;

impl Refused {
    /// Whether what was asked for is not there.
    pub(crate) const fn is_missing(&self) -> bool {
        self.status == NOT_FOUND
    }

    /// Whether the same may be asked again.
    pub(crate) const fn is_passing(&self) -> bool {
        self.status == UNAVAILABLE
    }

    fn of(status: u16, body: &[u8]) -> Self {
        /// Of the body of a refusal, what is shown.
        #[derive(Deserialize)]
        struct Shown {
            code: String,
            reason: String,
            message: Option<String>,
        }
        match serde_json::from_slice(body) {
            Ok(Shown {
                code,
                reason,
                message,
            }) => Self {
                status,
                code,
                said: message.unwrap_or(reason),
            },
            Err(_) => Self {
                status,
                code: status.to_string(),
                said: String::from_utf8_lossy(body).into_owned(),
            },
        }
    }
}

/// Who answers.
pub(crate) enum Api {
    /// A server that has the data open.
    Server(Box<Remote>),
    /// This process.
    Here(Box<Here>),
}

/// The routes in this process, and what they stand on.
pub(crate) struct Here {
    opened: Opened,
    quotes: Quotes,
    router: Router,
    caller: Arc<Caller>,
}

/// What may be missing where a command opens the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// It is made.
    Made,
    /// It is said.
    Said,
}

impl Api {
    /// Opens the data, or finds the server that has it open.
    pub(crate) fn open(home: &Home, missing: Missing, panel: Panel) -> Result<Self, Failure> {
        let opened = match missing {
            Missing::Made => home.open(),
            Missing::Said => home.open_existing(),
        };
        match opened {
            Ok(opened) => Ok(Self::Here(Box::new(Here::new(opened, panel)))),
            Err(failure) => match failure.downcast::<DataError>() {
                Ok(error) => match *error {
                    DataError::ServerRuns { note, folder } => {
                        Ok(Self::Server(Box::new(Remote::new(&folder, note)?)))
                    }
                    error @ (DataError::Missing { .. } | DataError::Open(_)) => Err(error.into()),
                },
                Err(failure) => Err(failure),
            },
        }
    }

    /// Reads a document.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        whole(self.download(path).await?).await
    }

    /// Reads a page of a list: up to `limit` documents of those that the filters let through, from `offset` on.
    pub(crate) async fn page<T: DeserializeOwned>(
        &self,
        list: &str,
        filters: &[(&str, &str)],
        offset: usize,
        limit: usize,
    ) -> Result<Vec<T>, Failure> {
        let (offset, limit) = (offset.to_string(), limit.to_string());
        let place = [("offset", offset.as_str()), ("limit", limit.as_str())];
        let query = encode(&[&place, filters].concat());
        self.get(&format!("{list}?{query}")).await
    }

    /// Reads something as it comes.
    pub(crate) async fn download(&self, path: &str) -> Result<Response<Body>, Failure> {
        self.send(Request::get(path).body(Full::default())?).await
    }

    /// Sends a document, and reads what comes of it.
    pub(crate) async fn send_json<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<T, Failure> {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(CONTENT_TYPE, "application/json");
        let request = request.body(Full::from(body.to_string()))?;
        whole(self.send(request).await?).await
    }

    /// Sends a request; an answer that is a refusal is an error.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Body>, Failure> {
        let response = match self {
            Self::Server(remote) => remote.send(request).await?,
            Self::Here(here) => here.send(request).await,
        };
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        Err(Refused::of(status, &body).into())
    }

    /// Those who fill quotes, where nobody else does: beside a server, and where many processes have the data,
    /// others do.
    pub(crate) async fn crew(&self) -> Result<Crew, Failure> {
        let stop = Stop::default();
        let members = match self {
            Self::Here(here) if here.opened.seating() == Seating::SoleProcess => {
                let queues = here.opened.queues().await?;
                server::crew(&here.quotes, &queues, Seating::SoleProcess, &stop)
            }
            Self::Here(_) | Self::Server(_) => Vec::new(),
        };
        Ok(Crew { members, stop })
    }
}

/// Reads a document to its end.
pub(crate) async fn whole<T: DeserializeOwned>(response: Response<Body>) -> Result<T, Failure> {
    let body = response.into_body().collect().await?.to_bytes();
    Ok(serde_json::from_slice(&body)?)
}

/// Writes an answer as it comes.
pub(crate) async fn write_to(
    response: Response<Body>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        if let Ok(bytes) = frame?.into_data() {
            out.write_all(&bytes)?;
        }
    }
    out.flush()?;
    Ok(())
}

impl Here {
    fn new(opened: Opened, panel: Panel) -> Self {
        let quotes = Quotes {
            availability: Availability::new(opened.context.clone()),
            panel: Arc::new(panel),
        };
        // Whoever has the data is its operator; there is nobody to show a key to.
        let caller = Caller {
            tenant: TenantId::default(),
            role: Role::Operator,
        };
        Self {
            router: lastmile_http::quotes_router(&quotes, &Gate::Gateway),
            caller: Arc::new(caller),
            opened,
            quotes,
        }
    }

    async fn send(&self, mut request: Request<Full<Bytes>>) -> Response<Body> {
        request.extensions_mut().insert(Arc::clone(&self.caller));
        let answered = self.router.clone().oneshot(request).await;
        let response = answered.unwrap_or_else(|never| match never {});
        response.map(|body| body.map_err(Failure::from).boxed_unsync())
    }
}

/// Those who fill quotes in this process.
pub(crate) struct Crew {
    members: Vec<JoinHandle<()>>,
    stop: Stop,
}

impl Crew {
    /// Lets them end what they have in work.
    pub(crate) async fn dismiss(self) {
        let Self { members, stop } = self;
        stop.ask();
        // Who panicked has said so in the log; the store is whole either way.
        let _ = tokio::time::timeout(DRAIN_TIMEOUT, join_all(members)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_is_wrong_and_its_code() {
        let body = br#"{"code":"not_found","reason":"no","message":"there is no such quote"}"#;
        let refused = Refused::of(404, body);
        assert_eq!(refused.to_string(), "there is no such quote (not_found)");
        assert!(refused.is_missing());
        let plain = Refused::of(502, b"bad gateway");
        assert_eq!(plain.to_string(), "bad gateway (502)");
    }
}

//! The way to a server, on which calls are lost or answered by the test itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_sdk_dynamodb::config::http::{HttpRequest, HttpResponse};
use aws_sdk_dynamodb::error::ConnectorError;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use serde_json::{Value, json};

/// What becomes of a call.
pub(crate) enum Fate {
    /// It is sent, and answered.
    Sent,
    /// It is sent, and its answer is lost.
    Lost,
    /// It is not sent; the test answers.
    Answered(u16, Value),
}

impl Fate {
    /// Refused by an error of DynamoDB.
    pub(crate) fn refused(code: &str) -> Self {
        Self::Answered(400, json!({ "__type": code, "message": "a test says so" }))
    }
}

/// Decides by the call's name and its request.
type Decide = dyn Fn(&str, &Value) -> Fate + Send + Sync;

/// Sends what `decide` lets through.
pub(crate) fn client(
    decide: impl Fn(&str, &Value) -> Fate + Send + Sync + 'static,
) -> SharedHttpClient {
    let decide: Arc<Decide> = Arc::new(decide);
    let through = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .build_https();
    http_client_fn(move |settings, components| {
        SharedHttpConnector::new(Connector {
            through: through.http_connector(settings, components),
            decide: Arc::clone(&decide),
        })
    })
}

/// Decides one kind of call by how many of it came before.
pub(crate) fn counted(
    call: &'static str,
    decide: impl Fn(usize, &Value) -> Fate + Send + Sync + 'static,
) -> (SharedHttpClient, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let calls = Arc::clone(&count);
    let client = client(move |name, request| {
        if name == call {
            decide(calls.fetch_add(1, Ordering::SeqCst), request)
        } else {
            Fate::Sent
        }
    });
    (client, count)
}

struct Connector {
    through: SharedHttpConnector,
    decide: Arc<Decide>,
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Connector").finish_non_exhaustive()
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let name = target.rsplit('.').next().unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        let body = serde_json::from_slice(body).unwrap_or_default();
        match (self.decide)(name, &body) {
            Fate::Sent => self.through.call(request),
            Fate::Lost => {
                let sent = self.through.call(request);
                HttpConnectorFuture::new(async move {
                    sent.await?;
                    Err(ConnectorError::io("a test lost the answer".into()))
                })
            }
            Fate::Answered(status, answer) => {
                let status = status.try_into().unwrap();
                let response = HttpResponse::new(status, answer.to_string().into());
                HttpConnectorFuture::ready(Ok(response))
            }
        }
    }
}

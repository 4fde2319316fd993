//! Requests over the network: HTTP/1.1, with TLS by the machine's own certificates.

use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::{BODY_MAX_BYTES, Exchange, ExchangeError};

/// The client that all carriers of a process share; it keeps connections open.
#[derive(Clone)]
pub struct HttpsExchange {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl HttpsExchange {
    /// With the certificates that the machine trusts.
    ///
    /// # Errors
    /// Where the machine has none.
    pub fn new() -> io::Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self { client })
    }
}

#[async_trait]
impl Exchange for HttpsExchange {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ExchangeError> {
        let unreachable =
            |error: hyper_util::client::legacy::Error| ExchangeError::Unreachable(Box::new(error));
        let response = self
            .client
            .request(request.map(Full::new))
            .await
            .map_err(unreachable)?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, BODY_MAX_BYTES)
            .collect()
            .await
            .map_err(|error| {
                if error.is::<LengthLimitError>() {
                    ExchangeError::TooLong
                } else {
                    ExchangeError::Unreachable(error)
                }
            })?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

//! One request to a carrier and what comes back, whatever carries it.

pub mod https;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use thiserror::Error;

/// Longest answer that is read, in bytes. A quote of twelve terms has about 100 KB.
pub const BODY_MAX_BYTES: usize = 4 * 1024 * 1024;

/// Carries requests. The only door to the network; tests and the simulation put the simulated seller
/// behind it.
#[async_trait]
pub trait Exchange: Send + Sync + 'static {
    /// Sends one request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// [`ExchangeError`] where no whole answer came. The carrier may have got the request.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ExchangeError>;
}

/// No whole answer came.
#[derive(Debug, Error)]
pub enum ExchangeError {
    /// There was no connection, or it broke.
    #[error("the carrier cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The answer is longer than [`BODY_MAX_BYTES`].
    #[error("the carrier's answer is longer than {BODY_MAX_BYTES} bytes")]
    TooLong,
}

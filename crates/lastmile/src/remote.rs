//! The command line as a client of a server that has the data open.

use std::net::SocketAddr;
use std::path::Path;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::HeaderValue;
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use lastmile_api::lookup::LookupAnswer;
use lastmile_http::authentication::API_KEY_HEADER;
use lastmile_model::address::parse;
use lastmile_model::address::parse::TEXT_MAX_BYTES;
use lastmile_model::availability::{Answer, Place, UnknownPlace};
use serde_json::Value;
use thiserror::Error;

use crate::api::Body;
use crate::ending::Failure;
use crate::server_note::{self, ServerNote};

/// Path of the simple lookup.
const LOOKUP_PATH: &str = "/availability/v1/lookup";

/// The server did not answer as it should.
#[derive(Debug, Error)]
pub(crate) enum RemoteError {
    /// There is no key to talk with.
    #[error(
        "the server at http://{address} has the data open, and {} holds no key for it; start the \
         server again",
        .folder
    )]
    NoKey {
        /// Where it listens.
        address: SocketAddr,
        /// The data folder.
        folder: String,
    },
    /// It said no.
    #[error("the server at http://{address} answered {status}: {said}")]
    Refused {
        /// Where it listens.
        address: SocketAddr,
        /// HTTP status.
        status: u16,
        /// Its body.
        said: String,
    },
}

/// A connection to a running server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Remote {
    client: Client<HttpConnector, Full<Bytes>>,
    address: SocketAddr,
    key: String,
}

impl Remote {
    /// Talks to the server that left the note in the data folder.
    pub(crate) fn new(folder: &Path, note: ServerNote) -> Result<Self, RemoteError> {
        let ServerNote {
            address,
            process: _,
        } = note;
        let key = server_note::read_key(folder).ok_or_else(|| RemoteError::NoKey {
            address,
            folder: folder.display().to_string(),
        })?;
        let client = Client::builder(TokioExecutor::new()).build_http();
        Ok(Self {
            client,
            address,
            key,
        })
    }

    /// Asks who can serve an address; gives the answer as the API has it. A server refuses a request that
    /// asks nothing; the answer to that is known here.
    pub(crate) async fn lookup(&self, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let query: Vec<(&str, &str)> = query
            .iter()
            .map(|(name, value)| (*name, as_asked(value)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        if query.is_empty() {
            let nothing = Place {
                address: parse(""),
                coordinates: None,
            };
            let unknown = Answer::unknown(UnknownPlace::NotABuilding);
            return Ok(serde_json::to_value(LookupAnswer::of(&nothing, &unknown))?);
        }
        let address = &self.address;
        let request = Request::get(format!("{LOOKUP_PATH}?{}", encode(&query)));
        let response = self.send(request.body(Full::default())?).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status.is_success() {
            return Ok(serde_json::from_slice(&body)?);
        }
        Err(RemoteError::Refused {
            address: *address,
            status: status.as_u16(),
            said: String::from_utf8_lossy(&body).into_owned(),
        }
        .into())
    }

    /// Sends a request whose address is a path; the answer may be a refusal.
    pub(crate) async fn send(
        &self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Response<Body>, Failure> {
        let Self {
            client,
            address,
            key,
        } = self;
        let whole: Uri = format!("http://{address}{}", request.uri()).parse()?;
        *request.uri_mut() = whole;
        let headers = request.headers_mut();
        headers.insert(API_KEY_HEADER, HeaderValue::from_str(key)?);
        let response = client.request(request).await?;
        Ok(response.map(|body| body.map_err(Failure::from).boxed_unsync()))
    }
}

/// A value without blanks around, and without what the store would not read of it either.
fn as_asked(value: &str) -> &str {
    let value = value.trim();
    &value[..value.floor_char_boundary(TEXT_MAX_BYTES)]
}

/// Names and values as the query of a URL.
pub(crate) fn encode(query: &[(&str, &str)]) -> String {
    query
        .iter()
        .map(|(name, value)| format!("{name}={}", encode_value(value)))
        .collect::<Vec<_>>()
        .join("&")
}

fn encode_value(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => {
                encoded.push('%');
                for nibble in [byte >> 4, byte & 0x0F] {
                    let digit = char::from_digit(u32::from(nibble), 16).unwrap_or('0');
                    encoded.push(digit.to_ascii_uppercase());
                }
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_safe_in_a_url() {
        assert_eq!(
            encode(&[("address", "1 Main St, #2"), ("latitude", "43.7")]),
            "address=1%20Main%20St%2C%20%232&latitude=43.7"
        );
        assert_eq!(encode_value("é"), "%C3%A9");
    }
}

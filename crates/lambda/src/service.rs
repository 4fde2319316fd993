//! A service behind the API gateway: the same routers as everywhere.

use std::error::Error as _;
use std::future::{Future, ready};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::middleware::map_request;
use axum::response::IntoResponse as _;
use http::Response;
use http::response::Parts as Head;
use http_body_util::{Full, LengthLimitError};
use lambda_runtime::Error;
use lastmile_http::front::REQUEST_ID_HEADER;
use lastmile_http::refusal::Refusal;
use tower::ServiceExt as _;

use crate::gateway;
use crate::providers_file::ProvidersFile;
use crate::start::Parts;

/// Statuses from here on are the server's fault.
const SERVER_ERROR: u16 = 500;
/// Longest answer of a function, with everything around its body ("Lambda quotas").
const ANSWER_MAX_BYTES: usize = 6 * 1024 * 1024;
/// Room for what stands around the body: status and headers.
const ENVELOPE_BYTES: usize = 64 * 1024;
/// Longest body of an answer, as it is handed on.
const BODY_MAX_BYTES: usize = ANSWER_MAX_BYTES - ENVELOPE_BYTES;

/// Serves a router until Lambda ends the function. Environments that are given several requests at once
/// serve them at once.
///
/// # Errors
/// Whatever the runtime says.
pub async fn serve(parts: Parts, router: Router) -> Result<(), Error> {
    let router = behind_gateway(router);
    serve_each(parts, move || ready(Ok(router.clone()))).await
}

/// Serves the router ([`behind_gateway`]) that is made of the providers file, as [`serve`] does.
///
/// # Errors
/// As [`serve`].
pub async fn serve_by_providers(parts: Parts, file: ProvidersFile<Router>) -> Result<(), Error> {
    let file = Arc::new(file);
    serve_each(parts, move || {
        let file = Arc::clone(&file);
        async move { Ok(file.current().await?) }
    })
    .await
}

/// Asks for the router at each request.
async fn serve_each<R>(
    parts: Parts,
    router: impl Fn() -> R + Clone + Send + Sync + 'static,
) -> Result<(), Error>
where
    R: Future<Output = Result<Router, Error>> + Send,
{
    let service = tower::service_fn(move |request: lambda_http::Request| {
        let (parts, router) = (parts.clone(), router.clone());
        async move {
            let answered = async { answer(router().await?, request).await };
            parts
                .measured(answered, |answered| (1, usize::from(has_failed(answered))))
                .await
        }
    });
    lambda_http::run_concurrent(service).await
}

/// A router that knows its callers from the gateway.
pub fn behind_gateway(router: Router) -> Router {
    // Around the whole router, so that the thin layer before its routes sees the request's id.
    Router::new()
        .fallback_service(router)
        .layer(map_request(gateway::found))
}

/// The answer of a router ([`behind_gateway`]) to a request that Lambda handed over. It is whole, because
/// Lambda hands it on as a whole; one that is longer than Lambda takes becomes a refusal that says what to do.
///
/// # Errors
/// An answer that breaks off.
pub async fn answer(
    router: Router,
    request: lambda_http::Request,
) -> Result<Response<Full<Bytes>>, Error> {
    let request: Request = request.map(Body::new);
    let answered = router.oneshot(request).await;
    let (head, body) = answered.unwrap_or_else(|never| match never {}).into_parts();
    match to_bytes(body, BODY_MAX_BYTES).await {
        Ok(body) if handed_on_bytes(&body) <= BODY_MAX_BYTES => {
            Ok(Response::from_parts(head, Full::new(body)))
        }
        Ok(_) => too_long(&head).await,
        Err(error) if is_too_long(&error) => too_long(&head).await,
        Err(error) => Err(error.into()),
    }
}

/// What a body becomes within the JSON that Lambda is given: a text with its escapes, or else Base64.
fn handed_on_bytes(body: &[u8]) -> usize {
    match str::from_utf8(body) {
        Ok(text) => text.bytes().map(escaped_bytes).sum(),
        Err(_) => body.len().div_ceil(3) * 4,
    }
}

const fn escaped_bytes(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0C => 2,
        0x00..=0x1F => 6,
        _ => 1,
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    let source = error.source();
    source.is_some_and(|source| source.is::<LengthLimitError>())
}

/// The refusal, under the request id of the answer that was too long.
async fn too_long(answered: &Head) -> Result<Response<Full<Bytes>>, Error> {
    let refused = Refusal::too_long(BODY_MAX_BYTES).into_response();
    let (mut head, body) = refused.into_parts();
    if let Some(id) = answered.headers.get(REQUEST_ID_HEADER) {
        head.headers.insert(REQUEST_ID_HEADER, id.clone());
    }
    let body = to_bytes(body, BODY_MAX_BYTES).await?;
    Ok(Response::from_parts(head, Full::new(body)))
}

fn has_failed<B>(answered: &Result<Response<B>, Error>) -> bool {
    answered
        .as_ref()
        .map_or(true, |response| response.status().as_u16() >= SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use http::StatusCode;
    use http::header::CONTENT_TYPE;
    use http_body_util::BodyExt as _;
    use serde_json::Value;

    use super::*;

    /// What becomes of a text that the router answers.
    async fn answered(text: String) -> (StatusCode, Bytes) {
        let content = [(CONTENT_TYPE, "text/csv"), (REQUEST_ID_HEADER, "r-1")];
        let router = Router::new().route("/", get(move || ready((content, text.clone()))));
        let request = http::Request::new(lambda_http::Body::Empty);
        let answer = answer(router, request).await.expect("an answer");
        assert_eq!(answer.headers()[REQUEST_ID_HEADER], "r-1");
        let (head, body) = answer.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        (head.status, body)
    }

    #[tokio::test]
    async fn an_answer_is_handed_on_or_says_how_to_get_it_in_pieces() {
        let line = "a,\"b\"\n";
        let (status, body) = answered(line.repeat(1_000)).await;
        assert_eq!((status, body.len()), (StatusCode::OK, 6_000));
        let longest = "x".repeat(BODY_MAX_BYTES);
        assert_eq!(answered(longest.clone()).await.0, StatusCode::OK);
        // Too long as it is, and too long by the escapes of its lines.
        for text in [longest + "x", line.repeat(BODY_MAX_BYTES / 9 + 1)] {
            let (status, body) = answered(text).await;
            assert_eq!(status, StatusCode::BAD_REQUEST);
            let refusal: Value = serde_json::from_slice(&body).expect("JSON");
            assert_eq!(refusal["code"], "too_many_items");
            let message = refusal["message"].as_str().expect("a message");
            assert!(message.contains("/location?offset=0"), "{message}");
        }
    }

    #[test]
    fn a_body_is_as_long_as_its_json() {
        for text in [
            "",
            "plain",
            "\"quoted\"\r\n\t\\",
            "\u{1}\u{8}\u{c}\u{1f}\u{7f}é",
        ] {
            let json = serde_json::to_string(text).expect("JSON");
            assert_eq!(handed_on_bytes(text.as_bytes()), json.len() - 2, "{text:?}");
        }
        assert_eq!(handed_on_bytes(&[0xFF; 4]), 8);
    }
}

//! The documents for people, without a key and without any outside host: Swagger UI under `/docs`, the OpenAPI
//! documents under `/openapi`, a page per error code under `/docs/errors`.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use lastmile_api::ErrorCode;
use lastmile_api::version::ERROR_PAGES_PATH;
use utoipa_swagger_ui::{Config, SwaggerUi, Url};

use crate::openapi::{self, NamedDocument};
use crate::refusal::Refusal;

/// Where the API is browsed.
pub const DOCS_PATH: &str = "/docs";

/// Made when one is asked for first: it takes longer than everything else that a function does at its start.
static DOCUMENTS: LazyLock<Vec<NamedDocument>> = LazyLock::new(openapi::documents);

/// The routes.
pub(crate) fn routes() -> Router {
    let urls = openapi::NAMES
        .iter()
        .map(|(_, path, title)| Url::new(title, path));
    // Unless told so, the page has every document judged by a host of its maker.
    let config = Config::new(urls).validator_url("none");
    let swagger = SwaggerUi::new(DOCS_PATH).config(config);
    let mut router = Router::new()
        .merge(swagger)
        .route("/", get(async || Redirect::temporary(DOCS_PATH)))
        .route(&format!("{ERROR_PAGES_PATH}/{{code}}"), get(error_page));
    for (_, path, _) in openapi::NAMES {
        router = router.route(path, get(async move || document(path)));
    }
    router
}

fn document(path: &str) -> Result<Response, Refusal> {
    let named = DOCUMENTS.iter().find(|named| named.path == path);
    let named = named.ok_or(Refusal::new(ErrorCode::RouteNotFound))?;
    Ok(([(CONTENT_TYPE, "application/json")], named.text.as_str()).into_response())
}

/// The page about one error code, as Markdown.
async fn error_page(Path(code): Path<String>) -> Result<Response, Refusal> {
    let known = ErrorCode::ALL
        .into_iter()
        .find(|known| known.as_str() == code);
    match known {
        Some(code) => {
            let markdown = [(CONTENT_TYPE, "text/markdown; charset=utf-8")];
            Ok((markdown, code.page()).into_response())
        }
        None => Err(Refusal::with(
            ErrorCode::NotFound,
            "there is no such error code",
        )),
    }
}

//! The documents for people, without a key and without any outside host: Swagger UI under `/docs`, the OpenAPI
//! documents under `/openapi`, a page per error code under `/docs/errors`.

use axum::Router;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use lastmile_api::ErrorCode;
use lastmile_api::version::ERROR_PAGES_PATH;
use utoipa_swagger_ui::{Config, SwaggerUi, Url};

use crate::openapi;
use crate::refusal::Refusal;

/// Where the API is browsed.
pub const DOCS_PATH: &str = "/docs";

/// The routes.
pub(crate) fn routes() -> Router {
    let documents = openapi::documents();
    let urls = documents
        .iter()
        .map(|named| Url::new(named.title, named.path));
    // Unless told so, the page has every document judged by a host of its maker.
    let config = Config::new(urls).validator_url("none");
    let swagger = SwaggerUi::new(DOCS_PATH).config(config);
    let mut router = Router::new()
        .merge(swagger)
        .route("/", get(async || Redirect::temporary(DOCS_PATH)))
        .route(&format!("{ERROR_PAGES_PATH}/{{code}}"), get(error_page));
    for named in documents {
        let text = named.text;
        router = router.route(named.path, get(async move || json(text)));
    }
    router
}

fn json(text: String) -> Response {
    ([(CONTENT_TYPE, "application/json")], text).into_response()
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

//! `GET /imports`: what was imported.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use lastmile_api::imports::ImportDocument;
use lastmile_app::imports::{self, IMPORTS_LISTED_MAX};
use lastmile_model::identity::Caller;

use super::ImportsState;
use crate::authentication::lists_of;
use crate::limits::PAGE_MAX;
use crate::list::ListRequest;
use crate::openapi::parameters::ListParameters;
use crate::openapi::responses::{Common, List};
use crate::refusal::Refusal;
use crate::reply::document;

/// List imports, by list, newest first
///
/// Any first-level attribute is an exact-match filter (`provider=Acme%20Fiber&state=active`).
#[utoipa::path(
    get,
    path = "/imports",
    operation_id = "listImport",
    tag = "imports",
    params(ListParameters),
    responses(List<ImportDocument>, Common)
)]
pub(crate) async fn handler(
    State(state): State<ImportsState>,
    Extension(caller): Extension<Arc<Caller>>,
    request: ListRequest,
) -> Result<Response, Refusal> {
    let own = lists_of(&caller)?;
    let listed = imports::list(&state.context, own, IMPORTS_LISTED_MAX).await;
    let listed = listed.map_err(|error| Refusal::store(&error.into()))?;
    let documents = listed
        .imports
        .iter()
        .map(|import| document(&ImportDocument::of(import)));
    let documents = documents.collect::<Result<Vec<_>, _>>()?;
    Ok(request.answer_from(documents, listed.cut, PAGE_MAX))
}

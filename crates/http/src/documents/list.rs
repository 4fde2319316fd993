//! `GET /{kind}`: the tenant's documents of a kind.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use lastmile_api::resource::{self, Described};
use lastmile_app::documents::limits::DOCUMENTS_PAGE_MAX;
use lastmile_app::documents::{self, ListDocuments};
use lastmile_model::document::{Document, DocumentKind};
use lastmile_model::identity::Caller;
use utoipa::IntoParams;
use utoipa::openapi::path::{Operation, ParameterIn};

use super::{Documents, operation};
use crate::list::ListRequest;
use crate::openapi::parameters::ListParameters;
use crate::openapi::responses::{self, COMMON};
use crate::refusal::Refusal;

/// How it is described.
pub(super) fn described(kind: DocumentKind, described: &Described) -> Operation {
    let says = "Newest first. Any first-level attribute is an exact-match filter (`lifecycleStatus=Active`); several must all hold, and an unknown one matches nothing. A page holds 100, or fewer where they are long.";
    let mut answers = responses::refusals(COMMON.to_vec());
    answers.extend(responses::list(&described.shown));
    operation(kind, "list", "List every {}", says)
        .parameters(Some(ListParameters::into_params(|| {
            Some(ParameterIn::Query)
        })))
        .responses(responses::all(answers))
        .build()
}

pub(super) async fn handler(
    State(Documents { context, kind }): State<Documents>,
    Extension(caller): Extension<Arc<Caller>>,
    request: ListRequest,
) -> Result<Response, Refusal> {
    let page = ListDocuments {
        offset: request.offset,
        limit: request.page_size(DOCUMENTS_PAGE_MAX),
    };
    let admits = |document: &Document| {
        request.filters.is_empty()
            || resource::shown(document).is_ok_and(|shown| request.admits(&shown))
    };
    let listed = documents::list(&context, &caller, kind, page, &admits).await;
    let listed = listed.map_err(|error| Refusal::store(&error))?;
    let shown = listed.documents.iter().map(resource::shown);
    let shown = shown.collect::<Result<Vec<_>, _>>();
    let shown = shown.map_err(|error| Refusal::damaged(&error))?;
    Ok(request.answer(shown, listed.total, listed.cut, DOCUMENTS_PAGE_MAX))
}

//! `GET /quote/{id}/recommendation`: what to take of what was offered.

#![expect(
    unused_qualifications,
    reason = "the macro that describes an endpoint writes paths out"
)]

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_api::tmf648::RecommendationDocument;
use lastmile_app::quotes::Quotes;
use lastmile_app::quotes::recommend::{RecommendError, recommend};
use lastmile_model::carrier::Term;
use lastmile_model::identity::Caller;
use utoipa::IntoParams;

use super::{id_of, refused};
use crate::authentication::may_quote;
use crate::list::single_pairs;
use crate::openapi::responses::{Common, Missing};
use crate::refusal::Refusal;
use crate::reply;

/// What is compared.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "says to the generator what `term_of` reads")]
struct TermParameter {
    /// One of the quote's terms, in months.
    #[param(example = 36)]
    term: u16,
}

/// Compare the offers of a quote for one term
///
/// With the arithmetic: at each location the cheapest offer, the most bandwidth for the money and a second carrier; for all
/// locations together the cheapest choice and the one with the fewest providers. Of the offers so far, while the quote is
/// being filled; not found where there is none.
#[utoipa::path(
    get,
    path = "/quote/{id}/recommendation",
    operation_id = "retrieveQuoteRecommendation",
    tag = "quote",
    params(("id" = String, Path, description = "Id of the quote."), TermParameter),
    responses(
        (status = 200, description = "What is recommended.", body = RecommendationDocument),
        Common,
        Missing,
    )
)]
pub(crate) async fn handler(
    State(quotes): State<Quotes>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    may_quote(&caller)?;
    let id = id_of(&id)?;
    let term = term_of(query.as_deref().unwrap_or_default())?;
    match recommend(&quotes, &caller.tenant, id, term).await {
        Ok(Some(recommendation)) => {
            let document = RecommendationDocument::of(&recommendation);
            Ok(reply::json(StatusCode::OK, &document))
        }
        Ok(None) => {
            let message = "nothing was offered for this term so far";
            Err(Refusal::with(ErrorCode::NotFound, message))
        }
        Err(error @ RecommendError::NotAsked { .. }) => Err(bad(error.to_string())),
        Err(RecommendError::Quote(error)) => Err(refused::quote(&error)),
    }
}

fn term_of(query: &str) -> Result<Term, Refusal> {
    let mut term = None;
    for (name, value) in single_pairs(query)? {
        if name != "term" {
            return Err(bad(format!("{name} is no parameter here: give term")));
        }
        let read = value.parse().ok().and_then(Term::new);
        let read = read.ok_or_else(|| bad(format!("term={value:?} is not 1 to 120 months")))?;
        term = Some(read);
    }
    term.ok_or_else(|| bad("term is missing".to_owned()))
}

fn bad(message: String) -> Refusal {
    Refusal::with(ErrorCode::InvalidParameter, message)
}

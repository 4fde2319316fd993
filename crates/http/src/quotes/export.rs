//! `GET /quote/{id}/export`: every cell of a quote as CSV.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use jiff::Timestamp;
use lastmile_api::shown::{Mbps, Time};
use lastmile_api::tmf648::{CellOf, cells};
use lastmile_app::quotes::{QuoteError, Quotes, read};
use lastmile_model::carrier::Service;
use lastmile_model::claim::Technology;
use lastmile_model::identity::{Caller, TenantId};
use lastmile_model::quote::request::Asked;
use lastmile_model::quote::{Cell, Grid, Priced, QuoteId, Source};
use thiserror::Error;

use super::{id_of, refused};
use crate::authentication::may_quote;
use crate::openapi::responses::Cells;
use crate::refusal::Refusal;

/// Columns of the export; each row is a cell.
const COLUMNS: [&str; 23] = [
    "location",
    "label",
    "address",
    "provider",
    "product",
    "down_mbps",
    "up_mbps",
    "access_technology",
    "term",
    "outcome",
    "reason",
    "mrc",
    "nrc",
    "currency",
    "install_interval_days",
    "confidence",
    "firmness",
    "source",
    "supplier",
    "carrier_quote",
    "valid_until",
    "note",
    "at",
];

/// The export breaks off: what has been sent cannot be taken back.
#[derive(Debug, Error)]
enum ExportError {
    /// The quote could not be read on.
    #[error("the export could not be read on")]
    Quote(#[from] QuoteError),
    /// A row could not be written.
    #[error("the export could not be written")]
    Csv(#[from] csv::Error),
}

/// Read every cell of a quote as CSV
///
/// A row for each location, provider, service and term, in this order, with a header. The rows are sent slice by slice as they are
/// read; what cannot be read any more ends the connection. Behind an API gateway an export of more than 6 MB is refused
/// (`too_many_items`): read the locations in pages there.
#[utoipa::path(
    get,
    path = "/quote/{id}/export",
    operation_id = "exportQuote",
    tag = "quote",
    params(("id" = String, Path, description = "Id of the quote.")),
    responses(
        (status = 200, description = "The cells.", body = String, content_type = "text/csv"),
        Cells,
    )
)]
pub(crate) async fn handler(
    State(quotes): State<Quotes>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    may_quote(&caller)?;
    let id = id_of(&id)?;
    let grid = read::grid(&quotes, &caller.tenant, id).await;
    let grid = grid.map_err(|error| refused::quote(&error))?;
    let export = Export {
        quotes,
        tenant: caller.tenant.clone(),
        id,
        grid,
    };
    let pieces = stream::try_unfold((export, 0), async |(export, number)| {
        let piece = export.piece(number).await.inspect_err(|error| {
            tracing::error!(error = error as &dyn std::error::Error, "export broke off");
        })?;
        Ok::<_, ExportError>(piece.map(|piece| (piece, (export, number + 1))))
    });
    let csv = [(CONTENT_TYPE, "text/csv; charset=utf-8")];
    Ok((csv, Body::from_stream(pieces)).into_response())
}

/// What is exported.
struct Export {
    quotes: Quotes,
    tenant: TenantId,
    id: QuoteId,
    grid: Grid,
}

impl Export {
    /// The rows of a slice, after the header those of the first; `None` behind the last.
    async fn piece(&self, number: u32) -> Result<Option<Bytes>, ExportError> {
        if number >= self.grid.slices() {
            return Ok(None);
        }
        let answers = read::slice(&self.quotes, &self.tenant, self.id, number).await?;
        let mut writer = csv::Writer::from_writer(Vec::new());
        if number == 0 {
            writer.write_record(COLUMNS)?;
        }
        let places = (answers.first_location()..).zip(&answers.places);
        for (in_slice, (location, asked)) in places.enumerate() {
            for cell in cells(&self.grid, &answers.providers, in_slice) {
                writer.write_record(self.record(location, asked, &cell))?;
            }
        }
        let written = writer.into_inner().map_err(|error| error.into_error());
        Ok(Some(Bytes::from(written.map_err(csv::Error::from)?)))
    }

    fn record(&self, location: u32, asked: &Asked, cell: &CellOf<'_>) -> [String; 23] {
        let service = self.grid.services.get(cell.service);
        let of_service = |text: &dyn Fn(&Service) -> String| service.map(text).unwrap_or_default();
        let mbps = |kbps| Mbps(kbps).to_string();
        let ended = cell.ended.map(|(cell, _)| cell);
        let priced = ended.and_then(Cell::priced);
        let of_price = |text: &dyn Fn(&Priced) -> String| priced.map(text).unwrap_or_default();
        let time = |at: Option<Timestamp>| at.map(|at| Time(at).to_string()).unwrap_or_default();
        [
            location.saturating_add(1).to_string(),
            asked.label.clone().unwrap_or_default(),
            asked.written.clone(),
            cell.provider.to_string(),
            of_service(&|service| service.product.as_str().to_owned()),
            of_service(&|service| mbps(service.down)),
            of_service(&|service| mbps(service.up)),
            of_service(&|service| service.access.map_or("", Technology::as_str).to_owned()),
            cell.term.months().to_string(),
            ended
                .map_or(WAITING, |cell| cell.outcome().as_str())
                .to_owned(),
            ended.and_then(Cell::reason).unwrap_or_default().to_owned(),
            of_price(&|priced| priced.price.mrc.decimal().to_string()),
            of_price(&|priced| priced.price.nrc.decimal().to_string()),
            of_price(&|priced| priced.price.mrc.currency.code().to_owned()),
            of_price(&|priced| {
                let days = priced.price.install_interval_days;
                days.map(|days| days.to_string()).unwrap_or_default()
            }),
            of_price(&|priced| priced.price.confidence.as_str().to_owned()),
            of_price(&|priced| priced.price.firmness.as_str().to_owned()),
            of_price(&|priced| priced.source.as_str().to_owned()),
            of_price(&|priced| match &priced.source {
                Source::Supplier(name) => name.to_string(),
                Source::Carrier | Source::RateCard | Source::Person => String::new(),
            }),
            of_price(&|priced| {
                let quote = priced.price.carrier_quote.as_ref();
                quote
                    .map(|quote| quote.as_str().to_owned())
                    .unwrap_or_default()
            }),
            of_price(&|priced| time(priced.price.valid_until)),
            of_price(&|priced| priced.note.clone().unwrap_or_default()),
            time(cell.ended.map(|(_, at)| at)),
        ]
    }
}

/// The outcome of a cell without an answer.
const WAITING: &str = "waiting";

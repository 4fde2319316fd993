//! A location of a quote with its cells.

use jiff::Timestamp;
use lastmile_model::carrier::{CarrierReference, Price, Term};
use lastmile_model::identity::ProviderName;
use lastmile_model::money::Money;
use lastmile_model::quote::request::Asked;
use lastmile_model::quote::{Cell, Grid, Line, Priced, Slice, Source};
use serde::Serialize;
use utoipa::ToSchema;

use crate::names::{CellOutcome, Confidence, Firmness};
use crate::shown::Time;

/// Extension: a location with what became of its cells.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteLocation {
    /// Which one, from 1.
    pub number: u32,
    /// The client's own name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// As it was asked about, on one line.
    pub address: String,
    /// Every cell: provider by provider, service by service, term by term.
    pub cell: Vec<QuoteCell>,
    /// `QuoteLocation`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// Extension: one cell of a quote.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuoteCell {
    /// Who is asked.
    pub provider: String,
    /// Which of the quote's services, from 1.
    pub service: usize,
    /// For how many months.
    pub term: u16,
    /// What became of it.
    pub outcome: CellOutcome,
    /// Why there is no price, where there is more to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The price, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<CellPrice>,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub at: Option<String>,
}

/// Extension: the price of a cell.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CellPrice {
    /// Monthly recurring charge: decimal text, exact in minor units.
    #[schema(example = "450.00")]
    pub mrc: String,
    /// Charge paid once, likewise.
    #[schema(example = "0.00")]
    pub nrc: String,
    /// ISO 4217 code.
    pub currency: &'static str,
    /// Whole days from the order to the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install_interval_days: Option<u32>,
    /// How sure.
    pub confidence: Confidence,
    /// How much it binds.
    pub firmness: Firmness,
    /// Who says so: `carrier`, `rate_card`, `supplier`, `person`.
    pub source: &'static str,
    /// Whose line it is, where the provider buys it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// The carrier's own id of its quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier_quote: Option<String>,
    /// Until when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub valid_until: Option<String>,
    /// A person's remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One cell of a location, wherever it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellOf<'a> {
    /// Who is asked.
    pub provider: &'a ProviderName,
    /// Which service, from 0.
    pub service: usize,
    /// For how long.
    pub term: Term,
    /// What it came to, and when; `None` while it waits.
    pub ended: Option<(&'a Cell, Timestamp)>,
}

/// Every cell of a location, which is the one at `in_slice` of its slice; `providers` are those that have answered
/// something.
pub fn cells<'a>(
    grid: &'a Grid,
    providers: &'a [(ProviderName, Slice)],
    in_slice: usize,
) -> impl Iterator<Item = CellOf<'a>> {
    grid.providers.iter().flat_map(move |provider| {
        let answered = providers.iter().find(|(name, _)| name == provider);
        let lines = answered.map_or(&[][..], |(_, slice)| slice.of_location(in_slice));
        (0..grid.services.len()).flat_map(move |service| {
            let line = lines.get(service);
            let terms = grid.terms.iter().enumerate();
            terms.map(move |(position, term)| CellOf {
                provider,
                service,
                term: *term,
                ended: line.and_then(|line| ended(line, position)),
            })
        })
    })
}

fn ended(line: &Line, term: usize) -> Option<(&Cell, Timestamp)> {
    match line {
        Line::Waiting | Line::Partly(_) | Line::Pending(_) | Line::OffNet | Line::NotAsked => None,
        Line::Answered { cells, at } => cells.get(term).map(|cell| (cell, *at)),
    }
}

impl QuoteLocation {
    /// The document of a location, counted from 0.
    #[must_use]
    pub fn of<'a>(number: u32, asked: &Asked, cells: impl Iterator<Item = CellOf<'a>>) -> Self {
        Self {
            number: number.saturating_add(1),
            label: asked.label.clone(),
            address: asked.written.clone(),
            cell: cells.map(|cell| QuoteCell::of(&cell)).collect(),
            type_name: "QuoteLocation",
        }
    }
}

impl QuoteCell {
    /// The document of a cell.
    #[must_use]
    pub fn of(cell: &CellOf<'_>) -> Self {
        let CellOf {
            provider,
            service,
            term,
            ended,
        } = *cell;
        let cell = ended.map(|(cell, _)| cell);
        Self {
            provider: provider.to_string(),
            service: service + 1,
            term: term.months(),
            outcome: CellOutcome::of(cell.map(Cell::outcome)),
            reason: cell.and_then(Cell::reason),
            price: cell.and_then(Cell::priced).map(CellPrice::of),
            at: ended.map(|(_, at)| Time(at).to_string()),
        }
    }
}

impl CellPrice {
    fn of(priced: &Priced) -> Self {
        let Priced {
            price:
                Price {
                    mrc,
                    nrc,
                    install_interval_days,
                    confidence,
                    firmness,
                    carrier_quote,
                    valid_until,
                },
            source,
            note,
        } = priced;
        let amount = |money: &Money| money.decimal().to_string();
        Self {
            mrc: amount(mrc),
            nrc: amount(nrc),
            currency: mrc.currency.code(),
            install_interval_days: *install_interval_days,
            confidence: (*confidence).into(),
            firmness: (*firmness).into(),
            source: source.as_str(),
            supplier: match source {
                Source::Supplier(name) => Some(name.to_string()),
                Source::Carrier | Source::RateCard | Source::Person => None,
            },
            carrier_quote: carrier_quote.as_ref().map(text),
            valid_until: valid_until.map(|until| Time(until).to_string()),
            note: note.clone(),
        }
    }
}

fn text(reference: &CarrierReference) -> String {
    reference.as_str().to_owned()
}

//! A quote as it is shown: its head, and how far it is.

use lastmile_model::identity::ProviderName;
use lastmile_model::quote::{CellCounts, Grid, ProviderProgress, QuoteHead, QuoteState};
use serde::Serialize;
use utoipa::ToSchema;

use super::service::QuotedService;
use crate::document::{Document, DocumentError, read};
use crate::names::{Firmness, QuoteStateType};
use crate::shown::Time;
use crate::task::with_task;
use crate::version::quote_href;

/// The version of every quote: what is asked differently is a quote of its own.
const VERSION: &str = "1";

/// TMF648 `Quote`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// Id.
    pub id: String,
    /// Where it can be read.
    #[schema(format = "uri-reference")]
    pub href: String,
    /// What the client sent besides; only where the quote is asked for whole.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub kept: Document,
    /// Where it stands.
    pub state: QuoteStateType,
    /// `1`: what is asked differently is a quote of its own.
    pub version: &'static str,
    /// When it was taken in.
    #[schema(format = DateTime)]
    pub quote_date: String,
    /// When it must have ended, whatever is still missing.
    #[schema(format = DateTime)]
    pub requested_quote_completion_date: String,
    /// When it came to the state it is in, once no more answers come.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub effective_quote_completion_date: Option<String>,
    /// Of an approved one: until when every price in it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_for: Option<ValidFor>,
    /// Extension: how much the prices are to bind.
    pub firmness: Firmness,
    /// Extension: how many locations it has.
    pub location_count: u32,
    /// Extension: who is asked.
    pub provider: Vec<String>,
    /// Extension: what is asked for at every location; cells count them from 1.
    pub service: Vec<QuotedService>,
    /// Extension: for how many months.
    pub term: Vec<u16>,
    /// Extension: how far it is. Not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
}

/// TMF `TimePeriod` with an end.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TimePeriod)]
pub struct ValidFor {
    /// Until when.
    #[schema(format = DateTime)]
    pub end_date_time: String,
}

/// Extension: what became of the cells of a quote.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QuoteProgress)]
pub struct Progress {
    /// All cells together.
    #[serde(flatten)]
    pub all: Counts,
    /// Provider by provider.
    pub provider: Vec<OfProvider>,
    /// `QuoteProgress`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// Extension: what became of the cells of one provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QuoteProgressOfProvider)]
pub struct OfProvider {
    /// Whose.
    pub provider: String,
    /// Its cells.
    #[serde(flatten)]
    pub counts: Counts,
}

/// Extension: how many cells came to what.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CellCounts)]
pub struct Counts {
    /// How many there are.
    pub cells: u64,
    /// Without an answer so far.
    pub waiting: u64,
    /// With a price.
    pub priced: u64,
    /// That a person has to price.
    pub icb_pending: u64,
    /// That cannot be delivered.
    pub not_served: u64,
    /// Whose address the provider does not know.
    pub address_unknown: u64,
    /// Without an answer, although it was asked for again.
    pub failed: u64,
    /// Without an answer by the deadline.
    pub expired: u64,
}

impl Counts {
    fn of(cells: u64, counts: CellCounts) -> Self {
        let CellCounts {
            priced,
            icb_pending,
            not_served,
            address_unknown,
            failed,
            expired,
        } = counts;
        Self {
            cells,
            waiting: cells.saturating_sub(counts.total()),
            priced,
            icb_pending,
            not_served,
            address_unknown,
            failed,
            expired,
        }
    }
}

impl Progress {
    fn of(grid: &Grid, providers: &[(ProviderName, ProviderProgress)]) -> Self {
        let counts = providers.iter().map(|(_, progress)| progress.counts);
        let all = counts.fold(CellCounts::default(), |all, counts| all + counts);
        let provider = providers.iter().map(|(provider, progress)| OfProvider {
            provider: provider.to_string(),
            counts: Counts::of(grid.cells_per_provider(), progress.counts),
        });
        Self {
            all: Counts::of(grid.cells(), all),
            provider: provider.collect(),
            type_name: "QuoteProgress",
        }
    }
}

impl Quote {
    fn new(head: &QuoteHead, kept: Document, progress: Option<Progress>) -> Self {
        let QuoteHead {
            id,
            tenant: _,
            state,
            revision: _,
            grid:
                Grid {
                    locations,
                    providers,
                    services,
                    terms,
                },
            firmness,
            deadline,
            repeats: _,
            providers_left: _,
            updated,
        } = head;
        let (ended, valid_until) = match state {
            QuoteState::InProgress | QuoteState::Pending => (None, None),
            QuoteState::Approved { valid_until } => (Some(updated), Some(valid_until)),
            QuoteState::Accepted { at }
            | QuoteState::Rejected { at, by: _ }
            | QuoteState::Cancelled { at } => (Some(at), None),
        };
        Self {
            href: quote_href(id),
            id: id.to_string(),
            kept,
            state: (*state).into(),
            version: VERSION,
            quote_date: Time(id.created()).to_string(),
            requested_quote_completion_date: Time(*deadline).to_string(),
            effective_quote_completion_date: ended.map(|at| Time(*at).to_string()),
            valid_for: valid_until.map(|until| ValidFor {
                end_date_time: Time(*until).to_string(),
            }),
            firmness: (*firmness).into(),
            location_count: *locations,
            provider: providers.iter().map(ToString::to_string).collect(),
            service: services.iter().map(QuotedService::of).collect(),
            term: terms.iter().map(|term| term.months()).collect(),
            progress,
        }
    }
}

/// A quote as a list shows it: without its progress.
#[must_use]
pub fn of_head(head: &QuoteHead) -> Document {
    with_task(&Quote::new(head, Document::new(), None), TYPE)
}

/// A quote with its progress, and with `kept`, what the client sent besides, where it was asked for whole.
///
/// # Errors
/// [`DocumentError`] where what is kept is no document: a defect, not the client's.
pub fn of_progress(
    head: &QuoteHead,
    providers: &[(ProviderName, ProviderProgress)],
    kept: Option<&str>,
) -> Result<Document, DocumentError> {
    let kept = match kept {
        Some(text) => read(text.as_bytes())?,
        None => Document::new(),
    };
    let progress = Progress::of(&head.grid, providers);
    Ok(with_task(&Quote::new(head, kept, Some(progress)), TYPE))
}

const TYPE: &str = "Quote";

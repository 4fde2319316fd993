//! Prices that persons give.

use jiff::{SignedDuration, Timestamp};
use lastmile_model::availability::Confidence;
use lastmile_model::carrier::{Firmness, Price, Term};
use lastmile_model::identity::{ProviderName, TenantId};
use lastmile_model::money::Money;
use lastmile_model::quote::request::slice_of;
use lastmile_model::quote::{Cell, Grid, Line, Priced, QuoteHead, QuoteId, Slice, Source};
use lastmile_store::Item;
use lastmile_store::key::{self, Key, QuoteKey, SlicePart};
use lastmile_store::record::quotes::{SliceOf, StoredCase, read_case, read_slice_item};

use super::commit::{Change, Committed, commit, strong};
use super::limits::{CASES_PAGE_MAX, CASES_SCANNED_MAX, COMMIT_TRIES_MAX, PRICE_HOLDS};
use super::read::{self, SliceAnswers, head_of};
use super::{QuoteError, Quotes};
use crate::availability::StoreFailed;
use crate::listed::{Listed, Wanted, listed};

/// Which cell a person answers, or which line of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseCell {
    /// Which quote.
    pub quote: QuoteId,
    /// Whose price.
    pub provider: ProviderName,
    /// Which location of the quote, from 0.
    pub location: u32,
    /// Which service of the quote, from 0.
    pub service: usize,
    /// For which term.
    pub term: Term,
}

/// What a person says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The price.
    Price {
        /// Each month.
        mrc: Money,
        /// Once; in the same currency.
        nrc: Money,
        /// Whole days from the order to the service.
        install_interval_days: Option<u32>,
        /// Until when it holds; a month from now, if not said.
        valid_until: Option<Timestamp>,
        /// A remark.
        note: Option<String>,
    },
    /// It cannot be delivered.
    NotServed,
}

/// The slices that wait for a person, oldest first; of one provider, or of all.
///
/// # Errors
/// [`StoreFailed`].
pub async fn cases(
    quotes: &Quotes,
    tenant: &TenantId,
    provider: Option<&ProviderName>,
    offset: usize,
    limit: usize,
) -> Result<Listed<StoredCase>, StoreFailed> {
    let wanted = Wanted {
        offset,
        limit: limit.min(CASES_PAGE_MAX),
        scanned_max: CASES_SCANNED_MAX,
    };
    // They are not kept by months: all that are open lie in one partition.
    let open = [key::open_cases(tenant, provider)].into_iter();
    let read = |item: &Item| read_case(item).map(Some);
    Ok(listed(&quotes.availability.context, open, wanted, read).await?)
}

/// An open case with what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenCase {
    /// The case.
    pub case: StoredCase,
    /// The axes of its quote.
    pub grid: Grid,
    /// Its slice.
    pub answers: SliceAnswers,
}

/// Reads what a case is about; `None` where its quote is gone.
///
/// # Errors
/// [`StoreFailed`].
pub async fn case(quotes: &Quotes, case: StoredCase) -> Result<Option<OpenCase>, StoreFailed> {
    let (tenant, id) = (&case.tenant, case.id);
    let context = &quotes.availability.context;
    let Some(head) = head_of(context, QuoteKey { tenant, id }).await? else {
        return Ok(None);
    };
    match read::slice(quotes, tenant, id, case.slice).await {
        Ok(answers) => Ok(Some(OpenCase {
            case,
            grid: head.grid,
            answers,
        })),
        Err(QuoteError::Store(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

/// Writes down what a person said; gives back the quote as it is then.
///
/// # Errors
/// [`QuoteError::NoSuchCase`] where the cell does not wait for a person, or its quote has ended.
pub async fn answer(
    quotes: &Quotes,
    tenant: &TenantId,
    cell: &CaseCell,
    said: &Said,
) -> Result<QuoteHead, QuoteError> {
    let context = &quotes.availability.context;
    let quote = QuoteKey {
        tenant,
        id: cell.quote,
    };
    let head = head_of(context, quote).await?.ok_or(QuoteError::NotFound)?;
    let term = head.grid.terms.iter().position(|asked| *asked == cell.term);
    let term = term.ok_or(QuoteError::NoSuchCase)?;
    let (number, in_slice) = slice_of(cell.location);
    let key = Key::QuoteSlice {
        quote,
        slice: number,
        part: SlicePart::Own(&cell.provider),
    };
    for _ in 0..COMMIT_TRIES_MAX {
        let item = strong(quotes, &key).await?.ok_or(QuoteError::NoSuchCase)?;
        let before = read_slice_item(&item)?;
        let services = head.grid.services.len();
        if cell.service >= services {
            return Err(QuoteError::NoSuchCase);
        }
        let line = in_slice * services + cell.service;
        let said = || cell_of(said, context.clock.now());
        let after = answered(&before, line, term, said).ok_or(QuoteError::NoSuchCase)?;
        let change = Change {
            quote,
            number,
            of: SliceOf::Provider(&cell.provider),
            before: &before,
            after,
        };
        match commit(quotes, &change).await? {
            Committed::Written => {
                let head = head_of(context, quote).await?;
                return head.ok_or(QuoteError::NotFound);
            }
            Committed::Stale => {}
            Committed::Ended => return Err(QuoteError::NoSuchCase),
        }
    }
    Err(QuoteError::Changed)
}

/// The slice with the cell answered; `None` where it does not wait for a person.
fn answered(
    before: &Slice,
    line: usize,
    term: usize,
    cell: impl FnOnce() -> Cell,
) -> Option<Slice> {
    let mut after = before.clone();
    let Line::Answered { cells, at: _ } = after.lines.get_mut(line)? else {
        return None;
    };
    let place = cells.get_mut(term)?;
    match place {
        Cell::IcbPending(_) => *place = cell(),
        Cell::Priced(_)
        | Cell::NotServed(_)
        | Cell::AddressUnknown(_)
        | Cell::Failed(_)
        | Cell::Expired => return None,
    }
    Some(after)
}

fn cell_of(said: &Said, now: Timestamp) -> Cell {
    match said {
        Said::NotServed => Cell::NotServed(None),
        Said::Price {
            mrc,
            nrc,
            install_interval_days,
            valid_until,
            note,
        } => {
            let usual: SignedDuration = PRICE_HOLDS;
            let valid_until = valid_until.or_else(|| now.saturating_add(usual).ok());
            Cell::Priced(Box::new(Priced {
                price: Price {
                    mrc: *mrc,
                    nrc: *nrc,
                    install_interval_days: *install_interval_days,
                    confidence: Confidence::Green,
                    firmness: Firmness::Firm,
                    carrier_quote: None,
                    valid_until,
                },
                source: Source::Person,
                note: note.clone(),
            }))
        }
    }
}

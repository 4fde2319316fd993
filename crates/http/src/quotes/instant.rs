//! Quotes that are wanted at once: whoever asks waits, for a while.

use lastmile_api::tmf648::quote::of_progress;
use lastmile_api::{Document, ErrorCode};
use lastmile_app::Consistency;
use lastmile_app::quotes::read::{self, QuoteProgress};
use lastmile_app::quotes::{QuoteError, Quotes};
use lastmile_model::quote::request::SLICE_LOCATIONS;
use lastmile_model::quote::{QuoteHead, QuoteRequest, QuoteState};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::{locations, refused};
use crate::limits::{INSTANT_AT_ONCE_MAX, INSTANT_CELLS_MAX, INSTANT_PAUSES, INSTANT_WAIT};
use crate::refusal::Refusal;

/// Places for those who wait: they hold a request each, and the others of the process must have some left.
static PLACES: Semaphore = Semaphore::const_new(INSTANT_AT_ONCE_MAX);

/// What is answered while somebody waits is small.
pub(super) fn must_be_small(request: &QuoteRequest) -> Result<(), Refusal> {
    let locations = request.locations.len();
    let per_location = request.providers.len() * request.services.len() * request.terms.len();
    let cells = locations.saturating_mul(per_location);
    if locations <= SLICE_LOCATIONS && cells <= INSTANT_CELLS_MAX {
        return Ok(());
    }
    let message = format!(
        "instantSyncQuote: at most {SLICE_LOCATIONS} locations and {INSTANT_CELLS_MAX} cells are answered at once, and these are {locations} and {cells}; leave it out, and read the quote until its state is no longer inProgress"
    );
    Err(Refusal::with(ErrorCode::TooManyItems, message))
}

/// The quote with its locations as soon as no program has anything more to answer; `None` where that takes too long, or
/// cannot be read: the quote is there all the same, and must not look as if it were not.
pub(super) async fn filled(quotes: &Quotes, head: &QuoteHead) -> Option<Document> {
    let _place = PLACES.try_acquire().ok()?;
    let read = timeout(INSTANT_WAIT, when_settled(quotes, head))
        .await
        .ok()?;
    match read {
        Ok(shown) => Some(shown),
        Err(refusal) => {
            tracing::warn!(
                code = refusal.code().as_str(),
                "a quote that was wanted at once cannot be shown"
            );
            None
        }
    }
}

async fn when_settled(quotes: &Quotes, head: &QuoteHead) -> Result<Document, Refusal> {
    let QuoteProgress { head, providers } = settled(quotes, head).await?;
    let shown = of_progress(&head, &providers, None);
    let mut shown = shown.map_err(|error| Refusal::damaged(&error))?;
    let all = 0..SLICE_LOCATIONS;
    // Nobody reads it again, so it is read as it is.
    let strong = Consistency::Strong;
    let locations =
        locations::read_some(quotes, &head.tenant, head.id, &head.grid, all, strong).await?;
    shown.insert("location".to_owned(), locations.into());
    Ok(shown)
}

/// The quote once it is no longer in progress.
async fn settled(quotes: &Quotes, head: &QuoteHead) -> Result<QuoteProgress, Refusal> {
    let (mut pause, longest) = INSTANT_PAUSES;
    loop {
        match read::progress(quotes, &head.tenant, head.id).await {
            Ok(read) if read.value.head.state != QuoteState::InProgress => return Ok(read.value),
            // A copy of the table may not know it yet.
            Ok(_) | Err(QuoteError::NotFound) => {}
            Err(error) => return Err(refused::quote(&error)),
        }
        sleep(pause).await;
        pause = longest.min(pause * 2);
    }
}

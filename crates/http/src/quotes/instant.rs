//! Quotes that are wanted at once: whoever asks waits, for a while.

use lastmile_api::tmf648::quote::of_progress;
use lastmile_api::tmf648::request::AskedQuote;
use lastmile_api::{Document, ErrorCode};
use lastmile_app::quotes::Quotes;
use lastmile_app::quotes::read::{self, QuoteProgress};
use lastmile_model::quote::request::SLICE_LOCATIONS;
use lastmile_model::quote::{QuoteHead, QuoteState};
use tokio::time::{sleep, timeout};

use super::{locations, refused};
use crate::limits::{INSTANT_PAUSES, INSTANT_WAIT};
use crate::refusal::Refusal;

/// What is answered while somebody waits is small.
pub(super) fn must_be_small(asked: &AskedQuote) -> Result<(), Refusal> {
    if !asked.is_instant || asked.locations.len() <= SLICE_LOCATIONS {
        return Ok(());
    }
    let message = format!(
        "instantSyncQuote: at most {SLICE_LOCATIONS} locations are answered at once; leave it out, and read the quote until its state is no longer inProgress"
    );
    Err(Refusal::with(ErrorCode::TooManyItems, message))
}

/// The quote with its locations as soon as no program has anything more to answer; `None` where that takes too long.
pub(super) async fn filled(quotes: &Quotes, head: &QuoteHead) -> Result<Option<Document>, Refusal> {
    let Ok(settled) = timeout(INSTANT_WAIT, settled(quotes, head)).await else {
        return Ok(None);
    };
    let QuoteProgress { head, providers } = settled?;
    let shown = of_progress(&head, &providers, None);
    let mut shown = shown.map_err(|error| Refusal::damaged(&error))?;
    let all = 0..SLICE_LOCATIONS;
    let locations = locations::read_some(quotes, &head.tenant, head.id, &head.grid, all).await?;
    shown.insert("location".to_owned(), locations.into());
    Ok(Some(shown))
}

/// The quote once it is no longer in progress.
async fn settled(quotes: &Quotes, head: &QuoteHead) -> Result<QuoteProgress, Refusal> {
    let (mut pause, longest) = INSTANT_PAUSES;
    loop {
        let read = read::progress(quotes, &head.tenant, head.id).await;
        let progress = read.map_err(|error| refused::quote(&error))?.value;
        if progress.head.state != QuoteState::InProgress {
            return Ok(progress);
        }
        sleep(pause).await;
        pause = longest.min(pause * 2);
    }
}

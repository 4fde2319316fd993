//! What to take of a quote's offers.

use futures_util::{StreamExt, TryStreamExt, stream};
use lastmile_model::carrier::Term;
use lastmile_model::identity::TenantId;
use lastmile_model::quote::recommendation::Offer;
use lastmile_model::quote::{Grid, QuoteId, Recommendation, Slice, Source, recommend as compare};

use super::limits::SLICES_AT_ONCE;
use super::read::{self, SliceAnswers};
use super::{QuoteError, Quotes};

/// A recommendation could not be given.
#[derive(Debug, thiserror::Error)]
pub enum RecommendError {
    /// The quote was not asked for this term.
    #[error("the quote does not ask for {} months", .term.months())]
    NotAsked {
        /// Which one.
        term: Term,
    },
    /// The quote could not be read.
    #[error(transparent)]
    Quote(#[from] QuoteError),
}

/// Compares everything that was offered for a term so far; `None` where nothing was. Every slice is read, some
/// at once.
///
/// # Errors
/// [`RecommendError`].
pub async fn recommend(
    quotes: &Quotes,
    tenant: &TenantId,
    id: QuoteId,
    term: Term,
) -> Result<Option<Recommendation>, RecommendError> {
    let grid = read::grid(quotes, tenant, id).await?;
    let position = grid.terms.iter().position(|asked| *asked == term);
    let position = position.ok_or(RecommendError::NotAsked { term })?;
    let slices = (0..grid.slices()).map(|number| read::slice(quotes, tenant, id, number));
    let offers = stream::iter(slices)
        .buffered(SLICES_AT_ONCE)
        .try_fold(Vec::new(), async |mut offers, answers| {
            offers.extend(offers_of(&grid, &answers, position));
            Ok(offers)
        })
        .await?;
    Ok(compare(term, offers))
}

fn offers_of<'a>(
    grid: &'a Grid,
    answers: &'a SliceAnswers,
    term: usize,
) -> impl Iterator<Item = Offer> + 'a {
    let locations = (answers.first_location()..).zip(0..answers.places.len());
    locations.flat_map(move |(location, in_slice)| {
        let providers = answers.providers.iter();
        providers.flat_map(move |(provider, slice): &(_, Slice)| {
            let lines = slice.of_location(in_slice).iter().zip(&grid.services);
            lines
                .enumerate()
                .filter_map(move |(service, (line, asked))| {
                    let priced = line.cells().get(term)?.priced()?;
                    Some(Offer {
                        location,
                        service,
                        down: asked.down,
                        provider: provider.clone(),
                        supplier: match &priced.source {
                            Source::Supplier(supplier) => Some(supplier.clone()),
                            Source::Carrier | Source::RateCard | Source::Person => None,
                        },
                        mrc: priced.price.mrc,
                        nrc: priced.price.nrc,
                    })
                })
        })
    })
}

//! Quotes: a grid of locations, providers, services and terms, filled in by a pipeline.
//!
//! - [`create()`] takes a quote in: header, counts and the first errand are one transaction.
//! - [`QuoteDesk`] does what messages ask for: it asks one carrier about one slice (`ask`), or does an errand
//!   (`errands`). What was answered, what it changes in the counts, and what is to be done next are one
//!   conditional transaction (`commit`), so that it does not matter how often a message comes.
//! - [`providers_file`] keeps who is asked, and how, for all who share a table.
//! - [`coverage`] answers for a provider from its list of buildings and its rate card.
//! - [`read`] shows how far a quote is and what is in it; [`mod@recommend`] compares its offers; [`person`] takes
//!   the prices that persons give; [`moves`] accepts, rejects and cancels; [`notice`] is told by carriers that
//!   there may be an answer.

mod ask;
mod commit;
pub mod coverage;
mod create;
mod desk;
mod errands;
pub mod limits;
pub mod moves;
pub mod notice;
mod panel;
pub mod person;
pub mod providers_file;
mod rates;
pub mod read;
pub mod recommend;

pub use create::create;
pub use desk::{Asked, DeskError, QuoteDesk};
pub use panel::Panel;

use std::sync::Arc;

use std::collections::BTreeSet;

use lastmile_model::identity::ProviderName;
use lastmile_model::quote::{MoveRefused, RequestRefused};
use lastmile_store::StoreError;
use thiserror::Error;

use crate::availability::{Availability, StoreFailed};

/// What the quote service needs: the doors and lists of availability, and who is asked in which way. Cheap to
/// clone.
#[derive(Clone)]
pub struct Quotes {
    /// The doors, and the lists from which some providers are answered.
    pub availability: Availability,
    /// Who is asked in which way.
    pub panel: Arc<Panel>,
}

impl Quotes {
    /// Everybody who may serve a place: who has a list of buildings, and who is set up.
    ///
    /// # Errors
    /// [`StoreFailed`] where the lists could not be read.
    pub async fn providers(&self) -> Result<BTreeSet<ProviderName>, StoreFailed> {
        let mut providers = self.availability.lists().await?.providers();
        providers.extend(self.panel.names().cloned());
        Ok(providers)
    }
}

/// A quote could not be taken in.
#[derive(Debug, Error)]
pub enum CreateError {
    /// It is not a grid that can be filled.
    #[error(transparent)]
    Refused(#[from] RequestRefused),
    /// The request's text is too long to be kept.
    #[error("the request has {given} bytes where at most {allowed} can be kept: split it")]
    TooLarge {
        /// Bytes of the text.
        given: usize,
        /// How many there may be.
        allowed: usize,
    },
    /// Nobody could answer for this provider.
    #[error(
        "there is no provider {0}: it has no list of buildings, and no providers file names it; names are told apart by case"
    )]
    UnknownProvider(ProviderName),
    /// The key of the request was used for another one.
    #[error("the key was used before for another request: give each request its own")]
    KeyReused,
    /// The store failed; whether the quote was taken in is not known.
    #[error(transparent)]
    Store(#[from] StoreFailed),
}

/// A quote could not be read or changed.
#[derive(Debug, Error)]
pub enum QuoteError {
    /// The tenant has no such quote (any more).
    #[error("there is no such quote")]
    NotFound,
    /// The quote has no such location, provider, service or term, or none that waits for a person.
    #[error("the quote has no such cell that waits for a person")]
    NoSuchCase,
    /// The move is not allowed.
    #[error(transparent)]
    Refused(#[from] MoveRefused),
    /// It was changed again and again in the meantime.
    #[error("the quote was changed in the meantime: read it again")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFailed),
}

impl From<StoreError> for CreateError {
    fn from(error: StoreError) -> Self {
        Self::Store(StoreFailed::from(error))
    }
}

impl From<StoreError> for QuoteError {
    fn from(error: StoreError) -> Self {
        Self::Store(StoreFailed::from(error))
    }
}

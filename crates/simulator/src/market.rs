//! All sellers of one simulation, each under its base path.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::Timestamp;
use std::time::Duration;

use crate::behaviour::{Behaviour, Figures};
use crate::seller::{Answered, Callback, Seller};

/// Most sellers of a market.
pub const SELLERS_MAX: u32 = 1_000;

/// Sellers, numbered from 1.
pub struct Market {
    sellers: Vec<Seller>,
}

impl Market {
    /// So many sellers, at most [`SELLERS_MAX`]; the same seed gives the same ones.
    #[must_use]
    pub fn new(sellers: u32, seed: u64, figures: Figures, client_secret: &str) -> Self {
        let numbers = 1..=sellers.min(SELLERS_MAX);
        Self {
            sellers: numbers
                .map(|number| Seller::new(number, seed, figures, client_secret))
                .collect(),
        }
    }

    /// The sellers.
    #[must_use]
    pub fn sellers(&self) -> &[Seller] {
        &self.sellers
    }

    /// One seller by its number.
    #[must_use]
    pub fn seller(&self, number: u32) -> Option<&Seller> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        self.sellers.get(index)
    }

    /// Tells a seller how to behave; `false` where there is none of that number.
    pub fn behave(&self, number: u32, behaviour: Behaviour) -> bool {
        self.seller(number)
            .map(|seller| seller.behave(behaviour))
            .is_some()
    }

    /// Answers a request to `/p{number}/…`. The host of its URL does not matter.
    #[must_use]
    pub fn answer(&self, request: &Request<Bytes>, now: Timestamp) -> Answered {
        let path = request.uri().path();
        let split = path
            .strip_prefix("/p")
            .and_then(|rest| rest.split_once('/'))
            .and_then(|(number, rest)| Some((self.seller(number.parse().ok()?)?, rest)));
        match split {
            Some((seller, rest)) => seller.answer(rest, request, now),
            None => {
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = StatusCode::NOT_FOUND;
                Answered {
                    response,
                    takes: Duration::ZERO,
                }
            }
        }
    }

    /// Everything that sellers call back about up to `now`, each once.
    pub fn callbacks_until(&self, now: Timestamp) -> Vec<Callback> {
        self.sellers
            .iter()
            .flat_map(|seller| seller.callbacks_until(now))
            .collect()
    }

    /// When the next seller has something to call back about.
    #[must_use]
    pub fn next_callback_at(&self) -> Option<Timestamp> {
        self.sellers
            .iter()
            .filter_map(Seller::next_callback_at)
            .min()
    }
}

//! What the router is made of.

use std::sync::Arc;

use lastmile_app::availability::Availability;
use lastmile_app::imports::ImportDesk;
use lastmile_app::quotes::Quotes;

use crate::Gate;

/// The services behind the routes. Each route sees only what it uses.
#[derive(Clone)]
pub struct Services {
    /// Lookups, queries, checks, addresses.
    pub availability: Availability,
    /// Lists on their way in.
    pub imports: Arc<dyn ImportDesk>,
    /// Prices for many places from many providers.
    pub quotes: Quotes,
    /// Who finds out who asks.
    pub gate: Gate,
}

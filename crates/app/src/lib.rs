//! One file per thing the business does: decides, writes once, returns a typed outcome.
//!
//! No HTTP, no SDK, no status codes. Time, randomness and the store come in by [`Context`].

pub mod address;
pub mod availability;
pub mod context;
pub mod documents;
pub mod idempotency;
pub mod imports;
pub mod listed;
pub mod quotes;
pub mod work;
mod write;

/// Target of the spans that traces are made of, wherever they are begun. They are below every level that is
/// logged, so that they cost nothing where nobody collects them. No address is ever in one.
pub const SPANS: &str = "lastmile::span";

pub use context::{Context, Random};
pub use lastmile_store::{Capacity, Clock, Consistency, Metered};

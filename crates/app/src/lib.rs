//! One file per thing the business does: decides, writes once, returns a typed outcome.
//!
//! No HTTP, no SDK, no status codes. Time, randomness and the store come in by [`Context`].

pub mod address;
pub mod availability;
pub mod context;
pub mod documents;
pub mod idempotency;
pub mod imports;
pub mod quotes;
pub mod work;

pub use context::{Context, Random};
pub use lastmile_store::{Capacity, Clock, Metered};

//! What is true of an address, a claim or a list, whoever asks and wherever it is kept.
//!
//! Pure functions, structs and enums: no async, no SDK, no storage codec, no clock, no randomness. Of time
//! and chance there are only the shapes of their doors ([`door`]).

pub mod address;
pub mod availability;
pub mod carrier;
pub mod claim;
pub mod document;
pub mod door;
pub mod geography;
pub mod idempotency;
pub mod identity;
pub mod listing;
pub mod money;
pub mod quote;
pub mod rate_card;
mod spell;
mod text;
pub mod timed_id;

pub use spell::Spell;
pub use text::Text;

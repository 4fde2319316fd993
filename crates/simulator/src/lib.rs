//! Carriers that answer like real ones: stateful sellers of MEF LSO Sonata.
//!
//! A [`Market`] has a number of [`Seller`]s, each under a base path of its own (`/p1`, `/p2`, …). They check
//! what they are sent against the documents, keep it, move its states over time, call back, and answer
//! with the mix that was measured of real providers. What becomes of a building follows from the seed, the
//! seller and the building alone.
//!
//! The library never waits and never looks at a clock: the time is an argument, and an answer says how long
//! it would take ([`Answered::takes`]). [`server`] waits, for programs that talk over a socket.

pub mod behaviour;
pub mod chance;
pub mod destiny;
pub mod market;
pub mod seller;
pub mod server;
mod tariff;

pub use behaviour::{Behaviour, Figures};
pub use destiny::{Destiny, Mix};
pub use market::Market;
pub use seller::{Answered, Callback, Seller};

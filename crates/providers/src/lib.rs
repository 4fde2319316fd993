//! The only room that talks to carriers.
//!
//! [`Carrier`] is what every carrier can do.

pub mod carrier;

pub use carrier::{Batch, Carrier};

//! Kills a process in the middle of its work, again and again: what was acknowledged is there afterwards,
//! and nothing is half there.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that fails"
)]

mod queue;
mod store;

//! Documents through the calls that the surface makes: against a plain map, side by side, and over a store
//! that fails.

#![expect(
    clippy::panic,
    reason = "a test fails by panicking, in the functions around it, too"
)]

mod at_once;
mod failures;
mod lists;
mod plain;
mod world;

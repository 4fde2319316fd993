//! DynamoDB keeps the store's contract, and answers as the other backends do.
//!
//! Real DynamoDB is not to be had in a test. Two emulators stand for it, of which neither knows the other:
//! `dynoxide`, which runs in the test's own process, and a server that `LASTMILE_EMULATOR` names.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that fails"
)]

mod connector;
mod contract;
mod emulator;
mod model;
mod outside;
mod retries;
mod shards;

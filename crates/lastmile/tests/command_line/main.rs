//! The command line through the real binary: what it prints, and how it ends.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up fails, and says where"
)]

mod address;
mod call_back;
mod carriers;
mod check;
mod cost;
mod documentation;
mod import;
mod keys;
mod program;
mod queues;
mod quotes;
mod rates;
mod server;

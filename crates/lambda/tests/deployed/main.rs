//! The stack as it was deployed, asked: `cargo xtask e2e` deploys it to an emulator of AWS and runs these.
//! Without it they are skipped, and say so.
//!
//! All of them ask the same stack, and each begins by emptying it: they run one at a time.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, in the functions around it, too, and says what it leaves out"
)]

mod binary;
mod carriers;
mod deferred;
mod front_door;
mod gate;
mod lists;
mod patience;
mod poison;
mod sameness;
mod stack;
mod world;

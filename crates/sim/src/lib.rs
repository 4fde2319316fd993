//! Quotes from end to end under one seed.
//!
//! The product's own workers, relay, guards and quotes run on one thread and in virtual time, between five doors: the
//! clock, chance, the store, the queue and the carriers. Behind the doors things go wrong as the seed says: messages
//! come twice, late, out of order and again while they are in work; calls fail before or after they happened; carriers
//! are slow, away, busy, or answer after the deadline; processes are killed at any call and started again.
//!
//! 1. [`plan`] is what a seed stands for.
//! 2. [`store`], [`queue`] and [`carrier`] are the doors; each call goes through a [`gate`].
//! 3. [`process`] is who works, [`user`] who asks.
//! 4. [`referee`] watches every transaction, every question to a carrier, and everything that is read.
//! 5. [`mod@run`] is one run; [`sabotage`] breaks something on purpose, so that it is seen that the referee notices.
//!
//! The same seed gives the same trace ([`trace`]), and that is checked first.

pub mod carrier;
pub mod dice;
pub mod gate;
pub mod happening;
pub mod letters;
pub mod limits;
pub mod lists;
pub mod plan;
pub mod process;
pub mod queue;
pub mod referee;
pub mod run;
pub mod sabotage;
pub mod store;
pub mod time;
pub mod trace;
pub mod truth;
pub mod user;
pub mod world;

pub use happening::{Happening, Happenings};
pub use referee::{Broken, Invariant};
pub use run::{Options, Report, RunError, run, run_twice};
pub use sabotage::Sabotage;

//! Those who watch: what is written, what carriers are asked, and what whoever asked sees.
//!
//! [`Book`] follows every transaction as it is committed, so that a rule that is broken for a moment only is seen as
//! well; [`Questions`] is what carriers remember of what they were asked.

mod book;
mod broken;
mod cells;
mod ending;
mod questions;

pub use book::{Book, QuoteBook, Seen};
pub use broken::{Broken, Invariant};
pub use questions::{Asking, Heard, QuestionOf, Questions};

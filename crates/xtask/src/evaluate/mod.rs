//! `cargo xtask evaluate NAME`: what the product makes of real data that others have labelled.
//!
//! The data lies beside the repository (see `lastmile_testkit::reference_data`); without it an
//! evaluation says so and measures nothing.

use clap::Subcommand;

use crate::failure::Failure;

mod answered;
mod comparable;
mod corrections;
mod directory;
mod generated;
mod labelled;
mod offers;
mod spelling;

/// Which evaluation.
#[derive(Subcommand)]
pub(crate) enum Evaluation {
    /// Labelled address strings: how many are read right, and every part's precision and recall.
    Labelled(labelled::Options),
    /// Real streets written in many ways: how many of each way are read right.
    Generated(generated::Options),
    /// Offers by address: which rows of different providers meet in one building.
    Offers(offers::Options),
    /// Asked and answered addresses: how many meet, and why the others do not.
    Answered(answered::Options),
    /// Real buildings asked with one thing wrong: what is corrected, refused, or taken for another.
    Corrections(corrections::Options),
}

/// Runs one evaluation and prints its table.
pub(crate) fn run(evaluation: &Evaluation) -> Result<(), Failure> {
    match evaluation {
        Evaluation::Labelled(options) => labelled::run(options),
        Evaluation::Generated(options) => generated::run(options),
        Evaluation::Offers(options) => offers::run(options),
        Evaluation::Answered(options) => answered::run(options),
        Evaluation::Corrections(options) => corrections::run(options),
    }
}

//! `cargo xtask evaluate NAME`: what the product makes of real data that others have labelled.
//!
//! The data lies beside the repository (see `lastmile_testkit::reference_data`). Without it an evaluation
//! measures nothing, which is a failure unless `--if-present` says that the data may be missing.

use clap::{Args, Subcommand};

use crate::failure::Failure;

mod answered;
mod comparable;
mod corrections;
mod directory;
mod generated;
mod labelled;
mod offers;
mod spelling;

/// What is evaluated, and what missing data means.
#[derive(Args)]
pub(crate) struct Options {
    /// Passes where the reference data is not there.
    #[arg(long, global = true)]
    if_present: bool,
    #[command(subcommand)]
    evaluation: Option<Evaluation>,
}

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

impl Evaluation {
    /// Every evaluation of the product with its own options, in the order of the list above.
    fn all() -> [Self; 5] {
        [
            Self::Labelled(labelled::Options::default()),
            Self::Generated(generated::Options::default()),
            Self::Offers(offers::Options::default()),
            Self::Answered(answered::Options::default()),
            Self::Corrections(corrections::Options::default()),
        ]
    }

    fn run(&self) -> Result<(), Failure> {
        match self {
            Self::Labelled(options) => labelled::run(options),
            Self::Generated(options) => generated::run(options),
            Self::Offers(options) => offers::run(options),
            Self::Answered(options) => answered::run(options),
            Self::Corrections(options) => corrections::run(options),
        }
    }
}

/// Runs one evaluation, or all of them where none is named, and prints their tables.
///
/// Of several, each is run, and the first failure is given back.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let all;
    let wanted = match &options.evaluation {
        Some(evaluation) => std::slice::from_ref(evaluation),
        None => {
            all = Evaluation::all();
            &all[..]
        }
    };
    let mut failure = None;
    for evaluation in wanted {
        match evaluation.run() {
            Err(missing @ Failure::NoReferenceData { .. }) if options.if_present => {
                println!("{missing}");
            }
            Err(other) => {
                failure.get_or_insert(other);
            }
            Ok(()) => {}
        }
    }
    failure.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Arguments {
        #[command(flatten)]
        options: Options,
    }

    fn options(arguments: &[&str]) -> Options {
        Arguments::try_parse_from([&["evaluate"], arguments].concat())
            .expect("the arguments are known")
            .options
    }

    #[test]
    fn missing_data_is_named_and_may_be_allowed_on_either_side_of_the_name() {
        let missing = Failure::NoReferenceData {
            evaluation: "labelled",
        };
        assert!(missing.to_string().contains("LASTMILE_REFERENCE_DATA"));
        assert!(!options(&["labelled"]).if_present);
        assert!(options(&["labelled", "--if-present"]).if_present);
        assert!(options(&["--if-present", "offers"]).if_present);
    }

    #[test]
    fn without_a_name_every_evaluation_is_meant() {
        assert!(options(&[]).evaluation.is_none());
        assert_eq!(Evaluation::all().len(), 5);
    }

    #[test]
    fn a_file_that_is_not_there_is_a_failure_even_if_the_data_may_be_missing() {
        let file = PathBuf::from("no/such/file.csv");
        let asked = options(&["offers", "--if-present", file.to_str().expect("plain text")]);
        assert!(matches!(run(&asked), Err(Failure::File { path, .. }) if path == file));
    }
}

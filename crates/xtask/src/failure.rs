//! Why a task of the repository did not pass.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A task did not pass.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// A program that the task runs said no.
    #[error("`{command}` failed ({status})")]
    Command {
        /// As one would type it.
        command: String,
        /// How it ended.
        status: String,
    },
    /// A program could not be started.
    #[error("cannot start `{command}`: {reason}")]
    Start {
        /// As one would type it.
        command: String,
        /// What the system said.
        reason: io::Error,
    },
    /// A file of the repository could not be read or written.
    #[error("{}: {reason}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// A file that should be YAML is not.
    #[error("{path} is no YAML: {reason}")]
    Yaml {
        /// Which, from the root.
        path: String,
        /// Where and why.
        reason: yaml_serde::Error,
    },
    /// A file that should be JSON is not.
    #[error("{path} is no JSON: {reason}")]
    Json {
        /// Which, from the root.
        path: String,
        /// Where and why.
        reason: serde_json::Error,
    },
    /// A zip could not be written.
    #[error("cannot write {}: {reason}", path.display())]
    Zip {
        /// Which.
        path: PathBuf,
        /// What the writer said.
        reason: zip::result::ZipError,
    },
    /// A check found something; each finding was printed where it was found.
    #[error("{check}: {count} to put right")]
    Findings {
        /// Which check.
        check: &'static str,
        /// How many findings.
        count: usize,
    },
    /// An evaluation found nothing to measure.
    #[error(
        "evaluate {evaluation}: no reference data; set {} to its directory",
        lastmile_testkit::reference_data::DIRECTORY_VARIABLE
    )]
    NoReferenceData {
        /// Which evaluation.
        evaluation: &'static str,
    },
    /// `cargo metadata` gave nothing usable.
    #[error("cargo metadata: {0}")]
    Metadata(#[from] cargo_metadata::Error),
}

/// Prints findings and turns them into one result.
pub(crate) fn report(check: &'static str, findings: &[String]) -> Result<(), Failure> {
    for finding in findings {
        eprintln!("{check}: {finding}");
    }
    if findings.is_empty() {
        println!("{check}: ok");
        return Ok(());
    }
    Err(Failure::Findings {
        check,
        count: findings.len(),
    })
}

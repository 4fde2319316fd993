//! What others check: the shape of every property, the transform, and the usual ways to be insecure.

use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::{python, tree};

/// Which tools, in which versions.
pub(crate) const REQUIREMENTS: &str = "infra/requirements.txt";
/// Where the checks are evaluated; none of them asks AWS anything.
const REGION: &str = "us-east-1";
/// Each with its arguments.
const TOOLS: [(&str, &[&str]); 3] = [
    ("cfn-lint", &["infra/template.yaml", "infra/account.yaml"]),
    (
        "sam",
        &[
            "validate",
            "--lint",
            "--region",
            REGION,
            "--template",
            "infra/template.yaml",
        ],
    ),
    ("checkov", &["--config-file", "infra/checkov.yaml"]),
];

/// Runs each, and stops at the first that finds something.
pub(crate) fn run() -> Result<(), Failure> {
    let Some(programs) = python::tools(REQUIREMENTS)? else {
        for (tool, arguments) in TOOLS {
            println!("skipped: `{}`", typed(tool, arguments));
        }
        return Ok(());
    };
    for (tool, arguments) in TOOLS {
        run_one(&programs, tool, arguments)?;
    }
    Ok(())
}

fn run_one(programs: &Path, tool: &str, arguments: &[&str]) -> Result<(), Failure> {
    let command = typed(tool, arguments);
    println!("\n$ {command}");
    let status = Command::new(programs.join(tool))
        .args(arguments)
        .current_dir(tree::root())
        .envs([("AWS_DEFAULT_REGION", REGION), ("SAM_CLI_TELEMETRY", "0")])
        .status()
        .map_err(|reason| Failure::Start {
            command: command.clone(),
            reason,
        })?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Command {
        command,
        status: status.to_string(),
    })
}

fn typed(tool: &str, arguments: &[&str]) -> String {
    format!("{tool} {}", arguments.join(" "))
}

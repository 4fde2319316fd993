//! `cargo xtask e2e`: the real template with the real functions, deployed to a local emulator of AWS as
//! [deploy.md](../../../docs/deploy.md) deploys it, and asked.
//!
//! What is asked stands in `crates/lambda/tests/deployed`. Where Python or its packages are not to be had,
//! this says what it leaves out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use clap::Args;

use crate::emulator::{self, Emulator};
use crate::failure::Failure;
use crate::infra::{self, tools};
use crate::package::{self, Build};
use crate::{python, steps, tree};

/// Name of the stack.
const STACK: &str = "lastmile-e2e";
/// Where the emulator pretends to be.
const REGION: &str = "us-east-1";
/// What differs from the template's defaults. The plan "standard" is small, so that a test comes to its
/// end; the plan "bulk" and the methods are not in the way.
const PARAMETERS: [&str; 10] = [
    "Emulator=true",
    "RequestsPerSecond=10000",
    "RequestsBurst=10000",
    "PublicRequestsPerSecond=10000",
    "StandardPerSecond=1",
    "StandardBurst=4",
    "StandardPerDay=12",
    "BulkPerSecond=10000",
    "BulkBurst=10000",
    "BulkPerDay=1000000",
];
/// What the functions were built for: this machine, as the template names it.
const ARCHITECTURE: &str = if cfg!(target_arch = "aarch64") {
    "Architecture=arm64"
} else {
    "Architecture=x86_64"
};
/// The tests that ask a stack. They share it, so there is one at a time; what they say is progress.
const TESTS: [&str; 4] = ["test", "--workspace", "--test", "deployed"];
const ONE_AT_A_TIME: [&str; 3] = ["--", "--test-threads=1", "--nocapture"];
/// Where the outputs of the stack are written for the tests, from the root.
const OUTPUTS: &str = "target/e2e/outputs.json";
/// Tells the tests where they are.
const OUTPUTS_VARIABLE: &str = "LASTMILE_STACK_OUTPUTS";
/// Tells the tests where the one binary is, whose answers are the measure.
const BINARY_VARIABLE: &str = "LASTMILE_BINARY";

/// How the functions are built that are deployed.
#[derive(Args)]
pub(crate) struct Options {
    /// Deploys the functions as the tests have built them, which takes minutes less.
    #[arg(long)]
    debug: bool,
}

/// Runs the command.
pub(crate) fn command(options: &Options) -> Result<(), Failure> {
    let Options { debug } = options;
    run(if *debug {
        Build::Tests
    } else {
        Build::Functions
    })
}

/// Builds, starts, deploys, asks, and ends what it started.
pub(crate) fn run(build: Build) -> Result<(), Failure> {
    let Some(programs) = Programs::find()? else {
        println!("skipped: the whole stack on an emulator of AWS, asked through its API gateway");
        return Ok(());
    };
    step("build the functions", || package::run(build))?;
    step("build the one binary and the tests", || {
        steps::build_as_for_tests()
    })?;
    let emulator = step("start an emulator of AWS", || {
        Emulator::start(&programs.emulator)
    })?;
    println!("it says what it does in {}", emulator.log.display());
    step("deploy the stack", || programs.deploy(&emulator))?;
    step("ask it", || ask(&emulator))
}

fn ask(emulator: &Emulator) -> Result<(), Failure> {
    let binary = steps::built("debug", "lastmile")?;
    let outputs = tree::root().join(OUTPUTS);
    steps::cargo_with(
        &[&TESTS[..], &ONE_AT_A_TIME].concat(),
        &[
            (emulator::EMULATOR, &emulator.endpoint),
            (OUTPUTS_VARIABLE, &outputs.to_string_lossy()),
            (BINARY_VARIABLE, &binary.to_string_lossy()),
        ],
    )
}

/// Does one part, and says how long it took.
#[expect(
    clippy::disallowed_methods,
    reason = "how long a part takes is shown to whoever waits for it"
)]
fn step<T>(name: &str, part: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    println!("\ne2e: {name} ...");
    let began = Instant::now();
    let done = part()?;
    println!("e2e: {name}: {:.1} s", began.elapsed().as_secs_f64());
    Ok(done)
}

/// Folders of the programs that are not ours.
struct Programs {
    emulator: PathBuf,
    tools: PathBuf,
}

impl Programs {
    /// Installs them where they are not yet; nothing where they cannot be.
    fn find() -> Result<Option<Self>, Failure> {
        let Some(emulator) = python::tools(emulator::REQUIREMENTS)? else {
            return Ok(None);
        };
        let tools = python::tools(tools::REQUIREMENTS)?;
        Ok(tools.map(|tools| Self { emulator, tools }))
    }

    /// Deploys the stack as anybody does, and writes its outputs.
    fn deploy(&self, emulator: &Emulator) -> Result<(), Failure> {
        let mut deploy = self.sam(emulator);
        deploy
            .args(["deploy", "--template", infra::TEMPLATE])
            .args(["--stack-name", STACK, "--resolve-s3", "--no-progressbar"])
            .args(["--capabilities", "CAPABILITY_IAM", "--region", REGION])
            .arg("--parameter-overrides")
            .args(PARAMETERS)
            .arg(ARCHITECTURE);
        let typed = typed(&deploy);
        println!("$ {typed}");
        let output = finished(&mut deploy, &typed)?;
        let lines = output.lines().filter(|line| line.starts_with("Success"));
        lines.for_each(|line| println!("{line}"));
        let mut list = self.sam(emulator);
        list.args(["list", "stack-outputs", "--stack-name", STACK])
            .args(["--output", "json", "--region", REGION]);
        let typed = self::typed(&list);
        let outputs = finished(&mut list, &typed)?;
        write(&tree::root().join(OUTPUTS), &outputs)
    }

    /// `sam`, which reaches the emulator and nothing else: it has no credentials that an account would
    /// take, and looks for none.
    fn sam(&self, emulator: &Emulator) -> Command {
        let mut sam = Command::new(self.tools.join("sam"));
        sam.current_dir(tree::root())
            .env("AWS_ENDPOINT_URL", &emulator.endpoint)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .env_remove("AWS_PROFILE")
            .env_remove("AWS_SESSION_TOKEN")
            .env("SAM_CLI_TELEMETRY", "0")
            .stdin(Stdio::null());
        sam
    }
}

/// Runs a program to its end and gives what it wrote; where it fails, all of that is shown.
fn finished(command: &mut Command, typed: &str) -> Result<String, Failure> {
    let output = command.output().map_err(|reason| Failure::Start {
        command: typed.to_owned(),
        reason,
    })?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    println!("{said}\n{}", String::from_utf8_lossy(&output.stderr));
    Err(Failure::Command {
        command: typed.to_owned(),
        status: output.status.to_string(),
    })
}

fn typed(command: &Command) -> String {
    let words = command.get_args().map(|word| word.to_string_lossy());
    format!("sam {}", words.collect::<Vec<_>>().join(" "))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |reason| Failure::File {
        path: path.to_path_buf(),
        reason,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}

#[cfg(test)]
mod tests {
    use crate::infra::template::Template;

    use super::*;

    #[test]
    fn every_parameter_is_one_of_the_template() {
        let template = Template::read(infra::TEMPLATE).expect("it is YAML");
        for parameter in PARAMETERS.iter().chain([&ARCHITECTURE]) {
            let (name, _) = parameter.split_once('=').expect("a value");
            // `sam` passes over those that it does not know.
            assert!(template.has_parameter(name), "{name}");
        }
    }
}

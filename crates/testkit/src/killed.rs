//! A process that is killed: the test's own binary, started for one of its ignored tests. It says on standard output
//! what was acknowledged.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use crate::chance::mixed;

/// Tells the killed process where its store is.
const DIRECTORY_VARIABLE: &str = "LASTMILE_CRASH_DIRECTORY";
/// Tells it what to name its writes by.
const ROUND_VARIABLE: &str = "LASTMILE_CRASH_ROUND";
/// Kills that the environment may ask for.
const ROUNDS_VARIABLE: &str = "LASTMILE_CRASH_ROUNDS";
/// The longest that a process lives which writes all the time. It needs a part of that to start.
pub const LIFE_MAX: Duration = Duration::from_millis(90);
/// Begins what it says of a write.
const ACKNOWLEDGED: &str = "ACK ";
const SEED: u64 = 20_260_303;
/// Held while a process starts. A test that failed under it says so itself.
static STARTING: Mutex<()> = Mutex::new(());

/// How often to kill.
#[must_use]
pub fn rounds(otherwise: u64) -> u64 {
    let rounds = std::env::var(ROUNDS_VARIABLE)
        .ok()
        .and_then(|text| text.parse().ok());
    rounds.unwrap_or(otherwise)
}

/// Starts the process, kills it within `life_max`, and gives back the names of the writes it saw acknowledged. In
/// even rounds its life begins with its start, so that it may be killed while it opens the store; in odd ones with its
/// first acknowledged write, so that some are written however slow the machine is.
///
/// # Panics
/// Where the process cannot be started, or ends by itself.
#[must_use]
pub fn run(test: &str, directory: &Path, round: u64, life_max: Duration) -> Vec<String> {
    let itself = std::env::current_exe().expect("a test knows its own binary");
    let starting = STARTING.lock();
    let mut child: Child = Command::new(itself)
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(DIRECTORY_VARIABLE, directory)
        .env(ROUND_VARIABLE, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the process starts");
    drop(starting);
    let mut output = BufReader::new(child.stdout.take().expect("its output is piped"));
    let mut said = String::new();
    while round % 2 == 1 && !said.contains(ACKNOWLEDGED) {
        let read = output.read_line(&mut said).expect("what it says is text");
        assert!(
            read > 0,
            "the process ended before it was killed: {said}{}",
            errors_of(&mut child)
        );
    }
    let life_max_us = u64::try_from(life_max.as_micros()).unwrap_or(u64::MAX);
    std::thread::sleep(Duration::from_micros(mixed(SEED + round) % life_max_us));
    child.kill().expect("it can be killed");
    output
        .read_to_string(&mut said)
        .expect("what it says is text");
    child.wait().expect("it was started");
    // The last line may be cut off.
    let whole = said.rfind('\n').map_or("", |end| &said[..end]);
    let names = whole
        .lines()
        .filter_map(|line| Some(line.split_once(ACKNOWLEDGED)?.1.to_owned()));
    names.collect()
}

/// What a process that has ended said on its way.
fn errors_of(child: &mut Child) -> String {
    let errors = child.stderr.take();
    let errors = errors.and_then(|errors| std::io::read_to_string(errors).ok());
    errors.unwrap_or_default()
}

/// Does something while no process is started: one that starts has for a moment all that this one has open, and a
/// store that this one closes then is still locked.
pub fn while_none_starts<T>(work: impl FnOnce() -> T) -> T {
    let _starting = STARTING.lock();
    work()
}

/// In the killed process: where its store is, and its round.
///
/// # Panics
/// Where nobody started it to be killed.
#[must_use]
pub fn orders() -> (PathBuf, u64) {
    let directory = std::env::var_os(DIRECTORY_VARIABLE);
    let directory = directory.expect("only the crash test starts this one");
    let round = std::env::var(ROUND_VARIABLE).ok();
    let round = round.and_then(|text| text.parse().ok());
    (directory.into(), round.expect("the crash test says which"))
}

/// In the killed process: says that something was acknowledged.
///
/// # Panics
/// Where nobody listens.
pub fn acknowledge(name: &str) {
    let mut output = std::io::stdout().lock();
    // One write, so that lines do not mix.
    output
        .write_all(format!("{ACKNOWLEDGED}{name}\n").as_bytes())
        .expect("somebody listens");
    output.flush().expect("somebody listens");
}

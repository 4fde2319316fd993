//! The process that is killed: this test binary itself, started for one of its ignored tests. It says on
//! standard output what was acknowledged.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Tells the killed process where its store is.
const DIRECTORY_VARIABLE: &str = "LASTMILE_CRASH_DIRECTORY";
/// Tells it what to name its writes by.
const ROUND_VARIABLE: &str = "LASTMILE_CRASH_ROUND";
/// Kills that the environment may ask for.
const ROUNDS_VARIABLE: &str = "LASTMILE_CRASH_ROUNDS";
/// The longest a process lives, in microseconds. It needs a part of that to start.
const LIFE_MAX_US: u64 = 90_000;
/// Begins what it says of a write.
const ACKNOWLEDGED: &str = "ACK ";
const SEED: u64 = 20_260_303;

/// How often to kill.
pub(crate) fn rounds(otherwise: u64) -> u64 {
    let rounds = std::env::var(ROUNDS_VARIABLE)
        .ok()
        .and_then(|text| text.parse().ok());
    rounds.unwrap_or(otherwise)
}

/// Starts the process, kills it, and gives back the names of the writes it saw acknowledged. In even
/// rounds its life begins with its start, so that it may be killed while it opens the store; in odd ones
/// with its first acknowledged write, so that some are written however slow the machine is.
pub(crate) fn run(test: &str, directory: &Path, round: u64) -> Vec<String> {
    let mut child: Child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(DIRECTORY_VARIABLE, directory)
        .env(ROUND_VARIABLE, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while round % 2 == 1 && !said.contains(ACKNOWLEDGED) {
        let read = output.read_line(&mut said).unwrap();
        assert!(read > 0, "the process ended before it was killed: {said}");
    }
    std::thread::sleep(Duration::from_micros(mixed(SEED + round) % LIFE_MAX_US));
    child.kill().unwrap();
    output.read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    // The last line may be cut off.
    let whole = said.rfind('\n').map_or("", |end| &said[..end]);
    let names = whole
        .lines()
        .filter_map(|line| Some(line.split_once(ACKNOWLEDGED)?.1.to_owned()));
    names.collect()
}

/// In the killed process: where its store is, and its round.
pub(crate) fn orders() -> (PathBuf, u64) {
    let directory = std::env::var_os(DIRECTORY_VARIABLE);
    let directory = directory.expect("only the crash test starts this one");
    let round = std::env::var(ROUND_VARIABLE).unwrap().parse().unwrap();
    (directory.into(), round)
}

pub(crate) fn acknowledge(name: &str) {
    let mut output = std::io::stdout().lock();
    // One write, so that lines do not mix.
    output
        .write_all(format!("{ACKNOWLEDGED}{name}\n").as_bytes())
        .unwrap();
    output.flush().unwrap();
}

/// A number as good as random (one step of SplitMix64).
pub(crate) const fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

//! The product's own binary, run as a user runs it.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::failure::Failure;
use crate::process::{self, Kept};
use crate::stopwatch::Stopwatch;

/// What a server prints before its address, once it answers.
pub(crate) const LISTENING: &str = "listening on http://";
/// How often a running command's memory is looked at.
const MEMORY_LOOK: Duration = Duration::from_millis(20);
/// How much of what a failed command said is shown.
const SAID_MAX_BYTES: usize = 2_000;

/// What one run of a command gave.
pub(crate) struct Run {
    /// Standard output.
    pub(crate) output: String,
    /// Wall-clock time.
    pub(crate) elapsed: Duration,
    /// Largest memory, in kilobytes.
    pub(crate) peak_memory_kb: u64,
}

/// Runs `lastmile ARGUMENTS` to its end.
pub(crate) fn run(arguments: &[&str]) -> Result<Run, Failure> {
    let stopwatch = Stopwatch::start();
    let mut child = Command::new(binary("lastmile")?)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(Failure::system("starting lastmile"))?;
    let output = reader(child.stdout.take());
    let said = reader(child.stderr.take());
    let mut peak_memory_kb = 0;
    let status = loop {
        peak_memory_kb = peak_memory_kb.max(process::peak_memory_kb(child.id()));
        if let Some(status) = child
            .try_wait()
            .map_err(Failure::system("waiting for lastmile"))?
        {
            break status;
        }
        thread::sleep(MEMORY_LOOK);
    };
    let elapsed = stopwatch.elapsed();
    let [output, said] = [output, said].map(|reader| reader.join().unwrap_or_default());
    if status.success() {
        return Ok(Run {
            output,
            elapsed,
            peak_memory_kb,
        });
    }
    Err(Failure::Program {
        command: format!("lastmile {}", arguments.join(" ")),
        said: said.chars().take(SAID_MAX_BYTES).collect(),
    })
}

/// The last line of what a command printed, as JSON.
pub(crate) fn last_object(run: &Run) -> Result<Value, Failure> {
    let line = run.output.lines().next_back().unwrap_or_default();
    serde_json::from_str(line).map_err(|_| Failure::Wrong {
        what: "the last line of a command's output",
        expected: "a JSON object".to_owned(),
        actual: line.to_owned(),
    })
}

/// A server in a process of its own.
pub(crate) struct Server {
    process: Kept,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Server {
    /// `lastmile serve` on a data folder, on a free port.
    pub(crate) fn product(data: &Path) -> Result<Self, Failure> {
        Self::start(Self::serving(data)?)
    }

    fn serving(data: &Path) -> Result<Command, Failure> {
        let mut command = Command::new(binary("lastmile")?);
        command
            .arg("--data")
            .arg(data)
            .args(["serve", "--listen", "127.0.0.1:0"]);
        // What it logs is not part of what is measured, and hello-world logs nothing.
        command.env("LASTMILE_LOG", "error");
        Ok(command)
    }

    /// The same with a providers file.
    pub(crate) fn quoting(data: &Path, providers: &Path) -> Result<Self, Failure> {
        let mut command = Self::serving(data)?;
        command.arg("--providers").arg(providers);
        Self::start(command)
    }

    /// The hello-world server.
    pub(crate) fn hello() -> Result<Self, Failure> {
        let mut command = Command::new(binary("lastmile-bench")?);
        command.arg("--hello");
        Self::start(command)
    }

    /// Id of its process.
    pub(crate) fn id(&self) -> u32 {
        self.process.0.id()
    }

    fn start(mut command: Command) -> Result<Self, Failure> {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .map_err(Failure::system("starting a server"))?;
        let stdout = child.stdout.take();
        let process = Kept(child);
        let mut lines = BufReader::new(stdout.expect("stdout was asked to be piped"));
        let mut line = String::new();
        while lines
            .read_line(&mut line)
            .map_err(Failure::system("reading from a server"))?
            > 0
        {
            if let Some(address) = listening(&line) {
                // Whatever else it prints is read, so that it never waits for a reader.
                thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
                return Ok(Self { process, address });
            }
            line.clear();
        }
        Err(Failure::Wrong {
            what: "a server's output",
            expected: LISTENING.to_owned(),
            actual: "its end".to_owned(),
        })
    }
}

fn listening(line: &str) -> Option<SocketAddr> {
    let (_, address) = line.split_once(LISTENING)?;
    address.trim().parse().ok()
}

/// A program beside this one.
pub(crate) fn binary(name: &str) -> Result<PathBuf, Failure> {
    let here = std::env::current_exe().map_err(Failure::system("finding the programs"))?;
    Ok(here.with_file_name(name))
}

fn reader(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // A pipe that breaks ends the text; the exit code says whether that matters.
            let _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_address_is_read_from_its_line() {
        let address = listening("lastmile listening on http://127.0.0.1:8080\n");
        assert_eq!(address, "127.0.0.1:8080".parse().ok());
        assert_eq!(listening("starting"), None);
    }
}

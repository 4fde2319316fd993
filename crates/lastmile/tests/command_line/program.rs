//! Running the binary as a user does, each test on a data folder of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// Longest wait for one answer of a server.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// A data folder and the commands on it.
pub(crate) struct Program {
    folder: TempDir,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The data folder, which the first command makes.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Writes a file for a command to read; gives its path.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// A path beside the data folder.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// A command that is not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lastmile"));
        command.arg("--data").arg(self.data()).args(arguments);
        command
            .env_remove("LASTMILE_DATA")
            .env_remove("LASTMILE_LOG");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }

    /// Runs a command that must succeed.
    pub(crate) fn must(&self, arguments: &[&str]) -> Ended {
        let ended = self.run(arguments);
        assert_eq!(ended.code, 0, "{arguments:?}: {}", ended.stderr);
        ended
    }

    /// Runs a command with text on its standard input.
    pub(crate) fn must_with_input(&self, arguments: &[&str], input: &[u8]) -> Ended {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let ended = Ended::of(child.wait_with_output().unwrap());
        assert_eq!(ended.code, 0, "{arguments:?}: {}", ended.stderr);
        ended
    }
}

impl Ended {
    fn of(output: Output) -> Self {
        let Output {
            status,
            stdout,
            stderr,
        } = output;
        Self {
            code: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    /// The last line of the output as JSON.
    pub(crate) fn last_object(&self) -> Value {
        let line = self.stdout.lines().next_back().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// Each line of the output as JSON.
    pub(crate) fn objects(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// A server that runs; ended when it is dropped.
pub(crate) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
    /// What it said before it listened.
    pub(crate) said: String,
}

impl Running {
    /// Starts a command and waits until it listens.
    pub(crate) fn start(program: &Program, arguments: &[&str]) -> Self {
        let mut child = program
            .command(arguments)
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut running = Self {
            child,
            stdout,
            address: String::new(),
            said: String::new(),
        };
        while running.address.is_empty() {
            let mut line = String::new();
            let read = running.stdout.read_line(&mut line).unwrap();
            assert!(
                read > 0,
                "{arguments:?} ended before it listened: {}",
                running.said
            );
            match line.split_once("listening on http://") {
                Some((_, address)) => running.address = address.trim().to_owned(),
                None => running.said.push_str(&line),
            }
        }
        running
    }

    /// Reads what it says up to and with a line that holds `mark`.
    pub(crate) fn read_until(&mut self, mark: &str) -> String {
        let mut text = String::new();
        while !text.contains(mark) {
            let read = self.stdout.read_line(&mut text).unwrap();
            assert!(read > 0, "{mark:?} was never said: {text}");
        }
        text
    }

    /// Presses Ctrl-C and waits for the end; gives the exit code and what was said meanwhile.
    pub(crate) fn interrupt(mut self) -> (i32, String) {
        signal(&self.child, Signal::INT);
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), rest)
    }

    /// GET with a key; gives the status and the body.
    pub(crate) fn get(&self, path: &str, key: &str) -> (u16, String) {
        self.send("GET", path, key, "")
    }

    /// POST of a JSON body with a key; gives the status and the body.
    pub(crate) fn post(&self, path: &str, key: &str, body: &Value) -> (u16, String) {
        self.send("POST", path, key, &body.to_string())
    }

    fn send(&self, method: &str, path: &str, key: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(ANSWER_TIMEOUT)).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nx-api-key: {key}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (
            head.split(' ').nth(1).unwrap().parse().unwrap(),
            body.to_owned(),
        )
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a child.
pub(crate) fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

/// The header of an offers file.
pub(crate) const OFFERS_HEADER: &str = "address_full,major_city,state,lat,lon,block_group,\
    collection_datetime,provider,price,speed_down,speed_up,technology,package,fastest_speed_down,\
    fastest_speed_price,contract_provider\n";

/// One row of an offers file.
pub(crate) fn offer(address: &str, provider: &str, down: u32) -> String {
    format!(
        "\"{address}\",keene,NH,42.93,-72.28,,,{provider},50.0,{down}.0,5.0,Fiber,Internet {down},\
         {down}.0,50.0,\n"
    )
}

/// Reads a CSV file as rows of cells, the header first.
pub(crate) fn cells(path: impl AsRef<Path>) -> Vec<Vec<String>> {
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .unwrap();
    rows.records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

//! `cargo xtask emulator`: the contracts of store, queue and files, asked of DynamoDB, SQS and S3 as a
//! local emulator plays them.
//!
//! The emulator is a Python package; where it is not to be had, this says so and what is left out.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::failure::Failure;
use crate::{python, steps, tree};

/// What is installed, from the root of the repository.
pub(crate) const REQUIREMENTS: &str = "infra/emulator.txt";
/// Tells the tests where it is.
pub(crate) const EMULATOR: &str = "LASTMILE_EMULATOR";
/// The emulator's program.
const PROGRAM: &str = "ministack";
/// Where it keeps what it unpacks, and its log, from the root.
const FOLDER: &str = "target/emulator";
/// The tests that ask it, built as all tests are.
const CONTRACTS: [&str; 8] = [
    "test",
    "--workspace",
    "--test",
    "dynamodb",
    "--test",
    "files",
    "--test",
    "queue",
];
/// What it says.
const LOG: &str = "log.txt";
/// How often it is asked whether it is ready or gone, and how long to wait in between.
const LOOKS: usize = 300;
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Starts the emulator, runs the tests that ask it, and ends it.
pub(crate) fn run() -> Result<(), Failure> {
    let Some(programs) = python::tools(REQUIREMENTS)? else {
        println!("skipped: the contracts of DynamoDB, SQS and S3 on an emulator of AWS");
        return Ok(());
    };
    let emulator = Emulator::start(&programs)?;
    steps::cargo_with(&CONTRACTS, &[(EMULATOR, &emulator.endpoint)])
}

/// A running emulator, on a free port of the loopback interface; ended when this is dropped.
pub(crate) struct Emulator {
    child: Child,
    /// Where every service of AWS is reached.
    pub(crate) endpoint: String,
    /// What it says.
    pub(crate) log: PathBuf,
}

impl Emulator {
    /// Starts the emulator of these programs, and waits until it answers.
    pub(crate) fn start(programs: &Path) -> Result<Self, Failure> {
        let failed = |reason| Failure::Start {
            command: PROGRAM.to_owned(),
            reason,
        };
        let folder = tree::root().join(FOLDER);
        fs::create_dir_all(&folder).map_err(failed)?;
        let log = folder.join(LOG);
        let said = File::create(&log).map_err(failed)?;
        // Free now; whoever takes it in between lets the emulator fail, which is said.
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        drop(listener);
        let endpoint = format!("http://{address}");
        let child = Command::new(programs.join(PROGRAM))
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", address.port().to_string())
            // The functions that it starts call it there.
            .env("AWS_ENDPOINT_URL", &endpoint)
            .env("TMPDIR", &folder)
            .stdin(Stdio::null())
            .stdout(said.try_clone().map_err(failed)?)
            .stderr(said)
            .spawn()
            .map_err(failed)?;
        let emulator = Self {
            child,
            endpoint,
            log,
        };
        for _ in 0..LOOKS {
            if answers(&address.to_string()).unwrap_or(false) {
                return Ok(emulator);
            }
            thread::sleep(LOOK_EVERY);
        }
        Err(Failure::Command {
            command: PROGRAM.to_owned(),
            status: "it does not answer".to_owned(),
        })
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // Asked politely, it ends the functions that it has started as well.
        let _asked = kill_process(Pid::from_child(&self.child), Signal::TERM);
        for _ in 0..LOOKS {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(LOOK_EVERY);
        }
        // It has ended already where this fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether an HTTP server answers there.
fn answers(address: &str) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(LOOK_EVERY * 10))?;
    write!(
        stream,
        "GET /_ministack/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut begin = [0; 12];
    stream.read_exact(&mut begin)?;
    Ok(begin == *b"HTTP/1.1 200")
}

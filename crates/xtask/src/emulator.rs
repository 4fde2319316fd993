//! `cargo xtask emulator`: the contracts of store, queue and files, asked of DynamoDB, SQS and S3 as a
//! local emulator plays them.
//!
//! The emulator is a Python package; where it is not to be had, this says so and what is left out.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::failure::Failure;
use crate::{python, steps};

/// What is installed, from the root of the repository.
const REQUIREMENTS: &str = "infra/emulator.txt";
/// The emulator's program.
const PROGRAM: &str = "ministack";
/// Tells the tests where it is.
const EMULATOR: &str = "LASTMILE_EMULATOR";
/// How often it is asked whether it is ready, and how long to wait in between.
const LOOKS: usize = 300;
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Starts the emulator, runs the tests that ask it, and ends it.
pub(crate) fn run() -> Result<(), Failure> {
    let Some(programs) = python::tools(REQUIREMENTS)? else {
        println!("skipped: the contracts of DynamoDB, SQS and S3 on an emulator of AWS");
        return Ok(());
    };
    let emulator = Emulator::start(&programs)?;
    steps::cargo_with(
        &["test", "-p", "lastmile-backend-aws", "--tests"],
        &[(EMULATOR, &emulator.endpoint)],
    )
}

/// A running emulator, on a free port of the loopback interface; ended when this is dropped.
struct Emulator {
    child: Child,
    endpoint: String,
}

impl Emulator {
    fn start(programs: &Path) -> Result<Self, Failure> {
        let failed = |reason| Failure::Start {
            command: PROGRAM.to_owned(),
            reason,
        };
        // Free now; whoever takes it in between lets the emulator fail, which is said.
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        drop(listener);
        let endpoint = format!("http://{address}");
        let child = Command::new(programs.join(PROGRAM))
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", address.port().to_string())
            .env("AWS_ENDPOINT_URL", &endpoint)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let emulator = Self { child, endpoint };
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

//! Functions as Lambda starts them: a program, an environment, and where the runtime API is.

use std::fs::{self, File};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::events::{self, Event};
use crate::failure::Failure;
use crate::process::Kept;
use crate::product;

/// Where `cargo xtask package` lays the functions, from the folder of all that is built.
const PACKAGED: &str = "lambda";
/// The program of a packaged function.
const BOOTSTRAP: &str = "bootstrap";
/// The table of functions that have one.
pub(crate) const TABLE: &str = "lastmile-bench";
/// Where queues and tables would be. Nothing listens there, and nobody asks at a start.
const NOWHERE: &str = "http://127.0.0.1:9";

/// One of our functions, and the names of its figures.
pub(crate) struct Ours {
    /// Its binary.
    pub(crate) name: &'static str,
    pub(crate) start: &'static str,
    pub(crate) zip: &'static str,
    pub(crate) memory: &'static str,
    /// What it is given to work on.
    pub(crate) event: Event,
}

/// All of our functions.
pub(crate) const OURS: [Ours; 8] = [
    Ours {
        name: "availability",
        start: "start.availability",
        zip: "start.availability_zip",
        memory: "start.availability_memory",
        event: events::lookup,
    },
    Ours {
        name: "address",
        start: "start.address",
        zip: "start.address_zip",
        memory: "start.address_memory",
        event: events::validation,
    },
    Ours {
        name: "imports",
        start: "start.imports",
        zip: "start.imports_zip",
        memory: "start.imports_memory",
        event: events::imports,
    },
    Ours {
        name: "documentation",
        start: "start.documentation",
        zip: "start.documentation_zip",
        memory: "start.documentation_memory",
        event: events::document,
    },
    Ours {
        name: "authorizer",
        start: "start.authorizer",
        zip: "start.authorizer_zip",
        memory: "start.authorizer_memory",
        event: events::token,
    },
    Ours {
        name: "relay",
        start: "start.relay",
        zip: "start.relay_zip",
        memory: "start.relay_memory",
        event: events::change,
    },
    Ours {
        name: "task-worker",
        start: "start.task_worker",
        zip: "start.task_worker_zip",
        memory: "start.task_worker_memory",
        event: events::task,
    },
    Ours {
        name: "import-worker",
        start: "start.import_worker",
        zip: "start.import_worker_zip",
        memory: "start.import_worker_memory",
        event: events::sweep,
    },
];

/// Something that can be started.
pub(crate) struct Function {
    /// Its program.
    pub(crate) program: PathBuf,
    /// What the program is told.
    pub(crate) arguments: Vec<PathBuf>,
}

/// What a function is told besides.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Surroundings {
    /// Where DynamoDB is.
    pub(crate) endpoint: Option<SocketAddr>,
    /// How many events its environment is given at once.
    pub(crate) at_once: Option<usize>,
}

impl Function {
    /// A program beside this one.
    pub(crate) fn beside(name: &str) -> Result<Self, Failure> {
        Ok(Self {
            program: product::binary(name)?,
            arguments: Vec::new(),
        })
    }

    /// Ours, as it was packaged, or else as it was built.
    pub(crate) fn ours(name: &str) -> Result<Self, Failure> {
        let packaged = packaged()?.join(name).join(BOOTSTRAP);
        if packaged.exists() {
            return Ok(Self {
                program: packaged,
                arguments: Vec::new(),
            });
        }
        Self::beside(name)
    }

    /// Starts it, as Lambda does.
    pub(crate) fn start(
        &self,
        runtime_api: SocketAddr,
        surroundings: Surroundings,
    ) -> Result<Kept, Failure> {
        let Surroundings { endpoint, at_once } = surroundings;
        let endpoint = endpoint.map_or(NOWHERE.to_owned(), |address| format!("http://{address}"));
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", runtime_api.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "bench")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH", "true")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "bench")
            .env("AWS_SECRET_ACCESS_KEY", "bench")
            .env("AWS_ENDPOINT_URL", endpoint)
            .env("LASTMILE_LOG", "warn")
            .env("LASTMILE_TABLE", TABLE)
            .env("LASTMILE_BUCKET", TABLE)
            .env("LASTMILE_QUEUE_TASKS", format!("{NOWHERE}/tasks"))
            .env("LASTMILE_QUEUE_IMPORTS", format!("{NOWHERE}/imports"));
        if let Some(at_once) = at_once {
            command.env("AWS_LAMBDA_MAX_CONCURRENCY", at_once.to_string());
        }
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        child
            .map(Kept)
            .map_err(Failure::system("starting a function"))
    }
}

/// Bytes of a function's zip: the one that was packaged, or else what its program would be in one.
pub(crate) fn zip_bytes(name: &str) -> Result<u64, Failure> {
    let failed = Failure::system("reading a function");
    let zip = packaged()?.join(format!("{name}.zip"));
    if let Ok(zip) = fs::metadata(zip) {
        return Ok(zip.len());
    }
    deflated_bytes(&Function::ours(name)?.program).map_err(failed)
}

/// A zip is its deflated file and some hundred bytes around it.
fn deflated_bytes(program: &Path) -> io::Result<u64> {
    let mut deflated = DeflateEncoder::new(Counted(0), Compression::default());
    io::copy(&mut File::open(program)?, &mut deflated)?;
    Ok(deflated.finish()?.0)
}

/// Counts what is written.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn packaged() -> Result<PathBuf, Failure> {
    let beside = product::binary(PACKAGED)?;
    let built = beside.parent().and_then(Path::parent);
    Ok(built.unwrap_or(Path::new(".")).join(PACKAGED))
}

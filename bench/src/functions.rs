//! Functions as Lambda starts them: a program, an environment, and where the runtime API is.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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
pub(crate) const OURS: [Ours; 11] = [
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
        name: "catalog",
        start: "start.catalog",
        zip: "start.catalog_zip",
        memory: "start.catalog_memory",
        event: events::offerings,
    },
    Ours {
        name: "imports",
        start: "start.imports",
        zip: "start.imports_zip",
        memory: "start.imports_memory",
        event: events::imports,
    },
    Ours {
        name: "quotes",
        start: "start.quotes",
        zip: "start.quotes_zip",
        memory: "start.quotes_memory",
        event: events::quotes,
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
        name: "quote-worker",
        start: "start.quote_worker",
        zip: "start.quote_worker_zip",
        memory: "start.quote_worker_memory",
        event: events::ask,
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

    /// Ours, as it is deployed.
    pub(crate) fn ours(name: &str) -> Result<Self, Failure> {
        Ok(Self {
            program: packaged()?.join(name).join(BOOTSTRAP),
            arguments: Vec::new(),
        })
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
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "bench")
            .env("AWS_SECRET_ACCESS_KEY", "bench")
            .env("AWS_ENDPOINT_URL", endpoint)
            .env("LASTMILE_LOG", "warn")
            .env("LASTMILE_TABLE", TABLE)
            .env("LASTMILE_BUCKET", TABLE)
            .env("LASTMILE_QUEUE_TASKS", format!("{NOWHERE}/tasks"))
            .env("LASTMILE_QUEUE_IMPORTS", format!("{NOWHERE}/imports"))
            .env("LASTMILE_QUEUE_QUOTES", format!("{NOWHERE}/quotes"));
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

/// Bytes of a function's zip.
pub(crate) fn zip_bytes(name: &str) -> Result<u64, Failure> {
    let zip = packaged()?.join(format!("{name}.zip"));
    let zip = fs::metadata(zip).map_err(Failure::system("reading a function's zip"))?;
    Ok(zip.len())
}

fn packaged() -> Result<PathBuf, Failure> {
    let beside = product::binary(PACKAGED)?;
    let built = beside.parent().and_then(Path::parent);
    Ok(built.unwrap_or(Path::new(".")).join(PACKAGED))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_function_is_measured() {
        let binaries = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/lambda/src/bin");
        let files = fs::read_dir(binaries).expect("the functions' sources");
        let functions: BTreeSet<_> = files
            .map(|file| file.expect("an entry").path())
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect();
        let measured: BTreeSet<_> = OURS.iter().map(|ours| ours.name.to_owned()).collect();
        assert_eq!(measured, functions);
    }
}

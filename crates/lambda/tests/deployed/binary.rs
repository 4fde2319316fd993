//! The one binary, on the data of a temporary folder.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use lastmile_sample::ListFile;
use lastmile_testkit::front_door::Door;
use serde_json::Value;

/// Names the program.
const BINARY_VARIABLE: &str = "LASTMILE_BINARY";
/// Comes before the address in the line that says it.
const LISTENING: &str = "listening on http://";

/// Runs a command on a data folder, and gives what it printed.
///
/// # Panics
/// Where it fails.
pub(crate) fn run(data: &Path, arguments: &[&str]) -> String {
    let output = command(data, arguments).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).expect("a text")
}

fn command(data: &Path, arguments: &[&str]) -> Command {
    let binary = std::env::var(BINARY_VARIABLE).expect("`cargo xtask e2e` names the binary");
    let mut command = Command::new(binary);
    command.arg("--data").arg(data).args(arguments);
    command.env("LASTMILE_LOG", "warn").stdin(Stdio::null());
    command
}

/// Imports a list.
pub(crate) fn import(data: &Path, list: &ListFile) {
    let ListFile {
        path,
        provider,
        format,
        mapping,
        as_of,
        note: _,
    } = list;
    let text = |path: &Path| path.to_str().expect("a text").to_owned();
    let (path, day) = (text(path), as_of.to_string());
    let mut arguments = vec!["import", &path, "--provider", provider];
    arguments.extend(["--format", format, "--as-of", &day]);
    let mapping = mapping.as_deref().map(text);
    if let Some(mapping) = &mapping {
        arguments.extend(["--mapping", mapping]);
    }
    run(data, &arguments);
}

/// A new operator's key.
pub(crate) fn operator(data: &Path) -> String {
    let created = run(data, &["keys", "create", "--name", "operator", "--json"]);
    let created: Value = serde_json::from_str(&created).expect("JSON");
    created["key"].as_str().expect("a key").to_owned()
}

/// A server that runs; ended when it is dropped.
pub(crate) struct Server {
    child: Child,
    origin: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Server {
    /// Starts it and waits until it listens.
    pub(crate) fn start(data: &Path) -> Self {
        let mut serve = command(data, &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = serve.stdout(Stdio::piped()).spawn().expect("it starts");
        let said = child.stdout.take().expect("its output");
        let address = BufReader::new(said)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once(LISTENING)?.1.trim().to_owned()));
        Self {
            child,
            origin: format!("http://{}", address.expect("it listens")),
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[async_trait]
impl Door for Server {
    async fn send(&self, request: Request<Bytes>) -> Response<Bytes> {
        let mut request = request.map(Full::new);
        let uri = format!("{}{}", self.origin, request.uri());
        *request.uri_mut() = uri.parse().expect("an address");
        let response = self.client.request(request).await.expect("an answer");
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Response::from_parts(head, body)
    }
}

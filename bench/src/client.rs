//! The one client that loads every server alike: keep-alive connections, one request at a time on each.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use hdrhistogram::Histogram;

use crate::failure::Failure;
use crate::stopwatch::Stopwatch;

/// Connections at once.
pub(crate) const CONNECTIONS: u32 = 16;
/// Longest time that one answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// Status of an answer that is right.
const OK: &str = "200";
/// Slowest answer that the histogram can hold, in nanoseconds.
const SLOWEST_NS: u64 = 60_000_000_000;

/// The n-th request, as bytes.
pub(crate) type Request = dyn Fn(u32) -> Vec<u8> + Send + Sync;

/// How long answers took, in nanoseconds.
pub(crate) type Latencies = Histogram<u64>;

/// Sends the requests of these numbers over [`CONNECTIONS`] connections; each must be answered with 200.
pub(crate) fn load(
    server: SocketAddr,
    numbers: Range<u32>,
    request: &Arc<Request>,
) -> Result<Latencies, Failure> {
    let workers: Vec<_> = (0..CONNECTIONS)
        .map(|worker| {
            let request = Arc::clone(request);
            let numbers = numbers.start + worker..numbers.end;
            thread::spawn(move || one_connection(server, numbers, &*request))
        })
        .collect();
    let mut all = empty();
    for worker in workers {
        let latencies = worker.join().map_err(|_| Failure::Wrong {
            what: "a client thread",
            expected: "an end".to_owned(),
            actual: "a panic".to_owned(),
        })??;
        all += latencies;
    }
    Ok(all)
}

/// Sends one request on a connection of its own, and gives the body of its answer.
pub(crate) fn ask(server: SocketAddr, request: &[u8]) -> Result<String, Failure> {
    ask_for(server, request, OK)
}

/// The same for an answer of this status.
pub(crate) fn ask_for(server: SocketAddr, request: &[u8], status: &str) -> Result<String, Failure> {
    let mut connection = connect(server)?;
    let mut body = Vec::new();
    exchange(&mut connection, request, &mut body, status)?;
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// A GET of `path` with an API key.
pub(crate) fn get(path: &str, key: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-api-key: {key}\r\naccept: application/json\r\n\r\n")
        .into_bytes()
}

/// A POST of JSON to `path` with an API key.
pub(crate) fn post(path: &str, key: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-api-key: {key}\r\ncontent-type: application/json\r\n\
         accept: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A text as part of a URL's query.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn one_connection(
    server: SocketAddr,
    numbers: Range<u32>,
    request: &Request,
) -> Result<Latencies, Failure> {
    let mut connection = connect(server)?;
    let mut latencies = empty();
    let mut body = Vec::new();
    for number in numbers.step_by(CONNECTIONS as usize) {
        let bytes = request(number);
        let stopwatch = Stopwatch::start();
        exchange(&mut connection, &bytes, &mut body, OK)?;
        let taken = u64::try_from(stopwatch.elapsed().as_nanos()).unwrap_or(SLOWEST_NS);
        latencies.saturating_record(taken);
    }
    Ok(latencies)
}

fn connect(server: SocketAddr) -> Result<BufReader<TcpStream>, Failure> {
    let connect = || {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        Ok(BufReader::new(stream))
    };
    connect().map_err(Failure::system("connecting"))
}

/// One request and its answer; an answer of another status is a failure.
fn exchange(
    connection: &mut BufReader<TcpStream>,
    request: &[u8],
    body: &mut Vec<u8>,
    wanted: &str,
) -> Result<(), Failure> {
    let (status, length) =
        head(connection, request).map_err(Failure::system("an HTTP exchange"))?;
    body.resize(length, 0);
    connection
        .read_exact(body)
        .map_err(Failure::system("reading an answer"))?;
    if status == wanted {
        return Ok(());
    }
    Err(Failure::Wrong {
        what: "the status of an answer",
        expected: wanted.to_owned(),
        actual: format!("{status} {}", String::from_utf8_lossy(body)),
    })
}

/// Sends the request and reads the answer's head: its status and the length of its body.
fn head(connection: &mut BufReader<TcpStream>, request: &[u8]) -> std::io::Result<(String, usize)> {
    connection.get_mut().write_all(request)?;
    let mut line = String::new();
    connection.read_line(&mut line)?;
    let status = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        line.clear();
        connection.read_line(&mut line)?;
        let header = line.trim_end();
        if header.is_empty() {
            return Ok((status, length));
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
}

/// No answers yet.
pub(crate) fn empty() -> Latencies {
    Histogram::new_with_max(SLOWEST_NS, 3).expect("3 significant digits are allowed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_encoded_for_a_url() {
        assert_eq!(encoded("1 Main St, #2"), "1%20Main%20St%2C%20%232");
    }
}

//! A stand-in for Lambda's runtime API: it hands events to functions and takes their answers.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::failure::Failure;
use crate::stopwatch::Stopwatch;

/// Where a function asks for its next event.
const NEXT: &str = "/2018-06-01/runtime/invocation/next";
/// How the path begins under which it answers one.
const INVOCATION: &str = "/2018-06-01/runtime/invocation/";
/// How the path of an answer ends.
const RESPONSE: &str = "/response";
/// Until when an event may be worked on, in milliseconds since 1970: longer than any bench runs.
const DEADLINE_MS: u64 = 4_102_444_800_000;

/// The stand-in, on a free port of the loopback interface.
pub(crate) struct RuntimeApi {
    /// Where functions find it.
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

/// What a function made of an event.
#[derive(Debug)]
pub(crate) struct Answer {
    /// When it came, on the stopwatch that ran when its event was offered.
    pub(crate) after: Duration,
    /// What it is; `None` where the function said that it failed.
    pub(crate) body: Option<Value>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    first_poll: Option<Stopwatch>,
    offered: VecDeque<Offered>,
    handed: HashMap<String, Stopwatch>,
    last_id: u64,
    answers: Vec<Answer>,
    closed: bool,
}

struct Offered {
    event: Arc<str>,
    since: Stopwatch,
}

/// The head of a request, and its body.
struct Asked {
    method: String,
    path: String,
    body: Vec<u8>,
}

impl RuntimeApi {
    /// Starts it.
    pub(crate) fn start() -> Result<Self, Failure> {
        let failed = Failure::system("listening on loopback");
        let listener = TcpListener::bind("127.0.0.1:0").map_err(&failed)?;
        let address = listener.local_addr().map_err(&failed)?;
        let shared = Arc::new(Shared::default());
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if accepting.lock().closed {
                    break;
                }
                let shared = Arc::clone(&accepting);
                // A function that ends, or is ended, ends its connections.
                thread::spawn(move || shared.serve(stream));
            }
        });
        Ok(Self { address, shared })
    }

    /// When a function first asked for an event, if one does within `patience`.
    pub(crate) fn first_poll(&self, patience: Duration) -> Result<Stopwatch, Failure> {
        let state = self.shared.lock();
        let (state, _) = self
            .shared
            .changed
            .wait_timeout_while(state, patience, |state| state.first_poll.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        state.first_poll.ok_or_else(|| Failure::Wrong {
            what: "a function that was started",
            expected: "a question for its first event".to_owned(),
            actual: format!("none within {patience:?}"),
        })
    }

    /// Offers the same event so many times at once.
    pub(crate) fn offer(&self, event: &Value, times: usize) {
        let event: Arc<str> = event.to_string().into();
        let since = Stopwatch::start();
        let mut state = self.shared.lock();
        for _ in 0..times {
            let event = Arc::clone(&event);
            state.offered.push_back(Offered { event, since });
        }
        self.shared.changed.notify_all();
    }

    /// The answers, once there are so many, or as many as came within `patience`.
    pub(crate) fn answers(&self, count: usize, patience: Duration) -> Vec<Answer> {
        let state = self.shared.lock();
        let (mut state, _) = self
            .shared
            .changed
            .wait_timeout_while(state, patience, |state| state.answers.len() < count)
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut state.answers)
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
        // Lets the accepting thread see it.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, stream: TcpStream) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        let mut connection = BufReader::new(stream);
        loop {
            let asked = read(&mut connection)?;
            let answer = self.answer(asked)?;
            connection.get_mut().write_all(&answer).ok()?;
        }
    }

    /// The answer as bytes; `None` once the stand-in is closed.
    fn answer(&self, asked: Asked) -> Option<Vec<u8>> {
        let Asked { method, path, body } = asked;
        if method == "GET" && path == NEXT {
            return self.next();
        }
        if let Some(rest) = path.strip_prefix(INVOCATION) {
            let id = rest.split('/').next().unwrap_or_default();
            let body = rest
                .ends_with(RESPONSE)
                .then(|| serde_json::from_slice(&body).unwrap_or_default());
            let mut state = self.lock();
            if let Some(since) = state.handed.remove(id) {
                let after = since.elapsed();
                state.answers.push(Answer { after, body });
                self.changed.notify_all();
            }
        }
        Some(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".to_vec())
    }

    /// Waits for an event, as Lambda does.
    fn next(&self) -> Option<Vec<u8>> {
        let arrived = Stopwatch::start();
        let mut state = self.lock();
        state.first_poll.get_or_insert(arrived);
        self.changed.notify_all();
        let offered = loop {
            if state.closed {
                return None;
            }
            if let Some(offered) = state.offered.pop_front() {
                break offered;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        };
        state.last_id += 1;
        let Offered { event, since } = offered;
        let id = format!("00000000-0000-4000-8000-{:012}", state.last_id);
        state.handed.insert(id.clone(), since);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nlambda-runtime-aws-request-id: {id}\r\n\
             lambda-runtime-deadline-ms: {DEADLINE_MS}\r\n\
             lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:000000000000:function:bench\r\n\
             content-length: {}\r\n\r\n",
            event.len()
        );
        Some([head.as_bytes(), event.as_bytes()].concat())
    }
}

/// Reads a request whose body, if any, has a length.
fn read(connection: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    connection
        .read_line(&mut line)
        .ok()
        .filter(|read| *read > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut length = 0;
    loop {
        let mut header = String::new();
        connection
            .read_line(&mut header)
            .ok()
            .filter(|read| *read > 0)?;
        let header = header.trim_end();
        if header.is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).ok()?;
    Some(Asked { method, path, body })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ask(connection: &mut BufReader<TcpStream>, request: &str) -> String {
        connection.get_mut().write_all(request.as_bytes()).unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(connection.read_line(&mut head).unwrap() > 0);
        }
        head
    }

    #[test]
    fn an_event_is_handed_out_and_its_answer_taken() {
        let api = RuntimeApi::start().unwrap();
        api.offer(&json!({"a": 1}), 2);
        let mut connection = BufReader::new(TcpStream::connect(api.address).unwrap());
        for (end, body) in [("response", Some(json!(7))), ("error", None)] {
            let head = ask(&mut connection, &format!("GET {NEXT} HTTP/1.1\r\n\r\n"));
            let mut event = [0; 7];
            connection.read_exact(&mut event).unwrap();
            assert_eq!(&event, br#"{"a":1}"#);
            let (_, id) = head.split_once("request-id: ").unwrap();
            let id = id.lines().next().unwrap();
            let answer =
                format!("POST {INVOCATION}{id}/{end} HTTP/1.1\r\nContent-Length: 1\r\n\r\n7");
            assert!(ask(&mut connection, &answer).contains("202"));
            let answers = api.answers(1, Duration::from_secs(5));
            assert_eq!(answers[0].body, body);
        }
        api.first_poll(Duration::ZERO).unwrap();
    }

    #[test]
    fn a_function_that_does_not_ask_is_given_up() {
        let api = RuntimeApi::start().unwrap();
        assert!(api.first_poll(Duration::from_millis(1)).is_err());
    }
}

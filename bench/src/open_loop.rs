//! A client that does not wait: requests come when they come, however slow the answers are.
//!
//! Each request takes a connection that is idle, or opens one more, as new callers would. Its time runs from before it
//! has one, so that a server that lets callers wait cannot hide it. Where the client itself has too little of a processor
//! that it shares with the server, requests begin late: how late is told apart.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::client::{self, Latencies, Request};
use crate::failure::Failure;
use crate::stopwatch::Stopwatch;

/// Longest time from when a request is sent to its answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// How many different requests are made beforehand: to make them meanwhile would take the server's processor.
const PREPARED: u32 = 4_096;
/// The loop looks this often which requests are due.
const TICK: Duration = Duration::from_millis(1);

/// What became of the requests.
pub(crate) struct Outcome {
    /// Times of those that were answered with 200.
    pub(crate) accepted: Latencies,
    /// How much later than they were due all of them began.
    pub(crate) late: Latencies,
    /// Those that were turned away with 429 or 503 and told when to come again.
    pub(crate) shed: u32,
    /// Everything else: other answers, none, or no connection.
    pub(crate) failed: u32,
    /// The first of them, in words.
    pub(crate) first_failure: Option<String>,
    /// From the first request to the last answer.
    pub(crate) taken: Duration,
}

/// One answer.
enum Answered {
    Accepted,
    Shed,
}

type Connection = BufReader<TcpStream>;

struct Caller {
    server: SocketAddr,
    idle: Mutex<Vec<Connection>>,
    prepared: Vec<Vec<u8>>,
}

/// Offers `count` requests, so many a second.
pub(crate) fn offer(
    server: SocketAddr,
    per_second: f64,
    count: u32,
    request: &Arc<Request>,
) -> Result<Outcome, Failure> {
    let caller = Arc::new(Caller {
        server,
        idle: Mutex::default(),
        prepared: (0..count.min(PREPARED))
            .map(|number| request(number))
            .collect(),
    });
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::system("starting a client"))?
        .block_on(offered(&caller, per_second, count))
}

async fn offered(caller: &Arc<Caller>, per_second: f64, count: u32) -> Result<Outcome, Failure> {
    let mut outcome = Outcome {
        accepted: client::empty(),
        late: client::empty(),
        shed: 0,
        failed: 0,
        first_failure: None,
        taken: Duration::ZERO,
    };
    let begun = Stopwatch::start();
    let mut under_way = JoinSet::new();
    let mut ticks = tokio::time::interval(TICK);
    let mut next = 0;
    while next < count {
        ticks.tick().await;
        while next < count {
            let due = Duration::from_secs_f64(f64::from(next) / per_second);
            if due > begun.elapsed() {
                break;
            }
            let caller = Arc::clone(caller);
            under_way.spawn(async move {
                let sent = begun.elapsed();
                let answered = tokio::time::timeout(ANSWER_TIMEOUT, caller.ask(next)).await;
                Done {
                    answered,
                    late: sent.saturating_sub(due),
                    taken: begun.elapsed().saturating_sub(sent),
                }
            });
            next += 1;
        }
        while let Some(done) = under_way.try_join_next() {
            outcome.count(done);
        }
    }
    while let Some(done) = under_way.join_next().await {
        outcome.count(done);
    }
    outcome.taken = begun.elapsed();
    Ok(outcome)
}

/// What became of one request.
struct Done {
    answered: Result<std::io::Result<Result<Answered, String>>, tokio::time::error::Elapsed>,
    late: Duration,
    taken: Duration,
}

impl Outcome {
    fn count(&mut self, done: Result<Done, tokio::task::JoinError>) {
        let failure = match done {
            Ok(Done {
                answered,
                late,
                taken,
            }) => {
                self.late.saturating_record(nanoseconds(late));
                match answered {
                    Ok(Ok(Ok(Answered::Accepted))) => {
                        self.accepted.saturating_record(nanoseconds(taken));
                        return;
                    }
                    Ok(Ok(Ok(Answered::Shed))) => {
                        self.shed += 1;
                        return;
                    }
                    Ok(Ok(Err(status))) => status,
                    Ok(Err(error)) => error.to_string(),
                    Err(_elapsed) => format!("no answer within {ANSWER_TIMEOUT:?}"),
                }
            }
            Err(panicked) => panicked.to_string(),
        };
        self.failed += 1;
        self.first_failure.get_or_insert(failure);
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl Caller {
    async fn ask(&self, number: u32) -> std::io::Result<Result<Answered, String>> {
        let idle = self.lock().pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => {
                let stream = TcpStream::connect(self.server).await?;
                stream.set_nodelay(true)?;
                BufReader::new(stream)
            }
        };
        let number = usize::try_from(number).unwrap_or_default();
        let request = &self.prepared[number % self.prepared.len()];
        let head = exchange(&mut connection, request).await?;
        if head.stays_open {
            self.lock().push(connection);
        }
        Ok(match (head.status, head.has_retry_after) {
            (200, _) => Ok(Answered::Accepted),
            (429 | 503, true) => Ok(Answered::Shed),
            (status, _) => Err(format!("status {status}")),
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Head {
    status: u16,
    has_retry_after: bool,
    stays_open: bool,
}

/// Sends a request and reads its whole answer, of which only the head matters.
async fn exchange(connection: &mut Connection, request: &[u8]) -> std::io::Result<Head> {
    connection.get_mut().write_all(request).await?;
    let mut line = String::new();
    if connection.read_line(&mut line).await? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let mut head = Head {
        status: status.unwrap_or(0),
        has_retry_after: false,
        stays_open: true,
    };
    let mut length = 0;
    loop {
        line.clear();
        connection.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            "retry-after" => head.has_retry_after = true,
            "connection" => head.stays_open = !value.trim().eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await?;
    Ok(head)
}

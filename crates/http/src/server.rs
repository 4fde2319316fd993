//! The door for sockets.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::http::Request;
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use lastmile_api::ErrorCode;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::front::Crowded;
use crate::limits::{
    ACCEPT_PAUSE, CONNECTIONS_MAX, DRAIN_TIMEOUT, HEADER_BYTES_MAX, HEADER_TIMEOUT,
    REQUESTS_AT_ONCE_MAX, TURNED_AWAY_AT_ONCE_MAX, TURNED_AWAY_BUFFER_BYTES, TURNED_AWAY_TIMEOUT,
};
use crate::refusal::Refusal;

/// Serves HTTP/1.1 until `shutdown` is ready; requests that are under way then may take [`DRAIN_TIMEOUT`] more.
///
/// A client that sends its headers slowly, or nothing on an open connection, is cut off after
/// [`HEADER_TIMEOUT`]. Connections beyond [`CONNECTIONS_MAX`] are turned away with 503: whoever waited unheard for
/// another one to close would wait as long as that one is kept open.
///
/// # Errors
/// None at present: a connection that cannot be accepted is logged, and the next one is waited for.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let bounds = Bounds {
        connections: CONNECTIONS_MAX,
        crowd: REQUESTS_AT_ONCE_MAX,
    };
    serve_some(listener, router, shutdown, bounds).await
}

/// Bounds of the connections at once.
#[derive(Clone, Copy)]
struct Bounds {
    /// Most that are kept open.
    connections: usize,
    /// More are a crowd.
    crowd: usize,
}

async fn serve_some(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send,
    bounds: Bounds,
) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(bounds.connections));
    let doorway = Arc::new(Semaphore::new(TURNED_AWAY_AT_ONCE_MAX));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
                    turn_away(stream, &doorway);
                    continue;
                };
                let visitor = Visitor {
                    router: TowerToHyperService::new(router.clone()),
                    room: Arc::clone(&room),
                    bounds,
                };
                let connection = graceful.watch(connection(stream, visitor));
                tokio::spawn(async move {
                    let _place = place;
                    if let Err(error) = connection.await {
                        tracing::debug!(%error, "a connection ended early");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection cannot be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_TIMEOUT, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("requests were still under way when the server stopped");
    }
    Ok(())
}

/// Answers one request with 503 and closes. Where too many are turned away at once, or one does not ask soon, it is only
/// closed; a body that is still on its way is not waited for.
fn turn_away(stream: TcpStream, doorway: &Arc<Semaphore>) {
    let Ok(place) = Arc::clone(doorway).try_acquire_owned() else {
        return;
    };
    let overloaded = service_fn(|_: Request<Incoming>| async {
        Ok::<_, Infallible>(Refusal::new(ErrorCode::Overloaded).into_response())
    });
    let turned_away = http1::Builder::new()
        .timer(TokioTimer::new())
        .keep_alive(false)
        .header_read_timeout(TURNED_AWAY_TIMEOUT)
        .max_buf_size(TURNED_AWAY_BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), overloaded);
    tokio::spawn(async move {
        let _place = place;
        if let Err(error) = turned_away.await {
            tracing::debug!(%error, "a connection ended before it was turned away");
        }
    });
}

/// Answers the requests of one connection.
struct Visitor {
    router: TowerToHyperService<Router>,
    /// A place for each further connection.
    room: Arc<Semaphore>,
    bounds: Bounds,
}

impl Service<Request<Incoming>> for Visitor {
    type Response = Response;
    type Error = Infallible;
    type Future = <TowerToHyperService<Router> as Service<Request<Incoming>>>::Future;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let open = self.bounds.connections - self.room.available_permits();
        if open > self.bounds.crowd {
            request.extensions_mut().insert(Crowded);
        }
        self.router.call(request)
    }
}

type Connection = http1::Connection<TokioIo<TcpStream>, Visitor>;

fn connection(stream: TcpStream, visitor: Visitor) -> Connection {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "small answers of this connection may wait");
    }
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(HEADER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), visitor)
}

#[cfg(test)]
mod tests {
    use axum::Extension;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// Longest time until a place is free.
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

    async fn asked(stream: &mut TcpStream) -> String {
        let request = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n";
        stream.write_all(request).await.expect("it takes a request");
        let mut answer = vec![0; 1024];
        let read = stream.read(&mut answer).await.expect("it answers");
        String::from_utf8_lossy(&answer[..read]).into_owned()
    }

    #[tokio::test]
    async fn regression_a_connection_too_many_is_told_so_and_does_not_wait() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/", get(async || "here"));
        let bounds = Bounds {
            connections: 1,
            crowd: 1,
        };
        tokio::spawn(serve_some(listener, router, std::future::pending(), bounds));
        let connected = || async { TcpStream::connect(address).await.expect("it listens") };

        let mut first = connected().await;
        assert!(asked(&mut first).await.starts_with("HTTP/1.1 200"));
        let mut second = connected().await;
        let refused = asked(&mut second).await.to_lowercase();
        for wanted in ["http/1.1 503", "retry-after: 1", "connection: close"] {
            assert!(refused.contains(wanted), "{wanted}: {refused}");
        }
        assert!(asked(&mut first).await.starts_with("HTTP/1.1 200"));
        drop(first);
        // Its place is free as soon as the server has seen that it is gone.
        let free = async {
            while !asked(&mut connected().await)
                .await
                .starts_with("HTTP/1.1 200")
            {
                tokio::task::yield_now().await;
            }
        };
        let freed = tokio::time::timeout(PATIENCE, free).await;
        freed.expect("the place is given to the next one");
    }

    #[tokio::test]
    async fn requests_of_a_crowd_say_so() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let seen = get(
            async |crowded: Option<Extension<Crowded>>| {
                if crowded.is_some() { "many" } else { "few" }
            },
        );
        let router = Router::new().route("/", seen);
        let bounds = Bounds {
            connections: 9,
            crowd: 2,
        };
        tokio::spawn(serve_some(listener, router, std::future::pending(), bounds));
        let connected = || async { TcpStream::connect(address).await.expect("it listens") };

        let mut open = Vec::new();
        for expected in ["few", "few", "many"] {
            open.push(connected().await);
            let newest = open.last_mut().expect("one is open");
            let answer = asked(newest).await;
            assert!(answer.ends_with(expected), "{expected}: {answer}");
            let answer = asked(&mut open[0]).await;
            assert!(answer.ends_with(expected), "{expected}: {answer}");
        }
    }
}

//! The door for sockets.

use std::future::Future;
use std::io;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::limits::DRAIN_TIMEOUT;

/// Serves until `shutdown` is ready; requests that are under way then may take [`DRAIN_TIMEOUT`] more.
///
/// # Errors
/// Whatever the listener says.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, has_stopped) = oneshot::channel();
    let told = async move {
        shutdown.await;
        // The other end waits for this as long as the server runs.
        let _ended = stopping.send(());
    };
    let serving = axum::serve(listener, router).with_graceful_shutdown(told);
    let late = async move {
        if has_stopped.await.is_ok() {
            tokio::time::sleep(DRAIN_TIMEOUT).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        served = serving => served,
        () = late => Ok(()),
    }
}

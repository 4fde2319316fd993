//! The hello-world server that lookups are compared with: the same framework behind the
//! product's own accept loop and connection settings, a small JSON answer.

use std::io::Write;

use axum::Json;
use axum::Router;
use axum::routing::get;
use serde::Serialize;

use crate::failure::Failure;
use crate::product;

#[derive(Serialize)]
struct Hello {
    message: &'static str,
}

/// Serves until it is ended; prints where.
pub(crate) fn serve() -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::system("starting threads"))?;
    runtime.block_on(async {
        let router = Router::new().route(
            "/",
            get(async || {
                Json(Hello {
                    message: "Hello, world!",
                })
            }),
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .map_err(Failure::system("listening on loopback"))?;
        let address = listener
            .local_addr()
            .map_err(Failure::system("listening on loopback"))?;
        println!("{}{address}", product::LISTENING);
        std::io::stdout()
            .flush()
            .map_err(Failure::system("saying where"))?;
        lastmile_http::serve(listener, router, std::future::pending())
            .await
            .map_err(Failure::system("serving"))
    })
}

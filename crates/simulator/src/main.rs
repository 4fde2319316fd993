//! `lastmile-simulator`: carriers to try things with, behind a socket.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use jiff::Timestamp;
use lastmile_model::door::Clock;
use lastmile_simulator::behaviour::Figures;
use lastmile_simulator::{Market, server};
use tokio::net::TcpListener;

mod settings_file;

/// Simulated carriers that speak MEF LSO Sonata.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// How many carriers; the n-th is at /p{n}.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    providers: u32,
    /// The same seed gives the same carriers.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Half of the answers come within so many milliseconds; 0 for at once.
    #[arg(long, default_value_t = 300)]
    latency_ms: u64,
    /// How long a deferred answer takes, in milliseconds.
    #[arg(long, default_value_t = 2000)]
    thinking_ms: u64,
    /// The client secret that all of them take.
    #[arg(
        long,
        env = "LASTMILE_SIMULATOR_SECRET",
        default_value = "simulated",
        hide_env_values = true
    )]
    client_secret: String,
    /// Writes a providers file that names all of them.
    #[arg(long)]
    settings: Option<PathBuf>,
}

/// The machine's clock: this program stands alone, so it has its own.
struct MachineClock;

impl Clock for MachineClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the Clock door of a program that is not part of the product"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "lastmile-simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> io::Result<()> {
    let Arguments {
        providers,
        seed,
        listen,
        latency_ms,
        thinking_ms,
        client_secret,
        settings,
    } = arguments;
    let figures = Figures {
        latency_median: Duration::from_millis(latency_ms),
        thinking: Duration::from_millis(thinking_ms),
        ..Figures::default()
    };
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    if let Some(path) = settings {
        std::fs::write(path, settings_file::text(address, providers))?;
    }
    writeln!(io::stdout(), "listening on http://{address}")?;
    let market = Arc::new(Market::new(providers, seed, figures, &client_secret));
    let shutdown = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    server::serve(listener, market, Arc::new(MachineClock), shutdown).await
}

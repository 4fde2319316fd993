//! A simulated carrier behind a socket, for a command to ask.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use lastmile_doors::SystemClock;
use lastmile_simulator::behaviour::Figures;
use lastmile_simulator::{Market, server};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::program::Program;

/// What the carrier takes for the secret.
const SECRET: &str = "simulated";

/// One seller, which ends with this value.
pub(crate) struct Simulated {
    address: SocketAddr,
    _runtime: Option<Runtime>,
}

impl Simulated {
    /// Starts it; it answers at once.
    pub(crate) fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let figures = Figures {
            latency_median: Duration::ZERO,
            ..Figures::default()
        };
        let market = Arc::new(Market::new(1, 7, figures, SECRET));
        let clock = Arc::new(SystemClock);
        runtime.spawn(server::serve(
            listener,
            market,
            clock,
            std::future::pending(),
        ));
        Self {
            address,
            _runtime: Some(runtime),
        }
    }

    /// Something else that listens there.
    pub(crate) const fn at(address: SocketAddr) -> Self {
        Self {
            address,
            _runtime: None,
        }
    }

    /// A providers file that names it.
    pub(crate) fn settings(&self, program: &Program) -> String {
        let secret = program.file("secret", SECRET);
        let address = self.address;
        format!(
            "[contact]\nname = \"Quote desk\"\nemail = \"quotes@example.com\"\nphone = \"+1 603 555 0100\"\n\n\
             [[provider]]\nname = \"Simulated 01\"\nkind = \"sonata\"\nbase_url = \"http://{address}/p1\"\n\
             token_url = \"http://{address}/p1/oauth2/token\"\nclient_id = \"lastmile\"\n\
             client_secret = {{ file = \"{secret}\" }}\nconcurrent = 20\n\n\
             [provider.products.basic_internet_access]\noffering = \"BIA-1\"\n"
        )
    }
}

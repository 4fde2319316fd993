//! Simulated carriers behind a socket, in the bench's own process.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use lastmile_doors::SystemClock;
use lastmile_simulator::behaviour::Figures;
use lastmile_simulator::{Market, Mix, server};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::deal::CALLS_AT_ONCE;
use crate::failure::Failure;

/// The secret of all of them.
pub(crate) const SECRET: &str = "simulated";
const SEED: u64 = 7;

/// Carriers; they end with this.
pub(crate) struct Sellers {
    /// Where they are.
    pub(crate) address: SocketAddr,
    market: Arc<Market>,
    _runtime: Runtime,
}

/// What they were asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// Requests for quotes: one for each location.
    pub(crate) quotes: u64,
    /// The shortest time in which all of their answers can be had, as many at once as each carrier allows: the
    /// longest of theirs, because they are asked side by side.
    pub(crate) shortest: Duration,
}

impl Sellers {
    /// So many, half of whose answers come within `latency`.
    pub(crate) fn start(sellers: u32, latency: Duration) -> Result<Self, Failure> {
        // Every location is covered: one that a carrier thinks about is asked about again when its settings
        // say so, and how long that takes says nothing about us.
        let figures = Figures {
            mix: Mix::ALL_COVERED,
            latency_median: latency,
            ..Figures::default()
        };
        let market = Arc::new(Market::new(sellers, SEED, figures, SECRET));
        let runtime = Runtime::new().map_err(Failure::system("starting threads"))?;
        let listener = runtime
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .map_err(Failure::system("listening on loopback"))?;
        let address = listener
            .local_addr()
            .map_err(Failure::system("listening on loopback"))?;
        let served = Arc::clone(&market);
        runtime.spawn(server::serve(
            listener,
            served,
            Arc::new(SystemClock),
            std::future::pending(),
        ));
        Ok(Self {
            address,
            market,
            _runtime: runtime,
        })
    }

    /// What they were asked until now.
    pub(crate) fn asked(&self) -> Asked {
        let sellers = self.market.sellers().iter();
        let shortest = sellers.clone().map(|seller| shortest(&seller.latencies()));
        Asked {
            quotes: sellers.clone().map(|seller| seller.quotes_asked()).sum(),
            shortest: shortest.max().unwrap_or_default(),
        }
    }
}

/// The time in which one carrier can be asked: for a token first, then as many questions at once as it allows,
/// each as soon as another is answered.
fn shortest(latencies: &[Duration]) -> Duration {
    let Some((token, questions)) = latencies.split_first() else {
        return Duration::ZERO;
    };
    let mut free = [*token; CALLS_AT_ONCE as usize];
    for question in questions {
        if let Some(first) = free.iter_mut().min() {
            *first += *question;
        }
    }
    free.into_iter().max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_time_is_that_of_a_token_and_of_full_rounds() {
        let second = Duration::from_secs(1);
        assert_eq!(shortest(&[]), Duration::ZERO);
        assert_eq!(shortest(&[second; 2]), second * 2);
        assert_eq!(shortest(&[second; 1 + 20]), second * 2);
        assert_eq!(shortest(&[second; 1 + 21]), second * 3);
    }
}

//! The whole client in virtual time: the seller behind the exchange, no socket, no waiting.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use lastmile_model::address::{NormalAddress, parse};
use lastmile_model::availability::Outcome;
use lastmile_model::carrier::{Location, OutcomeCounts, PriceQuestion};
use lastmile_model::door::{Clock, Random, Timer};
use lastmile_providers::exchange::{Exchange, ExchangeError};
use lastmile_providers::{Doors, Watched};
use lastmile_simulator::{Behaviour, Destiny, Figures, Market};
use lastmile_testkit::virtual_time::VirtualTime;

use crate::world::{SECRET, carrier, location, question, settings_text};

#[derive(Clone)]
pub(crate) struct NoDistance {
    market: Arc<Market>,
    time: VirtualTime,
}

#[async_trait]
impl Exchange for NoDistance {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ExchangeError> {
        let answered = self.market.answer(&request, self.time.now());
        self.time.wait(answered.takes).await;
        Ok(answered.response)
    }
}

struct Zeros;

impl Random for Zeros {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

pub(crate) struct Simulation {
    pub(crate) market: Arc<Market>,
    pub(crate) time: VirtualTime,
    pub(crate) carrier: Arc<dyn Watched>,
    _folder: tempfile::TempDir,
}

fn simulation(extra: &str, behaviour: Behaviour) -> Simulation {
    simulation_over(extra, behaviour, |exchange| exchange)
}

/// The same, with something around the exchange.
pub(crate) fn simulation_over<E: Exchange + Clone>(
    extra: &str,
    behaviour: Behaviour,
    around: impl Fn(NoDistance) -> E,
) -> Simulation {
    let market = Arc::new(Market::new(1, 7, Figures::default(), SECRET));
    market.behave(1, behaviour);
    let time = VirtualTime::default();
    let exchange = around(NoDistance {
        market: Arc::clone(&market),
        time: time.clone(),
    });
    let doors = Doors {
        clock: Arc::new(time.clone()),
        timer: Arc::new(time.clone()),
        random: Arc::new(Zeros),
    };
    let folder = tempfile::tempdir().expect("the test sets it up");
    let text = settings_text("http://localhost/p1", &folder, extra);
    let carrier = carrier(&text, &exchange, &doors);
    Simulation {
        market,
        time,
        carrier,
        _folder: folder,
    }
}

fn houses(count: usize) -> Vec<PriceQuestion> {
    let house = |number: usize| {
        let text = format!("{number} Elm St, Port Alden, NH 03611");
        let location = Location {
            address: NormalAddress::of(&parse(&text)),
            coordinates: None,
            carrier_place: None,
        };
        question(location, &[12, 36])
    };
    (1..=count).map(house).collect()
}

/// What a thousand houses came to, and how long it took.
fn thousand() -> (OutcomeCounts, Duration) {
    let extra = "concurrent = 20\nqualify_first = \"never\"\ntries = 1\n[provider.breaker]\nill_percent = 100";
    let simulation = simulation(extra, Behaviour::default());
    let begin = simulation.time.now();
    let questions = houses(1_000);
    simulation.time.run(simulation.carrier.price(&questions));
    let took = simulation.time.now().duration_since(begin);
    (
        simulation.carrier.health().outcomes,
        Duration::try_from(took).expect("the test sets it up"),
    )
}

#[test]
fn a_thousand_houses_show_the_measured_mix_and_the_same_seed_the_same_run() {
    let (outcomes, took) = thousand();
    assert_eq!(outcomes.total(), 2_000);
    let share = |count: u64| count / 20;
    assert!((74..=82).contains(&share(outcomes.served)), "{outcomes:?}");
    assert!(
        (4..=9).contains(&share(outcomes.not_served)),
        "{outcomes:?}"
    );
    assert!(
        (1..=5).contains(&share(outcomes.address_unknown)),
        "{outcomes:?}"
    );
    assert!((9..=16).contains(&share(outcomes.failed)), "{outcomes:?}");
    // Two requests for each house, 300 ms at the median (340 ms on average), twenty at once: 34 s.
    assert!((30..40).contains(&took.as_secs()), "{took:?}");
    assert_eq!(thousand(), (outcomes, took));
}

#[test]
fn a_seller_that_limits_its_rate_is_asked_again_when_it_says() {
    let limited = Behaviour {
        rate_limited: true,
        ..Behaviour::default()
    };
    let extra = "concurrent = 4\nqualify_first = \"never\"\ntries = 10\n[provider.breaker]\nill_percent = 100";
    let simulation = simulation(extra, limited);
    let covered = Destiny::Covered { sure: true };
    let asked: Vec<PriceQuestion> = (0..8)
        .map(|which| question(location(&simulation.market, covered, which), &[12]))
        .collect();
    let replies = simulation.time.run(simulation.carrier.price(&asked));
    for reply in replies {
        let answer = reply.answered().unwrap();
        assert_eq!(answer.terms[0].1.outcome(), Outcome::Served);
    }
}

#[test]
fn a_token_is_asked_for_once_and_renewed_before_its_end() {
    let simulation = simulation("qualify_first = \"never\"", Behaviour::default());
    let covered = Destiny::Covered { sure: true };
    let ask = |which| question(location(&simulation.market, covered, which), &[12]);
    let requests = || simulation.market.seller(1).unwrap().requests();
    simulation.time.run(async {
        simulation.carrier.price(&[ask(0), ask(1), ask(2)]).await;
        assert_eq!(requests(), 1 + 6, "one token for all");
        simulation.time.wait(Duration::from_secs(3_500)).await;
        simulation.carrier.price(&[ask(3)]).await;
        assert_eq!(requests(), 7 + 2, "still good");
        simulation.time.wait(Duration::from_secs(60)).await;
        simulation.carrier.price(&[ask(4)]).await;
        assert_eq!(requests(), 9 + 3, "renewed a minute before its end");
    });
}

#[test]
fn a_slow_seller_is_given_up() {
    let slow = Behaviour {
        slow: true,
        ..Behaviour::default()
    };
    let simulation = simulation("timeout_ms = 2000\ntries = 1", slow);
    let covered = location(&simulation.market, Destiny::Covered { sure: true }, 0);
    let begin = simulation.time.now();
    let replies = simulation
        .time
        .run(simulation.carrier.price(&[question(covered, &[12])]));
    let answer = replies.into_iter().next().unwrap().answered().unwrap();
    assert_eq!(answer.terms[0].1.outcome(), Outcome::Failed);
    assert_eq!(simulation.time.now().duration_since(begin).as_secs(), 2);
}

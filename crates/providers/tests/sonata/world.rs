//! One simulated seller behind a socket, and the client as its settings file makes it.

use std::sync::Arc;
use std::time::Duration;

use lastmile_doors::{SystemClock, SystemRandom, SystemTimer};
use lastmile_model::address::{NormalAddress, parse};
use lastmile_model::carrier::{
    Firmness, Location, PriceAnswer, PriceQuestion, Product, QualifyAnswer, QualifyQuestion, Reply,
    Service, Term, TermAnswer,
};
use lastmile_model::claim::Kbps;
use lastmile_model::identity::ProviderName;
use lastmile_providers::exchange::Exchange;
use lastmile_providers::exchange::https::HttpsExchange;
use lastmile_providers::{Carriers, Doors, Watched, Way, settings};
use lastmile_simulator::{Behaviour, Destiny, Figures, Market, server};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// What the client says to the token endpoint; no log and no error may hold it.
pub(crate) const SECRET: &str = "correct-horse-battery-staple";
/// How long a seller thinks about what is asked for later.
pub(crate) const THINKING: Duration = Duration::from_millis(150);

pub(crate) struct World {
    pub(crate) market: Arc<Market>,
    pub(crate) carrier: Arc<dyn Watched>,
    folder: TempDir,
}

pub(crate) fn provider() -> ProviderName {
    ProviderName::new("Alden Telephone").expect("the test sets it up")
}

/// The settings file, with `extra` fields of the provider.
pub(crate) fn settings_text(base: &str, folder: &TempDir, extra: &str) -> String {
    let secret = folder.path().join("secret");
    std::fs::write(&secret, SECRET).expect("the test sets it up");
    format!(
        r#"
[contact]
name = "Desk"
email = "desk@example.com"
phone = "+1 603 555 0100"

[[provider]]
name = "Alden Telephone"
kind = "sonata"
base_url = "{base}"
token_url = "{base}/oauth2/token"
client_id = "lastmile"
client_secret = {{ file = '{secret}' }}
retry_wait_ms = 1
poll_every_s = 1
{extra}

[provider.products.basic_internet_access]
offering = "BIA-1"

[provider.products.access_e_line]
offering = "AEL-1"
enni = "ENNI-1"

[provider.products.advanced_internet_access]
offering = "NOT-OFFERED"
"#,
        secret = secret.display()
    )
}

/// The only carrier of a settings file.
pub(crate) fn carrier<E: Exchange + Clone>(
    text: &str,
    exchange: &E,
    doors: &Doors,
) -> Arc<dyn Watched> {
    let carriers = Carriers::of_settings(
        settings::read(text).expect("the test sets it up").providers,
        exchange,
        doors,
    );
    match carriers.way(&provider()) {
        Some(Way::Live(carrier)) => Arc::clone(carrier),
        Some(Way::Coverage | Way::Person) | None => unreachable!("it is asked by API"),
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with("", Behaviour::default()).await
    }

    pub(crate) async fn behaving(behaviour: Behaviour) -> Self {
        Self::with("", behaviour).await
    }

    pub(crate) async fn with(extra: &str, behaviour: Behaviour) -> Self {
        let figures = Figures {
            latency_median: Duration::ZERO,
            thinking: THINKING,
            ..Figures::default()
        };
        let market = Arc::new(Market::new(1, 7, figures, SECRET));
        market.behave(1, behaviour);
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("the test sets it up");
        let address = listener.local_addr().expect("the test sets it up");
        let forever = std::future::pending();
        tokio::spawn(server::serve(
            listener,
            Arc::clone(&market),
            Arc::new(SystemClock),
            forever,
        ));
        let folder = tempfile::tempdir().expect("the test sets it up");
        Self {
            market,
            carrier: reached(&format!("http://{address}/p1"), &folder, extra),
            folder,
        }
    }

    /// The same client, of a seller that is somewhere else.
    pub(crate) fn elsewhere(&self, base: &str, extra: &str) -> Arc<dyn Watched> {
        reached(base, &self.folder, extra)
    }

    /// Replaces the client's secret.
    pub(crate) fn set_secret(&self, secret: &str) {
        std::fs::write(self.folder.path().join("secret"), secret).expect("the test sets it up");
    }

    /// The n-th building, from 0, of which the seller says so.
    pub(crate) fn location(&self, wanted: Destiny, which: usize) -> Location {
        location(&self.market, wanted, which)
    }

    pub(crate) fn question(&self, wanted: Destiny, terms: &[u16]) -> PriceQuestion {
        question(self.location(wanted, 0), terms)
    }

    /// The answer to one question, which must not be pending.
    pub(crate) async fn price(&self, question: &PriceQuestion) -> PriceAnswer {
        let mut replies = self.carrier.price(std::slice::from_ref(question)).await;
        assert_eq!(replies.len(), 1);
        match replies.remove(0) {
            Reply::Answered(answer) => answer,
            Reply::Pending(pending) => unreachable!("{pending:?}"),
        }
    }

    /// What one question about a covered building for one term comes to.
    pub(crate) async fn covered(&self) -> TermAnswer {
        let question = self.question(Destiny::Covered { sure: true }, &[36]);
        self.price(&question).await.terms.remove(0).1
    }

    pub(crate) async fn qualify(&self, question: &QualifyQuestion) -> QualifyAnswer {
        let mut replies = self.carrier.qualify(std::slice::from_ref(question)).await;
        match replies.remove(0) {
            Reply::Answered(answer) => answer,
            Reply::Pending(pending) => unreachable!("{pending:?}"),
        }
    }
}

/// A client over the network.
fn reached(base: &str, folder: &TempDir, extra: &str) -> Arc<dyn Watched> {
    let doors = Doors {
        clock: Arc::new(SystemClock),
        timer: Arc::new(SystemTimer),
        random: Arc::new(SystemRandom),
    };
    let exchange = HttpsExchange::new().expect("the test sets it up");
    carrier(&settings_text(base, folder, extra), &exchange, &doors)
}

/// The n-th building, from 0, of which the first seller says so.
pub(crate) fn location(market: &Market, wanted: Destiny, which: usize) -> Location {
    let seller = market.seller(1).expect("the test sets it up");
    (1..20_000)
        .map(|house| format!("{house} N Main St, Port Alden, NH 03611"))
        .map(|text| NormalAddress::of(&parse(&text)))
        .filter(|address| {
            seller.destiny(
                &address
                    .building_key()
                    .expect("the test sets it up")
                    .to_string(),
            ) == wanted
        })
        .map(|address| Location {
            address,
            coordinates: None,
            carrier_place: None,
        })
        .nth(which)
        .expect("there are many buildings")
}

pub(crate) fn question(location: Location, terms: &[u16]) -> PriceQuestion {
    PriceQuestion {
        provider: provider(),
        location,
        service: Service {
            product: Product::BasicInternetAccess,
            down: Kbps(1_000_000),
            up: Kbps(200_000),
            access: None,
        },
        terms: terms
            .iter()
            .map(|months| Term::new(*months).expect("the test sets it up"))
            .collect(),
        firmness: Firmness::Firm,
    }
}

//! The suite's carriers as the stack asks them: by a providers file in the table, over a socket of this machine,
//! on which the emulator runs the functions.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::slice::from_ref;
use std::sync::{Arc, OnceLock};
use std::thread;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lastmile_doors::{SystemClock, SystemRandom, SystemTimer};
use lastmile_model::address::{NormalAddress, parse};
use lastmile_model::carrier::{
    Firmness, Location, PriceAnswer, PriceQuestion, Product, Reply, Service, Term, TermAnswer,
};
use lastmile_model::claim::Kbps;
use lastmile_model::identity::ProviderName;
use lastmile_providers::exchange::https::HttpsExchange;
use lastmile_providers::{Carriers, Doors, Way, settings};
use lastmile_testkit::front_door::{NEVER, PONDERS, QUICK};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What the functions say to be let in; they read it from a file.
const CLIENT: &str = "lastmile";
const SECRET: &str = "correct-horse";
/// Where each carrier is below the socket.
const QUICK_PATH: &str = "/quick";
const NEVER_PATH: &str = "/never";
/// The carrier's name of what it never finishes.
const NEVER_READY: &str = "77";

/// The file that names the carriers: the same for as long as this process runs.
pub(crate) fn providers_file() -> String {
    static FILE: OnceLock<String> = OnceLock::new();
    FILE.get_or_init(|| {
        let secret = Path::new(env!("CARGO_TARGET_TMPDIR")).join("carrier-secret");
        fs::write(&secret, SECRET).expect("the secret is written");
        file_text(served(), &secret)
    })
    .clone()
}

fn file_text(address: SocketAddr, secret: &Path) -> String {
    let secret = secret.display();
    let live = |name: &str, path: &str| {
        format!(
            r#"
[[provider]]
name = "{name}"
kind = "sonata"
base_url = "http://{address}{path}"
token_url = "http://{address}/token"
client_id = "{CLIENT}"
client_secret = {{ file = "{secret}" }}
validate_addresses = false
qualify_first = "never"
poll_every_s = 1

[provider.products.basic_internet_access]
offering = "BIA"
"#
        )
    };
    let contact =
        "[contact]\nname = \"Desk\"\nemail = \"desk@example.com\"\nphone = \"+1 603 555 0100\"\n";
    let by_person = format!("\n[[provider]]\nname = \"{PONDERS}\"\nkind = \"person\"\n");
    [
        contact,
        &live(QUICK, QUICK_PATH),
        &live(NEVER, NEVER_PATH),
        &by_person,
    ]
    .concat()
}

/// Serves on a thread of its own, because each test has a runtime that ends with it.
fn served() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a socket");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async {
            let listener = TcpListener::from_std(listener).expect("a socket");
            let router = Router::new().fallback(answer);
            axum::serve(listener, router).await.expect("it serves");
        });
    });
    address
}

async fn answer(method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let path = uri.path();
    let shown = headers.get(AUTHORIZATION).map(|value| value.as_bytes());
    if path == "/token" {
        let known = STANDARD.encode(format!("{CLIENT}:{SECRET}"));
        if shown != Some(format!("Basic {known}").as_bytes()) {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        return json_of(
            &json!({"access_token": "token", "token_type": "Bearer", "expires_in": 3600}),
        );
    }
    if shown != Some(b"Bearer token") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    if method == Method::POST && path.starts_with(QUICK_PATH) && path.ends_with("/quote") {
        return json_of(&priced(&asked));
    }
    let asked_on = method == Method::GET && path.ends_with(NEVER_READY);
    if path.starts_with(NEVER_PATH) && (path.ends_with("/quote") || asked_on) {
        return json_of(&json!({"id": NEVER_READY, "state": "inProgress", "quoteItem": []}));
    }
    StatusCode::NOT_FOUND.into_response()
}

fn json_of(body: &Value) -> Response {
    axum::Json(body).into_response()
}

/// A quote with the price of [`QUICK`] for each item that was asked about.
fn priced(asked: &Value) -> Value {
    let items = asked["quoteItem"].as_array().into_iter().flatten();
    let usd = |value: u32| json!({"dutyFreeAmount": {"unit": "USD", "value": value}});
    let items = items.map(|item| {
        json!({
            "id": item["id"],
            "state": "answered",
            "quoteItemInstallationInterval": {"amount": 30, "units": "calendarDays"},
            "quoteItemPrice": [
                {"priceType": "recurring", "recurringChargePeriod": "month", "price": usd(70)},
                {"priceType": "nonRecurring", "price": usd(100)},
            ],
        })
    });
    json!({
        "id": "1",
        "state": "answered",
        "quoteLevel": "budgetary",
        "quoteItem": items.collect::<Vec<_>>(),
    })
}

/// They answer as the suite's own do, which needs no stack to be seen.
#[tokio::test]
async fn they_answer_as_the_suites_carriers() {
    let settings = settings::read(&providers_file()).expect("a providers file");
    let doors = Doors {
        clock: Arc::new(SystemClock),
        timer: Arc::new(SystemTimer),
        random: Arc::new(SystemRandom),
    };
    let exchange = HttpsExchange::new().expect("certificates");
    let carriers = Carriers::of_settings(settings.providers, &exchange, &doors);
    let term = Term::new(36).expect("a term");
    let ask = async |name: &str| {
        let name = ProviderName::new(name).expect("a name");
        let Some(Way::Live(carrier)) = carriers.way(&name) else {
            panic!("{name} is not asked by API");
        };
        let question = PriceQuestion {
            provider: name,
            location: Location {
                address: NormalAddress::of(&parse("12 Oak St, Millford, WY 82099")),
                coordinates: None,
                carrier_place: None,
            },
            service: Service {
                product: Product::BasicInternetAccess,
                down: Kbps(100_000),
                up: Kbps(768),
                access: None,
            },
            terms: vec![term],
            firmness: Firmness::Budgetary,
        };
        let mut replies = carrier.price(from_ref(&question)).await;
        let reply = replies.pop().expect("a reply");
        match reply {
            Reply::Pending(pending) => carrier.continue_price(&question, &pending).await,
            reply @ Reply::Answered(_) => reply,
        }
    };
    match ask(QUICK).await {
        Reply::Answered(PriceAnswer { terms, .. }) => match &terms[..] {
            [(asked, TermAnswer::Priced(price))] => {
                let days = price.install_interval_days;
                let amounts = (price.mrc.minor, price.nrc.minor, days);
                assert_eq!((*asked, amounts), (term, (7_000, 10_000, Some(30))));
            }
            other => panic!("{other:?}"),
        },
        Reply::Pending(pending) => panic!("{pending:?}"),
    }
    assert!(matches!(ask(NEVER).await, Reply::Pending(_)));
    let by_person = ProviderName::new(PONDERS).expect("a name");
    assert!(matches!(carriers.way(&by_person), Some(Way::Person)));
}

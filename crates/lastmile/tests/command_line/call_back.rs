//! Carriers that call back when their deferred answers are there.

use std::net::TcpListener;

use lastmile_model::identity::ProviderName;
use lastmile_providers::{CallBack, SecretSource};
use serde_json::{Value, json};

use crate::carriers::Simulated;
use crate::program::{Program, Running};
use crate::rates::quoted;

/// Deferred answers are looked for once a day, so that only a notification brings them.
const DEFERRED: &str = "answers = \"deferred\"\npoll_every_s = 86400\ncalls_back = true\n";

/// An address that is free now.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[test]
fn a_deferred_answer_comes_when_the_carrier_calls_back() {
    let program = Program::new();
    let (simulated, address) = (Simulated::start(), free_address());
    let secret = program.file("call-back", "correct horse battery staple, and more");
    let base_url = format!("http://{address}");
    let settings = format!(
        "[call_back]\nbase_url = \"{base_url}\"\nsecret = {{ file = \"{secret}\" }}\n\n{}",
        simulated
            .settings(&program)
            .replace("concurrent", &format!("{DEFERRED}concurrent"))
    );
    let providers = program.file("providers.toml", settings);
    let key = program.must(&["keys", "create", "--name", "test", "--json"]);
    let key = key.last_object()["key"].as_str().unwrap().to_owned();
    let serve = ["serve", "--listen", &address, "--providers", &providers];
    let server = Running::start(&program, &serve);

    let subscribe = [
        "providers",
        "subscribe",
        "--providers",
        &providers,
        "--json",
    ];
    let subscribed = program.must(&subscribe).last_object();
    assert_eq!(subscribed["provider"], "Simulated 01");
    let (qualification, quote) = (&subscribed["qualification"], &subscribed["quote"]);

    let address = |number: u32| json!({"address": format!("{number} Elm St, Keene, NH 03431")});
    let body = json!({
        "location": (1..=9).map(address).collect::<Vec<_>>(),
        "service": [{"product": "basic_internet_access", "downMbps": 100, "upMbps": 100}],
        "term": [12],
        "provider": ["Simulated 01"],
        // Qualified first, so that the carrier calls back twice about each.
        "firmness": "firm",
    });
    let cells = quoted(&server, &key, &body).concat();
    let outcome = |wanted: &str| {
        cells
            .iter()
            .filter(|cell| cell["outcome"] == wanted)
            .count()
    };
    assert_eq!(outcome("expired"), 0, "{cells:?}");
    assert!(outcome("priced") > 0, "{cells:?}");

    strangers_are_refused(&server, &base_url, &secret);
    let unsubscribe = [
        "providers",
        "unsubscribe",
        "--providers",
        &providers,
        "Simulated 01",
        "--qualification",
        qualification.as_str().unwrap(),
        "--quote",
        quote.as_str().unwrap(),
    ];
    program.must(&unsubscribe);
    assert_eq!(server.interrupt().0, 0);
}

fn strangers_are_refused(server: &Running, base_url: &str, secret: &str) {
    let carrier = |name| ProviderName::new(name).unwrap();
    let call_back = CallBack {
        base_url: base_url.to_owned(),
        secret: SecretSource::File(secret.into()),
        carriers: [carrier("Simulated 01"), carrier("Bay")].into(),
    };
    let listener = |name| {
        let url = call_back.url(&carrier(name)).unwrap();
        let path = url.strip_prefix(base_url).unwrap();
        format!("{path}/mefApi/sonata/quoteNotification/v8/listener/quoteStateChangeEvent")
    };
    let event = json!({"eventId": "1", "eventType": "quoteStateChangeEvent", "event": {"id": "1"}});
    let said = |path: &str, body: &Value| {
        let (status, answer) = server.post(path, "", body);
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        (
            status,
            answer["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let ours = listener("Simulated 01");
    assert_eq!(said(&ours, &event), (204, String::new()));
    assert_eq!(
        said(&ours, &json!({})),
        (400, "invalid_attribute".to_owned())
    );
    let known = "not_found".to_owned();
    assert_eq!(said(&ours.replace('.', "._"), &event), (404, known.clone()));
    assert_eq!(said(&listener("Bay"), &event), (404, known));
}

#[test]
fn who_does_not_call_back_is_not_asked_to() {
    let program = Program::new();
    let settings = Simulated::start().settings(&program);
    let providers = program.file("providers.toml", &settings);
    let subscribe = ["providers", "subscribe", "--providers", &providers];
    let nobody = program.run(&subscribe);
    assert_eq!(nobody.code, 1);
    assert!(
        nobody.stderr.contains("calls_back = true"),
        "{}",
        nobody.stderr
    );

    let alone = settings.replace("concurrent", "calls_back = true\nconcurrent");
    let providers = program.file("alone.toml", alone);
    let refused = program.run(&["providers", "--providers", &providers]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("needs call_back"),
        "{}",
        refused.stderr
    );
}

use std::time::Duration;

use lastmile_model::carrier::Product;
use lastmile_model::quote::Margin;

use super::*;
use crate::secret::SecretSource;
use crate::sonata::settings::{QualifyFirst, Versions};

/// The least that a seller needs.
const LEAST: &str = r#"
[contact]
name = "Desk"
email = "desk@example.com"
phone = "+1 603 555 0100"

[[provider]]
name = "Alden Telephone"
kind = "sonata"
base_url = "https://api.alden.example"
token_url = "https://login.alden.example/token"
client_id = "lastmile"
client_secret = { env = "ALDEN_SECRET" }

[provider.products.basic_internet_access]
offering = "BIA-1"
"#;

fn sonata(text: &str) -> (SonataSettings, GuardFigures) {
    let providers = read(text).unwrap().providers;
    match providers.into_iter().next().map(|provider| provider.kind) {
        Some(Kind::Sonata { sonata, guard }) => (*sonata, guard),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_not_said_has_a_default() {
    let (sonata, guard) = sonata(LEAST);
    let versions = Versions {
        address: 7,
        qualification: 7,
        quote: 8,
    };
    assert_eq!(sonata.versions, versions);
    assert!(sonata.immediate && sonata.validate_addresses);
    assert_eq!(sonata.qualify_first, QualifyFirst::Firm);
    assert_eq!((guard.concurrent, guard.pace), (8, None));
    assert_eq!(guard.timeout, Duration::from_secs(30));
    assert_eq!(sonata.offerings[&Product::BasicInternetAccess].id, "BIA-1");
}

#[test]
fn who_calls_back_needs_our_address_and_is_gathered() {
    let calling = LEAST.replace("client_id", "calls_back = true\nclient_id");
    let without = read(&calling).unwrap_err();
    assert_eq!(
        without.to_string(),
        "provider Alden Telephone: calls_back needs call_back, said once for all providers"
    );
    let ours = "[call_back]\nbase_url = \"https://api.example\"\nsecret = { env = \"SEAL\" }\n";
    let call_back = read(&format!("{ours}{calling}"))
        .unwrap()
        .call_back
        .unwrap();
    assert_eq!(
        call_back.secret,
        SecretSource::Environment("SEAL".to_owned())
    );
    let alden = ProviderName::new("Alden Telephone").unwrap();
    assert_eq!(call_back.carriers, [alden].into());
    assert_eq!(read(LEAST).unwrap().call_back, None);
    let open = format!("{ours}{calling}").replace("https://api.example", "http://api.example");
    assert_eq!(
        read(&open).unwrap_err().to_string(),
        "call_back.base_url must be a https URL without a query (http only on this machine)"
    );
}

#[test]
fn the_example_of_the_documentation_is_read() {
    let page = include_str!("../../../../docs/providers.md");
    let example = page
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let settings = read(example.expect("the page has an example")).unwrap();
    let providers = settings.providers;
    let buys = ProviderName::new("Granite State Fiber").unwrap();
    let off_net = &settings.off_net[&buys];
    assert_eq!(
        off_net.suppliers,
        [ProviderName::new("Alden Telephone").unwrap()]
    );
    assert_eq!(Some(off_net.margin), Margin::new(1_250));
    let kinds: Vec<&Kind> = providers.iter().map(|provider| &provider.kind).collect();
    assert!(matches!(
        kinds.as_slice(),
        [Kind::Sonata { .. }, Kind::Coverage, Kind::Person]
    ));
}

#[test]
fn what_cannot_be_used_is_refused_with_its_field() {
    for (from, to, expected) in [
        ("https://api", "http://api", "base_url"),
        ("https://login", "ftp://login", "token_url"),
        ("https://api.", "https://user:pass@api.", "base_url"),
        ("basic_internet_access", "carrier_pigeon", "products"),
        ("basic_internet_access", "access_e_line", "enni"),
        (
            "client_id",
            "concurrent = 0\nclient_id",
            "concurrent must be 1 to 1000",
        ),
        ("client_id", "burst = 3\nclient_id", "burst"),
        ("client_id", "nonsense = 1\nclient_id", "nonsense"),
        (
            "{ env = \"ALDEN_SECRET\" }",
            "\"correct horse\"",
            "never the secret",
        ),
        ("Alden Telephone", "", "cannot be one"),
        ("[contact]", "[contact2]", "contact2"),
    ] {
        let text = LEAST.replacen(from, to, 1);
        let error = read(&text).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(expected), "{to}: {error}");
    }
    let twice = LEAST.to_owned()
        + LEAST
            .split("[[provider]]")
            .nth(1)
            .map(|p| format!("[[provider]]{p}"))
            .as_deref()
            .unwrap();
    assert!(matches!(read(&twice), Err(SettingsError::Twice { .. })));
}

#[test]
fn a_secret_in_the_file_is_refused_and_not_repeated() {
    for secret in [
        "\"correct horse\"",
        "{ env = [\"correct horse\"] }",
        "{ text = \"correct horse\" }",
        "\"correct horse",
        "{ env = \"correct horse\", file = \"x\" }",
        "{ env = \"correct horse\", field = 1 }",
        "{ field = \"correct horse\" }",
        "{ file = \"correct horse\", field = \"x\" }",
    ] {
        let text = LEAST.replace("{ env = \"ALDEN_SECRET\" }", secret);
        let error = read(&text).map(|_| ()).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("correct horse"), "{shown}");
    }
}

#[test]
fn a_secret_may_be_one_of_several_in_a_variable() {
    let place = r#"{ env = "CARRIER_SECRETS", field = "alden" }"#;
    let (sonata, _) = sonata(&LEAST.replace("{ env = \"ALDEN_SECRET\" }", place));
    let expected = SecretSource::EnvironmentField {
        name: "CARRIER_SECRETS".to_owned(),
        field: "alden".to_owned(),
    };
    assert_eq!(sonata.token.secret, expected);
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for (host, allowed) in [
        ("127.0.0.1:8080", true),
        ("localhost:8080", true),
        ("[::1]:8080", true),
        ("127.0.0.1.example.com", false),
        ("10.0.0.1", false),
    ] {
        let text = LEAST.replace("https://api.alden.example", &format!("http://{host}/p1"));
        assert_eq!(read(&text).is_ok(), allowed, "{host}");
    }
}

#[test]
fn who_buys_names_somebody_and_a_margin() {
    let with = |suppliers: &str, margin: &str| {
        read(&format!(
            "[off_net.\"Bay\"]\nsuppliers = {suppliers}\nmargin_percent = {margin}\n"
        ))
        .map(|settings| settings.off_net.len())
        .map_err(|error| error.to_string())
    };
    assert_eq!(with("[\"Acme\"]", "12.5"), Ok(1));
    assert_eq!(with("[\"Acme\"]", "0.01"), Ok(1));
    for margin in ["-1.0", "1000.5", "0.001"] {
        let error = with("[\"Acme\"]", margin).unwrap_err();
        assert!(error.contains("off_net.margin_percent"), "{error}");
    }
    let error = with("[]", "1.0").unwrap_err();
    assert!(error.contains("1 to 40"), "{error}");
}

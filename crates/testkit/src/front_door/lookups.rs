//! One address asked.

use serde_json::Value;

use super::imports::{OFFERS, fresh_offers, load};
use super::world::World;

async fn answer(world: &World, query: &str) -> Value {
    world
        .get(&format!("/availability/v1/lookup?{query}"))
        .await
        .expect(200)
        .json()
}

/// Exact, corrected, alternative and unknown places; every claim by itself.
pub(super) async fn answers(world: &World) {
    load(world, fresh_offers(world)).await;
    let exact = answer(
        world,
        "address=12%20Oak%20Street%2C%20Millford%2C%20WY%2082099",
    )
    .await;
    assert_eq!(exact["match"], "exact", "{exact:#}");
    assert_eq!(exact["building_key"], "82099:OAK-ST:12");
    assert_eq!(exact["outcome"], "served");
    let findings = exact["findings"].as_array().expect("findings");
    let providers: Vec<_> = findings
        .iter()
        .map(|finding| &finding["provider"])
        .collect();
    assert_eq!(
        providers,
        ["Acme Fiber", "Beta Cable"],
        "one finding per claim, best first"
    );
    let [acme, beta] = &findings[..] else {
        panic!("two claims, {exact:#}")
    };
    assert_eq!(
        (&acme["confidence"], &acme["technology"]),
        (&"green".into(), &"fiber".into())
    );
    assert_eq!(
        (&acme["mrc"], &acme["currency"]),
        (&"50.00".into(), &"USD".into())
    );
    assert_eq!(
        (&acme["down_mbps"], &beta["up_mbps"]),
        (&1000.into(), &0.768.into())
    );
    assert_eq!(beta["underlying_provider"], "Acme Fiber");
    assert_eq!(acme["source"], "Acme Fiber/main");
    assert!(
        acme["reason"]
            .as_str()
            .is_some_and(|reason| reason.contains("on-net list of")),
        "{acme}"
    );

    let corrected = answer(
        world,
        "address=200%20Main%20St%2C%20Millford%2C%20WY%2082099",
    )
    .await;
    assert_eq!(corrected["match"], "corrected", "{corrected:#}");
    assert_eq!(corrected["corrections"][0], "directional");

    let unknown = answer(
        world,
        "address=9999%20Oak%20St%2C%20Millford%2C%20WY%2082099",
    )
    .await;
    assert_ne!(
        unknown["outcome"], "served",
        "another number is never the answer: {unknown:#}"
    );
    assert_ne!(unknown["match"], "exact");
    assert_eq!(unknown["building_key"], Value::Null);

    let nowhere = answer(world, "address=hello").await;
    assert_eq!(
        (&nowhere["match"], &nowhere["outcome"]),
        (&"none".into(), &"address_unknown".into())
    );
    assert_eq!(nowhere["unknown_because"], "not_a_building");
}

/// The parts of an address say the same as its line.
pub(super) async fn parts(world: &World) {
    load(world, OFFERS).await;
    let parts = answer(
        world,
        "street=16%20Oak%20St&unit=Apt%202&city=Millford&state=WY&zip=82099",
    )
    .await;
    assert_eq!(
        (&parts["match"], &parts["outcome"]),
        (&"exact".into(), &"served".into()),
        "{parts:#}"
    );
    assert_eq!(parts["findings"][0]["unit_fit"], "same");
    let by_city = answer(world, "street=12%20Oak%20St&city=Millford&state=WY").await;
    assert_eq!(by_city["building_key"], "82099:OAK-ST:12", "{by_city:#}");
}

/// A place whose street or address is missing is not known, and is asked all the same.
pub(super) async fn places_without_a_street(world: &World) {
    load(world, OFFERS).await;
    for query in [
        "city=Millford&state=WY&zip=82099",
        "address=&latitude=41.1&longitude=-104.8",
    ] {
        let unknown = answer(world, query).await;
        assert_eq!(
            (&unknown["match"], &unknown["unknown_because"]),
            (&"none".into(), &"not_a_building".into()),
            "{unknown:#}"
        );
    }
}

/// Parameters that are missing, twice meant or none.
pub(super) async fn bad_parameters(world: &World) {
    let long = format!("address={}", "x".repeat(600));
    for (query, named) in [
        ("", "address"),
        ("adress=1%20Main%20St", "adress"),
        ("address=", "address"),
        ("address=1%20Main%20St&street=1%20Main%20St", "not both"),
        ("address=1%20Main%20St&latitude=1", "latitude"),
        ("address=1%20Main%20St&latitude=91&longitude=0", "latitude"),
        ("address=1%20Main%20St&near_net=sometimes", "near_net"),
        ("address=a&address=b", "address is given more than once"),
        (&long, "address"),
    ] {
        let reply = world.get(&format!("/availability/v1/lookup?{query}")).await;
        let message = reply.refused(400, "invalid_parameter");
        assert!(message.contains(named), "{query}: {message}");
    }
}

//! TMF673.

use serde_json::{Value, json};

use super::imports::{OFFERS, load};
use super::queries::finished;
use super::world::World;

pub(super) const VALIDATIONS: &str =
    "/tmf-api/geographicAddressManagement/v4/geographicAddressValidation";
const ADDRESSES: &str = "/tmf-api/geographicAddressManagement/v4/geographicAddress";

fn validation(address: &str, instant: bool) -> Value {
    json!({
        "provideAlternative": true,
        "instantSyncValidation": instant,
        "submittedGeographicAddress": {"name": address, "x-kept": 1},
        "x-note": "kept"
    })
}

/// Real, real after a correction, and not.
pub(super) async fn validations(world: &World) {
    load(world, OFFERS).await;
    for (address, result, building) in [
        (
            "12 oak street, millford, wy 82099",
            "success",
            Some("82099:OAK-ST:12"),
        ),
        (
            "200 Main St, Millford, WY 82099",
            "partial",
            Some("82099:N-MAIN-ST:200"),
        ),
        ("13 Oak St, Millford, WY 82099", "fail", None),
        ("nonsense", "fail", None),
    ] {
        let at_once = world
            .post(VALIDATIONS, &validation(address, true))
            .await
            .expect(200)
            .json();
        let begun = world
            .post(VALIDATIONS, &validation(address, false))
            .await
            .expect(201);
        for answered in [at_once, finished(world, &begun).await] {
            assert_eq!(answered["validationResult"], result, "{answered:#}");
            assert_eq!(answered["x-note"], "kept");
            let submitted = json!({"name": address, "x-kept": 1});
            assert_eq!(answered["submittedGeographicAddress"], submitted);
            let valid = &answered["validGeographicAddress"];
            assert_eq!(valid["id"].as_str(), building, "{answered:#}");
        }
    }
    for body in [
        json!({"provideAlternative": true}),
        json!({"submittedGeographicAddress": {"name": "x"}}),
    ] {
        world
            .post(VALIDATIONS, &body)
            .await
            .refused(400, "invalid_attribute");
    }
    let listed = world
        .get(&format!("{VALIDATIONS}?limit=2"))
        .await
        .expect(206);
    assert_eq!(listed.header("x-total-count"), "8");
}

/// Buildings and units that a list knows.
pub(super) async fn known(world: &World) {
    load(world, OFFERS).await;
    let building = world
        .get(&format!("{ADDRESSES}/82099:OAK-ST:16"))
        .await
        .expect(200)
        .json();
    assert_eq!(building["streetNr"], "16", "{building:#}");
    assert_eq!(
        (&building["streetName"], &building["streetType"]),
        (&"OAK".into(), &"ST".into())
    );
    assert_eq!(
        (&building["postcode"], &building["country"]),
        (&"82099".into(), &"US".into())
    );
    assert_eq!(
        building["geographicLocation"]["geoJson"]["coordinates"],
        json!([-104.8, 41.1004])
    );
    let unit = building["geographicSubAddress"][0].clone();
    assert_eq!(unit["id"], "82099:OAK-ST:16:2");
    let unit_href = unit["href"].as_str().expect("a href");
    assert_eq!(world.get(unit_href).await.expect(200).json(), unit);
    let units = format!("{ADDRESSES}/82099:OAK-ST:16/geographicSubAddress");
    assert_eq!(world.get(&units).await.expect(200).json(), json!([unit]));
    world
        .get(&format!("{units}/82099:OAK-ST:16:9"))
        .await
        .refused(404, "not_found");
    for id in ["82099:OAK-ST:99", "nonsense", "82099:OAK-ST:16:2"] {
        world
            .get(&format!("{ADDRESSES}/{id}"))
            .await
            .refused(404, "not_found");
    }
}

/// The buildings of a street, and filters that name none.
pub(super) async fn streets(world: &World) {
    load(world, OFFERS).await;
    let street = format!("{ADDRESSES}?streetName=Oak&streetType=Street&postcode=82099");
    let listed = world.get(&street).await.expect(200);
    let listed = listed.json();
    let ids: Vec<_> = listed
        .as_array()
        .into_iter()
        .flatten()
        .map(|address| &address["id"])
        .collect();
    assert_eq!(ids, ["82099:OAK-ST:12", "82099:OAK-ST:16"]);
    let part = world
        .get(&format!("{street}&limit=1&offset=1"))
        .await
        .expect(206);
    assert_eq!(
        (part.header("x-total-count"), part.header("x-result-count")),
        ("2", "1")
    );
    assert_eq!(
        world
            .get(&format!("{street}&colour=red"))
            .await
            .expect(200)
            .json(),
        json!([])
    );
    assert_eq!(
        world
            .get(&format!("{street}&country=CA"))
            .await
            .expect(200)
            .json(),
        json!([])
    );
    world.get(ADDRESSES).await.refused(400, "invalid_parameter");
    world
        .get(&format!("{ADDRESSES}?postcode=82099"))
        .await
        .refused(400, "invalid_parameter");
}

/// A street that no list writes so: those that fit, and what is missing to find them.
pub(super) async fn fitting_streets(world: &World) {
    load(world, OFFERS).await;
    for (filter, ids) in [
        (
            "streetName=Oak&postcode=82099",
            json!(["82099:OAK-ST:12", "82099:OAK-ST:16"]),
        ),
        (
            "streetName=Main&postcode=82099",
            json!(["82099:N-MAIN-ST:200"]),
        ),
        (
            "streetName=Main&city=Millford&stateOrProvince=WY",
            json!(["82099:N-MAIN-ST:200"]),
        ),
        (
            "streetNr=16&streetName=oak&postcode=82099",
            json!(["82099:OAK-ST:16"]),
        ),
        ("streetName=Oak&streetType=Ave&postcode=82099", json!([])),
        ("streetName=S%20Main&postcode=82099", json!([])),
        ("streetName=Oakes&postcode=82099", json!([])),
    ] {
        let listed = world
            .get(&format!("{ADDRESSES}?{filter}"))
            .await
            .expect(200);
        let listed = listed.json();
        let found = listed.as_array().into_iter().flatten();
        let found: Value = found.map(|address| address["id"].clone()).collect();
        assert_eq!(found, ids, "{filter}");
    }
    for (filter, missing) in [
        ("streetName=Oak", "give postcode"),
        ("streetName=Oak&postcode=nowhere", "give postcode"),
        ("streetName=Oak&city=Millford", "give postcode"),
        ("streetName=%20&postcode=82099", "give streetName"),
    ] {
        let refused = world.get(&format!("{ADDRESSES}?{filter}")).await;
        let message = refused.refused(400, "invalid_parameter");
        assert!(message.contains(missing), "{filter}: {message}");
    }
}

//! TMF645 `checkServiceQualification`.

use serde_json::{Value, json};

use super::addresses::VALIDATIONS;
use super::imports::{OFFERS, load};
use super::queries::{QUERIES, finished, query};
use super::world::World;

pub(super) const CHECKS: &str =
    "/tmf-api/serviceQualificationManagement/v4/checkServiceQualification";

fn item(characteristics: &Value) -> Value {
    json!({
        "service": {
            "place": [{"name": "12 Oak St, Millford, WY 82099"}],
            "serviceCharacteristic": characteristics
        },
        "x-kept": true
    })
}

/// Asked service there, not there with a proposal, and at an unknown address.
pub(super) async fn verdicts(world: &World) {
    load(world, OFFERS).await;
    let fast_fiber =
        json!([{"name": "technology", "value": "fiber"}, {"name": "downMbps", "value": 500}]);
    let faster = json!([{"name": "downMbps", "value": 5000}]);
    let mut nowhere = item(&json!([]));
    nowhere["service"]["place"][0]["name"] = "77 Nowhere Rd, Millford, WY 82099".into();
    let check = |instant: bool| {
        json!({
            "instantSyncQualification": instant,
            "provideAlternative": true,
            "provideUnavailabilityReason": true,
            "serviceQualificationItem": [item(&fast_fiber), item(&faster), nowhere]
        })
    };
    let at_once = world.post(CHECKS, &check(true)).await.expect(200).json();
    let begun = world.post(CHECKS, &check(false)).await.expect(201);
    for answered in [at_once, finished(world, &begun).await] {
        let items = answered["serviceQualificationItem"]
            .as_array()
            .expect("items");
        let results: Vec<_> = items
            .iter()
            .map(|item| &item["qualificationResult"])
            .collect();
        assert_eq!(
            results,
            ["qualified", "alternate", "unqualified"],
            "{answered:#}"
        );
        assert_eq!(
            answered["qualificationResult"], "unqualified",
            "one item is"
        );
        assert_eq!(items[0]["x-kept"], true);
        assert_eq!(
            items[0]["serviceQualificationItem"][0]["service"]["name"],
            "Gig"
        );
        assert_eq!(items[0]["eligibilityUnavailabilityReason"], Value::Null);
        assert_eq!(
            items[1]["serviceQualificationItem"],
            json!([]),
            "no evidence for 5 Gbit/s"
        );
        let proposals = items[1]["alternateServiceProposal"]
            .as_array()
            .expect("proposals");
        assert_eq!(proposals[0]["alternateService"]["name"], "Gig");
        assert!(items[1]["eligibilityUnavailabilityReason"][0]["label"].is_string());
        assert_eq!(items[2]["outcome"], "address_unknown", "{answered:#}");
    }
}

/// A demand that cannot be compared is refused, not ignored.
pub(super) async fn bad_bodies(world: &World) {
    let check =
        |items: Value| json!({"instantSyncQualification": true, "serviceQualificationItem": items});
    let at = "serviceQualificationItem[0].service";
    let named = |id: Value| {
        let mut item = item(&json!([]));
        item["id"] = id;
        item
    };
    for (body, named) in [
        (
            check(json!([named("a".into()), named("a".into())])),
            "serviceQualificationItem[1].id: \"a\" is the id".to_owned(),
        ),
        (
            check(json!([named("2".into()), item(&json!([]))])),
            "serviceQualificationItem[1].id: \"2\" is the id".to_owned(),
        ),
        (json!({}), "serviceQualificationItem".to_owned()),
        (check(json!([])), "serviceQualificationItem".to_owned()),
        (check(json!([{}])), format!("{at}.place")),
        (
            check(json!([{"state": "done", "service": {"place": [{"name": "a"}]}}])),
            "serviceQualificationItem[0].state: is set by the server only".to_owned(),
        ),
        (
            check(json!([{"service": {"place": [{"name": "a"}, {"name": "b"}]}}])),
            format!("{at}.place"),
        ),
        (
            check(json!([item(&json!([{"name": "latency", "value": 5}]))])),
            format!("{at}.serviceCharacteristic[0].name"),
        ),
        (
            check(json!([item(
                &json!([{"name": "downMbps", "value": "fast"}])
            )])),
            format!("{at}.serviceCharacteristic[0].value"),
        ),
    ] {
        let message = world
            .post(CHECKS, &body)
            .await
            .refused(400, "invalid_attribute");
        assert!(
            message.starts_with(&named) || message.contains(&format!("`{named}`")),
            "{message}"
        );
    }
}

/// A place with a blank name is a place, and is not known, whatever asks about it.
pub(super) async fn blank_places(world: &World) {
    let place = json!([{"name": "  "}]);
    let query = world.post(QUERIES, &query(&place, true)).await.expect(200);
    let check = json!({
        "instantSyncQualification": true,
        "serviceQualificationItem": [{"service": {"place": place}}],
    });
    let check = world.post(CHECKS, &check).await.expect(200);
    for answered in [query.json(), check.json()] {
        let item = &answered["serviceQualificationItem"][0];
        assert_eq!(item["outcome"], "address_unknown", "{answered:#}");
        assert_eq!(item["placeMatch"]["unknownBecause"], "not_a_building");
    }
    let validation = json!({
        "instantSyncValidation": true,
        "provideAlternative": false,
        "submittedGeographicAddress": {"name": ""},
    });
    let validation = world
        .post(VALIDATIONS, &validation)
        .await
        .expect(200)
        .json();
    assert_eq!(
        (
            &validation["validationResult"],
            &validation["unknownBecause"]
        ),
        (&"fail".into(), &"not_a_building".into()),
        "{validation:#}"
    );
}

//! What the TM Forum's conventions ask of every list.

use serde_json::json;

use super::addresses::VALIDATIONS;
use super::checks::CHECKS;
use super::imports::{OFFERS, load};
use super::queries::{QUERIES, finished, query};
use super::world::World;

/// Asks five questions, `deal 0` to `deal 4`.
async fn five(world: &World) {
    let place = json!([{"name": "1 Elm St, Millford, WY 82099"}]);
    for number in 0..5 {
        let mut question = query(&place, true);
        question["externalId"] = format!("deal {number}").into();
        question["x-even"] = (number % 2 == 0).into();
        world.post(QUERIES, &question).await.expect(200);
        (world.pass_time)();
    }
}

/// Exact matches, all of them; `id`, `href` and `@type` whatever is selected.
pub(super) async fn filters_and_fields(world: &World) {
    five(world).await;
    let all = world.get(QUERIES).await.expect(200);
    assert_eq!(
        (all.header("x-total-count"), all.header("x-result-count")),
        ("5", "5")
    );
    let all = all.json();
    let ids: Vec<_> = all
        .as_array()
        .into_iter()
        .flatten()
        .map(|task| &task["externalId"])
        .collect();
    assert_eq!(
        ids,
        ["deal 4", "deal 3", "deal 2", "deal 1", "deal 0"],
        "newest first"
    );

    let even = world
        .get(&format!(
            "{QUERIES}?x-even=true&state=done&fields=externalId"
        ))
        .await
        .expect(200);
    let even = even.json();
    assert_eq!(even.as_array().map(Vec::len), Some(3));
    let mut kept: Vec<_> = even[0]
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    kept.sort();
    assert_eq!(kept, ["@type", "externalId", "href", "id"]);
    for nothing in [
        "colour=red",
        "state=Done",
        "externalId=deal%203&x-even=true",
        "x-note=1",
    ] {
        let empty = world.get(&format!("{QUERIES}?{nothing}")).await.expect(200);
        assert_eq!(
            (empty.json(), empty.header("x-total-count")),
            (json!([]), "0"),
            "{nothing}"
        );
    }
}

/// `offset` and `limit`, and the headers that go with them.
pub(super) async fn pages(world: &World) {
    five(world).await;
    let page = world
        .get(&format!("{QUERIES}?offset=2&limit=2"))
        .await
        .expect(206);
    assert_eq!(
        (page.header("x-total-count"), page.header("x-result-count")),
        ("5", "2")
    );
    assert_eq!(page.json()[0]["externalId"], "deal 2");
    let link = page.header("link");
    for relation in ["self", "first", "next", "prev", "last"] {
        assert!(link.contains(&format!("rel=\"{relation}\"")), "{link}");
    }
    assert!(
        link.contains(&format!("<{QUERIES}?offset=4&limit=2>; rel=\"next\"")),
        "{link}"
    );
    let beyond = world.get(&format!("{QUERIES}?offset=9")).await.expect(206);
    assert_eq!(beyond.json(), json!([]));
    for bad in [
        "offset=-1",
        "offset=x",
        "limit=0",
        "limit=x",
        "limit=1&limit=2",
        "offset=0&offset=1",
    ] {
        world
            .get(&format!("{QUERIES}?{bad}"))
            .await
            .refused(400, "invalid_parameter");
    }
}

/// What an answer comes to is shown, selected and filtered in lists, however it was asked for; the answer itself is not.
pub(super) async fn answers(world: &World) {
    load(world, OFFERS).await;
    for (address, at_once) in [
        ("12 Oak St, Millford, WY 82099", true),
        ("12 Oak St, Millford, WY 82099", false),
        ("1 Nowhere Ave, Millford, WY 82099", true),
        ("1 Nowhere Ave, Millford, WY 82099", false),
    ] {
        let status = if at_once { 200 } else { 201 };
        let check = json!({
            "instantSyncQualification": at_once,
            "serviceQualificationItem": [{"service": {"place": [{"name": address}]}}],
        });
        let validation = json!({
            "instantSyncValidation": at_once,
            "provideAlternative": false,
            "submittedGeographicAddress": {"name": address},
        });
        for (path, asked) in [(CHECKS, &check), (VALIDATIONS, &validation)] {
            let begun = world.post(path, asked).await.expect(status);
            if at_once {
                let read = world.get(begun.header("location")).await.expect(200);
                assert_eq!(read.json(), begun.json(), "as it was answered");
            } else {
                finished(world, &begun).await;
            }
        }
    }
    for (path, attribute, value) in [
        (CHECKS, "qualificationResult", "qualified"),
        (CHECKS, "qualificationResult", "unqualified"),
        (VALIDATIONS, "validationResult", "success"),
        (VALIDATIONS, "validationResult", "fail"),
        (VALIDATIONS, "unknownBecause", "street_unknown"),
    ] {
        let query = format!("{path}?{attribute}={value}&fields={attribute}");
        let found = world.get(&query).await.expect(200);
        assert_eq!(found.header("x-total-count"), "2", "{query}");
        assert_eq!(found.json()[0][attribute], value, "{query}");
    }
    for (path, attribute) in [
        (CHECKS, "serviceQualificationItem"),
        (QUERIES, "serviceQualificationItem"),
        (VALIDATIONS, "validGeographicAddress"),
        (VALIDATIONS, "corrections"),
    ] {
        for query in [
            format!("fields=state,{attribute}"),
            format!("{attribute}=x"),
            format!("{attribute}.id=1"),
        ] {
            let refused = world.get(&format!("{path}?{query}")).await;
            let message = refused.refused(400, "invalid_parameter");
            assert!(message.contains(attribute), "{query}: {message}");
        }
    }
}

//! Whole answers, as a client sees them.

use lastmile_testkit::front_door::{Ask, World};
use serde_json::{Value, json};

use crate::fixture;

const OFFERS: &str = "\
address_full,major_city,state,lat,lon,block_group,collection_datetime,provider,price,speed_down,speed_up,technology,package,fastest_speed_down,fastest_speed_price,contract_provider
\"12 OAK ST,MILLFORD,WY 82099,USA\",millford,WY,41.1000,-104.8000,560210010004,1772000000,Acme Fiber,50.0,1000.0,1000.0,Fiber,Gig,1000.0,50.0,
";

pub(crate) async fn loaded() -> World {
    let world = fixture::router_world().await;
    let ask = Ask::new("POST", "/imports?provider=Acme%20Fiber").body("text/csv", OFFERS);
    let begun = world.send(&ask.key(&world.keys.operator)).await.expect(201);
    let href = begun.header("location").to_owned();
    while world.get(&href).await.expect(200).json()["state"] == "loading" {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    (world.pass_time)();
    world
}

fn query() -> Value {
    json!({
        "instantSyncQualification": true,
        "searchCriteria": {"service": {"place": [
            {"name": "12 Oak Street, Millford, WY 82099"},
            {"name": "hello"}
        ]}}
    })
}

#[tokio::test]
async fn a_lookup() {
    let world = loaded().await;
    let path = "/availability/v1/lookup?address=12%20Oak%20Street%2C%20Millford%2C%20WY%2082099";
    insta::assert_json_snapshot!(world.get(path).await.json());
}

#[tokio::test]
async fn a_query() {
    let world = loaded().await;
    let path = "/tmf-api/serviceQualificationManagement/v4/queryServiceQualification";
    insta::assert_json_snapshot!(world.post(path, &query()).await.json());
}

#[tokio::test]
async fn an_import() {
    let world = loaded().await;
    insta::assert_json_snapshot!(world.get("/imports/Acme_Fiber.main.1").await.json());
}

#[tokio::test]
async fn a_refusal() {
    let world = fixture::router_world().await;
    let path = "/tmf-api/serviceQualificationManagement/v4/queryServiceQualification";
    insta::assert_json_snapshot!(
        world
            .post(path, &json!({"searchCriteria": {}}))
            .await
            .json()
    );
}

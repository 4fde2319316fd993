//! Lists that are put as files.

use jiff::civil::date;
use lastmile_model::listing::{ImportId, ImportState};
use lastmile_store::Files as _;

use super::crew::{Crew, Death};
use crate::world::request;

const NAME: &str = "lists/Acme%20Fiber/main/2026 11.csv";
const LIST: &str = "\
address_full,state,lat,lon,provider,price,speed_down,speed_up,technology,package
\"303 E 26TH ST,CHEYENNE,WY 82001,USA\",WY,41.14,-104.81,Acme Fiber,50.0,10,1.0,Fiber,Plan
";

fn id(text: &str) -> ImportId {
    text.parse().expect("an import id")
}

#[tokio::test]
async fn a_list_that_is_put_is_imported() {
    let crew = Crew::new(50);
    crew.deliver(NAME, LIST.as_bytes()).await;
    crew.work_off().await;
    let import = crew.import(&id("Acme_Fiber.main.1")).await;
    assert_eq!(import.state, ImportState::Active);
    assert_eq!(import.file.name, "2026 11.csv");
    assert_eq!(import.counts.imported, 1);
    assert!(crew.file(NAME).await.is_some(), "the file is its owner's");

    crew.deliver(NAME, LIST.as_bytes()).await;
    crew.work_off().await;
    let again = crew.import(&id("Acme_Fiber.main.1")).await;
    assert_eq!(again, import, "the very file again changes nothing");
}

#[tokio::test]
async fn the_file_beside_a_list_says_how_it_is_read() {
    let crew = Crew::new(50);
    let map = "[columns]\naddress = \"Where\"\ndown = \"Speed\"\n[fixed]\nstanding = \"Y\"\n";
    let sidecar = format!("format = \"mapped\"\nas_of = \"2025-11-01\"\nmapping = '''\n{map}'''\n");
    let put = crew
        .files
        .put(&format!("{NAME}.import.toml"), sidecar.into())
        .await;
    put.expect("memory");
    let list = "Where,Speed\n\"303 E 26TH ST, CHEYENNE, WY 82001\",100\n";
    crew.deliver(NAME, list.as_bytes()).await;
    crew.work_off().await;
    assert_eq!(crew.file(&format!("{NAME}.refused.txt")).await, None);
    let import = crew.import(&id("Acme_Fiber.main.1")).await;
    assert_eq!(import.state, ImportState::Active);
    assert_eq!(import.as_of, Some(date(2025, 11, 1)));
    assert_eq!(import.counts.imported, 1, "{:?}", import.counts);
}

#[tokio::test]
async fn a_list_that_cannot_be_imported_has_a_file_beside_it_that_says_why() {
    let crew = Crew::new(50);
    for (name, list, sidecar, why) in [
        (NAME, "a,b\n1,2\n", None, "columns"),
        (NAME, "", None, "empty"),
        (NAME, LIST, Some("as_of = \"2999-01-01\""), "future"),
        (NAME, LIST, Some("colour = \"red\""), "colour"),
        ("lists/list.csv", LIST, None, "lists/PROVIDER/LIST/FILE"),
    ] {
        let beside = format!("{name}.import.toml");
        crew.files.remove(&beside).await.expect("memory");
        if let Some(sidecar) = sidecar {
            let put = crew.files.put(&beside, sidecar.into()).await;
            put.expect("memory");
        }
        crew.deliver(name, list.as_bytes()).await;
        crew.work_off().await;
        let refused = crew.file(&format!("{name}.refused.txt")).await;
        let refused = refused.expect("it says why");
        assert!(refused.contains(why), "{refused}");
    }
    crew.files
        .remove(&format!("{NAME}.import.toml"))
        .await
        .expect("memory");
    crew.deliver(NAME, LIST.as_bytes()).await;
    crew.work_off().await;
    let refused = crew.file(&format!("{NAME}.refused.txt")).await;
    assert_eq!(refused, None, "it is no longer true");
}

#[tokio::test]
async fn a_list_waits_for_the_import_that_is_under_way() {
    let crew = Crew::new(50);
    let other = LIST.replace("303", "305");
    let begun = crew.upload(&request("Acme Fiber"), other.as_bytes()).await;
    assert!(begun.is_ok(), "{begun:?}");
    let first = crew.receive().await.expect("its slice");
    crew.deliver(NAME, LIST.as_bytes()).await;
    assert!(
        !crew.die_at(i64::MAX, Death::BeforeTheCall).await,
        "told to wait"
    );
    let worked = crew.work_on(&crew.desk(), &first).await;
    crew.put_away(&first, worked).await;
    crew.work_off().await;
    let states = [
        crew.import(&id("Acme_Fiber.main.1")).await.state,
        crew.import(&id("Acme_Fiber.main.2")).await.state,
    ];
    assert_eq!(states, [ImportState::Superseded, ImportState::Active]);
}

/// Whoever begins an import may die between giving it its number and sending its first message.
#[tokio::test]
async fn the_beginning_of_an_import_may_be_told_again_from_any_point() {
    for death in [Death::BeforeTheCall, Death::AfterTheCall] {
        let mut call = 0;
        loop {
            let crew = Crew::new(50);
            crew.deliver(NAME, LIST.as_bytes()).await;
            let died = crew.die_at(call, death).await;
            // It comes again after a moment already, as a second copy of the message does.
            crew.tell_of(NAME).await;
            crew.work_off().await;
            let import = crew.import(&id("Acme_Fiber.main.1")).await;
            assert_eq!(import.state, ImportState::Active, "died at call {call}");
            let second = id("Acme_Fiber.main.2");
            let second = lastmile_app::imports::get(&crew.world.context, &second).await;
            assert!(second.is_err(), "one import, not two");
            if !died {
                break;
            }
            call += 1;
        }
        assert!(call > 3, "it was killed {call} times");
    }
}

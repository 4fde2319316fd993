//! Lists on their way in.

use bytes::Bytes;
use serde_json::Value;

use super::ask::{Ask, Reply};
use super::deviation::Deviation;
use super::world::World;

/// Where the provider of the world imports its list.
pub(super) const IMPORT_OWN: &str = "/imports?provider=Acme%20Fiber&format=offers";

/// When [`OFFERS`] was collected, in seconds.
const COLLECTED: &str = "1772000000";

/// A collected list: two providers, of which one sells the other's line.
pub(super) const OFFERS: &str = "\
address_full,major_city,state,lat,lon,block_group,collection_datetime,provider,price,speed_down,speed_up,technology,package,fastest_speed_down,fastest_speed_price,contract_provider
\"12 OAK ST,MILLFORD,WY 82099,USA\",millford,WY,41.1000,-104.8000,560210010004,1772000000,Acme Fiber,50.0,1000.0,1000.0,Fiber,Gig,1000.0,50.0,
\"12 OAK ST,MILLFORD,WY 82099,USA\",millford,WY,41.1000,-104.8000,560210010004,1772000000,Beta Cable,39.95,100.0,0.768,Not Fiber,Basic,100.0,39.95,Acme Fiber
\"16 OAK ST APT 2,MILLFORD,WY 82099,USA\",millford,WY,41.1004,-104.8000,560210010004,1772000000,Acme Fiber,50.0,1000.0,1000.0,Fiber,Gig,1000.0,50.0,
\"200 N MAIN ST,MILLFORD,WY 82099,USA\",millford,WY,41.1100,-104.8100,560210010004,1772000000,Beta Cable,39.95,100.0,10.0,Not Fiber,Basic,100.0,39.95,
";

/// The list, collected not long ago.
pub(super) fn fresh_offers(world: &World) -> String {
    let collected = world.collected.as_second().to_string();
    OFFERS.replace(COLLECTED, &collected)
}

/// How often an import is looked at before it counts as stuck.
const LOOKS_MAX: usize = 2_000;

/// Where the provider of the world imports its rate card.
pub(super) const IMPORT_CARD: &str = "/imports?provider=Acme%20Fiber&as=rates";

/// Imports the list as the operator, and waits until readers see it.
pub(super) async fn load(world: &World, list: impl Into<Bytes>) -> Value {
    load_by(world, IMPORT_OWN, list).await
}

/// Imports a file the way the path says, and waits until readers see it.
pub(super) async fn load_by(world: &World, path: &str, list: impl Into<Bytes>) -> Value {
    let ask = Ask::new("POST", path).body("text/csv", list);
    let begun = world.send(&ask.key(&world.keys.operator)).await.expect(201);
    let done = finished(world, &begun).await;
    assert_eq!(done["state"], "active", "{done}");
    (world.pass_time)();
    done
}

async fn finished(world: &World, begun: &Reply) -> Value {
    let href = begun.header("location").to_owned();
    assert_eq!(begun.json()["href"], href);
    for _ in 0..LOOKS_MAX {
        let import = world.get(&href).await.expect(200).json();
        if import["state"] != "loading" {
            return import;
        }
        tokio::task::yield_now().await;
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    panic!("{href} is loading for ever");
}

/// Loaded, seen, replaced, taken back.
pub(super) async fn life(world: &World) {
    let first = load(world, OFFERS).await;
    assert_eq!(first["id"], "Acme_Fiber.main.1");
    assert_eq!(
        (&first["rows"], &first["imported"]),
        (&4.into(), &4.into()),
        "{first}"
    );
    assert_eq!(first["format"], "offers");

    let again = Ask::new("POST", IMPORT_OWN)
        .body("text/csv", OFFERS)
        .key(&world.keys.operator);
    let again = world.send(&again).await.expect(200).json();
    assert_eq!(
        again["id"], first["id"],
        "the same file twice changes nothing"
    );

    replace(world).await;
    let listed = world
        .get("/imports?provider=Acme%20Fiber")
        .await
        .expect(200)
        .json();
    let states: Vec<_> = listed
        .as_array()
        .into_iter()
        .flatten()
        .map(|import| &import["state"])
        .collect();
    assert_eq!(states, ["active", "superseded"]);
    world
        .get("/imports/Acme_Fiber.main.9")
        .await
        .refused(404, "not_found");
    world
        .get("/imports/nonsense")
        .await
        .refused(404, "not_found");
}

/// A rate card with a row that cannot be used.
const CARD: &str =
    "product,bandwidth,term,mrc\naccess_e_line,1G,12,900.00\naccess_e_line,1G,0,900.00\n";

/// A rate card is a list of its own kind: loaded, replaced, taken back, and never mixed up with buildings.
pub(super) async fn rate_cards(world: &World) {
    load(world, OFFERS).await;
    let card = load_by(world, IMPORT_CARD, CARD).await;
    assert_eq!(
        (&card["id"], &card["as"], &card["format"]),
        (
            &"Acme_Fiber.rates.1".into(),
            &"rates".into(),
            &"rates".into()
        )
    );
    assert_eq!(
        (&card["imported"], &card["rejected"], &card["claims"]),
        (&1.into(), &1.into(), &1.into())
    );
    let rejects = "/imports/Acme_Fiber.rates.1/rejects";
    let rejects = world.get(rejects).await.expect(200);
    let rejects = String::from_utf8_lossy(&rejects.body).into_owned();
    assert!(rejects.contains("\n3,bad_term,term,"), "{rejects}");
    let two = CARD.replace("900.00", "800.00");
    let by_format = "/imports?provider=Acme%20Fiber&format=rates";
    let second = load_by(world, by_format, two).await;
    assert_eq!(second["id"], "Acme_Fiber.rates.2");
    let undo = "/imports/Acme_Fiber.rates.2/undo";
    let undone = world.post(undo, &Value::Null).await.expect(200).json();
    assert_eq!(undone["active"], "Acme_Fiber.rates.1");

    refused_cards(world).await;
    let own = Ask::new("POST", IMPORT_CARD).body("text/csv", CARD.replace("900", "700"));
    world.send(&own.key(&world.keys.provider)).await.expect(201);
}

/// Rates do not take the place of buildings, nor buildings that of rates.
async fn refused_cards(world: &World) {
    for (path, list, status, code, said) in [
        (IMPORT_OWN, CARD, 400, "import_format", "rates"),
        (
            "/imports?provider=Acme%20Fiber",
            CARD,
            400,
            "import_format",
            "import it as rates",
        ),
        (
            IMPORT_CARD,
            OFFERS,
            400,
            "import_format",
            "looks like the format offers",
        ),
        (
            "/imports?provider=Acme%20Fiber&as=rates&list=main",
            CARD,
            409,
            "conflict",
            "holds buildings",
        ),
        (
            "/imports?provider=Acme%20Fiber&as=rates&format=offers",
            CARD,
            400,
            "invalid_parameter",
            "leave one of them out",
        ),
        (
            "/imports?provider=Acme%20Fiber&as=prices",
            CARD,
            400,
            "invalid_parameter",
            "buildings, rates",
        ),
    ] {
        let ask = Ask::new("POST", path).body("text/csv", list.to_owned());
        let reply = world.send(&ask.key(&world.keys.operator)).await;
        let message = reply.refused(status, code);
        assert!(message.contains(said), "{path}: {message}");
    }
}

/// Puts a shorter list in place of the first.
async fn replace(world: &World) -> Value {
    let shorter: String = OFFERS
        .lines()
        .take(2)
        .map(|line| format!("{line}\n"))
        .collect();
    let ask = Ask::new("POST", IMPORT_OWN).body("application/octet-stream", shorter);
    let begun = world.send(&ask.key(&world.keys.operator)).await.expect(201);
    let second = finished(world, &begun).await;
    assert_eq!(second["id"], "Acme_Fiber.main.2");
    assert_eq!(second["unchanged"], 1, "{second}");
    second
}

/// A row that cannot be used is left out, and kept with its line and the reason.
pub(super) async fn rejects(world: &World) {
    let with_a_box = OFFERS.replace("12 OAK ST", "PO BOX 12");
    let ask = Ask::new("POST", IMPORT_OWN).body("text/csv", with_a_box);
    let begun = world.send(&ask.key(&world.keys.operator)).await.expect(201);
    let import = finished(world, &begun).await;
    assert_eq!(
        (&import["state"], &import["rejected"]),
        (&"active".into(), &2.into()),
        "{import}"
    );
    let reply = world
        .get("/imports/Acme_Fiber.main.1/rejects")
        .await
        .expect(200);
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    let rows: Vec<_> = text.lines().collect();
    assert_eq!(rows[0], "line,code,column,reason,row");
    assert!(
        rows[1].starts_with("2,") && rows[2].starts_with("3,"),
        "{text}"
    );
    assert!(rows[1].contains("PO BOX 12"), "{text}");
    let none = "/imports/Acme_Fiber.main.7/rejects";
    world.get(none).await.refused(404, "not_found");
}

/// A provider's key says nothing in another provider's name; an operator loads what was collected.
pub(super) async fn of_others(world: &World) {
    let path = "/availability/v1/lookup?address=12%20Oak%20St%2C%20Millford%2C%20WY%2082099";
    let providers = async || {
        (world.pass_time)();
        let answer = world.get(path).await.expect(200).json();
        let findings = answer["findings"].as_array().cloned().unwrap_or_default();
        findings
            .iter()
            .map(|finding| finding["provider"].to_string())
            .collect::<Vec<_>>()
    };
    let shouting = OFFERS.replace("Acme Fiber,50.0", "ACME FIBER,50.0");
    let own = Ask::new("POST", IMPORT_OWN).body("text/csv", shouting);
    let begun = world.send(&own.key(&world.keys.provider)).await.expect(201);
    let import = finished(world, &begun).await;
    assert_eq!(
        (&import["imported"], &import["rejected"], &import["state"]),
        (&2.into(), &2.into(), &"active".into()),
        "{import}"
    );
    assert_eq!(import["warnings"], 2, "names by case: {import}");
    assert_eq!(providers().await, ["\"Acme Fiber\""]);
    let rejects = format!("{}/rejects", begun.header("location"));
    let rejects = world.get(&rejects).await.expect(200);
    let rejects = String::from_utf8_lossy(&rejects.body).into_owned();
    assert!(rejects.contains("3,other_provider,"), "{rejects}");
    assert!(rejects.contains("Beta Cable"), "{rejects}");

    let all = load(world, OFFERS).await;
    assert_eq!(all["rejected"], 0, "{all}");
    assert_eq!(providers().await, ["\"Acme Fiber\"", "\"Beta Cable\""]);
    let again = Ask::new("POST", IMPORT_OWN).body("text/csv", OFFERS);
    let begun = world
        .send(&again.key(&world.keys.provider))
        .await
        .expect(201);
    let import = finished(world, &begun).await;
    assert_eq!(
        import["rejected"], 2,
        "the same file in other hands is another import: {import}"
    );
}

/// A file of a header alone takes the list's place like any other, and says what it did.
pub(super) async fn emptied(world: &World) {
    let full = load(world, OFFERS).await;
    assert_eq!(full["note"], Value::Null, "{full}");
    let header = OFFERS.lines().next().unwrap_or_default().to_owned() + "\n";
    let empty = load(world, header).await;
    let note = empty["note"].as_str().unwrap_or_default();
    assert!(note.contains("The list is empty now"), "{empty}");
    let undo = format!("{}/undo", empty["href"].as_str().unwrap_or_default());
    world.post(&undo, &Value::Null).await.expect(200);
    let before = world
        .get("/imports/Acme_Fiber.main.1")
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&before["state"], &before["note"]),
        (&"active".into(), &Value::Null)
    );
}

/// A compressed file that breaks off has failed, and says so; another file takes its place.
pub(super) async fn damaged(world: &World) {
    if world.deviates(Deviation::TextOnly) {
        return;
    }
    let ask = Ask::new("POST", IMPORT_OWN).body("application/gzip", broken_gzip(OFFERS));
    let ask = ask.key(&world.keys.operator);
    for _ in 0..2 {
        let begun = world.send(&ask).await.expect(201);
        let import = finished(world, &begun).await;
        assert_eq!(import["id"], "Acme_Fiber.main.1", "the same file again");
        assert_eq!(import["state"], "failed", "{import}");
        assert!(import["finished_at"].is_string(), "{import}");
    }
    let whole = load(world, OFFERS).await;
    assert_eq!(whole["id"], "Acme_Fiber.main.2");
    let left = world.get("/imports/Acme_Fiber.main.1").await.expect(200);
    assert_eq!(left.json()["state"], "failed");
}

/// A gzip member (RFC 1952) of one stored block, without the length and checksum at its end.
fn broken_gzip(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("one block");
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1];
    bytes.extend(length.to_le_bytes());
    bytes.extend((!length).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes
}

/// Only the active import goes back, and only once.
pub(super) async fn taken_back(world: &World) {
    let first = load(world, OFFERS).await;
    let second = replace(world).await;
    let first_path = "/imports/Acme_Fiber.main.1/undo";
    world
        .post(first_path, &Value::Null)
        .await
        .refused(409, "import_not_undoable");
    let undone = world
        .post("/imports/Acme_Fiber.main.2/undo", &Value::Null)
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&undone["undone"], &undone["active"]),
        (&second["id"], &first["id"])
    );
    let now = world
        .get("/imports/Acme_Fiber.main.2")
        .await
        .expect(200)
        .json();
    assert_eq!(now["state"], "undone");
    world
        .post("/imports/nonsense/undo", &Value::Null)
        .await
        .refused(404, "not_found");
}

/// Files and parameters that are not what they should be: refused at once, nothing of them is seen.
pub(super) async fn bad_files(world: &World) {
    let import = |path: &str, body: &'static str| {
        Ask::new("POST", path)
            .body("text/csv", body)
            .key(&world.keys.operator)
    };
    for (path, body, code) in [
        (IMPORT_OWN, "", "import_format"),
        (IMPORT_OWN, "a,b\n1,2\n", "import_format"),
        (
            "/imports?provider=Acme%20Fiber",
            "a,b\n1,2\n",
            "import_format",
        ),
        (
            "/imports?provider=Acme%20Fiber&format=mapped",
            OFFERS,
            "import_format",
        ),
        ("/imports", OFFERS, "invalid_parameter"),
        ("/imports?provider=%23", OFFERS, "invalid_parameter"),
        (
            "/imports?provider=Acme%20Fiber&format=xlsx",
            OFFERS,
            "invalid_parameter",
        ),
        (
            "/imports?provider=Acme%20Fiber&as_of=yesterday",
            OFFERS,
            "invalid_parameter",
        ),
        (
            "/imports?provider=Acme%20Fiber&mapping=%3D%3D",
            OFFERS,
            "invalid_parameter",
        ),
        (
            "/imports?provider=Acme%20Fiber&provider=Acme%20Fiber",
            OFFERS,
            "invalid_parameter",
        ),
        (
            "/imports?provider=Acme%20Fiber&colour=red",
            OFFERS,
            "invalid_parameter",
        ),
    ] {
        let message = world.send(&import(path, body)).await.refused(400, code);
        assert!(!message.is_empty(), "{path}");
    }
    let json = Ask::post(IMPORT_OWN, &Value::Null).key(&world.keys.operator);
    let message = world
        .send(&json)
        .await
        .refused(415, "unsupported_media_type");
    assert!(message.contains("text/csv"), "{message}");
    let visible = world.get("/imports?state=active").await.expect(200).json();
    assert_eq!(visible, Value::Array(Vec::new()));
}

//! Lists that are put into the bucket.

use std::cell::Cell;
use std::fmt::Write as _;
use std::sync::Arc;

use lastmile_testkit::front_door::World;
use serde_json::Value;

use crate::patience::until;
use crate::stack::Stack;
use crate::world::emptied;

const HEADER: &str = "address_full,major_city,state,lat,lon,block_group,collection_datetime,provider,price,speed_down,speed_up,technology,package,fastest_speed_down,fastest_speed_price,contract_provider\n";
/// Buildings of the list; all rows beyond them say again what an earlier one said.
const BUILDINGS: usize = 60;
/// Most rows of a slice: 50 chunks of 1,000. It ends earlier where its time is over.
const SLICE_ROWS: usize = 50_000;
/// Rows of the list: a slice and the beginning of another.
const ROWS: usize = SLICE_ROWS + 200;
/// Rows that cannot be used: too far apart for one slice.
const POST_BOXES: [usize; 2] = [10, SLICE_ROWS + 100];

/// A list with prices.
fn list(rows: usize, price: &str) -> String {
    let mut text = HEADER.to_owned();
    for row in 0..rows {
        let place = if POST_BOXES.contains(&row) {
            "PO BOX 7".to_owned()
        } else {
            format!("{} ELM ST", 1 + row % BUILDINGS)
        };
        let written = writeln!(
            text,
            "\"{place},MILLFORD,WY 82099,USA\",millford,WY,41.1,-104.8,560210010004,1772000000,Acme Fiber,{price},1000.0,1000.0,Fiber,Gig,1000.0,50.0,"
        );
        written.expect("a text takes every line");
    }
    text
}

/// An import of the list, when it is not loading any more; says how far it is meanwhile.
async fn finished(world: &World, id: &str) -> Value {
    let said = Cell::new(None);
    until("an import comes to its end", async || {
        let reply = world.get(&format!("/imports/{id}")).await;
        if reply.status == 404 {
            return None;
        }
        let import = reply.expect(200).json();
        let rows = import["rows"].as_u64();
        if said.replace(rows) != rows {
            println!("{id}: {}, {} rows so far", import["state"], import["rows"]);
        }
        (import["state"] != "loading").then_some(import)
    })
    .await
}

/// Waits until the function that answers sees the list with this price: it goes on using the active imports
/// that it has read for a moment.
async fn priced(world: &World, mrc: &str) {
    let path = "/availability/v1/lookup?address=7%20Elm%20St%2C%20Millford%2C%20WY%2082099";
    until(&format!("the price {mrc}"), async || {
        let answer = world.get(path).await.expect(200).json();
        assert_eq!(answer["outcome"], "served", "{answer:#}");
        (answer["findings"][0]["mrc"] == mrc).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_list_in_the_bucket_is_loaded_slice_after_slice_and_taken_back() {
    let Some(stack) = Stack::deployed("lists in the bucket of the deployed stack").await else {
        return;
    };
    let stack = Arc::new(stack);
    let world = emptied(&stack).await;
    stack
        .put("lists/Acme%20Fiber/main/march.csv", list(ROWS, "50.0"))
        .await;
    let first = finished(&world, "Acme_Fiber.main.1").await;
    assert_eq!(first["state"], "active", "{first:#}");
    assert_eq!(first["file_name"], "march.csv");
    let counts = ["rows", "imported", "duplicates", "rejected"].map(|name| first[name].as_u64());
    let (rows, buildings, boxes) = (ROWS as u64, BUILDINGS as u64, POST_BOXES.len() as u64);
    let expected = [rows, buildings, rows - buildings - boxes, boxes];
    assert_eq!(counts, expected.map(Some), "{first:#}");

    let rejects = world
        .get("/imports/Acme_Fiber.main.1/rejects")
        .await
        .expect(200);
    let rejects = String::from_utf8_lossy(&rejects.body).into_owned();
    let lines: Vec<_> = rejects.lines().collect();
    assert_eq!(lines.len(), 1 + POST_BOXES.len(), "{rejects}");
    for (line, row) in lines[1..].iter().zip(POST_BOXES) {
        // The first line of the file is its header, and lines are counted from 1.
        assert!(line.starts_with(&format!("{},", row + 2)), "{line}");
    }
    let files = stack.file_names("rejects/").await;
    assert_eq!(
        files.len(),
        POST_BOXES.len(),
        "each in its slice: {files:?}"
    );
    assert_eq!(files[0], "rejects/Acme_Fiber.main.1/0000000000.csv");

    priced(&world, "50.00").await;
    stack
        .put("lists/Acme%20Fiber/main/april.csv", list(BUILDINGS, "60.0"))
        .await;
    let second = finished(&world, "Acme_Fiber.main.2").await;
    assert_eq!(second["state"], "active", "{second:#}");
    priced(&world, "60.00").await;
    let undone = world
        .post("/imports/Acme_Fiber.main.2/undo", &Value::Null)
        .await;
    assert_eq!(undone.expect(200).json()["active"], "Acme_Fiber.main.1");
    priced(&world, "50.00").await;
}

#[tokio::test]
async fn a_file_that_is_no_list_has_one_beside_it_that_says_why() {
    let Some(stack) = Stack::deployed("files in the bucket of the deployed stack").await else {
        return;
    };
    let stack = Arc::new(stack);
    let _world = emptied(&stack).await;
    stack
        .put("lists/Acme%20Fiber/main/a.csv", "a,b\n1,2\n")
        .await;
    let why = until("a file is refused", async || {
        stack
            .file("lists/Acme%20Fiber/main/a.csv.refused.txt")
            .await
    });
    let why = String::from_utf8_lossy(&why.await).into_owned();
    assert!(why.contains("format"), "{why}");
}

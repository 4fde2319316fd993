//! The same lists, loaded on one machine and by messages.

use std::fs;
use std::io::{Read as _, Write as _};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::civil::date;
use lastmile_app::imports::{Begun, LoadRequest, Mapping, get, sweep, undo};
use lastmile_model::listing::life::Import;
use lastmile_model::listing::{Format, ImportId};
use lastmile_sample::{City, write_lists};
use lastmile_testkit::store::MemoryStore;

use super::crew::{Crew, items, rejects_of, timeless};
use crate::world::{Watcher, World, request};

/// A list and how it is read.
struct Case {
    request: LoadRequest,
    text: Vec<u8>,
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

/// The lists of a made-up city, one for each format and more; their first rows come again at the end.
fn cases(seed: u64, buildings: u32) -> Vec<Case> {
    let folder = tempfile::tempdir().expect("a folder");
    let city = City::new(seed, buildings, date(2026, 3, 1));
    let lists = write_lists(&city, folder.path()).expect("written");
    let case = |list: &lastmile_sample::ListFile| {
        let mut text = fs::read(&list.path).expect("readable");
        if text.starts_with(&[0x1f, 0x8b]) {
            let mut plain = Vec::new();
            let mut decoder = GzDecoder::new(text.as_slice());
            decoder.read_to_end(&mut plain).expect("gzip");
            text = plain;
        }
        let again: Vec<u8> = text
            .split_inclusive(|byte| *byte == b'\n')
            .skip(2)
            .take(1_200)
            .flatten()
            .copied()
            .collect();
        text.extend(again);
        let format = Format::ALL
            .into_iter()
            .find(|format| format.as_str() == list.format);
        let map = list.mapping.as_ref();
        let map = map.map(|path| fs::read_to_string(path).expect("readable"));
        Case {
            request: LoadRequest {
                format,
                column_map: map.map(|text| Mapping::parse(&text).expect("a column map")),
                ..request(list.provider)
            },
            text,
        }
    };
    lists.iter().map(case).collect()
}

/// One machine, and what it loaded.
struct Alone {
    world: World,
    store: Arc<MemoryStore>,
}

impl Alone {
    fn new() -> Self {
        let (world, store) = World::new();
        Self { world, store }
    }

    async fn load(&self, request: &LoadRequest, list: &[u8]) -> (Import, Option<String>) {
        let watcher = Arc::new(Watcher::default());
        let summary = self
            .world
            .watch(request, list.to_vec(), Arc::clone(&watcher))
            .await
            .expect("loaded");
        (self.import(&summary.id).await, rejects_of(&watcher))
    }

    async fn import(&self, id: &ImportId) -> Import {
        get(&self.world.context, id).await.expect("an import")
    }
}

async fn same_load(alone: &Alone, crew: &Crew, request: &LoadRequest, list: &[u8], what: &str) {
    let (expected, rejects) = alone.load(request, list).await;
    let import = crew.load(request, list).await;
    assert_eq!(crew.rejects(&import.id).await, rejects, "{what}");
    assert_eq!(timeless(import), timeless(expected), "{what}");
    same_items(alone, crew, what);
}

fn same_items(alone: &Alone, crew: &Crew, what: &str) {
    let (expected, found) = (items(&alone.store), items(&crew.store));
    let first = expected
        .iter()
        .zip(&found)
        .find(|(one, other)| one != other);
    assert_eq!(first, None, "{what}: the first item that differs");
    assert_eq!(found.len(), expected.len(), "{what}");
}

/// Loads, replaces, loads again and takes back, and compares after each step.
async fn same_life(case: &Case, compressed: bool, slice_chunks: u32, what: &str) {
    let as_it_comes = |text: &[u8]| {
        if compressed {
            packed(text)
        } else {
            text.to_vec()
        }
    };
    let (alone, crew) = (Alone::new(), Crew::new(slice_chunks));
    let first = as_it_comes(&case.text);
    same_load(&alone, &crew, &case.request, &first, what).await;
    let mut shorter: Vec<&[u8]> = case.text.split_inclusive(|byte| *byte == b'\n').collect();
    shorter.drain(10..40);
    let second = as_it_comes(&shorter.concat());
    same_load(&alone, &crew, &case.request, &second, what).await;

    let again = crew.upload(&case.request, &second).await.expect("begun");
    let Begun::Done(summary) = again else {
        unreachable!("the very file again is done at once");
    };
    assert!(!summary.changed, "{what}");
    let (expected, _) = alone.load(&case.request, &second).await;
    assert_eq!(summary.id, expected.id, "{what}");

    for world in [&alone.world, &crew.world] {
        let undone = undo(&world.context, &summary.id).await.expect("undone");
        assert_eq!(undone.active.map(|active| active.number.0), Some(1));
    }
    sweep(&alone.world.context).await.expect("swept");
    use lastmile_app::imports::ImportDesk as _;
    crew.desk().sweep_soon(&summary.id.list).await;
    crew.work_off().await;
    let expected = alone.import(&summary.id).await;
    assert_eq!(
        timeless(crew.import(&summary.id).await),
        timeless(expected),
        "{what}"
    );
    same_items(&alone, &crew, what);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_format_comes_to_the_same_in_slices() {
    for (seed, compressed, slice_chunks) in [(1, false, 1), (2, true, 2)] {
        for case in cases(seed, 3_000) {
            let what = format!("{} of seed {seed}", case.request.list.provider);
            same_life(&case, compressed, slice_chunks, &what).await;
        }
    }
}

/// A card of several chunks; its first rates come again at the end, at other prices.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rate_card_comes_to_the_same_in_slices() {
    let mut text = "product,bandwidth,term,mrc,zone\n".to_owned();
    for row in 0..700_u32 {
        let (speed, term) = (10 + row % 60, 12 + row / 60);
        text.push_str(&format!("access_e_line,{speed},{term},{row},NH VT 03431\n"));
        if row % 50 == 0 {
            text.push_str("access_e_line,fast,12,1,NH\n");
        }
    }
    let again = "access_e_line,10,12,9.99,NH\naccess_e_line,11,12,9.99,NH\n";
    text.push_str(again);
    let case = Case {
        request: LoadRequest {
            format: Some(Format::Rates),
            ..request("Acme")
        },
        text: text.into_bytes(),
    };
    for (compressed, slice_chunks) in [(false, 1), (true, 2)] {
        same_life(&case, compressed, slice_chunks, "rates").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn area_hints_are_widened_from_slice_to_slice() {
    let mut text = "brand_name,technology,max_advertised_download_speed,max_advertised_upload_speed,h3_res8_id\n".to_owned();
    for row in 0..45_000_u32 {
        let (brand, speed) = (row % 3, 10 + (row / 1_000) * (row % 7));
        text.push_str(&format!(
            "Brand {brand},50,{speed},{speed},8828308281fffff\n"
        ));
    }
    let case = Case {
        request: request("FCC"),
        text: text.into_bytes(),
    };
    same_life(&case, false, 1, "hints").await;
}

/// More chunks than the window of duplicates has, so that what is remembered begins and ends where it does
/// on one machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn duplicates_are_counted_across_slices_as_far_as_on_one_machine() {
    let header =
        "address_full,state,lat,lon,provider,price,speed_down,speed_up,technology,package\n";
    let offer = |number: u32, price: u32| {
        format!(
            "\"{number} E 26TH ST,CHEYENNE,WY 82001,USA\",WY,,,Acme,{price}.0,10,1.0,Fiber,Plan\n"
        )
    };
    let mut text = header.to_owned();
    for chunk in 0..70_u32 {
        // Each claim comes twice: in the chunk behind, at the edges of the window, and beyond it.
        let mut rows = 0;
        for (family, distance) in (1..).zip([1, 33, 63, 64, 65, 66, 67]) {
            let of = |chunk: u32| offer(1_000 * family + chunk, distance);
            text.push_str(&of(chunk));
            rows += 1;
            if let Some(before) = chunk.checked_sub(distance) {
                text.push_str(&of(before));
                rows += 1;
            }
        }
        text.push_str(&"x\n".repeat(1_000 - rows));
    }
    let (alone, crew) = (Alone::new(), Crew::new(3));
    let request = request("Acme");
    same_load(&alone, &crew, &request, text.as_bytes(), "a long list").await;
    let counts = crew
        .import(&"Acme.main.1".parse().expect("an id"))
        .await
        .counts;
    assert_eq!(counts.rows, 70_000);
    assert!(counts.duplicates > 100, "{counts:?}");
    assert!(
        counts.imported > 70,
        "what lies beyond the window is new: {counts:?}"
    );
}

//! One list after the other: replace, undo, the same again, interrupt, go on.

use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use lastmile_app::Context;
use lastmile_app::imports::{
    LoadError, LoadRequest, Recovery, RowSource, UndoError, Unobserved, get, list as list_imports,
    load, recover, sweep, undo,
};
use lastmile_model::claim::Kbps;
use lastmile_model::listing::life::UndoRefused;
use lastmile_model::listing::{Counts, ImportId, ImportState};
use lastmile_store::{Clock as _, Store};
use lastmile_testkit::store::{FaultStore, Faults, ManualClock, MemoryStore};

use crate::world::{DyingStore, Watcher, World, request};

const HEADER: &str =
    "address_full,state,lat,lon,provider,price,speed_down,speed_up,technology,package\n";
const PLACE: &str = "303 E 26TH ST, CHEYENNE, WY 82001";

fn offer(number: u32, down: u32) -> String {
    format!(
        "\"{number} E 26TH ST,CHEYENNE,WY 82001,USA\",WY,41.14,-104.81,Acme,50.0,{down},1.0,Fiber,Plan\n"
    )
}

fn offers(numbers: impl IntoIterator<Item = u32>, down: u32) -> String {
    let rows = numbers.into_iter().map(|number| offer(number, down));
    HEADER.to_owned() + &rows.collect::<String>()
}

async fn downs(world: &World, address: &str) -> Vec<u64> {
    let claims = world.claims(address).await;
    claims
        .iter()
        .filter_map(|claim| claim.down.map(|Kbps(kbps)| kbps / 1000))
        .collect()
}

fn id(text: &str) -> ImportId {
    text.parse().expect("an import id")
}

#[tokio::test]
async fn a_new_list_replaces_the_old_one_and_can_be_undone() {
    let (world, store) = World::new();
    let request = request("Acme");
    let first = world
        .load(&request, offers([303, 305], 10))
        .await
        .expect("loaded");
    assert_eq!(first.id.to_string(), "Acme.main.1");
    assert_eq!(downs(&world, PLACE).await, [10]);

    let second = world
        .load(&request, offers([303], 20))
        .await
        .expect("loaded");
    assert_eq!(downs(&world, PLACE).await, [20]);
    assert!(
        world
            .claims("305 E 26TH ST, CHEYENNE, WY 82001")
            .await
            .is_empty()
    );

    let undone = undo(&world.context, &second.id).await.expect("undone");
    assert_eq!(undone.active, Some(first.id.clone()));
    assert_eq!(downs(&world, PLACE).await, [10]);
    let states: Vec<_> = list_imports(&world.context, None, 2)
        .await
        .expect("read")
        .imports
        .iter()
        .map(|import| (import.id.number.0, import.state))
        .collect();
    assert_eq!(states, [(2, ImportState::Undone), (1, ImportState::Active)]);
    let newest = list_imports(&world.context, None, 1).await.expect("read");
    assert!(newest.cut, "one more is not listed");
    assert_eq!(newest.imports.len(), 1);
    assert_eq!(newest.imports[0].id, second.id);

    assert_eq!(sweep(&world.context).await.expect("swept"), [second.id]);
    assert_eq!(sweep(&world.context).await.expect("swept"), []);
    let left: Vec<_> = store
        .items()
        .into_iter()
        .filter(|item| item.key.sk.contains("#1.2#"))
        .collect();
    assert_eq!(left, [], "nothing of the undone import is left");

    undo(&world.context, &first.id).await.expect("undone");
    assert!(world.claims(PLACE).await.is_empty());
}

#[tokio::test]
async fn only_the_active_import_is_undone_and_only_one_step() {
    let (world, _) = World::new();
    let request = request("Acme");
    for down in [10, 20, 30] {
        world
            .load(&request, offers([303], down))
            .await
            .expect("loaded");
    }
    let refused = undo(&world.context, &id("Acme.main.2")).await;
    assert!(matches!(
        refused,
        Err(UndoError::Refused(UndoRefused::NotActive { .. }))
    ));
    let unknown = undo(&world.context, &id("Acme.main.9")).await;
    assert!(matches!(unknown, Err(UndoError::Unknown { .. })));
    undo(&world.context, &id("Acme.main.3"))
        .await
        .expect("undone");
    let refused = undo(&world.context, &id("Acme.main.2")).await;
    assert!(matches!(
        refused,
        Err(UndoError::Refused(UndoRefused::NothingKept { .. }))
    ));
    assert_eq!(downs(&world, PLACE).await, [20]);
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let (world, store) = World::new();
    let text = offers([303, 303, 305], 10) + "bad row\n";
    let first = world
        .load(&request("Acme"), text.clone())
        .await
        .expect("loaded");
    assert!(first.changed);
    let before = store.items();
    let again = world.load(&request("Acme"), text).await.expect("loaded");
    assert_eq!(
        (again.changed, again.id, again.counts),
        (
            false,
            first.id,
            Counts {
                imported: 0,
                unchanged: 2,
                ..first.counts
            }
        )
    );
    assert_eq!(before, store.items());
}

#[tokio::test]
async fn rows_are_compared_with_the_list_before() {
    let (world, _) = World::new();
    let request = request("Acme");
    world
        .load(&request, offers(1..=3000, 10))
        .await
        .expect("loaded");
    let text = offers(1..=2999, 10) + &offer(3000, 20) + &offer(3001, 10) + &offer(3001, 10);
    let counts = world.load(&request, text).await.expect("loaded").counts;
    assert_eq!(
        counts,
        Counts {
            rows: 3002,
            imported: 2,
            unchanged: 2999,
            duplicates: 1,
            claims: 3001,
            ..Counts::default()
        }
    );
}

#[tokio::test]
async fn the_last_of_several_rows_for_one_claim_wins() {
    let (world, _) = World::new();
    let price = |number: u32, price: u32| offer(number, 10).replace("50.0", &format!("{price}.0"));
    let mut text = HEADER.to_owned();
    for round in 1..=7 {
        text.extend((1..=500).map(|number| price(number, round)));
    }
    let summary = world.load(&request("Acme"), text).await.expect("loaded");
    assert_eq!(
        (summary.counts.imported, summary.counts.duplicates),
        (500, 3000)
    );
    for number in [1, 250, 500] {
        let claims = world
            .claims(&format!("{number} E 26TH ST, CHEYENNE, WY 82001"))
            .await;
        let prices: Vec<_> = claims
            .iter()
            .map(|claim| claim.price.map(|price| price.mrc.minor))
            .collect();
        assert_eq!(prices, [Some(700)]);
    }
}

#[tokio::test]
async fn a_cancelled_import_shows_nothing_and_goes_on_with_the_same_file() {
    let (world, store) = World::new();
    let request = request("Acme");
    world
        .load(&request, offers([303], 10))
        .await
        .expect("loaded");
    let text = offers(1..=12_000, 20) + "a bad row\n";
    let watcher = Watcher::cancelling_after(2_000);
    let cancelled = world.watch(&request, text.clone(), watcher).await;
    assert!(
        matches!(cancelled, Err(LoadError::Cancelled { .. })),
        "{cancelled:?}"
    );
    assert_eq!(downs(&world, PLACE).await, [10]);
    let import = get(&world.context, &id("Acme.main.2"))
        .await
        .expect("known");
    assert_eq!(import.state, ImportState::Interrupted);
    assert!((2_000..12_000).contains(&import.counts.rows));

    let watcher = Arc::new(Watcher::default());
    let done = world
        .watch(&request, text, Arc::clone(&watcher))
        .await
        .expect("loaded");
    assert_eq!((done.id.number.0, done.counts.rows), (2, 12_001));
    assert_eq!(done.resumed_rows, import.counts.rows);
    assert_eq!(done.counts.imported + done.counts.unchanged, 12_000);
    assert_eq!(watcher.rejected(), [(12_002, "wrong_width")]);
    assert_eq!(downs(&world, PLACE).await, [20]);
    let fresh = loaded_alone(&[(10, 303..=303), (20, 1..=12_000)]).await;
    assert_eq!(
        claims_in(&store),
        fresh,
        "as if it had never been interrupted"
    );
}

/// Keys and values of all claims of a store into which lists were loaded without interruption.
async fn loaded_alone(lists: &[(u32, std::ops::RangeInclusive<u32>)]) -> Vec<lastmile_store::Item> {
    let (world, store) = World::new();
    for (down, numbers) in lists {
        let text = offers(numbers.clone(), *down);
        world.load(&request("Acme"), text).await.expect("loaded");
    }
    claims_in(&store)
}

fn claims_in(store: &MemoryStore) -> Vec<lastmile_store::Item> {
    let items = store.items().into_iter();
    items
        .filter(|item| item.key.pk.starts_with("ST#"))
        .collect()
}

#[tokio::test]
async fn another_file_clears_an_interrupted_import_away() {
    let (world, store) = World::new();
    let request = request("Acme");
    let watcher = Watcher::cancelling_after(2_000);
    let cancelled = world.watch(&request, offers(1..=12_000, 20), watcher).await;
    assert!(cancelled.is_err());
    world
        .load(&request, offers([303], 30))
        .await
        .expect("loaded");
    assert_eq!(downs(&world, PLACE).await, [30]);
    assert_eq!(claims_in(&store).len(), 1);
    let chunks = store
        .items()
        .into_iter()
        .filter(|item| item.key.pk.starts_with("CHUNK#1.1#"));
    assert_eq!(chunks.count(), 0);
}

#[tokio::test]
async fn a_killed_import_blocks_its_list_until_its_lease_lapses_or_it_is_recovered() {
    let (world, _) = World::new();
    let request = request("Acme");
    let text = offers(1..=8_000, 20);
    killed_after(&world, &text, 1_000).await;
    let running = world.load(&request, text.clone()).await;
    assert!(
        matches!(running, Err(LoadError::Running { .. })),
        "{running:?}"
    );
    assert_eq!(
        recover(&world.context, Recovery::LapsedLeases)
            .await
            .expect("read"),
        []
    );
    world.clock.advance_seconds(31);
    let interrupted = recover(&world.context, Recovery::LapsedLeases)
        .await
        .expect("read");
    assert_eq!(interrupted, [id("Acme.main.1")]);
    let done = world.load(&request, text.clone()).await.expect("loaded");
    assert_eq!((done.id, done.counts.rows), (id("Acme.main.1"), 8_000));

    killed_after(&world, &(text.clone() + &offer(1, 99)), 1_000).await;
    let interrupted = recover(&world.context, Recovery::SoleProcess)
        .await
        .expect("read");
    assert_eq!(interrupted, [id("Acme.main.2")]);
    undo(&world.context, &id("Acme.main.1"))
        .await
        .expect("a dead import is not in the way");
}

/// Begins an import and drops it when so many rows are written, as `kill -9` does.
async fn killed_after(world: &World, text: &str, rows: u64) {
    let watcher = Arc::new(Watcher::default());
    let request = request("Acme");
    let dying = DyingStore {
        store: Arc::clone(&world.context.store),
        watcher: Arc::clone(&watcher),
        dies_after_rows: rows,
    };
    let process = World {
        clock: Arc::clone(&world.clock),
        context: Context {
            store: Arc::new(dying),
            ..world.context.clone()
        },
    };
    let load = process.watch(&request, text.to_owned(), Arc::clone(&watcher));
    let killed = async {
        while watcher.rows.load(Ordering::Relaxed) < rows {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        biased;
        () = killed => {}
        done = load => panic!("the import was faster: {done:?}"),
    }
}

#[tokio::test]
async fn an_import_killed_at_any_chunk_goes_on() {
    let text = offers(1..=12_000, 20);
    let fresh = loaded_alone(&[(20, 1..=12_000)]).await;
    let (world, store) = World::new();
    for rows in [1_000, 5_000, 9_000, 11_000] {
        killed_after(&world, &text, rows).await;
        assert!(world.claims(PLACE).await.is_empty(), "half a list was seen");
        recover(&world.context, Recovery::SoleProcess)
            .await
            .expect("read");
    }
    let done = world.load(&request("Acme"), text).await.expect("loaded");
    assert_eq!((done.counts.rows, done.counts.imported), (12_000, 12_000));
    assert_eq!(claims_in(&store), fresh);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_reader_sees_half_a_list() {
    let (world, _) = World::new();
    let request = request("Acme");
    world
        .load(&request, offers(300..=1500, 10))
        .await
        .expect("loaded");
    let context = world.context.clone();
    let reader = tokio::spawn(async move {
        let world = World {
            clock: Arc::new(ManualClock::new()),
            context,
        };
        let mut seen = Vec::new();
        for _ in 0..400 {
            let low = downs(&world, "300 E 26TH ST, CHEYENNE, WY 82001").await;
            let high = downs(&world, "1500 E 26TH ST, CHEYENNE, WY 82001").await;
            // Two requests: the switch may come between them, but not back.
            assert!(
                low.len() == 1 && high.len() == 1 && low <= high,
                "{low:?} {high:?}"
            );
            seen.extend(high);
            tokio::task::yield_now().await;
        }
        seen
    });
    for down in [20, 30, 40] {
        world
            .load(&request, offers(300..=1500, down))
            .await
            .expect("loaded");
    }
    assert!(reader.await.expect("no panic").is_sorted());
}

#[tokio::test]
async fn a_store_that_fails_now_and_then_changes_nothing() {
    let faults = Faults {
        before_permille: 50,
        after_permille: 50,
        throttled_permille: 50,
    };
    let fresh = loaded_alone(&[(10, 1..=1_200), (20, 2..=1_200), (30, 3..=1_200)]).await;
    for seed in 0..4 {
        let clock = Arc::new(ManualClock::new());
        let store = Arc::new(FaultStore::new(
            MemoryStore::new(clock.clone()),
            faults,
            seed,
        ));
        let world = World::on(store.clone() as Arc<dyn Store>, clock);
        for (down, first) in [(10, 1), (20, 2), (30, 3)] {
            let text = offers(first..=1_200, down);
            let done = world.load(&request("Acme"), text).await.expect("loaded");
            assert_eq!(
                done.counts.imported,
                u64::from(1_201 - first),
                "seed {seed}"
            );
        }
        while !sweep_again(&world).await {}
        assert_eq!(claims_in(store.inner()), fresh, "seed {seed}");
    }
}

async fn sweep_again(world: &World) -> bool {
    sweep(&world.context)
        .await
        .is_ok_and(|swept| swept.is_empty())
}

/// A file that is other each time it is opened, as one that somebody writes to.
struct Changing {
    texts: Vec<String>,
    opened: AtomicUsize,
}

impl RowSource for Changing {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let opened = self.opened.fetch_add(1, Ordering::Relaxed);
        let text = &self.texts[opened.min(self.texts.len() - 1)];
        Ok(Box::new(Cursor::new(text.clone().into_bytes())))
    }

    fn length_bytes(&self) -> Option<u64> {
        None
    }
}

#[tokio::test]
async fn regression_a_file_that_changes_while_it_is_read_is_never_shown() {
    let whole = offers([303, 305, 307], 20);
    for changed in [
        offers([303], 20),
        offers([303, 305, 309], 20),
        offers([303, 305, 307, 309], 20),
    ] {
        let (world, _) = World::new();
        let request = request("Acme");
        world
            .load(&request, offers([303], 10))
            .await
            .expect("loaded");
        // The header and the digest are read of the whole file, the rows of the changed one.
        let source = Arc::new(Changing {
            texts: vec![whole.clone(), whole.clone(), changed],
            opened: AtomicUsize::new(0),
        });
        let refused = load(&world.context, &request, source, Arc::new(Unobserved)).await;
        assert!(
            matches!(refused, Err(LoadError::FileChanged)),
            "{refused:?}"
        );
        assert_eq!(downs(&world, PLACE).await, [10]);
        let complete = world.load(&request, whole.clone()).await.expect("loaded");
        assert_eq!(complete.counts.rows, 3);
        assert_eq!(downs(&world, PLACE).await, [20]);
    }
}

#[tokio::test]
async fn regression_another_spelling_of_a_provider_is_no_provider_of_its_own() {
    let (world, _) = World::new();
    let known = world.load(&request("Acme"), offers([303], 10)).await;
    known.expect("loaded");
    let refused = world.load(&request("ACME"), offers([303], 20)).await;
    assert!(
        matches!(&refused, Err(LoadError::ProviderSpelling { known, .. }) if known.as_str() == "Acme"),
        "{refused:?}"
    );
    assert_eq!(
        list_imports(&world.context, None, 2)
            .await
            .expect("read")
            .imports
            .len(),
        1
    );
    world
        .load(&request("Acme Fiber"), offers([303], 20))
        .await
        .expect("another name is another provider");
}

#[tokio::test]
async fn regression_no_list_is_of_a_day_to_come() {
    let (world, _) = World::new();
    let ahead = |days: i64| {
        let today = world.clock.now().to_zoned(TimeZone::UTC).date();
        today.saturating_add(days.days())
    };
    let asked = LoadRequest {
        as_of: Some(ahead(2)),
        ..request("Acme")
    };
    let refused = world.load(&asked, offers([303], 10)).await;
    assert!(
        matches!(refused, Err(LoadError::AsOfInFuture { .. })),
        "{refused:?}"
    );
    let of_a_wrong_clock = LoadRequest {
        file_date: Some(ahead(900)),
        ..request("Acme")
    };
    let loaded = world.load(&of_a_wrong_clock, offers([303], 10)).await;
    assert_eq!(loaded.expect("loaded").as_of, ahead(0));
}

//! Fixed seeds, on every build.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says where it stopped"
)]

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use lastmile_sim::{Happening, Happenings, Options, run, run_twice};

/// Seeds that every build runs.
const SEEDS: u64 = 60;
/// Those of them that are run twice.
const TWICE: u64 = 8;

/// What so few seeds need not have.
const RARE: [Happening; 2] = [Happening::Refused, Happening::Died];

/// Runs seeds on all processors; what happened in all of them together.
fn all_hold(seeds: u64) -> Happenings {
    let next = AtomicU64::new(0);
    let happened: Mutex<Happenings> = Mutex::default();
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return;
            }
            let report = run(seed, &Options::default()).unwrap();
            assert_eq!(report.broken, None, "cargo xtask sim --seed {seed} --trace");
            let mut all = happened.lock().unwrap();
            for (happening, times) in report.happened {
                *all.entry(happening).or_default() += times;
            }
        }
    };
    thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, Into::into);
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    happened.into_inner().unwrap()
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let mut digests = std::collections::BTreeSet::new();
    for seed in 0..TWICE {
        let report = run_twice(seed, &Options::default()).unwrap();
        assert_eq!(report.broken, None, "seed {seed}");
        assert!(report.trace.lines > 0);
        assert!(digests.insert(report.trace.digest), "seeds differ");
    }
}

#[test]
fn all_rules_hold_and_everything_that_can_happen_does() {
    let happened = all_hold(SEEDS);
    let usual = Happening::ALL.into_iter();
    for happening in usual.filter(|happening| !RARE.contains(happening)) {
        let times = happened.get(&happening).copied().unwrap_or_default();
        assert!(times > 0, "no seed has any {}", happening.as_str());
    }
}

//! One run: from an empty store to the end of everything.

use std::cell::Cell;
use std::sync::{Arc, Once};
use std::time::Duration;

use lastmile_store::queue::DEAD_LOOK_MAX;
use lastmile_store::{Queue as _, QueueError, StoreError};
use thiserror::Error;
use tokio::runtime::Builder;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use crate::happening::{Happening, Happenings};
use crate::limits::{AFTER_ALL, LOOK_EVERY, REDRIVES_MAX, TRACE_KEPT};
use crate::plan::Plan;
use crate::referee::{Broken, Invariant};
use crate::sabotage::Sabotage;
use crate::trace::{Trace, Traced};
use crate::world::World;
use crate::{lists, process, user};

/// How a run is made.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many of the last lines of the trace are kept.
    pub trace_kept: usize,
    /// What is broken on purpose.
    pub sabotage: Option<Sabotage>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            trace_kept: TRACE_KEPT,
            sabotage: None,
        }
    }
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whose.
    pub seed: u64,
    /// The rule that was broken, if one was.
    pub broken: Option<Broken>,
    /// What happened.
    pub trace: Traced,
    /// How often what happened.
    pub happened: Happenings,
    /// How long it took, by its own time.
    pub lasted: Duration,
}

/// The run could not be made.
#[derive(Debug, Error)]
pub enum RunError {
    /// There is no runtime.
    #[error("the runtime cannot be started")]
    Runtime(#[from] std::io::Error),
    /// The store in memory failed.
    #[error("the lists cannot be written")]
    Store(#[from] StoreError),
    /// The queue in memory failed.
    #[error("the queue cannot be looked at")]
    Queue(#[from] QueueError),
}

/// Runs a seed, on this thread.
///
/// # Errors
/// [`RunError`]; a rule that is broken is no error but in the report.
pub fn run(seed: u64, options: &Options) -> Result<Report, RunError> {
    notice_panics();
    PANICS.set(0);
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()?;
    runtime.block_on(async {
        let trace = Trace::new(options.trace_kept);
        let world = Arc::new(World::new(Plan::of(seed), trace, options.sabotage));
        lists::write(&world).await?;
        drive(&world).await?;
        Ok(Report {
            seed,
            broken: world.broken(),
            trace: world.trace.read(),
            happened: world.happened(),
            lasted: world.time.passed(),
        })
    })
}

/// Runs a seed twice: the same seed must give the same trace. Gives back what came of the first run.
///
/// # Errors
/// As [`run`].
pub fn run_twice(seed: u64, options: &Options) -> Result<Report, RunError> {
    let mut first = run(seed, options)?;
    let second = run(seed, options)?;
    if first.trace.digest != second.trace.digest {
        let lines = first.trace.last.iter().zip(&second.trace.last);
        let unlike = lines.into_iter().find(|(one, other)| one != other);
        let found = Invariant::SameTrace.by(format!(
            "{} lines and {}; unlike in what is kept: {unlike:?}",
            first.trace.lines, second.trace.lines
        ));
        first.broken.get_or_insert(found);
    }
    Ok(first)
}

/// Those who work, as long as they are wanted.
struct Crew {
    end: watch::Sender<bool>,
    processes: Vec<JoinHandle<()>>,
}

impl Crew {
    fn begin(world: &Arc<World>) -> Self {
        let (end, ends) = watch::channel(false);
        let many = world.plan.processes.len();
        let run = |number| tokio::spawn(process::run(Arc::clone(world), number, ends.clone()));
        Self {
            processes: (0..many).map(run).collect(),
            end,
        }
    }

    async fn end(self) {
        // Nobody listens where all have gone home already.
        let _ = self.end.send(true);
        for process in self.processes {
            // A panic in it was counted when it happened.
            let _ = process.await;
        }
    }
}

async fn drive(world: &Arc<World>) -> Result<(), RunError> {
    let crew = Crew::begin(world);
    let mut users = JoinSet::new();
    for number in 0..world.plan.quotes.len() {
        users.spawn(user::run(Arc::clone(world), number));
    }
    works_until_done(world, &mut users).await?;
    crew.end().await;
    let letters = world.queue.dead_letters(DEAD_LOOK_MAX).await?.len();
    world.judge(Invariant::NothingIsLost.unless(letters == 0, || {
        format!("{letters} letters die again and again")
    }));
    let refused = world.happened().get(&Happening::Refused).copied();
    let refused = usize::try_from(refused.unwrap_or_default()).unwrap_or_default();
    let quotes = world.plan.quotes.len() - refused;
    if world.broken().is_none() {
        let finished = world.book().is_finished(quotes);
        world.judge(finished);
    }
    Ok(())
}

fn latest_deadline(plan: &Plan) -> Duration {
    let ends = plan
        .quotes
        .iter()
        .map(|quote| quote.begins + quote.deadline);
    ends.max().unwrap_or_default()
}

/// Lets everybody work until nothing is left to do, a rule is broken, or it takes too long. Dead letters are given back
/// when there is nothing else.
async fn works_until_done(world: &Arc<World>, users: &mut JoinSet<()>) -> Result<(), RunError> {
    let mut until = world.plan.storm.lasts.max(latest_deadline(&world.plan)) + AFTER_ALL;
    let mut redrives_left = REDRIVES_MAX;
    while world.broken().is_none() {
        sleep(LOOK_EVERY).await;
        if world.time.passed() >= world.plan.storm.lasts && !world.is_calm() {
            world.tell("storm", format_args!("is over"));
            world.calm_down();
        }
        world.judge(Invariant::NothingPanics.unless(PANICS.get() == 0, || {
            "something panicked; what it said stands above".to_owned()
        }));
        while users.try_join_next().is_some() {}
        let depth = world.queue.depth().await?;
        let errands = world.book().open_errands();
        if depth.waiting + depth.delayed + depth.in_work == 0 && errands == 0 {
            if depth.dead > 0 && redrives_left > 0 && world.is_calm() {
                redrives_left -= 1;
                redrives(world).await?;
                until = world.time.passed() + AFTER_ALL;
            } else if users.is_empty() && (depth.dead == 0 || redrives_left == 0) {
                return Ok(());
            }
        }
        world.judge(
            Invariant::NothingIsLost.unless(world.time.passed() < until, || {
                let users = users.len();
                format!("it never ends: {users} users, {depth:?}, {errands} errands")
            }),
        );
    }
    Ok(())
}

/// Gives dead letters back, as an operator does.
async fn redrives(world: &World) -> Result<(), RunError> {
    let letters = world.queue.dead_letters(DEAD_LOOK_MAX).await?;
    for letter in &letters {
        let what = crate::queue::named(&letter.body);
        world.tell("operator", format_args!("gives back {what}"));
        world.count(Happening::Died);
        let is_explained = world.letters().explains(&letter.body);
        world.judge(Invariant::NothingIsLost.unless(is_explained, || {
            format!("a letter died, and nothing explains it: {what}")
        }));
    }
    world.queue.redrive(DEAD_LOOK_MAX).await?;
    Ok(())
}

thread_local! {
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

/// The product's workers go on after a panic, and the queue gives its message to another. So the hook counts.
fn notice_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.set(PANICS.get() + 1);
            before(panic);
        }));
    });
}

//! Where every call of a process goes out into the world: it takes a while, it fails, or the process is killed.

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use lastmile_testkit::store::{Fault, Faults};
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::dice::Dice;
use crate::happening::Happening;
use crate::world::World;

/// One life of a process: from its start until it is killed.
pub struct Life {
    /// Which process, and which of its lives.
    pub name: String,
    /// Whether it can be killed.
    is_mortal: bool,
    is_dead: AtomicBool,
    kill: Notify,
    last_fault: Mutex<Option<Timestamp>>,
}

impl Life {
    /// A life that ends when it ends.
    #[must_use]
    pub fn mortal(name: String) -> Self {
        Self::new(name, true)
    }

    /// A life that is never ended by a kill.
    #[must_use]
    pub fn immortal(name: String) -> Self {
        Self::new(name, false)
    }

    fn new(name: String, is_mortal: bool) -> Self {
        Self {
            name,
            is_mortal,
            is_dead: AtomicBool::new(false),
            kill: Notify::new(),
            last_fault: Mutex::default(),
        }
    }

    /// Ready when a call kills it.
    pub async fn killed(&self) {
        self.kill.notified().await;
    }

    /// Nothing of it runs any more.
    pub fn ends(&self) {
        self.is_dead.store(true, Ordering::Relaxed);
    }

    /// Whether nothing of it runs any more.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.is_dead.load(Ordering::Relaxed)
    }

    /// Whether it was killed, or a call of it failed that should not have, at this time or later.
    #[must_use]
    pub fn was_harmed_since(&self, time: Timestamp) -> bool {
        let last = self.last_fault.lock();
        let last = last.unwrap_or_else(PoisonError::into_inner);
        self.is_dead() || last.is_some_and(|at| at >= time)
    }

    fn fails(&self, at: Timestamp) {
        let last = self.last_fault.lock();
        *last.unwrap_or_else(PoisonError::into_inner) = Some(at);
    }
}

/// A process' way to one thing of the world.
pub struct Gate {
    /// The world.
    pub world: Arc<World>,
    /// Whose it is.
    pub life: Arc<Life>,
    dice: Dice,
}

impl Gate {
    /// The way of this life to what is named.
    #[must_use]
    pub fn new(world: &Arc<World>, life: &Arc<Life>, to: &str) -> Self {
        Self {
            dice: world.plan.dice(&format!("{} {to}", life.name)),
            world: Arc::clone(world),
            life: Arc::clone(life),
        }
    }

    /// Its chance.
    #[must_use]
    pub const fn dice(&self) -> &Dice {
        &self.dice
    }

    /// Adds to the trace.
    pub fn tell(&self, what: std::fmt::Arguments<'_>) {
        self.world.tell(&self.life.name, what);
    }

    /// So many times of a thousand, and never when all is calm.
    pub fn strikes(&self, permille: u16) -> bool {
        !self.world.is_calm() && self.dice.permille(permille)
    }

    /// A call on its way there and back. `failed` is the caller's error of a fault.
    pub async fn through<T, E>(
        &self,
        faults: Faults,
        failed: impl Fn(Fault) -> E,
        call: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        match self.enter(faults).await {
            Some(Fault::After) => {
                call.await?;
                Err(failed(Fault::After))
            }
            Some(fault) => Err(failed(fault)),
            None => {
                let answer = call.await;
                self.leave().await;
                answer
            }
        }
    }

    /// A call begins: it takes a while, and fails or not.
    pub async fn enter(&self, faults: Faults) -> Option<Fault> {
        if self.world.is_calm() {
            return None;
        }
        let storm = &self.world.plan.storm;
        self.takes(storm.store_latency_max).await;
        if self.dice.permille(storm.stalling_permille) && !storm.store_stall_max.is_zero() {
            self.world.count(Happening::Stalled);
            self.takes(storm.store_stall_max).await;
        }
        self.may_be_killed("before it called").await;
        let fault = faults.pick(self.dice.draw())?;
        self.world.count(match fault {
            Fault::Before => Happening::FailedBefore,
            Fault::After => Happening::AnswerLost,
            Fault::Throttled => Happening::WasBusy,
        });
        self.tell(format_args!("a call fails: {fault:?}"));
        self.life.fails(self.world.now());
        Some(fault)
    }

    /// A call has happened; its answer is on the way.
    pub async fn leave(&self) {
        if !self.world.is_calm() {
            self.may_be_killed("after it called").await;
        }
    }

    /// Waits up to so long.
    pub async fn takes(&self, most: Duration) {
        let wait = self.dice.up_to(most);
        if !wait.is_zero() {
            sleep(wait).await;
        }
    }

    async fn may_be_killed(&self, when: &str) {
        let chance = u64::from(self.world.plan.storm.killing_per_myriad);
        if self.life.is_mortal && self.dice.below(10_000) < chance {
            self.tell(format_args!("is killed {when}"));
            self.world.count(Happening::KilledAtCall);
            self.life.kill.notify_one();
            pending::<()>().await;
        }
    }
}

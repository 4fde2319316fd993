//! A store that fails now and then, by a seed or by order.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use lastmile_store::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Consistency, Item, Metered, Page, PrimaryKey,
    Query, Store, StoreError, TransactError, Transaction,
};
use thiserror::Error;

use crate::chance::SplitMix64;

/// One way to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The store was not reached: nothing happened.
    Before,
    /// The answer was lost: the call happened.
    After,
    /// The store is busy: nothing happened.
    Throttled,
}

/// How often calls fail, in calls of a thousand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// With [`Fault::Before`].
    pub before_permille: u16,
    /// With [`Fault::After`].
    pub after_permille: u16,
    /// With [`Fault::Throttled`].
    pub throttled_permille: u16,
}

impl Faults {
    /// Never.
    pub const OFF: Self = Self {
        before_permille: 0,
        after_permille: 0,
        throttled_permille: 0,
    };

    /// What happens to a call, by a number as good as random.
    #[must_use]
    pub fn pick(self, chance: u64) -> Option<Fault> {
        let Self {
            before_permille,
            after_permille,
            throttled_permille,
        } = self;
        let before = u64::from(before_permille);
        let after = before + u64::from(after_permille);
        let throttled = after + u64::from(throttled_permille);
        match chance % 1000 {
            draw if draw < before => Some(Fault::Before),
            draw if draw < after => Some(Fault::After),
            draw if draw < throttled => Some(Fault::Throttled),
            _ => None,
        }
    }
}

/// What the error of a fault says it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InjectedFault {
    /// [`Fault::Before`].
    #[error("a test made the call fail before it happened")]
    Before,
    /// [`Fault::After`].
    #[error("a test lost the answer of a call that happened")]
    After,
}

/// Which calls fail, and how. The same seed gives the same faults for the same sequence of calls.
pub(crate) struct FaultSequence {
    faults: Faults,
    chance: Mutex<Chance>,
}

struct Chance {
    numbers: SplitMix64,
    ordered: VecDeque<Option<Fault>>,
}

impl FaultSequence {
    pub(crate) const fn new(faults: Faults, seed: u64) -> Self {
        Self {
            faults,
            chance: Mutex::new(Chance {
                numbers: SplitMix64::new(seed),
                ordered: VecDeque::new(),
            }),
        }
    }

    /// Decides the next calls; after them chance decides again.
    pub(crate) fn order(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.chance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .ordered
            .extend(faults);
    }

    /// What happens to the next call.
    pub(crate) fn next_fault(&self) -> Option<Fault> {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        match chance.ordered.pop_front() {
            Some(ordered) => ordered,
            None => self.faults.pick(chance.numbers.draw()),
        }
    }
}

/// Passes calls on, or fails them.
///
/// The same seed gives the same faults for the same sequence of calls.
pub struct FaultStore<S> {
    inner: S,
    sequence: FaultSequence,
}

impl<S> FaultStore<S> {
    /// Wraps a store.
    #[must_use]
    pub const fn new(inner: S, faults: Faults, seed: u64) -> Self {
        Self {
            inner,
            sequence: FaultSequence::new(faults, seed),
        }
    }

    /// Decides the next calls: one after the other fails so, or (`None`) does not. After them chance
    /// decides again.
    pub fn order(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.sequence.order(faults);
    }

    /// The store inside, which never fails.
    #[must_use]
    pub const fn inner(&self) -> &S {
        &self.inner
    }

    /// Runs a call under the next fault.
    async fn faulty<T, E: From<StoreError>>(
        &self,
        call: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        match self.sequence.next_fault() {
            None => call.await,
            Some(Fault::Before) => Err(backend(InjectedFault::Before).into()),
            Some(Fault::Throttled) => Err(StoreError::Throttled.into()),
            Some(Fault::After) => {
                call.await?;
                Err(backend(InjectedFault::After).into())
            }
        }
    }
}

fn backend(fault: InjectedFault) -> StoreError {
    StoreError::Backend(Box::new(fault))
}

#[async_trait]
impl<S: Store> Store for FaultStore<S> {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        self.faulty(self.inner.get(key, consistency)).await
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        self.faulty(self.inner.batch_get(keys, consistency)).await
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        self.faulty(self.inner.query(query)).await
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        self.faulty(self.inner.transact(transaction)).await
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        self.faulty(self.inner.batch_write(writes)).await
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        self.faulty(self.inner.changes(after, limit)).await
    }
}

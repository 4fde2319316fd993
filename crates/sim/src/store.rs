//! The store as one process sees it.

use async_trait::async_trait;
use lastmile_model::quote::{CellCounts, ProviderProgress, QuoteHead, QuoteState};
use lastmile_store::key::{QuoteKey, ReadSlicePart, read_errand, read_slice};
use lastmile_store::record::quotes::{head_item, progress_item, read_head, read_progress_item};
use lastmile_store::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Condition, Consistency, Item, Metered, Page,
    PrimaryKey, Query, Store, StoreError, TransactError, TransactWrite, Transaction,
};
use lastmile_testkit::store::{Fault, InjectedFault};

use crate::gate::Gate;
use crate::sabotage::Sabotage;

/// The world's store behind a gate.
pub struct SimStore {
    gate: Gate,
}

impl SimStore {
    /// Through this gate.
    #[must_use]
    pub const fn new(gate: Gate) -> Self {
        Self { gate }
    }

    async fn through<T, E: From<StoreError>>(
        &self,
        call: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        let failed = |fault| match fault {
            Fault::Before => StoreError::Backend(Box::new(InjectedFault::Before)).into(),
            Fault::After => StoreError::Backend(Box::new(InjectedFault::After)).into(),
            Fault::Throttled => StoreError::Throttled.into(),
        };
        let faults = self.gate.world.plan.storm.store;
        self.gate.through(faults, failed, call).await
    }

    /// Writes, and shows the referee what was written, with nothing between.
    async fn write(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        let world = &self.gate.world;
        let sabotaged = match world.sabotage {
            Some(by) => broken(transaction, by),
            None => transaction,
        };
        let writes = sabotaged.writes.clone();
        let capacity = world.store.transact(sabotaged).await?;
        let first = writes.first().map(|write| write.key().sk.as_str());
        let more = writes.len().saturating_sub(1);
        let first = first.unwrap_or_default();
        self.gate
            .tell(format_args!("writes {first} and {more} more"));
        world.committed(&self.gate.life.name, &writes);
        Ok(capacity)
    }
}

#[async_trait]
impl Store for SimStore {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        let world = &self.gate.world;
        let read = self.through(world.store.get(key, consistency)).await?;
        if world.is_sabotaged(Sabotage::HidesCancelling) {
            return Ok(in_progress(read));
        }
        Ok(read)
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        self.through(self.gate.world.store.batch_get(keys, consistency))
            .await
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        self.through(self.gate.world.store.query(query)).await
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        self.through(self.write(transaction)).await
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        self.through(self.gate.world.store.batch_write(writes))
            .await
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        self.through(self.gate.world.store.changes(after, limit))
            .await
    }
}

fn broken(mut transaction: Transaction, by: Sabotage) -> Transaction {
    match by {
        Sabotage::CountsTwice => counted_twice(&mut transaction.writes),
        Sabotage::LosesErrands => transaction.writes.retain(|write| {
            read_errand(write.key()).is_none() || matches!(write, TransactWrite::Delete { .. })
        }),
        Sabotage::OverwritesHeads => {
            always(&mut transaction.writes, |item| read_head(item).is_ok());
        }
        Sabotage::OverwritesSlices => always(&mut transaction.writes, |item| {
            matches!(read_slice(&item.key), Some((.., ReadSlicePart::Own(_))))
        }),
        Sabotage::AsksTwice
        | Sabotage::HidesCancelling
        | Sabotage::LosesMessages
        | Sabotage::SwapsAnswers
        | Sabotage::DrawsElsewhere => {}
    }
    transaction
}

/// What was read, with a cancelled quote in progress.
fn in_progress(read: Metered<Option<Item>>) -> Metered<Option<Item>> {
    let value = read.value.map(|item| match read_head(&item) {
        Ok(head) if matches!(head.state, QuoteState::Cancelled { .. }) => head_item(&QuoteHead {
            state: QuoteState::InProgress,
            ..head
        }),
        Ok(_) | Err(_) => item,
    });
    Metered { value, ..read }
}

fn always(writes: &mut [TransactWrite], is_meant: impl Fn(&Item) -> bool) {
    for write in writes {
        if let TransactWrite::Put { item, condition } = write
            && is_meant(item)
        {
            *condition = Condition::Always;
        }
    }
}

fn counted_twice(writes: &mut [TransactWrite]) {
    let slice = writes.iter().find_map(|write| read_slice(write.key()));
    let Some((tenant, id, ..)) = slice else {
        return;
    };
    for write in writes {
        let TransactWrite::Put { item, .. } = write else {
            continue;
        };
        if let Ok((place, progress)) = read_progress_item(item) {
            let quote = QuoteKey {
                tenant: &tenant,
                id,
            };
            let counts = CellCounts {
                priced: progress.counts.priced + 1,
                ..progress.counts
            };
            *item = progress_item(quote, place, &ProviderProgress { counts, ..progress });
        }
    }
}

//! A store and queues that let a function do what its role allows, and fail the test where it does more.
//!
//! What is allowed is in `infra/permissions.json`, which `cargo xtask infra` compares with the template.
#![expect(
    clippy::panic,
    reason = "whoever does what it may not fails the test, wherever it is"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lastmile_app::Context;
use lastmile_app::work::Queues;
use lastmile_store::queue::{DeadLetter, LetterId, NewMessage, QueueDepth, Receipt, Received};
use lastmile_store::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Consistency, Item, Metered, Page, PrimaryKey,
    Query, Queue, QueueError, QueueName, Store, StoreError, TransactError, TransactWrite,
    Transaction,
};

const PERMISSIONS: &str = include_str!("../../../../infra/permissions.json");
/// What stands between a resource and the partitions of it that are meant.
const WHERE: &str = " where the partition is ";

/// The store as one function reaches it.
struct Policed {
    inner: Arc<dyn Store>,
    function: &'static str,
    /// By action.
    allowed: BTreeMap<String, Partitions>,
}

/// On which partitions something is allowed, by how they begin.
#[derive(Default)]
struct Partitions {
    /// Nothing: on all of them.
    only: Vec<String>,
    never: Vec<String>,
}

/// Action to what it is about.
type Actions = BTreeMap<String, BTreeSet<String>>;

fn actions_of(function: &str) -> Actions {
    let mut all: BTreeMap<String, Actions> =
        serde_json::from_str(PERMISSIONS).expect("the list of permissions is JSON");
    all.remove(function).expect("a function that is listed")
}

/// The same context, with what the role of `function` allows.
pub(crate) fn policed(context: &Context, function: &'static str) -> Context {
    let actions = actions_of(function).into_iter();
    let allowed = actions.map(|(action, resources)| (action, partitions(&resources)));
    let store = Policed {
        inner: Arc::clone(&context.store),
        function,
        allowed: allowed.collect(),
    };
    let (clock, random) = (Arc::clone(&context.clock), Arc::clone(&context.random));
    Context::new(Arc::new(store), clock, random)
}

/// `… where the partition is TASK#* or TASKQ#*`: only `TASK#` and `TASKQ#`. `… is not SETTINGS`: all but that.
fn partitions(resources: &BTreeSet<String>) -> Partitions {
    let mut partitions = Partitions::default();
    for resource in resources {
        let Some((_, patterns)) = resource.split_once(WHERE) else {
            continue;
        };
        let (patterns, beginnings) = match patterns.strip_prefix("not ") {
            Some(patterns) => (patterns, &mut partitions.never),
            None => (patterns, &mut partitions.only),
        };
        let named = patterns.split(" or ");
        beginnings.extend(named.map(|pattern| pattern.trim_end_matches('*').to_owned()));
    }
    partitions
}

impl Policed {
    fn must_allow(&self, action: &str, partition: &str) {
        let function = self.function;
        let Some(partitions) = self.allowed.get(&format!("dynamodb:{action}")) else {
            panic!("{function} may not {action}, and does, on {partition}");
        };
        let begins_with = |beginnings: &[String]| {
            let mut beginnings = beginnings.iter();
            beginnings.any(|beginning| partition.starts_with(beginning))
        };
        let is_named = partitions.only.is_empty() || begins_with(&partitions.only);
        let is_allowed = is_named && !begins_with(&partitions.never);
        assert!(is_allowed, "{function} may not {action} on {partition}");
    }
}

const fn action_of(write: &TransactWrite) -> &'static str {
    match write {
        TransactWrite::Put { .. } => "PutItem",
        TransactWrite::Update { .. } => "UpdateItem",
        TransactWrite::Delete { .. } => "DeleteItem",
        TransactWrite::Check { .. } => "ConditionCheckItem",
    }
}

#[async_trait]
impl Store for Policed {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        self.must_allow("GetItem", &key.pk);
        self.inner.get(key, consistency).await
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        for key in keys {
            self.must_allow("BatchGetItem", &key.pk);
        }
        self.inner.batch_get(keys, consistency).await
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        self.must_allow("Query", &query.pk);
        self.inner.query(query).await
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        for write in &transaction.writes {
            self.must_allow(action_of(write), &write.key().pk);
        }
        self.inner.transact(transaction).await
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        for write in &writes {
            self.must_allow("BatchWriteItem", &write.key().pk);
        }
        self.inner.batch_write(writes).await
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        // Lambda reads the stream for the functions.
        panic!(
            "{} reads changes after {after:?}, up to {limit}",
            self.function
        );
    }
}

/// A queue as one function reaches it.
struct PolicedQueue {
    inner: Arc<dyn Queue>,
    function: &'static str,
    /// As the list of permissions names it.
    resource: &'static str,
    actions: Actions,
}

/// The queue of this name, with what the role of `function` allows.
pub(crate) fn policed_queue(
    queues: &Queues,
    function: &'static str,
    name: QueueName,
) -> Arc<dyn Queue> {
    Arc::new(PolicedQueue {
        inner: Arc::clone(queues.named(name)),
        function,
        resource: match name {
            QueueName::Imports => "${ImportsQueue.Arn}",
            QueueName::Quotes => "${QuotesQueue.Arn}",
            QueueName::Tasks => "${TasksQueue.Arn}",
        },
        actions: actions_of(function),
    })
}

impl PolicedQueue {
    fn must_allow(&self, action: &str) {
        let resources = self.actions.get(&format!("sqs:{action}"));
        let is_allowed = resources.is_some_and(|resources| resources.contains(self.resource));
        assert!(
            is_allowed,
            "{} may not {action} on {}",
            self.function, self.resource
        );
    }
}

#[async_trait]
impl Queue for PolicedQueue {
    async fn send(&self, messages: Vec<NewMessage>) -> Result<(), QueueError> {
        self.must_allow("SendMessage");
        self.inner.send(messages).await
    }

    async fn receive(&self, most: usize, wait: Duration) -> Result<Vec<Received>, QueueError> {
        self.must_allow("ReceiveMessage");
        self.inner.receive(most, wait).await
    }

    async fn delete(&self, receipts: &[Receipt]) -> Result<(), QueueError> {
        self.must_allow("DeleteMessage");
        self.inner.delete(receipts).await
    }

    async fn change_visibility(
        &self,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError> {
        self.must_allow("ChangeMessageVisibility");
        self.inner.change_visibility(receipt, visibility).await
    }

    async fn depth(&self) -> Result<QueueDepth, QueueError> {
        self.must_allow("GetQueueAttributes");
        self.inner.depth().await
    }

    async fn dead_letters(&self, most: usize) -> Result<Vec<DeadLetter>, QueueError> {
        panic!("{} looks at {most} dead letters", self.function);
    }

    async fn redrive(&self, most: usize) -> Result<usize, QueueError> {
        panic!("{} moves {most} dead letters back", self.function);
    }

    async fn redrive_these(&self, letters: &[LetterId]) -> Result<Vec<LetterId>, QueueError> {
        panic!("{} moves dead letters back: {letters:?}", self.function);
    }
}

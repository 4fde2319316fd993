//! Files, a queue, and workers at it that may die.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use jiff::ToSpan as _;
use lastmile_app::Context;
use lastmile_app::imports::{
    Begun, ImportDesk as _, LoadError, LoadRequest, QueuedDesk, RejectsWriter, Stint, WorkError,
    Worked, get,
};
use lastmile_model::listing::life::{Import, ImportProgress};
use lastmile_model::listing::{ImportId, ImportState};
use lastmile_store::message::Message;
use lastmile_store::queue::{QueueSettings, Received};
use lastmile_store::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Clock as _, Consistency, Files as _, Item,
    Metered, Page, PrimaryKey, Query, Queue, QueueName, Store, StoreError, TransactError,
    Transaction,
};
use lastmile_testkit::files::MemoryFiles;
use lastmile_testkit::queue::{FaultQueue, MemoryQueue};
use lastmile_testkit::store::{Faults, MemoryStore};
use tokio::sync::Notify;

use crate::world::{Watcher, World};

/// Messages after which a test is stuck.
const MESSAGES_MAX: usize = 5_000;

/// Imports by messages, in memory.
pub(crate) struct Crew {
    pub(crate) world: World,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) files: Arc<MemoryFiles>,
    /// Fails for the desk only.
    queue: Arc<FaultQueue<MemoryQueue>>,
    slice_chunks: u32,
}

impl Crew {
    pub(crate) fn new(slice_chunks: u32) -> Self {
        Self::with_failing_sends(slice_chunks, Faults::OFF, 0)
    }

    /// A crew whose desk now and then cannot send what comes next, or does not know that it did.
    pub(crate) fn with_failing_sends(slice_chunks: u32, faults: Faults, seed: u64) -> Self {
        let (world, store) = World::new();
        let settings = QueueSettings {
            tries_max: 100,
            ..QueueName::Imports.settings()
        };
        let queue = MemoryQueue::new(settings, world.clock.clone());
        let queue = Arc::new(FaultQueue::new(queue, faults, seed));
        Self {
            world,
            store,
            files: Arc::default(),
            queue,
            slice_chunks,
        }
    }

    pub(crate) fn desk(&self) -> QueuedDesk {
        self.desk_on(self.world.context.clone())
    }

    fn desk_on(&self, context: Context) -> QueuedDesk {
        QueuedDesk::new(context, self.files.clone(), self.queue.clone())
            .with_slices_of(self.slice_chunks)
    }

    /// The queue itself, which does not fail.
    pub(crate) fn queue(&self) -> &MemoryQueue {
        self.queue.inner()
    }

    /// Sends a list in a request; nothing of it is loaded yet.
    pub(crate) async fn upload(
        &self,
        request: &LoadRequest,
        list: &[u8],
    ) -> Result<Begun, LoadError> {
        let mut upload = self.desk().receive().await.expect("room");
        upload.write(list).await.expect("not too long");
        upload.begin(request.clone()).await
    }

    /// Loads a list to its end; gives back its import.
    pub(crate) async fn load(&self, request: &LoadRequest, list: &[u8]) -> Import {
        match self.upload(request, list).await.expect("begun") {
            Begun::Loading(id) => {
                self.work_off().await;
                self.import(&id).await
            }
            Begun::Done(summary) => self.import(&summary.id).await,
        }
    }

    pub(crate) async fn import(&self, id: &ImportId) -> Import {
        get(&self.world.context, id).await.expect("an import")
    }

    /// A message, if one is there.
    pub(crate) async fn receive(&self) -> Option<Received> {
        let received = self.queue().receive(1, Duration::ZERO).await;
        received.expect("memory").pop()
    }

    pub(crate) fn stint(&self) -> Stint {
        Stint {
            until: self.world.clock.now() + 2.minutes(),
            last_try: false,
        }
    }

    /// Works until there is no message more; time passes where all of them rest.
    pub(crate) async fn work_off(&self) {
        for _ in 0..MESSAGES_MAX {
            let Some(received) = self.receive().await else {
                let depth = self.queue().depth().await.expect("memory");
                assert_eq!(depth.dead, 0, "a message was given up");
                if depth.delayed + depth.in_work == 0 {
                    return;
                }
                self.world.clock.advance_seconds(10);
                continue;
            };
            let worked = self.work_on(&self.desk(), &received).await;
            self.put_away(&received, worked).await;
        }
        unreachable!("the messages do not end");
    }

    pub(crate) async fn work_on(
        &self,
        desk: &QueuedDesk,
        received: &Received,
    ) -> Result<Worked, WorkError> {
        let message = Message::read(&received.body).expect("a message");
        desk.work(&message, self.stint()).await
    }

    /// Deletes a message, or gives it back.
    pub(crate) async fn put_away(&self, received: &Received, worked: Result<Worked, WorkError>) {
        let receipt = &received.receipt;
        let put_away = match worked {
            Ok(Worked::Done) => self.queue().delete(std::slice::from_ref(receipt)).await,
            Ok(Worked::Later(rest)) => self.queue().change_visibility(receipt, rest).await,
            Err(_) => {
                let rest = Duration::from_secs(1);
                self.queue().change_visibility(receipt, rest).await
            }
        };
        put_away.expect("memory");
    }

    /// A worker gets the next message and dies at a call of its store; gives back whether it did, and did
    /// not finish before.
    pub(crate) async fn die_at(&self, call: i64, death: Death) -> bool {
        let Some(received) = self.receive().await else {
            return false;
        };
        let store = Arc::new(MortalStore {
            store: self.store.clone(),
            calls_left: AtomicI64::new(call),
            death,
            died: Notify::new(),
        });
        let context = Context {
            store: store.clone(),
            ..self.world.context.clone()
        };
        let desk = self.desk_on(context);
        tokio::select! {
            biased;
            () = store.died.notified() => true,
            worked = self.work_on(&desk, &received) => {
                self.put_away(&received, worked).await;
                false
            }
        }
    }

    /// The rejected rows as a client reads them.
    pub(crate) async fn rejects(&self, id: &ImportId) -> Option<String> {
        let rows = self.desk().rejects(id).await.expect("memory")?;
        let pieces: Vec<Bytes> = rows.try_collect().await.expect("memory");
        Some(String::from_utf8(pieces.concat()).expect("text"))
    }

    /// Puts a file as whoever delivers lists does, and tells the queue as S3 does.
    pub(crate) async fn deliver(&self, name: &str, list: &[u8]) {
        let put = self.files.put(name, Bytes::copy_from_slice(list)).await;
        put.expect("memory");
        self.tell_of(name).await;
    }

    pub(crate) async fn tell_of(&self, name: &str) {
        let key = name.replace('%', "%25").replace(' ', "+");
        let body = format!(
            r#"{{"Records":[{{"eventName":"ObjectCreated:Put","s3":{{"object":{{"key":"{key}"}}}}}}]}}"#
        );
        let message = lastmile_store::queue::NewMessage::new(body);
        self.queue().send(vec![message]).await.expect("memory");
    }

    pub(crate) async fn file(&self, name: &str) -> Option<String> {
        let facts = self.files.facts(name).await.expect("memory")?;
        let read = self.files.read(name, &facts.version, 0..facts.length).await;
        Some(String::from_utf8(read.expect("memory").to_vec()).expect("text"))
    }
}

/// What one machine says of the rejected rows.
pub(crate) fn rejects_of(watcher: &Watcher) -> Option<String> {
    let rejects = watcher.rejects.lock().expect("no panic");
    if rejects.is_empty() {
        return None;
    }
    let mut file = RejectsWriter::for_clients(Vec::new()).expect("memory");
    for reject in rejects.iter() {
        file.write(reject).expect("memory");
    }
    Some(String::from_utf8(file.finish().expect("memory")).expect("text"))
}

/// Of an import what does not depend on when and by whom it was loaded.
pub(crate) fn timeless(import: Import) -> Import {
    assert!(
        import.lease.is_none() || import.state == ImportState::Loading,
        "nobody holds what is not loading"
    );
    Import {
        progress: ImportProgress {
            bytes: 0,
            ..import.progress
        },
        started_at: jiff::Timestamp::UNIX_EPOCH,
        finished_at: None,
        ..import
    }
}

/// The items of a store but for the imports' own, which are compared by [`timeless`].
pub(crate) fn items(store: &MemoryStore) -> Vec<Item> {
    let items = store.items().into_iter();
    let items = items.filter(|item| !item.key.pk.starts_with("IMPORTS#"));
    items
        .map(|mut item| {
            if item.key.pk == "LISTS" {
                // How often a head was written is not the same after an interruption.
                item.attributes.remove("r");
            }
            item
        })
        .collect()
}

/// When the fatal call happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    BeforeTheCall,
    AfterTheCall,
}

/// A store that answers until its process is killed.
pub(crate) struct MortalStore {
    store: Arc<dyn Store>,
    calls_left: AtomicI64,
    death: Death,
    died: Notify,
}

impl MortalStore {
    /// One whose process is never killed.
    pub(crate) fn immortal(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            calls_left: AtomicI64::new(i64::MAX),
            death: Death::BeforeTheCall,
            died: Notify::new(),
        }
    }

    async fn call<T>(&self, call: impl Future<Output = T>) -> T {
        let left = self.calls_left.fetch_sub(1, Ordering::SeqCst);
        if left > 0 {
            return call.await;
        }
        if left == 0 {
            if self.death == Death::AfterTheCall {
                call.await;
            }
            self.died.notify_one();
        }
        std::future::pending().await
    }
}

#[async_trait]
impl Store for MortalStore {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        self.call(self.store.get(key, consistency)).await
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        self.call(self.store.batch_get(keys, consistency)).await
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        self.call(self.store.query(query)).await
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        self.call(self.store.transact(transaction)).await
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        self.call(self.store.batch_write(writes)).await
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        self.call(self.store.changes(after, limit)).await
    }
}

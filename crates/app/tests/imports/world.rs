//! A store, a clock, and files in memory.

use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use lastmile_app::imports::{
    ClaimsOf, LoadError, LoadRequest, Mapping, Observer, Progress, Reject, RowSource, RowWarning,
    Summary, active, load,
};
use lastmile_app::{Context, Random};
use lastmile_model::address::{NormalAddress, parse};
use lastmile_model::claim::Claim;
use lastmile_model::identity::{ListId, ListName, ProviderName, TenantId};
use lastmile_model::listing::{Format, ImportId};
use lastmile_store::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Consistency, Item, Metered, Page, PrimaryKey,
    Query, Store, StoreError, TransactError, Transaction, key, record,
};
use lastmile_testkit::store::{ManualClock, MemoryStore};

/// Random bytes that count, so that a test is the same each time.
#[derive(Default)]
struct Counting(AtomicU8);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What a test works with.
pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) context: Context,
}

impl World {
    /// An empty store in memory.
    pub(crate) fn new() -> (Self, Arc<MemoryStore>) {
        let clock = Arc::new(ManualClock::new());
        let store = Arc::new(MemoryStore::new(clock.clone()));
        (Self::on(store.clone(), clock), store)
    }

    pub(crate) fn on(store: Arc<dyn Store>, clock: Arc<ManualClock>) -> Self {
        let context = Context::new(store, clock.clone(), Arc::new(Counting::default()));
        Self { clock, context }
    }

    pub(crate) async fn load(
        &self,
        request: &LoadRequest,
        text: impl Into<Text>,
    ) -> Result<Summary, LoadError> {
        self.watch(request, text, Arc::new(Watcher::default()))
            .await
    }

    pub(crate) async fn watch(
        &self,
        request: &LoadRequest,
        text: impl Into<Text>,
        watcher: Arc<Watcher>,
    ) -> Result<Summary, LoadError> {
        load(&self.context, request, Arc::new(text.into()), watcher).await
    }

    /// The claims of a building that readers see.
    pub(crate) async fn claims(&self, address: &str) -> Vec<Claim> {
        let building = NormalAddress::of(&parse(address))
            .building_key()
            .expect("the address of a building");
        self.seen(key::building_claims(&building)).await
    }

    async fn seen(&self, query: Query) -> Vec<Claim> {
        self.context.lists.forget();
        let lists = active::active_lists(&self.context).await.expect("lists");
        let page = self.context.store.query(&query).await.expect("a page");
        let mut claims = Vec::new();
        for item in &page.value.items {
            let stored = record::claim::from_item(item).expect("a claim");
            if lists.get(stored.generation).is_some() {
                claims.push(stored.claim);
            }
        }
        claims
    }
}

/// A file in memory.
pub(crate) struct Text(Vec<u8>);

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl RowSource for Text {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.0.clone())))
    }

    fn length_bytes(&self) -> Option<u64> {
        Some(self.0.len() as u64)
    }
}

/// Keeps what it is told, and cancels after so many chunks.
#[derive(Default)]
pub(crate) struct Watcher {
    pub(crate) rejects: Mutex<Vec<Reject>>,
    pub(crate) warnings: Mutex<Vec<RowWarning>>,
    pub(crate) started: Mutex<Vec<(ImportId, u64)>>,
    pub(crate) progressed: AtomicUsize,
    pub(crate) rows: AtomicU64,
    pub(crate) cancel_after_rows: Option<u64>,
}

impl Watcher {
    pub(crate) fn cancelling_after(rows: u64) -> Arc<Self> {
        Arc::new(Self {
            cancel_after_rows: Some(rows),
            ..Self::default()
        })
    }

    /// Lines and codes of the rejects.
    pub(crate) fn rejected(&self) -> Vec<(u64, &'static str)> {
        let rejects = self.rejects.lock().expect("no panic");
        rejects
            .iter()
            .map(|reject| (reject.line, reject.reason.code()))
            .collect()
    }

    /// Lines and codes of the warnings.
    pub(crate) fn warned(&self) -> Vec<(u64, &'static str)> {
        let warnings = self.warnings.lock().expect("no panic");
        warnings
            .iter()
            .map(|warned| (warned.line, warned.warning.code()))
            .collect()
    }
}

impl Observer for Watcher {
    fn started(&self, id: &ImportId, resumed_rows: u64) {
        let mut started = self.started.lock().expect("no panic");
        started.push((id.clone(), resumed_rows));
    }

    fn progressed(&self, progress: &Progress) {
        self.progressed.fetch_add(1, Ordering::Relaxed);
        self.rows.store(progress.counts.rows, Ordering::Relaxed);
    }

    fn warned(&self, warning: &RowWarning) {
        self.warnings
            .lock()
            .expect("no panic")
            .push(warning.clone());
    }

    fn rejected(&self, reject: &Reject) {
        self.rejects.lock().expect("no panic").push(reject.clone());
    }

    fn is_cancelled(&self) -> bool {
        self.cancel_after_rows
            .is_some_and(|rows| self.rows.load(Ordering::Relaxed) >= rows)
    }
}

/// A store that answers nothing more once the watched import has read so many rows: what a process
/// that is being killed gets from it, however fast it is.
pub(crate) struct DyingStore {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) watcher: Arc<Watcher>,
    pub(crate) dies_after_rows: u64,
}

impl DyingStore {
    async fn living(&self) -> &dyn Store {
        if self.watcher.rows.load(Ordering::Relaxed) >= self.dies_after_rows {
            std::future::pending::<()>().await;
        }
        self.store.as_ref()
    }
}

#[async_trait]
impl Store for DyingStore {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        self.living().await.get(key, consistency).await
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        self.living().await.batch_get(keys, consistency).await
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        self.living().await.query(query).await
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        self.living().await.transact(transaction).await
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        self.living().await.batch_write(writes).await
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        self.living().await.changes(after, limit).await
    }
}

pub(crate) fn list(provider: &str) -> ListId {
    ListId {
        provider: ProviderName::new(provider).expect("a name"),
        name: ListName::new("main").expect("a name"),
    }
}

pub(crate) fn request(provider: &str) -> LoadRequest {
    LoadRequest {
        list: list(provider),
        tenant: TenantId::default(),
        claims_of: ClaimsOf::Anyone,
        format: None,
        column_map: None,
        as_of: None,
        file_name: "list.csv".to_owned(),
        file_date: None,
    }
}

pub(crate) fn as_format(provider: &str, format: Format) -> LoadRequest {
    LoadRequest {
        format: Some(format),
        ..request(provider)
    }
}

pub(crate) fn mapped(provider: &str, map: &str) -> LoadRequest {
    LoadRequest {
        column_map: Some(Mapping::parse(map).expect("a column map")),
        ..request(provider)
    }
}

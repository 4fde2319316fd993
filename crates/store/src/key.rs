//! Every stored key, said once.
//!
//! No other file builds a key. Prefixes are never reused for something else.
//!
//! Parts of a key are separated by `#`; a `#`, `~` or control character inside a part is escaped
//! (`~23`), so that a part never ends early and a prefix never takes in a neighbour.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use lastmile_model::Text;
use lastmile_model::address::{Area, BuildingKey, HouseNumber, StreetKey};
use lastmile_model::availability::task::{TaskId, TaskKind};
use lastmile_model::carrier::{CarrierReference, Step};
use lastmile_model::claim::{Claim, Technology};
use lastmile_model::document::{DocumentKind, DocumentRef};
use lastmile_model::geography::Cell;
use lastmile_model::idempotency::IdempotencyKey;
use lastmile_model::identity::{ApiKey, ImportNumber, KeyId, ListId, ProviderName, TenantId};
use lastmile_model::listing::{Generation, ListNumber, list_from_text, list_text};
use lastmile_model::quote::QuoteId;
use lastmile_model::rate_card::Rate;

use crate::error::StoreError;
use crate::item::{IndexKey, PrimaryKey};
use crate::query::{Direction, Index, Query, SortKey};

mod quotes;
mod rates;

pub use quotes::{
    Errand, Noticed, QUOTE_ERRAND_SHARDS, QuoteKey, QuotePart, ReadSlicePart, SlicePart,
    case_listings, open_cases, quote_errands, quote_listing, quote_progress, quote_slice,
    quotes_of_month, read_errand, read_slice,
};
pub(crate) use quotes::{read_progress, read_quote};
pub(crate) use rates::{RateKey, read_rate};
pub use rates::{narrow_rates, wide_rates};

/// A key of the table: what it holds, how many there are, how it is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// One claim of one import of one list.
    ///
    /// - Cardinality: one per service at a building or unit and import; a building has about 20 per import.
    /// - Layout: `ST#<zip>#<street>` (or `ST#<state>+<city>#<street>`) /
    ///   `<house number>!<unit>#<list>.<import>#<provider>#<technology><discriminator>`.
    /// - Value: [`crate::record::claim`].
    Claim {
        /// Partition.
        street: &'a StreetKey,
        /// A building is a prefix of the partition, the neighbours are a range.
        number: &'a HouseNumber,
        /// Unit in standard form, where the list names one.
        unit: Option<&'a str>,
        /// Which import of which list.
        generation: Generation,
        /// Whose claim it is.
        provider: &'a ProviderName,
        /// How it gets there.
        technology: Technology,
        /// Tells apart several claims of one technology: see [`discriminator_of`].
        discriminator: Option<u64>,
    },
    /// A ZIP has this street: what a misspelt street is matched against.
    ///
    /// - Cardinality: one per street and ZIP, ever; a ZIP has up to some thousands.
    /// - Layout: `ZIP#<zip>` / `<street>`.
    /// - Value: [`crate::record::directory`]. Not bound to an import: a street without claims is harmless.
    ZipStreet {
        /// Five digits.
        zip: &'a str,
        /// Street in standard form.
        street: &'a str,
    },
    /// A city has this street, in this ZIP where it is known.
    ///
    /// - Cardinality: one per street, city and ZIP, ever.
    /// - Layout: `CITY#<state>#<city>` / `<street>#<zip>`.
    /// - Value: [`crate::record::directory`].
    CityStreet {
        /// Two letters.
        state: &'a str,
        /// City in standard form.
        city: &'a str,
        /// Street in standard form.
        street: &'a str,
        /// Five digits, or nothing.
        zip: Option<&'a str>,
    },
    /// Buildings of known coordinates that one chunk of an import has: what near-net is looked for in.
    ///
    /// - Cardinality: one per cell and chunk of an import that has a building in the cell.
    /// - Layout: `NEAR#<H3 cell of resolution 9>` / `<list>.<import>#<chunk>`.
    /// - Value: [`crate::record::near`], the buildings with their coordinates.
    NearBuildings {
        /// Resolution [`NEAR_RESOLUTION`].
        cell: Cell,
        /// Which import of which list.
        generation: Generation,
        /// Which chunk of it.
        chunk: u32,
    },
    /// What a provider reports for an area.
    ///
    /// - Cardinality: one per provider, technology, cell and import.
    /// - Layout: `CELL#<H3 cell of resolution 8>` / `<list>.<import>#<provider>#<technology>`.
    /// - Value: [`crate::record::hint`].
    AreaHint {
        /// Resolution 8, as the FCC publishes it.
        cell: Cell,
        /// Which import of which list.
        generation: Generation,
        /// Who reports it.
        provider: &'a ProviderName,
        /// How it gets there.
        technology: Technology,
    },
    /// One rate of one import of a provider's rate card.
    ///
    /// - Cardinality: one per product, zone, access medium, bandwidth, term and first day; a card has some
    ///   thousands, 50,000 at most.
    /// - Layout: `RATE#<provider>#<product>` / `<list>.<import>#<zone>#<access>#<down>#<up>#<term>#<from>`. The zone
    ///   is `w#e` (everywhere), `w#l#<list>`, `w#s#<state>`, `n#<zip>#z` or
    ///   `n#<zip>#b#<street>#<house number>`; access is a technology's letter or `*`; bandwidths are ten digits of
    ///   kbit/s.
    /// - Value: [`crate::record::rate`]. Read by [`wide_rates`] and [`narrow_rates`].
    Rate {
        /// Whose rate card.
        provider: &'a ProviderName,
        /// Which import of which list.
        generation: Generation,
        /// What the rate is for; its price is not part of the key.
        rate: &'a Rate,
    },
    /// The head of a list: which import readers see.
    ///
    /// - Cardinality: one per list; some hundreds, read as one page.
    /// - Layout: `LISTS` / `<provider>.<list>`.
    /// - Value: [`crate::record::list`].
    List {
        /// The list.
        list: &'a ListId,
    },
    /// Gives the next list its number.
    ///
    /// - Cardinality: one.
    /// - Layout: `COUNTER` / `lists`.
    /// - Value: attribute `r`, the highest number given.
    ListCounter,
    /// One import of a list: its state, its counts, its lease.
    ///
    /// - Cardinality: one per import, kept as history.
    /// - Layout: `IMPORTS#<list>` / `<number, ten digits>`.
    /// - Value: [`crate::record::import`].
    Import {
        /// The list's number and the import's.
        generation: Generation,
    },
    /// The keys that one chunk of an import writes, so that they can be removed again.
    ///
    /// - Cardinality: one per chunk of an import; each its own partition, because they are written
    ///   as fast as the claims are.
    /// - Layout: `CHUNK#<list>.<import>#<chunk>` / `<part, ten digits>`.
    /// - Value: [`crate::record::chunk`].
    Chunk {
        /// Which import of which list.
        generation: Generation,
        /// From 0.
        chunk: u32,
        /// Which part of its keys, from 0; most chunks have one.
        part: u32,
    },
    /// An API key.
    ///
    /// - Cardinality: one per key; some thousands.
    /// - Layout: `APIKEY#<id>` / `KEY`. First index: [`api_key_listing`].
    /// - Value: [`crate::record::api_key`].
    ApiKey {
        /// Which one.
        id: KeyId,
    },
    /// One part of a stored question.
    ///
    /// - Cardinality: one header per task, and one item per some 300 KB of items and of results;
    ///   gone when the task expires.
    /// - Layout: `TASK#<tenant>#<kind>#<id>` / `head`, `items#<number, 5 digits>` or `results#<number, 5 digits>`.
    ///   Headers stand in the second index: [`task_listing`].
    /// - Value: [`crate::record::tasks`].
    Task {
        /// Which task.
        task: TaskKey<'a>,
        /// Which part of it.
        part: TaskPart,
    },
    /// A task waits for a worker. Streamed; removed when the task is finished.
    ///
    /// - Cardinality: one per unfinished deferred task, over [`TASK_QUEUE_SHARDS`] partitions.
    /// - Layout: `TASKQ#<shard>` / `<id>`.
    /// - Value: [`crate::record::tasks::Waiting`].
    WaitingTask {
        /// Which task.
        id: TaskId,
    },
    /// A document: an offering, a price, a category, …
    ///
    /// - Cardinality: one per document; a tenant has some thousands of a kind, over [`document_shards`]
    ///   partitions of its own. A list reads these; there is no index that would be written as well.
    /// - Layout: `DOC#<tenant>#<kind>#<shard>` / `<id>`; ids sort by their time.
    /// - Value: [`crate::record::document`].
    Document(DocumentKey<'a>),
    /// How many documents refer to a document. It is there as long as the document is, so that one small
    /// write both sees that the document is there and counts.
    ///
    /// - Cardinality: one per document.
    /// - Layout: `DOCREFS#<tenant>#<kind>#<id>` / `COUNT`.
    /// - Value: [`crate::record::document`], the number and the document's owner.
    Referrers(DocumentKey<'a>),
    /// What a request came to that is to have its effect once.
    ///
    /// - Cardinality: one per request with a key; gone when it expires.
    /// - Layout: `ONCE#<tenant>#<operation>#<key>` / `ANSWER`.
    /// - Value: [`crate::record::idempotency`].
    Once {
        /// Whose request.
        tenant: &'a TenantId,
        /// What was asked: keys of different operations do not meet.
        operation: &'a str,
        /// The client's key.
        key: &'a IdempotencyKey,
    },
    /// How far the change feed has been relayed to the queues, and by whom. (`WORKER` / `tasks` held the
    /// position of a worker without a queue; it is not used again.)
    ///
    /// - Cardinality: one.
    /// - Layout: `RELAY` / `SEAT`.
    /// - Value: [`crate::record::relay`].
    Relay,
    /// Who is asked for quotes, and how, for all who share the table. Whoever may write it decides where carriers'
    /// secrets are sent, so no service writes below `SETTINGS`.
    ///
    /// - Cardinality: one, where an operator has put one.
    /// - Layout: `SETTINGS` / `PROVIDERS`.
    /// - Value: [`crate::record::providers_file`].
    ProvidersFile,
    /// A part of a quote that is there once: its head, a provider's progress, the client's text.
    ///
    /// - Cardinality: two per quote and one per quote and provider, at most 40; gone when the quote expires.
    /// - Layout: `QUOTE#<tenant>#<id>` / `run`, `run#<provider>` or `text`. Heads stand in the first index:
    ///   [`quote_listing`].
    /// - Value: [`crate::record::quotes`].
    Quote {
        /// Which quote.
        quote: QuoteKey<'a>,
        /// Which part of it.
        part: QuotePart,
    },
    /// A part of one slice of a quote's locations.
    ///
    /// - Cardinality: a quote has one slice per 20 locations, at most 100; a slice has one item per
    ///   provider and per supplier, and two more.
    /// - Layout: `QSLICE#<tenant>#<id>#<slice, 3 digits>` / `places`, `own#<provider>`, `supply#<supplier>`,
    ///   `supplies` or `case#<provider>`. Open cases stand in both indexes: [`case_listings`].
    /// - Value: [`crate::record::quotes`].
    QuoteSlice {
        /// Which quote.
        quote: QuoteKey<'a>,
        /// From 0.
        slice: u32,
        /// Which part of it.
        part: SlicePart<'a>,
    },
    /// Something is to be done for a quote. Streamed; removed when it is done.
    ///
    /// - Cardinality: one per quote that begins, two per slice whose suppliers are asked, and one per deferred
    ///   answer that a carrier calls back about.
    /// - Layout: `QUOTEQ#<shard>` / `<id>#start`, `<id>#supply#<slice>`, `<id>#rollup#<slice>` or
    ///   `<id>#noticed#<slice>#<own or supply>#<carrier>#<its id>`.
    /// - Value: [`crate::record::quotes`].
    QuoteErrand {
        /// For which quote.
        id: QuoteId,
        /// What.
        errand: &'a Errand,
    },
    /// Who waits for what a carrier is doing and will call back about.
    ///
    /// - Cardinality: one per deferred answer of a carrier that calls back, until its quote must have ended.
    /// - Layout: `WAIT#<carrier>#<qualification or quote>#<its id>` / `ASK`.
    /// - Value: [`crate::record::quotes`].
    CarrierWait {
        /// Who is doing it.
        carrier: &'a ProviderName,
        /// What it is doing.
        step: Step,
        /// Its id of that.
        reference: &'a CarrierReference,
    },
}

/// Names a task: the tenant is part of the partition, so that another tenant's task is not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskKey<'a> {
    /// Whose.
    pub tenant: &'a TenantId,
    /// What kind of question.
    pub kind: TaskKind,
    /// Which.
    pub id: TaskId,
}

/// Names a document: the tenant is part of the partition, so that another tenant's document is not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentKey<'a> {
    /// Whose.
    pub tenant: &'a TenantId,
    /// Which.
    pub name: DocumentRef,
}

/// A part of a task. In the partition the header comes first, then the items, then the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskPart {
    /// What a list shows.
    Header,
    /// The n-th chunk of what was asked.
    Items(u32),
    /// The n-th chunk of the answers.
    Results(u32),
}

impl TaskPart {
    fn sort(self) -> String {
        match self {
            Self::Header => TASK_HEADER.to_owned(),
            Self::Items(number) => format!("{TASK_ITEMS}{number:05}"),
            Self::Results(number) => format!("{TASK_RESULTS}{number:05}"),
        }
    }
}

/// Over how many partitions waiting tasks are spread.
pub const TASK_QUEUE_SHARDS: u8 = 8;

/// Sort key of a task's header.
const TASK_HEADER: &str = "head";
/// Begins the sort keys of a task's items.
const TASK_ITEMS: &str = "items#";
/// Begins the sort keys of a task's results.
const TASK_RESULTS: &str = "results#";

/// Where a task's header stands in the second index: `TASKS#<tenant>#<kind>#<yyyy-mm>` / `<id>`; ids sort
/// by their time. A partition holds the tasks of a month, at most.
#[must_use]
pub fn task_listing(task: TaskKey<'_>) -> IndexKey {
    let created = TimeZone::UTC.to_datetime(task.id.created());
    IndexKey {
        pk: tasks_partition(task.tenant, task.kind, created.year(), created.month()),
        sk: task.id.to_string(),
    }
}

/// The headers of a tenant's tasks of one kind and month, newest first ([`crate::record::tasks`]).
#[must_use]
pub fn tasks_of_month(tenant: &TenantId, kind: TaskKind, year: i16, month: i8) -> Query {
    Query {
        index: Index::Two,
        direction: Direction::Backward,
        ..Query::partition(tasks_partition(tenant, kind, year, month))
    }
}

/// All parts of a task: header, items, results ([`crate::record::tasks`]).
#[must_use]
pub fn task_parts(task: TaskKey<'_>) -> Query {
    Query::partition(task_partition(task))
}

/// The tasks of one shard (below [`TASK_QUEUE_SHARDS`]) that wait for a worker.
#[must_use]
pub fn waiting_tasks(shard: u8) -> Query {
    Query::partition(waiting_partition(shard))
}

/// Which part of a task an item is; `None` where it is none.
#[must_use]
pub fn read_task_part(key: &PrimaryKey) -> Option<TaskPart> {
    let number = |digits: &str| digits.parse().ok();
    if key.sk == TASK_HEADER {
        Some(TaskPart::Header)
    } else if let Some(digits) = key.sk.strip_prefix(TASK_ITEMS) {
        number(digits).map(TaskPart::Items)
    } else {
        key.sk
            .strip_prefix(TASK_RESULTS)
            .and_then(number)
            .map(TaskPart::Results)
    }
}

/// Which task a part belongs to; `None` where the key is another one.
#[must_use]
pub(crate) fn read_task(key: &PrimaryKey) -> Option<(TenantId, TaskKind, TaskId)> {
    let mut parts = key.pk.strip_prefix("TASK#")?.split('#');
    let tenant = TenantId::new(&unescape(parts.next()?)?).ok()?;
    let kind = TaskKind::named(parts.next()?)?;
    Some((tenant, kind, parts.next()?.parse().ok()?))
}

/// The task behind a [`Key::WaitingTask`]; `None` where the key is another one (the change feed carries
/// whatever is streamed).
#[must_use]
pub fn read_waiting_task(key: &PrimaryKey) -> Option<TaskId> {
    key.pk.strip_prefix(WAITING_TASKS)?;
    key.sk.parse().ok()
}

/// Begins the partitions of waiting tasks.
const WAITING_TASKS: &str = "TASKQ#";

fn task_partition(task: TaskKey<'_>) -> String {
    joined(
        "TASK",
        &[
            task.tenant.as_str(),
            task.kind.as_str(),
            &task.id.to_string(),
        ],
    )
}

fn tasks_partition(tenant: &TenantId, kind: TaskKind, year: i16, month: i8) -> String {
    joined(
        "TASKS",
        &[
            tenant.as_str(),
            kind.as_str(),
            &format!("{year:04}-{month:02}"),
        ],
    )
}

fn waiting_partition(shard: u8) -> String {
    format!("{WAITING_TASKS}{shard}")
}

/// The partition of the first index under which all API keys are listed, at most some thousands, by
/// tenant and creation: `APIKEYS` / `<tenant>#<created, microseconds since 1970, 20 digits>#<id>`.
pub const API_KEYS_PARTITION: &str = "APIKEYS";

/// Where an API key stands in [`API_KEYS_PARTITION`].
#[must_use]
pub fn api_key_listing(key: &ApiKey) -> IndexKey {
    IndexKey {
        pk: API_KEYS_PARTITION.to_owned(),
        sk: format!(
            "{}#{:020}#{}",
            key.caller.tenant,
            key.created_at.as_microsecond(),
            key.id
        ),
    }
}

/// Over how many partitions a tenant's documents of a kind are spread, by how many there are. Part of the
/// layout: it is never changed for a kind.
#[must_use]
pub const fn document_shards(kind: DocumentKind) -> u8 {
    match kind {
        DocumentKind::Catalog => 1,
        DocumentKind::Category => 2,
        DocumentKind::ProductSpecification => 4,
        DocumentKind::ProductOffering | DocumentKind::ProductOfferingPrice => 8,
    }
}

/// One shard (below [`document_shards`]) of a tenant's documents of a kind, newest first
/// ([`crate::record::document`]).
#[must_use]
pub fn documents_of(tenant: &TenantId, kind: DocumentKind, shard: u8) -> Query {
    Query {
        direction: Direction::Backward,
        ..Query::partition(documents_partition(tenant, kind, shard))
    }
}

/// The document behind a [`Key::Document`]; `None` where the key is another one.
#[must_use]
pub(crate) fn read_document(key: &PrimaryKey) -> Option<(TenantId, DocumentRef)> {
    let mut parts = key.pk.strip_prefix("DOC#")?.split('#');
    let tenant = TenantId::new(&unescape(parts.next()?)?).ok()?;
    let kind = DocumentKind::named(parts.next()?)?;
    let id = key.sk.parse().ok()?;
    Some((tenant, DocumentRef { kind, id }))
}

fn documents_partition(tenant: &TenantId, kind: DocumentKind, shard: u8) -> String {
    joined("DOC", &[tenant.as_str(), kind.as_str(), &shard.to_string()])
}

fn referrers_partition(document: DocumentKey<'_>) -> String {
    let DocumentKey {
        tenant,
        name: DocumentRef { kind, id },
    } = document;
    joined(
        "DOCREFS",
        &[tenant.as_str(), kind.as_str(), &id.to_string()],
    )
}

/// Resolution of the cells that near-net buildings are kept in: edges of about 200 m.
pub const NEAR_RESOLUTION: u8 = 9;
/// Resolution of the cells of area hints, as the FCC publishes them: edges of about 530 m.
pub const HINT_RESOLUTION: u8 = 8;

/// Partition of all list heads.
const LISTS: &str = "LISTS";

impl Key<'_> {
    /// The primary key.
    #[must_use]
    pub fn primary(&self) -> PrimaryKey {
        PrimaryKey {
            pk: self.partition().into(),
            sk: self.sort(),
        }
    }

    fn partition(&self) -> String {
        match self {
            Self::Claim { street, .. } => street_partition(street),
            Self::ZipStreet { zip, .. } => joined("ZIP", &[zip]),
            Self::CityStreet { state, city, .. } => joined("CITY", &[state, city]),
            Self::NearBuildings { cell, .. } => near_partition(*cell),
            Self::AreaHint { cell, .. } => hint_partition(*cell),
            Self::Rate { provider, rate, .. } => rates::partition(provider, rate.product),
            Self::List { .. } => LISTS.to_owned(),
            Self::ListCounter => "COUNTER".to_owned(),
            Self::Import { generation } => imports_partition(generation.list),
            Self::Chunk {
                generation, chunk, ..
            } => chunk_partition(*generation, *chunk),
            Self::ApiKey { id } => format!("APIKEY#{id}"),
            Self::Task { task, .. } => task_partition(*task),
            Self::WaitingTask { id } => waiting_partition(id.low_byte() % TASK_QUEUE_SHARDS),
            Self::Document(DocumentKey { tenant, name }) => {
                let shard = name.id.low_byte() % document_shards(name.kind);
                documents_partition(tenant, name.kind, shard)
            }
            Self::Referrers(document) => referrers_partition(*document),
            Self::Once {
                tenant,
                operation,
                key,
            } => joined("ONCE", &[tenant.as_str(), operation, key.as_str()]),
            Self::Relay => "RELAY".to_owned(),
            Self::ProvidersFile => "SETTINGS".to_owned(),
            Self::Quote { quote, .. } => quotes::quote_partition(*quote),
            Self::QuoteSlice { quote, slice, .. } => quotes::slice_partition(*quote, *slice),
            Self::QuoteErrand { id, .. } => quotes::errand_partition(*id),
            Self::CarrierWait {
                carrier,
                step,
                reference,
            } => quotes::wait_partition(carrier, *step, reference),
        }
    }

    fn sort(&self) -> String {
        match self {
            Self::Claim {
                street: _,
                number,
                unit,
                generation,
                provider,
                technology,
                discriminator,
            } => {
                let mut sk = number.sort_text();
                part(&mut sk, unit.unwrap_or_default());
                sk.push('#');
                push_generation(&mut sk, *generation);
                sk.push('#');
                part(&mut sk, provider.as_str());
                sk.push('#');
                sk.push(technology_letter(*technology));
                if let Some(discriminator) = discriminator {
                    push_discriminator(&mut sk, *discriminator);
                }
                sk
            }
            Self::ZipStreet { street, .. } => joined_parts(&[street]),
            Self::CityStreet { street, zip, .. } => {
                joined_parts(&[street, zip.unwrap_or_default()])
            }
            Self::NearBuildings {
                generation, chunk, ..
            } => {
                let mut sk = after_generation(*generation, &[]);
                sk.push('#');
                push_base36(&mut sk, *chunk);
                sk
            }
            Self::AreaHint {
                generation,
                provider,
                technology,
                ..
            } => {
                let mut sk = after_generation(*generation, &[provider.as_str()]);
                sk.push('#');
                sk.push(technology_letter(*technology));
                sk
            }
            Self::Rate {
                generation, rate, ..
            } => rates::sort(*generation, rate),
            Self::List { list } => list_text(list),
            Self::ListCounter => "lists".to_owned(),
            Self::Import { generation } => format!("{:010}", generation.import.0),
            Self::Chunk { part, .. } => format!("{part:010}"),
            Self::ApiKey { .. } => "KEY".to_owned(),
            Self::Task { part, .. } => part.sort(),
            Self::WaitingTask { id } => id.to_string(),
            Self::Document(DocumentKey { tenant: _, name }) => name.id.to_string(),
            Self::Referrers(_) => "COUNT".to_owned(),
            Self::Once { .. } => "ANSWER".to_owned(),
            Self::Relay => "SEAT".to_owned(),
            Self::ProvidersFile => "PROVIDERS".to_owned(),
            Self::Quote { part, .. } => part.sort(),
            Self::QuoteSlice { part, .. } => part.sort(),
            Self::QuoteErrand { id, errand } => errand.sort(*id),
            Self::CarrierWait { .. } => "ASK".to_owned(),
        }
    }
}

/// All claims of a building, of every list and import.
#[must_use]
pub fn building_claims(building: &BuildingKey) -> Query {
    Query {
        sk: SortKey::Prefix(building.number.sort_text()),
        ..Query::partition(street_partition(&building.street))
    }
}

/// All claims of a street whose house numbers' figures lie in the range, both ends included.
#[must_use]
pub fn street_claims(street: &StreetKey, from: u32, to: u32) -> Query {
    let upper = to.checked_add(1).map_or_else(
        // ':' is the character after the last digit: higher than every number.
        || ":".to_owned(),
        HouseNumber::sort_bound,
    );
    Query {
        sk: SortKey::Between(HouseNumber::sort_bound(from), upper),
        ..Query::partition(street_partition(street))
    }
}

/// The claims of the houses before ([`Direction::Backward`]) or behind a building on its street, nearest
/// first, up to `numbers` further; not the building's own.
#[must_use]
pub fn neighbour_claims(building: &BuildingKey, side: Direction, numbers: u32) -> Query {
    let own = building.number.sort_text();
    let ordinal = building.number.ordinal();
    let sk = match side {
        // Every key of the building itself is longer than its sort text, hence greater.
        Direction::Backward => SortKey::Between(
            HouseNumber::sort_bound(ordinal.saturating_sub(numbers)),
            own,
        ),
        Direction::Forward => {
            let beyond = ordinal.saturating_add(numbers).saturating_add(1);
            SortKey::Between(format!("{own}{AFTER_OWN}"), HouseNumber::sort_bound(beyond))
        }
    };
    Query {
        sk,
        direction: side,
        ..Query::partition(street_partition(&building.street))
    }
}

/// Greater than every character of a unit: `own!` and this end the building's own keys.
const AFTER_OWN: char = char::MAX;

/// The streets of a ZIP ([`crate::record::directory`]).
#[must_use]
pub fn zip_streets(zip: &str) -> Query {
    Query::partition(joined("ZIP", &[zip]))
}

/// The streets of a city ([`crate::record::directory`]).
#[must_use]
pub fn city_streets(state: &str, city: &str) -> Query {
    Query::partition(joined("CITY", &[state, city]))
}

/// Buildings with coordinates in a cell of resolution [`NEAR_RESOLUTION`] ([`crate::record::near`]).
#[must_use]
pub fn near_buildings(cell: Cell) -> Query {
    Query::partition(near_partition(cell))
}

/// The hints for a cell of resolution [`HINT_RESOLUTION`] ([`crate::record::hint`]).
#[must_use]
pub fn area_hints(cell: Cell) -> Query {
    Query::partition(hint_partition(cell))
}

/// The heads of all lists ([`crate::record::list`]).
#[must_use]
pub fn lists() -> Query {
    Query::partition(LISTS.to_owned())
}

/// The imports of a list, oldest first ([`crate::record::import`]).
#[must_use]
pub fn imports(list: ListNumber) -> Query {
    Query::partition(imports_partition(list))
}

/// The parts of one chunk of an import ([`crate::record::chunk`]).
#[must_use]
pub fn chunk_parts(generation: Generation, chunk: u32) -> Query {
    Query::partition(chunk_partition(generation, chunk))
}

/// The key of a claim taken apart, each part as it is stored: a reader looks at the import first, and at the
/// rest only where it wants the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClaimKey<'k> {
    /// The street: the partition.
    partition: &'k str,
    /// The house number's sort text, its end included.
    number: &'k str,
    /// Empty where the list names none.
    pub(crate) unit: &'k str,
    import: &'k str,
    provider: &'k str,
    technology: &'k str,
}

impl<'k> ClaimKey<'k> {
    /// `None` where it is the key of something else.
    pub(crate) fn of(key: &'k PrimaryKey) -> Option<Self> {
        let (number, _) = cut(&key.sk, b'!')?;
        let (number, rest) = key.sk.split_at(number.len() + 1);
        let mut parts = parts_of(rest);
        Some(Self {
            partition: &key.pk,
            number,
            unit: parts.next()?,
            import: parts.next()?,
            provider: parts.next()?,
            technology: parts.next()?,
        })
    }

    /// Whether both are about one building.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        self.number == other.number && self.partition == other.partition
    }

    pub(crate) fn building(&self) -> Option<BuildingKey> {
        let mut partition = parts_of(self.partition.strip_prefix("ST#")?);
        Some(BuildingKey {
            street: StreetKey {
                area: read_area(&unescape(partition.next()?)?)?,
                street: unescape(partition.next()?)?.into(),
            },
            number: HouseNumber::from_sort_text(self.number).ok()?,
        })
    }

    pub(crate) fn unit(&self) -> Option<Option<Text>> {
        let unit = unescape(self.unit)?;
        Some((!unit.is_empty()).then(|| unit.into()))
    }

    pub(crate) fn generation(&self) -> Option<Generation> {
        read_generation(self.import)
    }

    /// Whose claim it is; mostly the one who also made the claim before it.
    pub(crate) fn provider(&self, before: Option<&ProviderName>) -> Option<ProviderName> {
        let name = unescape(self.provider)?;
        match before {
            Some(before) if before.as_str() == name => Some(before.clone()),
            Some(_) | None => ProviderName::new(&name).ok(),
        }
    }

    pub(crate) fn technology(&self) -> Option<Technology> {
        technology_of(self.technology.chars().next()?)
    }
}

/// The import that a near building, a hint or a provider's building id belongs to.
///
/// # Errors
/// [`StoreError::Corrupt`] where it is the key of something else.
pub fn leading_generation(key: &PrimaryKey) -> Result<Generation, StoreError> {
    parts_of(&key.sk)
        .next()
        .and_then(read_generation)
        .ok_or_else(|| StoreError::corrupt(key))
}

/// The key that the same claim, or the same rate, has in another import of its list.
#[must_use]
pub fn in_generation(key: &PrimaryKey, generation: Generation) -> Option<PrimaryKey> {
    if rates::is_rate(key) {
        rates::in_generation(key, generation)
    } else {
        claim_in(key, generation)
    }
}

/// The key that the same claim has in another import of its list.
#[must_use]
pub fn claim_in(key: &PrimaryKey, generation: Generation) -> Option<PrimaryKey> {
    let unit = key.sk.find('!')?;
    let start = unit + key.sk[unit..].find('#')? + 1;
    let end = start + key.sk[start..].find('#')?;
    let mut sk = String::with_capacity(key.sk.len());
    sk.push_str(&key.sk[..start]);
    push_generation(&mut sk, generation);
    sk.push_str(&key.sk[end..]);
    Some(PrimaryKey {
        pk: key.pk.clone(),
        sk,
    })
}

/// What tells claims of one provider and technology apart at one place: a hash of the product, the
/// bandwidths and the carrier whose line is resold; `None` where the list says none of them.
///
/// Forty bits of FNV-1a; a clash would need a building with a million products of one provider.
#[must_use]
pub fn discriminator_of(claim: &Claim) -> Option<u64> {
    const OFFSET_BASIS: u64 = 0xCBF2_9CE4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01B3;
    let speeds = [claim.smallest, claim.down, claim.up];
    let product = claim.product.as_deref();
    let underlying = claim.underlying_provider.as_ref();
    if product.is_none() && underlying.is_none() && speeds.iter().all(Option::is_none) {
        return None;
    }
    let mut hash = OFFSET_BASIS;
    let mut feed = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    };
    feed(product.unwrap_or_default().as_bytes());
    feed(&[0]);
    feed(underlying.map_or("", ProviderName::as_str).as_bytes());
    for speed in speeds {
        feed(&[u8::from(speed.is_some())]);
        feed(&speed.map_or(0, |kbps| kbps.0).to_be_bytes());
    }
    Some((hash ^ (hash >> 40)) & ((1 << 40) - 1))
}

pub(crate) fn read_generation(text: &str) -> Option<Generation> {
    let (list, import) = cut(text, b'.')?;
    Some(Generation {
        list: ListNumber(read_base36(list)?),
        import: ImportNumber(read_base36(import)?),
    })
}

/// The text before and after the first `sign`, which is ASCII. Keys are short, and every claim that is read
/// has some to take apart: a look at each byte is cheaper than the search that `str` makes in long texts.
fn cut(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == sign)?;
    Some((&text[..at], &text[at + 1..]))
}

/// The parts of a key, still escaped.
fn parts_of(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (part, after) =
            cut(text, b'#').map_or((text, None), |(part, after)| (part, Some(after)));
        rest = after;
        Some(part)
    })
}

fn read_area(text: &str) -> Option<Area> {
    match cut(text, b'+') {
        None => Some(Area::Zip(text.into())),
        Some((state, city)) => Some(Area::City {
            state: state.into(),
            city: city.into(),
        }),
    }
}

fn street_partition(street: &StreetKey) -> String {
    let mut pk = String::with_capacity(32);
    pk.push_str("ST#");
    push_area(&mut pk, &street.area);
    pk.push('#');
    part(&mut pk, &street.street);
    pk
}

fn push_area(text: &mut String, area: &Area) {
    match area {
        Area::Zip(zip) => part(text, zip),
        Area::City { state, city } => {
            part(text, state);
            text.push('+');
            part(text, city);
        }
    }
}

fn near_partition(cell: Cell) -> String {
    format!("NEAR#{:x}", cell.0)
}

fn hint_partition(cell: Cell) -> String {
    format!("CELL#{:x}", cell.0)
}

fn chunk_partition(generation: Generation, chunk: u32) -> String {
    format!("CHUNK#{}#{chunk}", after_generation(generation, &[]))
}

fn imports_partition(list: ListNumber) -> String {
    let mut pk = "IMPORTS#".to_owned();
    push_base36(&mut pk, list.0);
    pk
}

fn joined(prefix: &str, parts: &[&str]) -> String {
    let mut text = prefix.to_owned();
    for one in parts {
        text.push('#');
        part(&mut text, one);
    }
    text
}

fn joined_parts(parts: &[&str]) -> String {
    let mut text = String::new();
    for (index, one) in parts.iter().enumerate() {
        if index > 0 {
            text.push('#');
        }
        part(&mut text, one);
    }
    text
}

fn after_generation(generation: Generation, parts: &[&str]) -> String {
    let mut text = String::new();
    push_generation(&mut text, generation);
    for one in parts {
        text.push('#');
        part(&mut text, one);
    }
    text
}

fn push_generation(text: &mut String, generation: Generation) {
    push_base36(text, generation.list.0);
    text.push('.');
    push_base36(text, generation.import.0);
}

/// Escapes what would end a part early. Bytes of other characters stay, so the order of parts stays.
fn part(text: &mut String, value: &str) {
    let is_escaped =
        |character: char| matches!(character, '#' | '~') || character.is_ascii_control();
    // Most have nothing to escape.
    if !value.bytes().any(|byte| is_escaped(char::from(byte))) {
        text.push_str(value);
        return;
    }
    for character in value.chars() {
        if is_escaped(character) {
            let byte = u32::from(character);
            text.push('~');
            text.extend(char::from_digit(byte >> 4, 16));
            text.extend(char::from_digit(byte & 0x0F, 16));
        } else {
            text.push(character);
        }
    }
}

fn unescape(text: &str) -> Option<Cow<'_, str>> {
    if !text.bytes().any(|byte| byte == b'~') {
        return Some(Cow::Borrowed(text));
    }
    let mut value = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character == '~' {
            let high = rest.next()?.to_digit(16)?;
            let low = rest.next()?.to_digit(16)?;
            value.push(char::from_u32(high * 16 + low)?);
        } else {
            value.push(character);
        }
    }
    Some(Cow::Owned(value))
}

const BASE: u32 = 36;

fn push_base36(text: &mut String, number: u32) {
    let mut digits = [' '; 7];
    let mut rest = number;
    let mut count = 0;
    loop {
        digits[count] = char::from_digit(rest % BASE, BASE).expect("a remainder of 36 is a digit");
        rest /= BASE;
        count += 1;
        if rest == 0 {
            break;
        }
    }
    text.extend(digits[..count].iter().rev());
}

fn read_base36(text: &str) -> Option<u32> {
    u32::from_str_radix(text, BASE).ok()
}

/// Eight characters of five bits each.
fn push_discriminator(text: &mut String, discriminator: u64) {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    for shift in (0..8).rev() {
        let index = (discriminator >> (shift * 5)) & 31;
        text.push(char::from(
            ALPHABET[usize::try_from(index).expect("five bits fit a usize")],
        ));
    }
}

/// One letter per technology, never reused.
const TECHNOLOGIES: [(Technology, char); 9] = [
    (Technology::Copper, 'c'),
    (Technology::Cable, 'h'),
    (Technology::Fiber, 'f'),
    (Technology::Ethernet, 'e'),
    (Technology::UnlicensedFixedWireless, 'u'),
    (Technology::LicensedFixedWireless, 'l'),
    (Technology::LicensedByRuleFixedWireless, 'r'),
    (Technology::NotFiber, 'n'),
    (Technology::Other, 'o'),
];

pub(crate) const fn technology_letter(technology: Technology) -> char {
    match technology {
        Technology::Copper => 'c',
        Technology::Cable => 'h',
        Technology::Fiber => 'f',
        Technology::Ethernet => 'e',
        Technology::UnlicensedFixedWireless => 'u',
        Technology::LicensedFixedWireless => 'l',
        Technology::LicensedByRuleFixedWireless => 'r',
        Technology::NotFiber => 'n',
        Technology::Other => 'o',
    }
}

pub(crate) fn technology_of(letter: char) -> Option<Technology> {
    TECHNOLOGIES
        .iter()
        .find(|(_, known)| *known == letter)
        .map(|(technology, _)| *technology)
}

/// What the key of an area hint says.
pub(crate) struct HintKey {
    pub(crate) cell: Cell,
    pub(crate) provider: ProviderName,
    pub(crate) technology: Technology,
}

pub(crate) fn read_hint(key: &PrimaryKey) -> Option<HintKey> {
    let cell = u64::from_str_radix(key.pk.strip_prefix("CELL#")?, 16).ok()?;
    let mut parts = key.sk.split('#').skip(1);
    Some(HintKey {
        cell: Cell(cell),
        provider: ProviderName::new(&unescape(parts.next()?)?).ok()?,
        technology: technology_of(parts.next()?.chars().next()?)?,
    })
}

/// The street's own key, from the directory of its ZIP or of its city.
pub(crate) fn read_directory(key: &PrimaryKey) -> Option<StreetKey> {
    if let Some(zip) = key.pk.strip_prefix("ZIP#") {
        return Some(StreetKey {
            area: Area::Zip(unescape(zip)?.into()),
            street: unescape(&key.sk)?.into(),
        });
    }
    let (state, city) = key.pk.strip_prefix("CITY#")?.split_once('#')?;
    let (street, zip) = key.sk.split_once('#')?;
    let area = if zip.is_empty() {
        Area::City {
            state: unescape(state)?.into(),
            city: unescape(city)?.into(),
        }
    } else {
        Area::Zip(unescape(zip)?.into())
    };
    Some(StreetKey {
        area,
        street: unescape(street)?.into(),
    })
}

/// The list behind the sort key of its head.
pub(crate) fn read_list(key: &PrimaryKey) -> Option<ListId> {
    list_from_text(&key.sk)
}

/// The import behind the key of its item.
pub(crate) fn read_import(key: &PrimaryKey) -> Option<Generation> {
    Some(Generation {
        list: ListNumber(read_base36(key.pk.strip_prefix("IMPORTS#")?)?),
        import: ImportNumber(key.sk.parse().ok()?),
    })
}

//! A small town: lists written into a store through the records, as an import writes them.

use std::sync::Arc;

use jiff::civil::Date;
use lastmile_app::Context;
use lastmile_app::availability::Availability;
use lastmile_model::address::{Address, BuildingKey, NormalAddress, parse};
use lastmile_model::availability::Place;
use lastmile_model::claim::{AreaHint, Claim, Kbps, Standing, Technology};
use lastmile_model::geography::{Cell, Coordinates};
use lastmile_model::identity::{ImportNumber, ListId, ListName, ProviderName};
use lastmile_model::listing::life::{List, Listed};
use lastmile_model::listing::{Generation, Holds, ListNumber};
use lastmile_model::rate_card::Rate;
use lastmile_store::key::{HINT_RESOLUTION, NEAR_RESOLUTION};
use lastmile_store::record::directory::DirectoryStreet;
use lastmile_store::{BatchWrite, Item, Store, Transaction, limits, record};
use lastmile_testkit::chance::Counting;
use lastmile_testkit::store::{ManualClock, MemoryStore};

/// A store, its clock and the services on it.
pub(crate) struct Town {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) availability: Availability,
}

/// The day on which the lists are true unless a test says otherwise; the clock stands on it.
pub(crate) const AS_OF: Date = jiff::civil::date(2026, 3, 3);

impl Town {
    /// In memory.
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::new());
        Self::on(Arc::new(MemoryStore::new(clock.clone())), clock)
    }

    pub(crate) fn on(store: Arc<dyn Store>, clock: Arc<ManualClock>) -> Self {
        let context = Context::new(store.clone(), clock.clone(), Arc::new(Counting::default()));
        Self {
            store,
            clock,
            availability: Availability::new(context),
        }
    }

    /// Writes a list and makes it the active import of its provider.
    pub(crate) async fn list(&self, list: &Listing) {
        let mut items: Vec<Item> = list
            .claims
            .iter()
            .zip(0..)
            .flat_map(|(claim, chunk)| items_of(claim, list, chunk))
            .collect();
        items.extend(
            list.hints
                .iter()
                .map(|hint| record::hint::to_item(hint, list.generation())),
        );
        self.put(items).await;
        self.activate(list, 0).await;
    }

    /// Makes a written import the one that readers see. `revision` is how often the head was written.
    pub(crate) async fn activate(&self, list: &Listing, revision: i64) {
        let head = List {
            id: list.id(),
            number: ListNumber(list.number),
            holds: Holds::Buildings,
            last: ImportNumber(list.import),
            active: Some(Listed {
                import: ImportNumber(list.import),
                as_of: list.as_of,
            }),
            previous: None,
            loading: None,
        };
        self.put_head(&head, revision).await;
    }

    async fn put_head(&self, head: &List, revision: i64) {
        let write = Transaction {
            writes: vec![record::list::put(head, revision)],
            token: None,
        };
        self.store
            .transact(write)
            .await
            .expect("the head is written");
        self.clock.advance_seconds(2);
    }

    /// Writes a rate card and makes it the active one of its provider.
    pub(crate) async fn card(&self, by: &str, number: u32, rates: &[Rate]) {
        let (by, import) = (provider(by), ImportNumber(1));
        let list = ListNumber(number);
        let generation = Generation { list, import };
        let items = rates
            .iter()
            .map(|rate| record::rate::to_item(&by, rate, generation));
        self.put(items.collect()).await;
        let id = ListId {
            provider: by,
            name: ListName::new("rates").expect("a list's name"),
        };
        let head = List {
            last: import,
            active: Some(Listed {
                import,
                as_of: AS_OF,
            }),
            ..List::new(id, list, Holds::Rates)
        };
        self.put_head(&head, 0).await;
    }

    /// Writes items.
    pub(crate) async fn put(&self, items: Vec<Item>) {
        let mut items: Vec<Item> = items;
        items.sort_by(|left, right| left.key.cmp(&right.key));
        items.dedup_by(|left, right| left.key == right.key);
        for batch in items.chunks(limits::BATCH_WRITE_MAX) {
            let writes = batch.iter().cloned().map(BatchWrite::Put).collect();
            self.store
                .batch_write(writes)
                .await
                .expect("the items are written");
        }
    }
}

/// A provider's list on its way into the store.
#[derive(Clone)]
pub(crate) struct Listing {
    pub(crate) provider: &'static str,
    pub(crate) number: u32,
    pub(crate) import: u32,
    pub(crate) as_of: Date,
    pub(crate) claims: Vec<Claim>,
    pub(crate) hints: Vec<AreaHint>,
}

impl Listing {
    pub(crate) fn of(provider: &'static str, number: u32) -> Self {
        Self {
            provider,
            number,
            import: 1,
            as_of: AS_OF,
            claims: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Adds an on-net fiber claim, 1 Gbps.
    pub(crate) fn lit(self, address: &str) -> Self {
        let claim = claim(self.provider, address);
        self.with(claim)
    }

    /// Adds an on-net fiber claim with coordinates.
    pub(crate) fn lit_at(self, address: &str, point: Coordinates) -> Self {
        let claim = Claim {
            coordinates: Some(point),
            ..claim(self.provider, address)
        };
        self.with(claim)
    }

    pub(crate) fn says(self, address: &str, standing: Standing) -> Self {
        let claim = Claim {
            standing,
            ..claim(self.provider, address)
        };
        self.with(claim)
    }

    pub(crate) fn with(mut self, claim: Claim) -> Self {
        self.claims.push(claim);
        self
    }

    pub(crate) fn hint(mut self, at: Coordinates) -> Self {
        self.hints.push(AreaHint {
            provider: provider(self.provider),
            cell: Cell::at(at, HINT_RESOLUTION).expect("on the globe"),
            technology: Technology::Cable,
            down: Some(Kbps(300_000)),
            up: Some(Kbps(20_000)),
        });
        self
    }

    pub(crate) fn id(&self) -> ListId {
        ListId {
            provider: provider(self.provider),
            name: ListName::new("main").expect("a list's name"),
        }
    }

    fn generation(&self) -> Generation {
        Generation {
            list: ListNumber(self.number),
            import: ImportNumber(self.import),
        }
    }
}

/// What an import writes for one claim.
fn items_of(claim: &Claim, list: &Listing, chunk: u32) -> Vec<Item> {
    let mut items = vec![record::claim::to_item(claim, list.generation())];
    let street = DirectoryStreet {
        key: claim.building.street.clone(),
        street: claim.place.street.clone().expect("a street"),
    };
    let city = claim
        .place
        .state
        .as_deref()
        .zip(claim.place.city.as_deref());
    items.extend(record::directory::to_items(&street, city));
    if let Some(point) = claim.coordinates {
        let cell = Cell::at(point, NEAR_RESOLUTION).expect("on the globe");
        let buildings = [(BuildingKey::clone(&claim.building), point)];
        items.push(record::near::to_item(
            cell,
            list.generation(),
            chunk,
            &buildings,
        ));
    }
    items
}

/// An on-net fiber claim, 1 Gbps down.
pub(crate) fn claim(by: &str, address: &str) -> Claim {
    let place = normal(address);
    Claim {
        provider: provider(by),
        building: place
            .building_key()
            .expect("the address names a building")
            .into(),
        place: place.into(),
        technology: Technology::Fiber,
        product: None,
        smallest: None,
        down: Some(Kbps(1_000_000)),
        up: None,
        standing: Standing::Offered,
        price: None,
        coordinates: None,
        provider_building_id: None,
        underlying_provider: None,
    }
}

pub(crate) fn provider(name: &str) -> ProviderName {
    ProviderName::new(name).expect("a provider's name")
}

pub(crate) fn normal(address: &str) -> NormalAddress {
    NormalAddress::of(&parse(address))
}

pub(crate) fn key(text: &str) -> BuildingKey {
    text.parse().expect("a building key")
}

pub(crate) fn asked(address: &str) -> Place {
    let address: Address = parse(address);
    Place {
        address,
        coordinates: None,
    }
}

/// A point `east_m` metres east of a corner in Cheyenne.
pub(crate) fn east(east_m: f64) -> Coordinates {
    Coordinates {
        latitude: 41.13,
        longitude: -104.82 + east_m / 83_850.0,
    }
}

//! Writes `docs/access-patterns.md` from what the services really ask of the store, and fails where the file
//! says otherwise. `UPDATE=1 cargo test -p lastmile-app --test availability access_patterns` writes it anew.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use lastmile_app::address::{self, AddressId};
use lastmile_app::availability::task::{self, ListTasks, When};
use lastmile_app::availability::{LookupOptions, lookup};
use lastmile_app::documents::{self, ListDocuments};
use lastmile_app::quotes::{Panel, Quotes, coverage};
use lastmile_model::address::{NormalAddress, parse};
use lastmile_model::availability::task::{NewTask, TaskItem, TaskKind, Terms};
use lastmile_model::availability::{Criteria, NearNet, Place};
use lastmile_model::carrier::{
    Firmness, Location, PriceQuestion, Product, Service, Term, TermAnswer,
};
use lastmile_model::claim::{Claim, Kbps, Standing, Technology};
use lastmile_model::document::{DocumentKind, DocumentRef, Draft, LifecycleStatus, Mention};
use lastmile_model::idempotency::IdempotencyKey;
use lastmile_model::identity::{Caller, ProviderName, Role, TenantId};
use lastmile_model::money::{Currency, Money};
use lastmile_model::rate_card::{Charge, Effective, Rate, Zone};
use lastmile_store::Capacity;
use lastmile_testkit::store::{ManualClock, MemoryStore};

use crate::observed::{Call, Observed};
use crate::town::{Listing, Town, asked, claim, east};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/access-patterns.md");
const LISTED: &str = "303 E 26th St, Cheyenne, WY 82001";

const HEAD: &str = "# Access patterns

What each question asks of the one table, and what DynamoDB would bill for it. This file is generated: every row
is a call that a test made on a small town of five lists and a rate card, with the keys as they were sent.
`UPDATE=1 cargo test -p lastmile-app --test availability access_patterns` writes it anew; the test fails while it is
stale.

Read units are for eventually consistent reads unless the service asks for a consistent one. Index 1 and 2 are the
overloaded secondary indexes. Of a misspelt or unknown address the first row is the miss; the directory of a ZIP or
a city is then read once and kept in the process while no list changes.
";

struct Observer {
    town: Town,
    store: Arc<Observed>,
    text: String,
}

impl Observer {
    async fn new() -> Self {
        let clock = Arc::new(ManualClock::new());
        let memory = Arc::new(MemoryStore::new(clock.clone()));
        let store = Arc::new(Observed::new(memory));
        let town = Town::on(store.clone(), clock);
        let mut products = Listing::of("Acme", 1);
        for product in 0..16 {
            let product = Some(format!("Business Internet {product}").into());
            products = products.with(Claim {
                product,
                ..claim("Acme", LISTED)
            });
        }
        town.list(&products).await;
        let neighbours = Listing::of("Bolt", 2)
            .lit(LISTED)
            .lit("305 Thomes Ave, Cheyenne, WY 82001")
            .lit_at("12 Back Aly, Cheyenne, WY 82001", east(400.0));
        town.list(&neighbours).await;
        town.list(
            &Listing::of("Cord", 3).says("9 Elm St, Cheyenne, WY 82001", Standing::NotOffered),
        )
        .await;
        town.list(&Listing::of("Dull", 4).lit("303 E 26th St Apt 4, Cheyenne, WY 82001"))
            .await;
        town.list(&Listing::of("FCC", 5).hint(east(0.0))).await;
        store.take();
        Self {
            town,
            store,
            text: HEAD.to_owned(),
        }
    }

    async fn looks_up(&mut self, title: &str, place: Place, near_net: NearNet) {
        let lists = self
            .town
            .availability
            .lists()
            .await
            .expect("the lists are read");
        self.store.take();
        let options = LookupOptions { near_net };
        lookup(&self.town.availability.context, &lists, &place, &options)
            .await
            .expect("the store answers");
        self.section(title);
    }

    /// Writes the calls since the last section down.
    fn section(&mut self, title: &str) -> Capacity {
        let calls = self.store.take();
        let total: Capacity = calls.iter().map(|call| call.capacity).sum();
        let _ = write!(
            self.text,
            "\n## {title}\n\n| call | key | index | read units | write units |\n|---|---|---|---|---|\n"
        );
        for Call {
            operation,
            keys,
            index,
            capacity,
        } in calls
        {
            let (read, written) = (capacity.read_units(), capacity.writes);
            let _ = writeln!(
                self.text,
                "| {operation} | {keys} | {index} | {read} | {written} |"
            );
        }
        let _ = writeln!(
            self.text,
            "| all | | | **{}** | **{}** |",
            total.read_units(),
            total.writes
        );
        total
    }
}

fn question(addresses: &[&str]) -> NewTask {
    let item = |address: &&str| TaskItem {
        document: "{}".to_owned(),
        place: asked(address),
        criteria: Criteria::default(),
    };
    NewTask {
        kind: TaskKind::Query,
        document: "{}".to_owned(),
        terms: Terms::default(),
        items: addresses.iter().map(item).collect(),
    }
}

async fn lookups(observer: &mut Observer) {
    observer.town.clock.advance_seconds(2);
    observer
        .town
        .availability
        .lists()
        .await
        .expect("the lists are read");
    observer.section("The active lists (once a second and process)");
    observer
        .looks_up(
            "A building and all providers' claims (18 claims)",
            asked(LISTED),
            NearNet::WhenUnserved,
        )
        .await;
    let misspelt = asked("305 Thomas Ave, Cheyenne, WY 82001");
    observer
        .looks_up(
            "A misspelt street, matched against the streets of its ZIP",
            misspelt,
            NearNet::Never,
        )
        .await;
    let no_zip = asked("303 E 26th St, Cheyenne, WY");
    observer
        .looks_up("A city instead of a ZIP", no_zip, NearNet::Never)
        .await;
    let unserved = Place {
        coordinates: Some(east(0.0)),
        ..asked("9 Elm St, Cheyenne, WY 82001")
    };
    observer
        .looks_up(
            "An unserved building: neighbours on its street, lit buildings in the cells around, area hints",
            unserved,
            NearNet::WhenUnserved,
        )
        .await;
}

async fn addresses(observer: &mut Observer) {
    let lists = observer
        .town
        .availability
        .lists()
        .await
        .expect("the lists are read");
    let context = observer.town.availability.context.clone();
    observer.store.take();
    let id = AddressId::parse("82001:E-26TH-ST:303:4").expect("an id");
    address::get(&context, &lists, &id)
        .await
        .expect("the store answers");
    observer.section("An address or a unit by its id");
    let street = parse("E 26th St, Cheyenne, WY 82001");
    address::list(&context, &lists, &street.parts, 0, 10)
        .await
        .expect("the store answers");
    observer.section("The addresses of a street");
}

async fn tasks(observer: &mut Observer) {
    let availability = observer.town.availability.clone();
    let tenant = TenantId::new("north").expect("a tenant's name");
    let kind = TaskKind::Query;
    availability.lists().await.expect("the lists are read");
    observer.store.take();
    let task = question(&[LISTED, "9 Elm St, Cheyenne, WY 82001"]);
    let created = task::create(&availability, &tenant, task.clone(), When::Deferred).await;
    let id = created.expect("taken in").header.id;
    observer.section("A task is taken in to be answered later");
    task::create(&availability, &tenant, question(&[LISTED]), When::Now)
        .await
        .expect("answered");
    observer.section("A task is answered at once");
    task::get(&availability, &tenant, kind, id)
        .await
        .expect("there");
    observer.section("A task by its id");
    let page = ListTasks {
        offset: 0,
        limit: 20,
    };
    task::list(&availability, &tenant, kind, page, &|_| true)
        .await
        .expect("listed");
    observer.section("The tasks of a tenant, newest first (by month)");
    task::patch(&availability, &tenant, kind, id, 1, "{\"a\":1}".to_owned())
        .await
        .expect("patched");
    observer.section("A task is patched");
    task::delete(&availability, &tenant, kind, id)
        .await
        .expect("deleted");
    observer.section("A task is deleted");
}

async fn documents(observer: &mut Observer) {
    let context = observer.town.availability.context.clone();
    let operator = Caller {
        tenant: TenantId::new("north").expect("a tenant's name"),
        role: Role::Operator,
    };
    let kind = DocumentKind::ProductOffering;
    let draft = |text: &str, targets: &[DocumentRef]| Draft {
        text: text.to_owned(),
        status: Some(LifecycleStatus::Active),
        mentions: targets
            .iter()
            .map(|target| Mention {
                path: "category[0].id".to_owned(),
                target: *target,
            })
            .collect(),
    };
    let category = draft("{\"name\":\"Internet\"}", &[]);
    let category = documents::create(&context, &operator, DocumentKind::Category, category, None);
    let category = category.await.expect("created");
    observer.section("A document is created");
    let key = IdempotencyKey::new("order-7").expect("a key");
    let offering = draft("{\"name\":\"Gig\"}", &[category.name]);
    let create = async || {
        documents::create(&context, &operator, kind, offering.clone(), Some(&key))
            .await
            .expect("created")
    };
    let offering = create().await;
    observer.section("A document that refers to another one is created, once for its key");
    create().await;
    observer.section(
        "The same request again, behind its refused transaction (billed as the first one was)",
    );
    documents::get(&context, &operator, kind, offering.name.id)
        .await
        .expect("there");
    observer.section("A document by its id");
    let page = ListDocuments {
        offset: 0,
        limit: 20,
    };
    documents::list(&context, &operator, kind, page, &|_| true)
        .await
        .expect("listed");
    observer.section("The documents of a kind, newest first (by shard)");
    let changed = draft("{\"name\":\"Giga\"}", &[category.name]);
    let changed = documents::change(&context, &operator, offering, &changed).await;
    observer.section("A document is changed, after it was read; its references stay");
    documents::delete(&context, &operator, &changed.expect("changed"))
        .await
        .expect("removed");
    observer.section("A document is removed, after it was read");
}

/// A card of two services, four bandwidths and five terms in two states, with a price of its own for a ZIP.
fn card() -> Vec<Rate> {
    let money = |minor| Money {
        minor,
        currency: Currency::Usd,
    };
    let zones = ["WY", "CO"].map(|state| Zone::State(state.into()));
    let mut rates = Vec::new();
    for zone in zones.into_iter().chain([Zone::Zip("82001".into())]) {
        for product in [Product::BasicInternetAccess, Product::AccessELine] {
            for mbps in [100, 500, 1_000, 10_000] {
                for months in [12, 24, 36, 48, 60] {
                    rates.push(Rate {
                        zone: zone.clone(),
                        product,
                        access: Some(Technology::Fiber),
                        down: Kbps(mbps * 1_000),
                        up: Kbps(mbps * 1_000),
                        term: Term::new(months).expect("a term"),
                        charge: Charge::Priced {
                            mrc: money(143_469),
                            nrc: money(110_000),
                        },
                        install_interval_days: Some(45),
                        effective: Effective::default(),
                    });
                }
            }
        }
    }
    rates
}

async fn rates(observer: &mut Observer) {
    observer.town.card("Acme", 6, &card()).await;
    let quotes = Quotes {
        availability: observer.town.availability.clone(),
        panel: Arc::new(Panel::default()),
    };
    quotes
        .availability
        .lists()
        .await
        .expect("the lists are read");
    observer.store.take();
    let terms = [12, 36].map(|months| Term::new(months).expect("a term"));
    let question = PriceQuestion {
        provider: ProviderName::new("Acme").expect("a name"),
        location: Location {
            address: NormalAddress::of(&parse(LISTED)),
            coordinates: None,
            carrier_place: None,
        },
        service: Service {
            product: Product::BasicInternetAccess,
            down: Kbps(100_000),
            up: Kbps(100_000),
            access: None,
        },
        terms: terms.to_vec(),
        firmness: Firmness::Budgetary,
    };
    let answers = coverage::price(&quotes, &[question]).await.expect("read");
    let priced = answers[0].terms.iter();
    assert!(
        priced
            .clone()
            .all(|(_, answer)| matches!(answer, TermAnswer::Priced(_)))
    );
    observer.section(
        "What a provider takes at a building by its rate card, for every term (after its claims)",
    );
}

#[tokio::test]
async fn the_table_of_access_patterns_is_what_the_services_really_ask() {
    let mut observer = Observer::new().await;
    lookups(&mut observer).await;
    addresses(&mut observer).await;
    tasks(&mut observer).await;
    documents(&mut observer).await;
    rates(&mut observer).await;
    let path = Path::new(FILE);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &observer.text).expect("the file is written");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == observer.text,
        "docs/access-patterns.md is stale; run UPDATE=1 cargo test -p lastmile-app --test availability access_patterns"
    );
}

//! A made-up city in a store of its own, the same every time.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use lastmile_app::availability::{Availability, LookupOptions, lookup};
use lastmile_app::quotes::providers_file;
use lastmile_app::{Context, Random};
use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore};
use lastmile_model::address::parse;
use lastmile_model::availability::{Answer, Outcome, Place, PlaceMatch};
use lastmile_model::identity::{ListId, ListName, ProviderName};
use lastmile_model::listing::Format;
use lastmile_sample::{City, plain_offers, spellings, write_lists, write_rate_cards};
use lastmile_store::{Clock, Queue, QueueName, Store};
use tempfile::TempDir;
use thiserror::Error;

use super::carriers;
use crate::command::demo;
use crate::command::import::{self, Loaded, Plan};
use crate::ending::Failure;
use crate::runtime::Stop;

/// The same seed gives the same city.
const SEED: u64 = 11;
/// Buildings whose lists are looked up in.
const BUILDINGS: u32 = 2_000;
/// Buildings among which an address of each sort is looked for.
const BUILDINGS_SEARCHED: usize = 400;
/// Rows of the list whose import is measured: five chunks of an import.
pub(crate) const IMPORTED_ROWS: u32 = 5_000;
/// The day on which everything happens.
const TODAY: Date = date(2026, 3, 3);
/// That day, in seconds since 1970.
const NOW_SECONDS: i64 = 1_772_500_000;
/// Who gives the list whose import is measured.
const IMPORTED_PROVIDER: &str = "Granite Exchange";
/// Shortest street name that is misspelt by one letter too many.
const MISSPELT_LENGTH_MIN: usize = 6;
/// Where the lists are written, within the folder.
const LISTS_FOLDER: &str = "lists";

/// Locations of a quote.
pub(crate) const QUOTED_LOCATIONS: u32 = 100;
/// Providers of a quote. Each has every building on its list, and a rate card.
pub(crate) const QUOTED_PROVIDERS: [&str; 5] = [
    "Alder Networks",
    "Birch Fiber",
    "Cedar Communications",
    "Dogwood Telecom",
    "Elm Street Ethernet",
];

/// The city has not what the price list needs: a defect of the sample.
#[derive(Debug, Error)]
#[error("the sample city has no {what}")]
struct NoExample {
    what: &'static str,
}

/// The city, its store, and what to ask about it. Everything is gone when it is dropped.
pub(crate) struct Sample {
    city: City,
    pub(crate) store: Arc<EmbeddedStore>,
    random: Arc<Counted>,
    pub(crate) addresses: Addresses,
    folder: TempDir,
}

/// One address of each sort.
#[derive(Clone, Debug, Default)]
pub(crate) struct Addresses {
    /// Served, in standard spelling.
    pub(crate) served: String,
    /// The same street with a letter too many.
    pub(crate) misspelt: String,
    /// On a list, and served by nobody: what is near by is looked for.
    pub(crate) unserved: String,
}

impl Sample {
    /// Makes the city and imports its providers' lists.
    pub(crate) async fn make() -> Result<Self, Failure> {
        let mut sample = Self::without_lists()?;
        let context = sample.context(sample.store.clone());
        for list in write_lists(&sample.city, &sample.lists_folder())? {
            sample.load(&context, &demo::plan(&list)?).await?;
        }
        sample.addresses = sample.find_addresses(&context).await?;
        Ok(sample)
    }

    /// The same city in a store of its own, with the lists and rate cards of [`QUOTED_PROVIDERS`]: beside the other
    /// lists they would change what a lookup reads.
    pub(crate) async fn make_quoted() -> Result<Self, Failure> {
        let sample = Self::without_lists()?;
        let context = sample.context(sample.store.clone());
        let cards = write_rate_cards(&sample.city, &sample.lists_folder())?;
        let what = "rate card";
        let card = demo::plan(cards.first().ok_or(NoExample { what })?)?;
        // The card is one for ethernet, and what is offered is fiber.
        let rates = fs::read_to_string(&card.file)?.replace("ethernet", "fiber");
        fs::write(&card.file, rates)?;
        for provider in QUOTED_PROVIDERS {
            let offers = sample.offers(&sample.city, provider, TODAY)?;
            sample.load(&context, &offers).await?;
            let mut card = card.clone();
            card.list.provider = ProviderName::new(provider)?;
            sample.load(&context, &card).await?;
        }
        let file = carriers::file(&QUOTED_PROVIDERS);
        providers_file::put(sample.store.as_ref(), &file).await?;
        Ok(sample)
    }

    fn without_lists() -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let options = EmbeddedOptions::new(Arc::new(Frozen));
        let store = EmbeddedStore::open(&folder.path().join("data"), options)?;
        let sample = Self {
            city: City::new(SEED, BUILDINGS, TODAY),
            store: Arc::new(store),
            random: Arc::default(),
            addresses: Addresses::default(),
            folder,
        };
        fs::create_dir_all(sample.lists_folder())?;
        Ok(sample)
    }

    fn lists_folder(&self) -> PathBuf {
        self.folder.path().join(LISTS_FOLDER)
    }

    /// The queue of quotes, in the same store.
    pub(crate) fn quotes_queue(&self) -> Arc<dyn Queue> {
        Arc::new(self.store.queue(QueueName::Quotes))
    }

    /// The addresses of a quote, from all over the city.
    pub(crate) fn quoted(&self) -> Vec<String> {
        let apart = BUILDINGS / QUOTED_LOCATIONS;
        (0..QUOTED_LOCATIONS)
            .map(|index| self.city.building(index * apart).one_line())
            .collect()
    }

    /// What a process has that has read nothing yet.
    pub(crate) fn context(&self, store: Arc<dyn Store>) -> Context {
        let random = Arc::clone(&self.random);
        Context::new(store, Arc::new(Frozen), random)
    }

    /// Imports a list.
    pub(crate) async fn load(&self, context: &Context, plan: &Plan) -> Result<Loaded, Failure> {
        let folder = self.folder.path();
        Ok(import::load(context, plan, folder, &Stop::default()).await?)
    }

    /// Addresses of different buildings, spelled as lists and people do.
    pub(crate) fn many(&self, count: u32) -> Vec<String> {
        (0..count)
            .map(|index| {
                let written = spellings(&self.city.building(index));
                let spelling = index as usize % written.len();
                written.into_iter().nth(spelling).unwrap_or_default()
            })
            .collect()
    }

    /// A list of [`IMPORTED_ROWS`] rows; one of another day differs in that.
    pub(crate) fn list_of(&self, day: Date) -> Result<Plan, Failure> {
        self.offers(&City::new(SEED, IMPORTED_ROWS, day), IMPORTED_PROVIDER, day)
    }

    /// A list that has every building of a city.
    fn offers(&self, city: &City, provider: &str, day: Date) -> Result<Plan, Failure> {
        let path = self.folder.path().join(format!("{provider} {day}.csv"));
        write_offers(city, provider, &path)?;
        Ok(Plan {
            file: path,
            list: ListId {
                provider: ProviderName::new(provider)?,
                name: ListName::new("main")?,
            },
            format: Some(Format::Offers),
            mapping: None,
            as_of: Some(day),
            rejects: None,
        })
    }

    async fn find_addresses(&self, context: &Context) -> Result<Addresses, Failure> {
        let mut found = Addresses::default();
        let mut most = 0;
        for building in self.city.buildings().take(BUILDINGS_SEARCHED) {
            let address = building.one_line();
            let answer = asked(context, &address).await?;
            let served = is_served(&answer);
            let exact = matches!(answer.matched, PlaceMatch::Exact(_));
            if served && exact && answer.findings.len() > most {
                most = answer.findings.len();
                found.served = address.clone();
            }
            if found.unserved.is_empty() && exact && !served {
                found.unserved = address.clone();
            }
            if found.misspelt.is_empty() && served && building.street.len() >= MISSPELT_LENGTH_MIN {
                let misspelt = address.replacen(building.street, &doubled(building.street), 1);
                let answer = asked(context, &misspelt).await?;
                if matches!(answer.matched, PlaceMatch::Corrected { .. }) {
                    found.misspelt = misspelt;
                }
            }
        }
        let Addresses {
            served,
            misspelt,
            unserved,
        } = &found;
        for (address, what) in [
            (served, "served address"),
            (misspelt, "misspelt address"),
            (unserved, "unserved address"),
        ] {
            if address.is_empty() {
                return Err(NoExample { what }.into());
            }
        }
        Ok(found)
    }
}

async fn asked(context: &Context, address: &str) -> Result<Answer, Failure> {
    let lists = Availability::new(context.clone()).lists().await?;
    let place = Place {
        address: parse(address),
        coordinates: None,
    };
    let answer = lookup(context, &lists, &place, &LookupOptions::default()).await?;
    Ok(answer.value)
}

fn is_served(answer: &Answer) -> bool {
    let mut findings = answer.findings.iter();
    findings.any(|finding| finding.outcome == Outcome::Served)
}

/// A street's name with its third letter twice: `GRAANITE`.
fn doubled(street: &str) -> String {
    let mut misspelt = street.to_owned();
    if let Some((at, letter)) = street.char_indices().nth(2) {
        misspelt.insert(at, letter);
    }
    misspelt
}

fn write_offers(city: &City, provider: &str, path: &Path) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    plain_offers(city, provider, &mut file)
}

/// Time that stands still, so that the same is stored every time.
pub(crate) struct Frozen;

impl Clock for Frozen {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(NOW_SECONDS).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Chance that repeats itself: a counter, so that no two ids are the same.
#[derive(Default)]
struct Counted(AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.fill(0);
        for (byte, figure) in bytes.iter_mut().rev().zip(number.into_iter().rev()) {
            *byte = figure;
        }
    }
}

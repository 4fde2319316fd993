//! The lists of those who are asked by their lists, written as an import writes them.

use jiff::civil::Date;
use lastmile_model::address::{NormalAddress, parse};
use lastmile_model::claim::{Claim, Kbps, ListPrice, Standing, Technology};
use lastmile_model::identity::{ImportNumber, ListId, ListName, ProviderName};
use lastmile_model::listing::life::{List, Listed};
use lastmile_model::listing::{Generation, Holds, ListNumber};
use lastmile_store::limits::BATCH_WRITE_MAX;
use lastmile_store::record::directory::DirectoryStreet;
use lastmile_store::{
    BatchWrite, Item, Store as _, StoreError, TransactError, Transaction, record,
};

use crate::limits::{HOUSES_A_QUOTE, QUOTES_MAX};
use crate::plan::Manner;
use crate::plan::requests::written;
use crate::truth;
use crate::world::World;

/// The day on which all lists are true.
const AS_OF: Date = jiff::civil::date(2026, 3, 3);

/// Writes every list of the market.
///
/// # Errors
/// [`StoreError`].
pub async fn write(world: &World) -> Result<(), StoreError> {
    let parties = world.plan.market.parties.iter();
    let listed = parties.filter(|party| matches!(party.manner, Manner::List));
    for (number, party) in (1..).zip(listed) {
        list(world, &party.name, number).await?;
    }
    Ok(())
}

async fn list(world: &World, provider: &ProviderName, number: u32) -> Result<(), StoreError> {
    let generation = Generation {
        list: ListNumber(number),
        import: ImportNumber(1),
    };
    let quotes = u32::try_from(QUOTES_MAX).unwrap_or(1);
    let houses = 1..=quotes * HOUSES_A_QUOTE;
    let claims = houses.filter_map(|house| claim(world.plan.seed, provider, house));
    let mut items: Vec<Item> = claims
        .flat_map(|claim| items_of(&claim, generation))
        .collect();
    items.sort_by(|left, right| left.key.cmp(&right.key));
    items.dedup_by(|left, right| left.key == right.key);
    for batch in items.chunks(BATCH_WRITE_MAX) {
        let writes = batch.iter().cloned().map(BatchWrite::Put).collect();
        world.store.batch_write(writes).await?;
    }
    let head = List {
        id: ListId {
            provider: provider.clone(),
            name: ListName::new("main").map_err(|_| StoreError::Throttled)?,
        },
        number: ListNumber(number),
        holds: Holds::Buildings,
        last: ImportNumber(1),
        active: Some(Listed {
            import: ImportNumber(1),
            as_of: AS_OF,
        }),
        previous: None,
        loading: None,
    };
    let transaction = Transaction {
        writes: vec![record::list::put(&head, 0)],
        token: None,
    };
    match world.store.transact(transaction).await {
        Ok(_) => Ok(()),
        Err(TransactError::Store(error)) => Err(error),
        Err(_) => Err(StoreError::Throttled),
    }
}

fn claim(seed: u64, provider: &ProviderName, house: u32) -> Option<Claim> {
    let price = truth::listed(seed, provider, house)?;
    let place = NormalAddress::of(&parse(&written(house)));
    Some(Claim {
        provider: provider.clone(),
        building: place.building_key()?.into(),
        place: place.into(),
        technology: Technology::Fiber,
        product: None,
        smallest: None,
        down: Some(Kbps(1_000_000)),
        up: None,
        standing: Standing::Offered,
        price: price.map(|mrc| ListPrice { mrc }),
        coordinates: None,
        provider_building_id: None,
        underlying_provider: None,
    })
}

fn items_of(claim: &Claim, generation: Generation) -> Vec<Item> {
    let mut items = vec![record::claim::to_item(claim, generation)];
    let Some(street) = claim.place.street.clone() else {
        return items;
    };
    let street = DirectoryStreet {
        key: claim.building.street.clone(),
        street,
    };
    let city = claim
        .place
        .state
        .as_deref()
        .zip(claim.place.city.as_deref());
    items.extend(record::directory::to_items(&street, city));
    items
}

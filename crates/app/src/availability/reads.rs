//! What a lookup reads of the store, what of it readers may see, and what it cost.

use std::sync::Arc;

use futures_util::future::try_join_all;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lastmile_model::address::{Area, BuildingKey, StreetKey};
use lastmile_model::availability::Source;
use lastmile_model::availability::near::Neighbour;
use lastmile_model::claim::AreaHint;
use lastmile_model::geography::Cell;
use lastmile_store::record::claim::ClaimReader;
use lastmile_store::record::near::NearBuilding;
use lastmile_store::{Capacity, Direction, Item, Query, Store, StoreError, key, record};

use crate::Context;
use crate::availability::Lists;
use crate::availability::directory::Directory;
use crate::availability::limits::{
    BUILDING_PAGES_MAX, CELL_ITEMS_MAX, DIRECTORY_PAGES_MAX, HINTS_MAX, NEIGHBOUR_CLAIMS_MAX,
    NEIGHBOUR_NUMBERS, ZIPS_PER_STREET_MAX,
};

/// The reads of one question: the store, the snapshot they are filtered by, and the bill.
pub(crate) struct Reads<'a> {
    store: &'a dyn Store,
    lists: &'a Lists,
    /// The day on which the question is asked (UTC).
    pub(crate) today: Date,
    /// What the reads cost so far.
    pub(crate) spent: Capacity,
}

impl<'a> Reads<'a> {
    pub(crate) fn new(context: &'a Context, lists: &'a Lists) -> Self {
        Self {
            store: &*context.store,
            lists,
            today: TimeZone::UTC.to_datetime(context.clock.now()).date(),
            spent: Capacity::default(),
        }
    }

    /// The claims of a building that readers see: one query, unless the building is a very large one.
    pub(crate) async fn building(
        &mut self,
        building: &BuildingKey,
    ) -> Result<Vec<Neighbour>, StoreError> {
        let mut claims = Vec::new();
        let mut query = key::building_claims(building);
        for _ in 0..BUILDING_PAGES_MAX {
            let page = self.store.query(&query).await?;
            self.spent += page.capacity;
            self.push_claims(&page.value.items, &mut claims)?;
            query.after = page.value.next;
            if query.after.is_none() {
                break;
            }
        }
        Ok(claims)
    }

    /// The partitions of a street: itself, and where it is named by its city also that street in each of
    /// the city's ZIPs.
    pub(crate) async fn same_street(
        &mut self,
        street: StreetKey,
    ) -> Result<Vec<StreetKey>, StoreError> {
        let mut streets = match street.area {
            Area::Zip(_) => Vec::new(),
            Area::City { .. } => self.directory(&street.area).await?.named(&street.street),
        };
        streets.retain(|other| *other != street);
        streets.truncate(ZIPS_PER_STREET_MAX);
        streets.push(street);
        Ok(streets)
    }

    /// One page of the claims of a whole street, in the order of the house numbers.
    pub(crate) async fn street_page(
        &mut self,
        query: &mut Query,
        claims: &mut Vec<Neighbour>,
    ) -> Result<(), StoreError> {
        let page = self.store.query(query).await?;
        self.spent += page.capacity;
        self.push_claims(&page.value.items, claims)?;
        query.after = page.value.next;
        Ok(())
    }

    /// The claims of the neighbours on the same street: the nearest numbers on either side, not the
    /// building's own. Two queries.
    pub(crate) async fn neighbours(
        &mut self,
        building: &BuildingKey,
    ) -> Result<Vec<Neighbour>, StoreError> {
        let mut claims = Vec::new();
        for side in [Direction::Backward, Direction::Forward] {
            let query = Query {
                limit: Some(NEIGHBOUR_CLAIMS_MAX),
                ..key::neighbour_claims(building, side, NEIGHBOUR_NUMBERS)
            };
            let page = self.store.query(&query).await?;
            self.spent += page.capacity;
            self.push_claims(&page.value.items, &mut claims)?;
        }
        Ok(claims)
    }

    /// The streets that an area has.
    pub(crate) async fn directory(&mut self, area: &Area) -> Result<Arc<Directory>, StoreError> {
        if let Some(known) = self.lists.directories.get(area) {
            return Ok(known);
        }
        let mut query = match area {
            Area::Zip(zip) => key::zip_streets(zip),
            Area::City { state, city } => key::city_streets(state, city),
        };
        let mut streets = Vec::new();
        for _ in 0..DIRECTORY_PAGES_MAX {
            let page = self.store.query(&query).await?;
            self.spent += page.capacity;
            for item in &page.value.items {
                let entry = record::directory::from_item(item)?;
                streets.push((entry.key, entry.street));
            }
            query.after = page.value.next;
            if query.after.is_none() {
                break;
            }
        }
        let directory = Arc::new(Directory::of(streets));
        self.lists.directories.keep(area, &directory);
        Ok(directory)
    }

    /// The buildings with coordinates in some cells: one query for each, all at once.
    pub(super) async fn near_buildings(
        &mut self,
        cells: impl IntoIterator<Item = Cell>,
    ) -> Result<Vec<NearBuilding>, StoreError> {
        let store = self.store;
        let pages = cells.into_iter().map(async |cell| {
            let query = Query {
                limit: Some(CELL_ITEMS_MAX),
                ..key::near_buildings(cell)
            };
            store.query(&query).await
        });
        let mut buildings = Vec::new();
        for page in try_join_all(pages).await? {
            self.spent += page.capacity;
            for item in &page.value.items {
                if self.lists.shows(key::leading_generation(&item.key)?) {
                    buildings.extend(record::near::from_item(item)?);
                }
            }
        }
        Ok(buildings)
    }

    /// What providers report for a cell.
    pub(super) async fn hints(
        &mut self,
        cell: Cell,
    ) -> Result<Vec<(AreaHint, Source)>, StoreError> {
        let query = Query {
            limit: Some(HINTS_MAX),
            ..key::area_hints(cell)
        };
        let page = self.store.query(&query).await?;
        self.spent += page.capacity;
        let mut hints = Vec::with_capacity(page.value.items.len());
        for item in &page.value.items {
            if let Some(source) = self.lists.source(key::leading_generation(&item.key)?) {
                hints.push((record::hint::from_item(item)?.hint, source));
            }
        }
        Ok(hints)
    }

    /// Decodes only what readers see: the key tells, before the value is looked at.
    fn push_claims(&self, items: &[Item], claims: &mut Vec<Neighbour>) -> Result<(), StoreError> {
        claims.reserve(items.len());
        let mut reader = ClaimReader::default();
        for item in items {
            let read = reader.read_if(item, |generation| self.lists.source(generation))?;
            claims.extend(read.map(|(claim, source)| Neighbour {
                claim: Box::new(claim),
                source,
            }));
        }
        Ok(())
    }
}

//! A store that is easy to believe: one sorted map behind one lock.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use lastmile_store::decide::{self, Effect};
use lastmile_store::{
    BatchWrite, Capacity, Change, ChangePage, ChangePosition, Clock, Consistency, Cursor,
    Direction, Index, IndexKey, InvalidRequest, Item, Metered, Page, PrimaryKey, Query, Store,
    StoreError, TransactError, TransactWrite, Transaction, limits, validate,
};

use super::clock::ManualClock;

/// The store contract in memory. Nothing outlives it, and index reads look at every item.
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    items: BTreeMap<PrimaryKey, Item>,
    /// The change at position `n` is the one before index `n`.
    changes: Vec<Change>,
    tokens: HashMap<String, UsedToken>,
}

struct UsedToken {
    writes: Vec<TransactWrite>,
    forgotten_at_second: i64,
}

impl MemoryStore {
    /// An empty store. The clock decides when a transaction's token is forgotten.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::default(),
        }
    }

    /// All items, in the order of their keys.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        self.with(|state| state.items.values().cloned().collect())
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut state)
    }
}

impl Default for MemoryStore {
    /// An empty store in which time stands still.
    fn default() -> Self {
        Self::new(Arc::new(ManualClock::new()))
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        validate::key(key)?;
        let value = self.with(|state| state.items.get(key).cloned());
        let capacity = Capacity::of_read(value.as_ref().map_or(0, Item::weight), consistency);
        Ok(Metered { value, capacity })
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        validate::batch_get(keys)?;
        let found: Vec<Option<Item>> = self.with(|state| {
            keys.iter()
                .map(|key| state.items.get(key).cloned())
                .collect()
        });
        let capacity = found
            .iter()
            .map(|item| Capacity::of_read(item.as_ref().map_or(0, Item::weight), consistency))
            .sum();
        let value = found.into_iter().flatten().collect();
        Ok(Metered { value, capacity })
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        validate::query(query)?;
        let matching = self.with(|state| state.matching(query));
        let (page, bytes) = first_page(matching, query);
        let capacity = Capacity::of_read(bytes, query.consistency);
        Ok(Metered {
            value: page,
            capacity,
        })
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        validate::transaction(&transaction)?;
        if transaction.writes.is_empty() {
            return Ok(Capacity::default());
        }
        let now_second = self.clock.now().as_second();
        self.with(|state| state.transact(transaction, now_second))
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        validate::batch_write(&writes)?;
        Ok(self.with(|state| {
            let written = writes.into_iter().map(|write| match write {
                BatchWrite::Put(item) => state.put(item),
                BatchWrite::Delete(key) => state.remove(&key),
            });
            written.sum()
        }))
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        validate::changes(limit)?;
        let skipped: usize = match after.as_text() {
            "" => 0,
            text => text.parse().map_err(|_| InvalidRequest::ForeignPosition)?,
        };
        let changes: Vec<Change> = self.with(|state| {
            state
                .changes
                .iter()
                .skip(skipped)
                .take(limit)
                .cloned()
                .collect()
        });
        let next = changes.last().map_or(after, |last| last.position.clone());
        Ok(ChangePage { changes, next })
    }
}

impl State {
    /// The partition, or for an index every item.
    fn candidates(&self, query: &Query) -> Box<dyn Iterator<Item = &Item> + '_> {
        let begin = PrimaryKey {
            pk: query.pk.clone(),
            sk: String::new(),
        };
        match query.index {
            Index::Table => {
                let pk = query.pk.clone();
                let after = self.items.range(begin..).map(|(_, item)| item);
                Box::new(after.take_while(move |item| item.key.pk == pk))
            }
            Index::One | Index::Two => Box::new(self.items.values()),
        }
    }

    /// All items that a query means, in its direction, after its cursor.
    fn matching(&self, query: &Query) -> Vec<(IndexKey, Item)> {
        let mut found: Vec<(IndexKey, Item)> = self
            .candidates(query)
            .filter_map(|item| Some((place(item, query.index)?, item)))
            .filter(|(place, _)| place.pk == query.pk && query.sk.selects(&place.sk))
            .map(|(place, item)| (place, item.clone()))
            .collect();
        found.sort_by(|(a, first), (b, second)| (&a.sk, &first.key).cmp(&(&b.sk, &second.key)));
        if query.direction == Direction::Backward {
            found.reverse();
        }
        if let Some(after) = &query.after {
            let sk = after.index_sk.as_ref().unwrap_or(&after.key.sk);
            let end = (sk, &after.key);
            found.retain(|(place, item)| match query.direction {
                Direction::Forward => (&place.sk, &item.key) > end,
                Direction::Backward => (&place.sk, &item.key) < end,
            });
        }
        found
    }

    fn transact(
        &mut self,
        transaction: Transaction,
        now_second: i64,
    ) -> Result<Capacity, TransactError> {
        let Transaction { writes, token } = transaction;
        let current: Vec<Option<Item>> = writes
            .iter()
            .map(|write| self.items.get(write.key()).cloned())
            .collect();
        self.tokens
            .retain(|_, used| used.forgotten_at_second > now_second);
        if let Some(used) = token.as_ref().and_then(|token| self.tokens.get(token)) {
            if used.writes != writes {
                return Err(TransactError::TokenReused);
            }
            let weights = current
                .iter()
                .map(|item| item.as_ref().map_or(0, Item::weight));
            return Ok(weights.map(Capacity::of_repeated_write).sum());
        }
        let decision = decide::transaction(writes.clone(), &current)?;
        for (write, effect) in writes.iter().zip(decision.effects) {
            match effect {
                Effect::Kept => Capacity::default(),
                Effect::Stored(item) => self.put(item),
                Effect::Removed => self.remove(write.key()),
            };
        }
        if let Some(token) = token {
            let forgotten_at_second = now_second + limits::TOKEN_KEPT_SECONDS;
            self.tokens.insert(
                token,
                UsedToken {
                    writes,
                    forgotten_at_second,
                },
            );
        }
        Ok(decision.capacity)
    }

    fn put(&mut self, item: Item) -> Capacity {
        let before = self.items.insert(item.key.clone(), item.clone());
        let capacity = Capacity::of_write(before.as_ref(), Some(&item));
        self.note_change(item.key.clone(), before.as_ref(), Some(item));
        capacity
    }

    fn remove(&mut self, key: &PrimaryKey) -> Capacity {
        let before = self.items.remove(key);
        self.note_change(key.clone(), before.as_ref(), None);
        Capacity::of_write(before.as_ref(), None)
    }

    fn note_change(&mut self, key: PrimaryKey, before: Option<&Item>, after: Option<Item>) {
        let streamed = [before, after.as_ref()]
            .into_iter()
            .flatten()
            .any(|item| item.streamed);
        if !streamed || before == after.as_ref() {
            return;
        }
        let position = ChangePosition::from_text((self.changes.len() + 1).to_string());
        self.changes.push(Change {
            position,
            key,
            new_image: after,
        });
    }
}

/// Where an item stands in what is read.
fn place(item: &Item, index: Index) -> Option<IndexKey> {
    match index {
        Index::Table => Some(IndexKey {
            pk: item.key.pk.to_string(),
            sk: item.key.sk.clone(),
        }),
        Index::One => item.index1.clone(),
        Index::Two => item.index2.clone(),
    }
}

/// The first page of what was found, and what it weighs.
fn first_page(found: Vec<(IndexKey, Item)>, query: &Query) -> (Page, usize) {
    let mut items = Vec::new();
    let mut bytes = 0;
    let mut next = None;
    let mut found = found.into_iter();
    for (place, item) in found.by_ref() {
        if bytes + item.weight() > limits::QUERY_PAGE_MAX_BYTES {
            return (Page { items, next }, bytes);
        }
        bytes += item.weight();
        next = Some(Cursor {
            key: item.key.clone(),
            index_sk: (query.index != Index::Table).then_some(place.sk),
        });
        items.push(item);
        if query.limit == Some(items.len()) {
            return (Page { items, next }, bytes);
        }
    }
    (Page { items, next: None }, bytes)
}

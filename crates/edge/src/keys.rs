//! API keys: made, listed, replaced, revoked, and looked up for every request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use lastmile_model::identity::{ApiKey, Caller, KeyId, KeyName};
use lastmile_store::key::{API_KEYS_PARTITION, Key};
use lastmile_store::record::api_key::{
    REVOKED_AT, ROTATED_AT, SECRET_HASH, SECRET_HASH_BYTES, StoredApiKey, decode, encode,
    time_value,
};
use lastmile_store::{
    Clock, Condition, Consistency, Index, InvalidRequest, Query, Store, StoreError, TransactError,
    TransactWrite, Transaction, Value,
};
use thiserror::Error;

use crate::secret::{self, Entropy, KeyText};

/// How long a looked-up key is believed without asking the store: a revoked key works no longer than this.
pub const KEY_CACHE_TTL: SignedDuration = SignedDuration::from_secs(5);

/// Most looked-up ids that are remembered, unknown ones included.
pub const KEY_CACHE_MAX: usize = 4096;

/// What a new key is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// What people call it.
    pub name: KeyName,
    /// Who asks with it, and what they may do.
    pub caller: Caller,
}

/// A key that was just made, or given a new secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedKey {
    /// What may be shown at any time.
    pub key: ApiKey,
    /// What is shown this once.
    pub text: KeyText,
}

/// A key could not be made.
#[derive(Debug, Error)]
pub enum CreateKeyError {
    /// Chance gave the id of a key that exists (one in 2^48 per key).
    #[error("the random id {0} is taken; try again")]
    IdTaken(KeyId),
    /// The store failed.
    #[error("the key could not be stored")]
    Store(#[source] StoreError),
}

/// A key could not be changed.
#[derive(Debug, Error)]
pub enum KeyChangeError {
    /// There is no such key.
    #[error("there is no key {0}; `lastmile keys list` shows them")]
    Unknown(KeyId),
    /// It was revoked before, and stays so.
    #[error("key {0} is revoked; make a new one")]
    Revoked(KeyId),
    /// The store failed.
    #[error("the key could not be changed")]
    Store(#[source] StoreError),
}

/// One answer of the store, and when it was given.
struct Seen {
    at: Timestamp,
    key: Option<GoodKey>,
}

/// What a request needs of a key that is not revoked.
#[derive(Clone)]
struct GoodKey {
    caller: Arc<Caller>,
    secret_hash: [u8; SECRET_HASH_BYTES],
}

/// The keys in a store, with a short memory of those just looked up.
pub struct Keys {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    seen: Mutex<HashMap<KeyId, Seen>>,
}

impl Keys {
    /// The keys in `store`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            seen: Mutex::new(HashMap::new()),
        }
    }

    /// Makes a key out of [`ENTROPY_BYTES`](crate::ENTROPY_BYTES) random bytes.
    ///
    /// # Errors
    /// [`CreateKeyError`]; nothing was stored.
    pub async fn create(
        &self,
        new: NewKey,
        entropy: &Entropy,
    ) -> Result<CreatedKey, CreateKeyError> {
        let NewKey { name, caller } = new;
        let (id, secret) = secret::split(entropy);
        let text = KeyText::of(id, &secret);
        let now = self.clock.now();
        let key = ApiKey {
            id,
            name,
            caller,
            created_at: now,
            rotated_at: now,
            revoked_at: None,
        };
        let item = encode(&StoredApiKey {
            key: key.clone(),
            secret_hash: secret::hash(text.reveal()),
        });
        let put = TransactWrite::Put {
            item,
            condition: Condition::NotExists,
        };
        match self.write(put).await {
            Ok(()) => {
                self.forget(id);
                Ok(CreatedKey { key, text })
            }
            Err(Refused::Condition) => Err(CreateKeyError::IdTaken(id)),
            Err(Refused::Store(error)) => Err(CreateKeyError::Store(error)),
        }
    }

    /// All keys, revoked ones included, by tenant and creation.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails or holds something else in their place.
    pub async fn list(&self) -> Result<Vec<ApiKey>, StoreError> {
        let mut query = Query::partition(API_KEYS_PARTITION.to_owned());
        query.index = Index::One;
        let mut keys = Vec::new();
        loop {
            let page = self.store.query(&query).await?.value;
            for item in &page.items {
                keys.push(decode(item)?.key);
            }
            if page.next.is_none() {
                return Ok(keys);
            }
            query.after = page.next;
        }
    }

    /// Refuses the key from now on (elsewhere within [`KEY_CACHE_TTL`]). Revoking again changes nothing.
    ///
    /// # Errors
    /// [`KeyChangeError`]; nothing was changed.
    pub async fn revoke(&self, id: KeyId) -> Result<ApiKey, KeyChangeError> {
        let now = self.clock.now();
        let mut key = self.stored(id).await?.key;
        if key.revoked_at.is_none() {
            key.revoked_at = Some(now);
            self.update(id, vec![(REVOKED_AT, time_value(now))]).await?;
        }
        self.forget(id);
        Ok(key)
    }

    /// Gives the key a new secret; the old one is refused from now on. Id, name and caller stay. Of the
    /// random bytes only those for the secret are used.
    ///
    /// # Errors
    /// [`KeyChangeError`]; nothing was changed.
    pub async fn rotate(&self, id: KeyId, entropy: &Entropy) -> Result<CreatedKey, KeyChangeError> {
        let now = self.clock.now();
        let (_, secret) = secret::split(entropy);
        let text = KeyText::of(id, &secret);
        let mut key = self.stored(id).await?.key;
        if key.revoked_at.is_some() {
            return Err(KeyChangeError::Revoked(id));
        }
        key.rotated_at = now;
        let hash = Value::B(secret::hash(text.reveal()).to_vec());
        let set = vec![(SECRET_HASH, hash), (ROTATED_AT, time_value(now))];
        self.update(id, set).await?;
        self.forget(id);
        Ok(CreatedKey { key, text })
    }

    /// Whose key this is; `None` if it is nobody's, or revoked. Asks the store at most once per id and
    /// [`KEY_CACHE_TTL`].
    ///
    /// # Errors
    /// [`StoreError`] if the store could not be asked: then nothing is known about the key.
    pub async fn authenticate(&self, presented: &str) -> Result<Option<Arc<Caller>>, StoreError> {
        let Some(id) = secret::id_in(presented) else {
            return Ok(None);
        };
        let now = self.clock.now();
        let key = match self.remembered(id, now) {
            Some(key) => key,
            None => {
                let key = self.good_key(id).await?;
                self.remember(id, now, key.clone());
                key
            }
        };
        Ok(key
            .filter(|key| secret::matches(presented, &key.secret_hash))
            .map(|key| key.caller))
    }

    /// Whose key this is, as far as that is remembered; `None` says nothing about the key.
    #[must_use]
    pub fn known(&self, presented: &str) -> Option<Arc<Caller>> {
        let id = secret::id_in(presented)?;
        let key = self.remembered(id, self.clock.now())??;
        secret::matches(presented, &key.secret_hash).then_some(key.caller)
    }

    /// `Some(None)`: remembered as unknown.
    fn remembered(&self, id: KeyId, now: Timestamp) -> Option<Option<GoodKey>> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = seen.get(&id)?;
        (now.duration_since(entry.at) < KEY_CACHE_TTL).then(|| entry.key.clone())
    }

    fn remember(&self, id: KeyId, now: Timestamp, key: Option<GoodKey>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= KEY_CACHE_MAX && !seen.contains_key(&id) {
            seen.retain(|_, entry| now.duration_since(entry.at) < KEY_CACHE_TTL);
            // Somebody tries thousands of ids within seconds: good keys cost one read more, no memory.
            if seen.len() >= KEY_CACHE_MAX {
                seen.clear();
            }
        }
        seen.insert(id, Seen { at: now, key });
    }

    fn forget(&self, id: KeyId) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.remove(&id);
    }

    async fn good_key(&self, id: KeyId) -> Result<Option<GoodKey>, StoreError> {
        let key = Key::ApiKey { id }.primary();
        let item = self.store.get(&key, Consistency::Eventual).await?.value;
        let Some(stored) = item.as_ref().map(decode).transpose()? else {
            return Ok(None);
        };
        let StoredApiKey { key, secret_hash } = stored;
        Ok(key.revoked_at.is_none().then(|| GoodKey {
            caller: Arc::new(key.caller),
            secret_hash,
        }))
    }

    async fn stored(&self, id: KeyId) -> Result<StoredApiKey, KeyChangeError> {
        let key = Key::ApiKey { id }.primary();
        let item = self.store.get(&key, Consistency::Strong).await;
        let item = item.map_err(KeyChangeError::Store)?.value;
        let item = item.ok_or(KeyChangeError::Unknown(id))?;
        decode(&item).map_err(KeyChangeError::Store)
    }

    async fn update(
        &self,
        id: KeyId,
        set: Vec<(&'static str, Value)>,
    ) -> Result<(), KeyChangeError> {
        let update = TransactWrite::Update {
            key: Key::ApiKey { id }.primary(),
            set,
            add: Vec::new(),
            remove: Vec::new(),
            condition: Condition::Exists,
        };
        self.write(update).await.map_err(|refused| match refused {
            Refused::Condition => KeyChangeError::Unknown(id),
            Refused::Store(error) => KeyChangeError::Store(error),
        })
    }

    async fn write(&self, write: TransactWrite) -> Result<(), Refused> {
        let transaction = Transaction {
            writes: vec![write],
            token: None,
        };
        match self.store.transact(transaction).await {
            Ok(_capacity) => Ok(()),
            Err(TransactError::ConditionFailed { failed: _ }) => Err(Refused::Condition),
            Err(TransactError::TokenReused) => {
                Err(Refused::Store(InvalidRequest::UnexpectedToken.into()))
            }
            Err(TransactError::Store(error)) => Err(Refused::Store(error)),
        }
    }
}

/// Why a single write did not happen.
enum Refused {
    Condition,
    Store(StoreError),
}

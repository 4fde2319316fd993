//! What stands behind a door: a store in memory that can be told to fail, a clock that is turned, keys.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use lastmile_app::{Context, Random};
use lastmile_edge::{ENTROPY_BYTES, NewKey};
use lastmile_model::identity::{Caller, KeyName, ProviderName, Role, TenantId};
use lastmile_store::Clock;

use super::world::{Keys, OWN_PROVIDER};
use crate::store::{Fault, FaultStore, Faults, ManualClock, MemoryStore};

/// Longer than a list of active imports or a key is believed.
const PASSING_SECONDS: i64 = 10;

/// When fresh lists were collected: shortly before the time behind the services.
const COLLECTED_SECONDS: i64 = 1_772_000_000;

/// More calls of the store than any case makes.
const CALLS_THAT_FAIL: usize = 100_000;

/// A whole back office in memory, with time and chance that repeat themselves.
pub struct Backstage {
    /// The doors that the services are given.
    pub context: Context,
    /// Keys of the store.
    pub keys: Keys,
    /// Says whose key it is.
    pub edge: Arc<lastmile_edge::Keys>,
    clock: Arc<ManualClock>,
    store: Arc<FaultStore<MemoryStore>>,
}

impl Backstage {
    /// An empty store, but for the keys.
    pub async fn new() -> Self {
        // What is shown is cut to milliseconds.
        let clock = Arc::new(ManualClock::with_nanosecond(123_456_789));
        let time = Arc::clone(&clock) as Arc<dyn Clock>;
        let inner = MemoryStore::new(Arc::clone(&time));
        let store = Arc::new(FaultStore::new(inner, Faults::OFF, 1));
        let random = Arc::new(Counted(AtomicU64::new(1)));
        let context = Context::new(store.clone(), Arc::clone(&time), random);
        let edge = Arc::new(lastmile_edge::Keys::new(store.clone(), time));
        Self {
            keys: keys(&edge, &*context.random).await,
            context,
            edge,
            clock,
            store,
        }
    }

    /// The time behind the services.
    #[must_use]
    pub fn clock(&self) -> Arc<ManualClock> {
        Arc::clone(&self.clock)
    }

    /// When fresh lists were collected.
    ///
    /// # Panics
    /// Never: it is a time.
    #[must_use]
    pub fn collected() -> Timestamp {
        Timestamp::from_second(COLLECTED_SECONDS).expect("a time")
    }

    /// Lets more time pass than the services may go on using what they have read.
    #[must_use]
    pub fn pass_time(&self) -> Box<dyn Fn() + Send + Sync> {
        let clock = self.clock();
        Box::new(move || clock.advance_seconds(PASSING_SECONDS))
    }

    /// Lets every call of the store fail from now on.
    #[must_use]
    pub fn break_store(&self) -> Box<dyn Fn() + Send + Sync> {
        let store = Arc::clone(&self.store);
        Box::new(move || store.order([Some(Fault::Before); CALLS_THAT_FAIL]))
    }
}

/// Chance that repeats itself: the numbers of a counter, mixed.
struct Counted(AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let number = self.0.fetch_add(1, Ordering::Relaxed);
            *byte = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes()[0];
        }
    }
}

/// Makes the keys that every case may use.
///
/// # Panics
/// Where the store does not take them.
pub async fn keys(edge: &lastmile_edge::Keys, random: &dyn Random) -> Keys {
    let create = async |name: &str, tenant: &str, role: Role| {
        let mut entropy = [0; ENTROPY_BYTES];
        random.fill(&mut entropy);
        let new = NewKey {
            name: KeyName::new(name).expect("a name"),
            caller: Caller {
                tenant: TenantId::new(tenant).expect("a name"),
                role,
            },
        };
        edge.create(new, &entropy).await.expect("a key")
    };
    let text = async |name: &str, tenant: &str, role: Role| {
        let created = create(name, tenant, role).await;
        created.text.reveal().to_owned()
    };
    let provider = ProviderName::new(OWN_PROVIDER).expect("a name");
    let revoked = create("revoked", "default", Role::Operator).await;
    edge.revoke(revoked.key.id).await.expect("revoked");
    Keys {
        operator: text("operator", "default", Role::Operator).await,
        agent: text("agent", "default", Role::Agent).await,
        provider: text("provider", "default", Role::Provider(provider)).await,
        stranger: text("stranger", "another", Role::Operator).await,
        revoked: revoked.text.reveal().to_owned(),
    }
}

//! Keys from making to revoking, on the store in memory.

use std::sync::Arc;

use lastmile_edge::{CreateKeyError, CreatedKey, ENTROPY_BYTES, KeyChangeError, Keys, NewKey};
use lastmile_model::identity::{Caller, KeyId, KeyName, ProviderName, Role, TenantId};
use lastmile_store::Clock;
use lastmile_testkit::store::{ManualClock, MemoryStore};

struct Desk {
    keys: Keys,
    store: Arc<MemoryStore>,
    clock: Arc<ManualClock>,
}

impl Desk {
    fn open() -> Self {
        let clock = Arc::new(ManualClock::new());
        let store = Arc::new(MemoryStore::new(Arc::clone(&clock) as Arc<dyn Clock>));
        Self {
            keys: Keys::new(store.clone(), Arc::clone(&clock) as Arc<dyn Clock>),
            store,
            clock,
        }
    }

    /// Another process on the same store, which has looked nothing up yet.
    fn beside(&self) -> Keys {
        Keys::new(
            self.store.clone(),
            Arc::clone(&self.clock) as Arc<dyn Clock>,
        )
    }

    async fn create(&self, byte: u8, tenant: &str, role: Role) -> CreatedKey {
        let new = new_key(tenant, role);
        self.keys
            .create(new, &[byte; ENTROPY_BYTES])
            .await
            .expect("a key")
    }
}

fn new_key(tenant: &str, role: Role) -> NewKey {
    NewKey {
        name: KeyName::new("night batch").expect("a name"),
        caller: Caller {
            tenant: TenantId::new(tenant).expect("a name"),
            role,
        },
    }
}

#[tokio::test]
async fn a_key_says_who_asks_and_a_changed_one_says_nothing() {
    let desk = Desk::open();
    let provider = ProviderName::new("Acme Fiber").expect("a name");
    let created = desk.create(7, "north", Role::Provider(provider)).await;
    let text = created.text.reveal();
    let caller = desk
        .keys
        .authenticate(text)
        .await
        .expect("the store")
        .expect("a caller");
    assert_eq!(*caller, created.key.caller);
    assert_eq!(desk.keys.known(text).as_deref(), Some(&created.key.caller));
    let shorter = &text[..text.len() - 1];
    for other in [shorter, &text.to_uppercase(), "", "lastmile_000000000000_x"] {
        assert_eq!(
            desk.keys.authenticate(other).await.expect("the store"),
            None,
            "{other}"
        );
        assert_eq!(desk.keys.known(other), None, "{other}");
    }
}

#[tokio::test]
async fn the_secret_is_nowhere_in_the_store() {
    let desk = Desk::open();
    let created = desk.create(7, "north", Role::Operator).await;
    let secret = created.text.reveal().rsplit('_').next().expect("a secret");
    for item in desk.store.items() {
        let shown = format!("{:?}", item.attributes);
        assert!(!shown.contains(secret), "{shown}");
        assert!(!shown.contains("7, 7, 7, 7"), "{shown}");
    }
}

#[tokio::test]
async fn a_revoked_key_is_refused_here_at_once_and_elsewhere_soon() {
    let desk = Desk::open();
    let created = desk.create(7, "north", Role::Agent).await;
    let text = created.text.reveal();
    let beside = desk.beside();
    assert_eq!(beside.known(text), None, "nobody has asked yet");
    assert!(
        beside
            .authenticate(text)
            .await
            .expect("the store")
            .is_some()
    );
    let revoked = desk.keys.revoke(created.key.id).await.expect("revoked");
    assert_eq!(revoked.revoked_at, Some(desk.clock.now()));
    assert_eq!(desk.keys.known(text), None);
    assert_eq!(desk.keys.authenticate(text).await.expect("the store"), None);
    desk.clock.advance_seconds(4);
    assert!(beside.known(text).is_some());
    assert!(
        beside
            .authenticate(text)
            .await
            .expect("the store")
            .is_some()
    );
    desk.clock.advance_seconds(1);
    assert_eq!(beside.known(text), None);
    assert_eq!(beside.authenticate(text).await.expect("the store"), None);
    let again = desk.keys.revoke(created.key.id).await.expect("revoked");
    assert_eq!(again.revoked_at, revoked.revoked_at, "the first time stays");
}

#[tokio::test]
async fn a_rotated_key_keeps_its_id_and_loses_its_secret() {
    let desk = Desk::open();
    let created = desk.create(7, "north", Role::Operator).await;
    desk.clock.advance_seconds(60);
    let rotated = desk
        .keys
        .rotate(created.key.id, &[9; ENTROPY_BYTES])
        .await
        .expect("rotated");
    assert_eq!(rotated.key.id, created.key.id);
    assert_eq!(rotated.key.created_at, created.key.created_at);
    assert_eq!(rotated.key.rotated_at, desk.clock.now());
    let old = desk
        .keys
        .authenticate(created.text.reveal())
        .await
        .expect("the store");
    assert_eq!(old, None);
    let new = desk
        .keys
        .authenticate(rotated.text.reveal())
        .await
        .expect("the store");
    assert_eq!(new.as_deref(), Some(&created.key.caller));
    desk.keys.revoke(created.key.id).await.expect("revoked");
    let refused = desk.keys.rotate(created.key.id, &[8; ENTROPY_BYTES]).await;
    assert!(matches!(refused, Err(KeyChangeError::Revoked(id)) if id == created.key.id));
}

#[tokio::test]
async fn keys_are_listed_by_tenant_and_creation() {
    let desk = Desk::open();
    let south = desk.create(1, "south", Role::Operator).await;
    let north_late = {
        desk.clock.advance_seconds(5);
        desk.create(2, "north", Role::Agent).await
    };
    desk.clock.advance_seconds(5);
    let north_later = desk.create(3, "north", Role::Operator).await;
    let revoked = desk.keys.revoke(south.key.id).await.expect("revoked");
    let listed = desk.keys.list().await.expect("the store");
    assert_eq!(listed, [north_late.key, north_later.key, revoked]);
}

#[tokio::test]
async fn a_taken_id_and_an_unknown_one_are_refused() {
    let desk = Desk::open();
    let created = desk.create(7, "north", Role::Operator).await;
    let entropy = [7; ENTROPY_BYTES];
    let again = desk
        .keys
        .create(new_key("south", Role::Agent), &entropy)
        .await;
    assert!(matches!(again, Err(CreateKeyError::IdTaken(id)) if id == created.key.id));
    let unknown = KeyId([0; 6]);
    let refused = desk.keys.revoke(unknown).await;
    assert!(matches!(refused, Err(KeyChangeError::Unknown(id)) if id == unknown));
}

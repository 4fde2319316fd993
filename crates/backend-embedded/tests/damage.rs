//! Files that are not as they should be.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that fails"
)]

use std::path::Path;
use std::sync::Arc;

use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore, OpenError};
use lastmile_store::{
    BatchWrite, Condition, Consistency, Item, PrimaryKey, Query, Store, StoreError, TransactError,
    TransactWrite, Transaction,
};
use lastmile_testkit::store::ManualClock;
use redb::TableDefinition;

const FILE_NAME: &str = "store.redb";

fn open(directory: &Path) -> Result<EmbeddedStore, OpenError> {
    EmbeddedStore::open(
        directory,
        EmbeddedOptions::new(Arc::new(ManualClock::new())),
    )
}

/// Writes a record past the store.
fn insert(directory: &Path, table: &str, key: &[u8], value: &[u8]) {
    let definition: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new(table);
    let database = redb::Database::open(directory.join(FILE_NAME)).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction
        .open_table(definition)
        .unwrap()
        .insert(key, value)
        .unwrap();
    transaction.commit().unwrap();
}

#[test]
fn a_newer_format_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    open(directory.path()).unwrap().close();
    insert(directory.path(), "meta", b"format", &2_u32.to_be_bytes());
    for _ in 0..2 {
        let refused = open(directory.path()).err().unwrap();
        let newer = matches!(
            refused,
            OpenError::NewerFormat {
                found: 2,
                known: 1,
                ..
            }
        );
        assert!(newer, "{refused:?}");
        assert!(
            refused.to_string().contains("use a newer program"),
            "{refused}"
        );
    }
    insert(directory.path(), "meta", b"format", &1_u32.to_be_bytes());
    open(directory.path()).unwrap();
}

#[test]
fn a_file_that_is_no_store_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(FILE_NAME);
    let letter = "Dear store, ".repeat(1000);
    std::fs::write(&path, &letter).unwrap();
    let refused = open(directory.path()).err().unwrap();
    assert!(matches!(refused, OpenError::Engine { .. }), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), letter);
}

#[test]
fn a_directory_that_cannot_be_used_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file");
    std::fs::write(&path, "x").unwrap();
    let refused = open(&path).err().unwrap();
    assert!(
        matches!(refused, OpenError::Directory { .. }),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_damaged_item_is_named_and_harms_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let key = |sk: &str| PrimaryKey {
        pk: "p".into(),
        sk: sk.to_owned(),
    };
    open(directory.path()).unwrap().close();
    insert(
        directory.path(),
        "items",
        b"p\xFFbad",
        b"\xF0 an encoding of the future",
    );
    let store = open(directory.path()).unwrap();
    let good = Item::new(key("good"));
    store
        .batch_write(vec![BatchWrite::Put(good.clone())])
        .await
        .unwrap();

    let read = store.get(&key("bad"), Consistency::Strong).await;
    assert!(matches!(read, Err(StoreError::Corrupt { .. })), "{read:?}");
    let read = store.query(&Query::partition("p".to_owned())).await;
    assert!(matches!(read, Err(StoreError::Corrupt { .. })), "{read:?}");
    let writes = vec![TransactWrite::Delete {
        key: key("bad"),
        condition: Condition::Always,
    }];
    let token = None;
    let written = store.transact(Transaction { writes, token }).await;
    let corrupt = matches!(
        written,
        Err(TransactError::Store(StoreError::Corrupt { .. }))
    );
    assert!(corrupt, "{written:?}");
    let read = store.get(&good.key, Consistency::Strong).await.unwrap();
    assert_eq!(read.value, Some(good));
}

//! What files must do: each sentence of the documentation of [`Files`], asked of real ones.
//!
//! The checks stop at the first difference with a message that says what was expected. Names begin with
//! the prefix that the caller gives, so that one place serves many runs.

use bytes::Bytes;
use lastmile_store::files::{
    FILE_NAME_MAX_BYTES, FILE_PUT_MAX_BYTES, FILE_READ_MAX_BYTES, FileFacts, Files, FilesError,
};

/// More names than one page of S3 lists.
const MANY: usize = 1_050;

/// Runs all checks.
pub async fn run(files: &dyn Files, prefix: &str) {
    whole_files(files, prefix).await;
    ranges(files, prefix).await;
    versions(files, prefix).await;
    names(files, prefix).await;
    odd_names(files, prefix).await;
    many_names(files, prefix).await;
    refusals(files, prefix).await;
}

async fn put(files: &dyn Files, name: &str, content: &'static str) -> FileFacts {
    let put = files
        .put(name, Bytes::from_static(content.as_bytes()))
        .await;
    put.expect("a file can be put");
    let facts = files.facts(name).await.expect("facts can be read");
    facts.expect("what was put is there")
}

fn is_gone(read: &Result<Bytes, FilesError>) -> bool {
    matches!(read, Err(FilesError::Gone { .. }))
}

/// A file is there as a whole, until it is removed.
async fn whole_files(files: &dyn Files, prefix: &str) {
    let name = format!("{prefix}whole/a.csv");
    assert_eq!(files.facts(&name).await.expect("facts"), None, "not yet");
    let facts = put(files, &name, "0123456789").await;
    assert_eq!(facts.length, 10);
    let read = files.read(&name, &facts.version, 0..10).await;
    assert_eq!(read.expect("the whole file"), "0123456789");
    let empty = put(files, &format!("{prefix}whole/empty"), "").await;
    assert_eq!(empty.length, 0, "a file may be empty");
    files.remove(&name).await.expect("removed");
    files
        .remove(&name)
        .await
        .expect("no error where there is none");
    assert_eq!(files.facts(&name).await.expect("facts"), None, "removed");
    let read = files.read(&name, &facts.version, 0..10).await;
    assert!(is_gone(&read), "a removed file is gone: {read:?}");
}

/// Any range within the file can be read, and none beyond it.
async fn ranges(files: &dyn Files, prefix: &str) {
    let name = format!("{prefix}ranges/a.csv");
    let facts = put(files, &name, "0123456789").await;
    for (range, text) in [(0..1, "0"), (3..7, "3456"), (9..10, "9"), (4..4, "")] {
        let read = files.read(&name, &facts.version, range.clone()).await;
        assert_eq!(read.expect("within the file"), text, "{range:?}");
    }
    for range in [0..11, 5..12, 11..12] {
        let read = files.read(&name, &facts.version, range.clone()).await;
        let refused = matches!(read, Err(FilesError::OverLimit { .. }));
        assert!(refused, "{range:?} is not within the file: {read:?}");
    }
}

/// What is put in place of a file has another version, and the one before is gone.
async fn versions(files: &dyn Files, prefix: &str) {
    let name = format!("{prefix}versions/a.csv");
    let first = put(files, &name, "first").await;
    let second = put(files, &name, "other").await;
    assert_ne!(first.version, second.version);
    let read = files.read(&name, &first.version, 0..5).await;
    assert!(is_gone(&read), "the first version is gone: {read:?}");
    let read = files.read(&name, &second.version, 0..5).await;
    assert_eq!(read.expect("the version that is there"), "other");
}

/// A prefix lists names in order, and as many as were asked for.
async fn names(files: &dyn Files, prefix: &str) {
    let folder = format!("{prefix}names/");
    let all: Vec<_> = ["a/0000000002.csv", "a/0000000010.csv", "b"]
        .iter()
        .map(|name| format!("{folder}{name}"))
        .collect();
    for name in all.iter().rev() {
        put(files, name, "x").await;
    }
    let listed = async |prefix: &str, most| files.names(prefix, most).await.expect("names");
    assert_eq!(listed(&folder, 10).await, all);
    assert_eq!(listed(&folder, 2).await, all[..2]);
    assert_eq!(listed(&folder, 0).await, [""; 0]);
    assert_eq!(listed(&format!("{folder}a/"), 10).await, all[..2]);
    assert_eq!(listed(&format!("{folder}c"), 10).await, [""; 0]);
}

/// Names are texts: nothing in them means something.
async fn odd_names(files: &dyn Files, prefix: &str) {
    for odd in [
        "a b+c.csv",
        "Acme%20Fiber/x",
        "T\u{e9}l\u{e9}/\u{1f600}",
        "a?b=c&d#e",
        "~26.'()*!",
    ] {
        let name = format!("{prefix}odd/{odd}");
        let facts = put(files, &name, "odd").await;
        let read = files.read(&name, &facts.version, 0..3).await;
        assert_eq!(read.expect("readable"), "odd", "{odd}");
        let listed = files.names(&name, 2).await.expect("names");
        assert_eq!(listed, [name.as_str()]);
        files.remove(&name).await.expect("removed");
        assert_eq!(files.facts(&name).await.expect("facts"), None, "{odd}");
    }
}

/// However many there are, all are listed.
async fn many_names(files: &dyn Files, prefix: &str) {
    let folder = format!("{prefix}many/");
    for number in 0..MANY {
        let put = files
            .put(&format!("{folder}{number:06}"), Bytes::new())
            .await;
        put.expect("a file can be put");
    }
    let listed = files.names(&folder, MANY * 2).await.expect("names");
    assert_eq!(listed.len(), MANY);
    assert!(listed.is_sorted());
    let some = files.names(&folder, MANY - 1).await.expect("names");
    assert_eq!(some, listed[..MANY - 1]);
}

/// What breaks a limit is refused, and nothing happens.
async fn refusals(files: &dyn Files, prefix: &str) {
    let refused = |broken: &Result<(), FilesError>| {
        assert!(
            matches!(broken, Err(FilesError::OverLimit { .. })),
            "{broken:?}"
        );
    };
    let name = format!("{prefix}refused");
    let long = Bytes::from(vec![0; FILE_PUT_MAX_BYTES + 1]);
    refused(&files.put(&name, long).await);
    assert_eq!(files.facts(&name).await.expect("facts"), None);
    for bad in [String::new(), "x".repeat(FILE_NAME_MAX_BYTES + 1)] {
        refused(&files.put(&bad, Bytes::new()).await);
        refused(&files.remove(&bad).await);
        refused(&files.facts(&bad).await.map(drop));
        refused(&files.read(&bad, "1", 0..1).await.map(drop));
    }
    let facts = put(files, &name, "x").await;
    let long = files.read(&name, &facts.version, 0..FILE_READ_MAX_BYTES + 1);
    refused(&long.await.map(drop));
}

//! Files that are easy to believe: one sorted map behind one lock.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use lastmile_store::files::{self, FileFacts, Files, FilesError};

/// The contract of files in memory. Nothing outlives it.
#[derive(Default)]
pub struct MemoryFiles {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How often something was put.
    puts: u64,
    files: BTreeMap<String, File>,
}

struct File {
    content: Bytes,
    version: u64,
}

impl MemoryFiles {
    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut state)
    }
}

#[async_trait]
impl Files for MemoryFiles {
    async fn put(&self, name: &str, content: Bytes) -> Result<(), FilesError> {
        files::validate_put(name, &content)?;
        self.with(|state| {
            state.puts += 1;
            let version = state.puts;
            let file = File { content, version };
            state.files.insert(name.to_owned(), file);
        });
        Ok(())
    }

    async fn facts(&self, name: &str) -> Result<Option<FileFacts>, FilesError> {
        files::validate_name(name)?;
        let facts = |file: &File| FileFacts {
            length: file.content.len() as u64,
            version: file.version.to_string(),
        };
        Ok(self.with(|state| state.files.get(name).map(facts)))
    }

    async fn read(
        &self,
        name: &str,
        version: &str,
        range: Range<u64>,
    ) -> Result<Bytes, FilesError> {
        files::validate_read(name, &range)?;
        let gone = || FilesError::Gone {
            name: name.to_owned(),
        };
        self.with(|state| {
            let file = state.files.get(name).ok_or_else(gone)?;
            if file.version.to_string() != version {
                return Err(gone());
            }
            let end = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
            let range = end(range.start)..end(range.end);
            let content = file.content.get(range.clone());
            match content {
                Some(_) => Ok(file.content.slice(range)),
                None => Err(FilesError::OverLimit {
                    name: name.to_owned(),
                    actual: range.end as u64,
                    allowed: file.content.len() as u64,
                }),
            }
        })
    }

    async fn names(&self, prefix: &str, most: usize) -> Result<Vec<String>, FilesError> {
        files::validate_name(prefix)?;
        Ok(self.with(|state| {
            let from = state.files.range(prefix.to_owned()..);
            let named = from.map(|(name, _)| name);
            let named = named.take_while(|name| name.starts_with(prefix));
            named.take(most).cloned().collect()
        }))
    }

    async fn remove(&self, name: &str) -> Result<(), FilesError> {
        files::validate_name(name)?;
        self.with(|state| state.files.remove(name));
        Ok(())
    }
}

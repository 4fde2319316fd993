//! The providers file where no disk outlives a process: an item of the table.
//!
//! It is read at the first event and not at start, and again when what was made of it has been kept for a while: a
//! file that was replaced is used within that time. Without one every provider is answered from its lists. What is
//! kept is what was made of it, a router or a workshop.

use std::io;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use lastmile_app::Context;
use lastmile_app::quotes::{Panel, providers_file};
use lastmile_doors::{SystemClock, SystemRandom, SystemTimer};
use lastmile_providers::Doors;
use lastmile_providers::exchange::https::HttpsExchange;
use lastmile_providers::settings::{self, Settings, SettingsError};
use lastmile_store::{Consistency, StoreError};
use thiserror::Error;
use tokio::sync::Mutex;

/// How long what was made of it is used without looking at whether it was replaced.
pub const KEPT: SignedDuration = SignedDuration::from_mins(1);

/// The providers file cannot be used.
#[derive(Debug, Error)]
pub enum ProvidersFileError {
    /// The table failed.
    #[error("the providers file cannot be read from the table")]
    Store(#[from] StoreError),
    /// It does not say what a providers file says.
    #[error("the providers file of the table cannot be used")]
    Settings(#[from] SettingsError),
    /// No carrier's certificate could be checked.
    #[error("the machine has no certificates to check carriers by")]
    Certificates(#[from] io::Error),
}

/// What is made of the providers file, and kept.
pub struct ProvidersFile<T> {
    context: Context,
    make: Box<Make<T>>,
    kept: Mutex<Option<Kept<T>>>,
}

/// What a function makes of a providers file.
type Make<T> = dyn Fn(Settings) -> Result<T, ProvidersFileError> + Send + Sync;

struct Kept<T> {
    made: T,
    /// Of what it was made; none where there was no file.
    text: Option<String>,
    looked_at: Timestamp,
}

impl<T: Clone> ProvidersFile<T> {
    /// Reads nothing yet. `make` makes what is kept.
    pub fn new(
        context: Context,
        make: impl Fn(Settings) -> Result<T, ProvidersFileError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            context,
            make: Box::new(make),
            kept: Mutex::new(None),
        }
    }

    /// What is made of the file as it is, or was not longer ago than [`KEPT`]. Where it cannot be used any
    /// more, what was made of it before is used on: quotes do not wait until a file is put right.
    ///
    /// # Errors
    /// [`ProvidersFileError`] where nothing was made of it before: a slip in a file must not have every provider
    /// answered from its lists.
    pub async fn current(&self) -> Result<T, ProvidersFileError> {
        // Whoever comes while somebody looks waits for that look.
        let mut kept = self.kept.lock().await;
        let now = self.context.clock.now();
        if let Some(before) = kept.as_mut() {
            if now.duration_since(before.looked_at) >= KEPT {
                self.renew(before, now).await;
            }
            return Ok(before.made.clone());
        }
        let text = self.read().await?;
        let made = self.made_of(text.as_deref())?;
        *kept = Some(Kept {
            made: made.clone(),
            text,
            looked_at: now,
        });
        Ok(made)
    }

    async fn renew(&self, kept: &mut Kept<T>, now: Timestamp) {
        kept.looked_at = now;
        let renewed = async {
            let text = self.read().await?;
            if text == kept.text {
                return Ok(());
            }
            kept.made = self.made_of(text.as_deref())?;
            kept.text = text;
            tracing::info!("the providers file was replaced");
            Ok::<_, ProvidersFileError>(())
        };
        if let Err(error) = renewed.await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the providers file as it was before is used on"
            );
        }
    }

    async fn read(&self) -> Result<Option<String>, ProvidersFileError> {
        let read = providers_file::read(self.context.store.as_ref(), Consistency::Eventual);
        Ok(read.await?)
    }

    fn made_of(&self, text: Option<&str>) -> Result<T, ProvidersFileError> {
        let settings = text.map(settings::read).transpose()?;
        (self.make)(settings.unwrap_or_default())
    }
}

/// Who is asked in which way, for a function that asks. Secrets are read when a carrier wants one, and not here.
///
/// # Errors
/// There are no certificates to check carriers by.
pub fn asking(settings: Settings) -> Result<Arc<Panel>, ProvidersFileError> {
    let doors = Doors::new(SystemClock, SystemTimer, SystemRandom);
    let panel = Panel::of_settings(settings, &HttpsExchange::new()?, &doors);
    Ok(Arc::new(panel))
}

/// Who is set up, who buys from whom and who calls back, for a function that asks nobody.
#[must_use]
pub fn looking(settings: Settings) -> Arc<Panel> {
    Arc::new(Panel::that_asks_nobody(settings))
}

#[cfg(test)]
mod tests {
    use lastmile_store::record::providers_file::encode;
    use lastmile_store::{BatchWrite, Store};
    use lastmile_testkit::chance::Counting;
    use lastmile_testkit::store::{ManualClock, MemoryStore};

    use super::*;

    /// How many providers the file names, as it is made of it.
    struct Bench {
        store: Arc<dyn Store>,
        clock: Arc<ManualClock>,
        file: ProvidersFile<usize>,
    }

    impl Bench {
        fn new() -> Self {
            let clock = Arc::new(ManualClock::new());
            let store: Arc<dyn Store> = Arc::new(MemoryStore::new(clock.clone()));
            let context = Context::new(
                Arc::clone(&store),
                clock.clone(),
                Arc::new(Counting::default()),
            );
            let count = |settings: Settings| Ok(settings.providers.len());
            let file = ProvidersFile::new(context, count);
            Self { store, clock, file }
        }

        /// Puts a text that nobody has looked at.
        async fn put(&self, text: &str) {
            let put = self.store.batch_write(vec![BatchWrite::Put(encode(text))]);
            put.await.expect("a store in memory takes every item");
        }

        async fn providers(&self) -> usize {
            self.file.current().await.expect("a file that can be used")
        }
    }

    const ONE: &str = "[[provider]]\nname = \"Bay\"\nkind = \"person\"\n";

    #[tokio::test]
    async fn a_file_that_was_replaced_is_used_after_a_while() {
        let bench = Bench::new();
        assert_eq!(bench.providers().await, 0, "without a file there are none");
        let store = bench.store.as_ref();
        providers_file::put(store, ONE).await.expect("put");
        assert_eq!(bench.providers().await, 0);
        bench.clock.advance_seconds(KEPT.as_secs());
        assert_eq!(bench.providers().await, 1);
        providers_file::remove(store).await.expect("removed");
        bench.clock.advance_seconds(KEPT.as_secs());
        assert_eq!(bench.providers().await, 0);
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_used_ends_nothing_that_went_before() {
        let bench = Bench::new();
        bench.put("[[provider]").await;
        let refused = bench.file.current().await;
        assert!(matches!(refused, Err(ProvidersFileError::Settings(_))));
        bench.put(ONE).await;
        assert_eq!(bench.providers().await, 1, "it is not kept as refused");
        bench.put("[[provider]").await;
        bench.clock.advance_seconds(KEPT.as_secs());
        assert_eq!(bench.providers().await, 1);
        bench.put("").await;
        bench.clock.advance_seconds(KEPT.as_secs());
        assert_eq!(bench.providers().await, 0);
    }
}

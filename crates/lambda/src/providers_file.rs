//! The providers file where no disk outlives a process: an object of the bucket.
//!
//! It is read at the first event and not at start, and looked at again when it has been kept for a while: a file
//! that was replaced is used within that time, and one that has not changed costs a look. Without one every
//! provider is answered from its lists. What is kept is what was made of it, a router or a workshop.

use std::io;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use lastmile_app::quotes::Panel;
use lastmile_doors::{SystemClock, SystemRandom, SystemTimer};
use lastmile_providers::Doors;
use lastmile_providers::exchange::https::HttpsExchange;
use lastmile_providers::settings::{self, Settings, SettingsError};
use lastmile_store::{Clock, Files, FilesError};
use thiserror::Error;
use tokio::sync::Mutex;

/// Where the file lies in the bucket.
pub const NAME: &str = "settings/providers.toml";
/// How long it is kept without a look at whether it was replaced.
pub const KEPT: SignedDuration = SignedDuration::from_mins(1);
/// Longest file: as many providers as one may name, with a kilobyte for each.
pub const FILE_MAX_BYTES: u64 = 1024 * 1024;
/// How often it is read that is replaced while it is read.
const READS_MAX: u32 = 3;

/// The providers file cannot be used.
#[derive(Debug, Error)]
pub enum ProvidersFileError {
    /// The bucket failed, or the file was replaced again and again.
    #[error("the providers file {NAME} cannot be read from the bucket")]
    Files(#[from] FilesError),
    /// It is too long to be one.
    #[error("the providers file {NAME} has {given} bytes where {FILE_MAX_BYTES} are allowed")]
    TooLong {
        /// Its length, in bytes.
        given: u64,
    },
    /// It is no text.
    #[error("the providers file {NAME} is no text in UTF-8")]
    NotText,
    /// It does not say what a providers file says.
    #[error("the providers file {NAME} cannot be used")]
    Settings(#[from] SettingsError),
    /// No carrier's certificate could be checked.
    #[error("the machine has no certificates to check carriers by")]
    Certificates(#[from] io::Error),
}

/// What is made of the providers file, and kept.
pub struct ProvidersFile<T> {
    files: Arc<dyn Files>,
    clock: Arc<dyn Clock>,
    make: Box<Make<T>>,
    kept: Mutex<Option<Kept<T>>>,
}

/// What a function makes of a providers file.
type Make<T> = dyn Fn(Settings) -> Result<T, ProvidersFileError> + Send + Sync;

struct Kept<T> {
    made: T,
    version: Version,
    looked_at: Timestamp,
}

/// A content of the file; none where there is no file.
#[derive(PartialEq, Eq)]
struct Version(Option<String>);

impl<T: Clone> ProvidersFile<T> {
    /// Reads nothing yet. `make` makes what is kept.
    pub fn new(
        files: Arc<dyn Files>,
        clock: Arc<dyn Clock>,
        make: impl Fn(Settings) -> Result<T, ProvidersFileError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            files,
            clock,
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
        let now = self.clock.now();
        if let Some(before) = kept.as_mut() {
            if now.duration_since(before.looked_at) >= KEPT {
                self.renew(before, now).await;
            }
            return Ok(before.made.clone());
        }
        let (version, made) = self.read().await?;
        *kept = Some(Kept {
            made: made.clone(),
            version,
            looked_at: now,
        });
        Ok(made)
    }

    async fn renew(&self, kept: &mut Kept<T>, now: Timestamp) {
        kept.looked_at = now;
        match self.read_if_not(&kept.version).await {
            Ok(None) => {}
            Ok(Some((version, made))) => {
                kept.made = made;
                kept.version = version;
                tracing::info!("the providers file was replaced");
            }
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "the providers file as it was before is used on"
            ),
        }
    }

    /// Reads the file where it is not the known one.
    async fn read_if_not(
        &self,
        known: &Version,
    ) -> Result<Option<(Version, T)>, ProvidersFileError> {
        let facts = self.files.facts(NAME).await?;
        if facts.map(|facts| facts.version) == known.0 {
            return Ok(None);
        }
        self.read().await.map(Some)
    }

    async fn read(&self) -> Result<(Version, T), ProvidersFileError> {
        let mut reads = 0;
        loop {
            reads += 1;
            let Some(facts) = self.files.facts(NAME).await? else {
                return Ok((Version(None), (self.make)(Settings::default())?));
            };
            let given = facts.length;
            if given > FILE_MAX_BYTES {
                return Err(ProvidersFileError::TooLong { given });
            }
            match self.files.read(NAME, &facts.version, 0..given).await {
                Ok(content) => {
                    let made = (self.make)(settings_of(&content)?)?;
                    return Ok((Version(Some(facts.version)), made));
                }
                Err(FilesError::Gone { .. }) if reads < READS_MAX => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn settings_of(content: &[u8]) -> Result<Settings, ProvidersFileError> {
    let text = str::from_utf8(content).map_err(|_| ProvidersFileError::NotText)?;
    Ok(settings::read(text)?)
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
    use bytes::Bytes;
    use lastmile_testkit::files::MemoryFiles;
    use lastmile_testkit::store::ManualClock;

    use super::*;

    /// How many providers the file names, as it is made of it.
    struct Bench {
        files: Arc<MemoryFiles>,
        clock: Arc<ManualClock>,
        file: ProvidersFile<usize>,
    }

    impl Bench {
        fn new() -> Self {
            let files = Arc::new(MemoryFiles::default());
            let clock = Arc::new(ManualClock::new());
            let count = |settings: Settings| Ok(settings.providers.len());
            let file = ProvidersFile::new(files.clone(), clock.clone(), count);
            Self { files, clock, file }
        }

        async fn put(&self, content: impl Into<Bytes>) {
            let put = self.files.put(NAME, content.into()).await;
            put.expect("files in memory take every file");
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
        bench.put(ONE).await;
        assert_eq!(bench.providers().await, 0);
        bench.clock.advance_seconds(KEPT.as_secs());
        assert_eq!(bench.providers().await, 1);
        bench.files.remove(NAME).await.expect("removed");
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
        let too_long = usize::try_from(FILE_MAX_BYTES).expect("a size") + 1;
        for bad in [Bytes::from_static(b"\xff"), vec![b'#'; too_long].into()] {
            bench.put(bad).await;
            bench.clock.advance_seconds(KEPT.as_secs());
            assert_eq!(bench.providers().await, 1);
        }
        bench.put("").await;
        bench.clock.advance_seconds(KEPT.as_secs());
        assert_eq!(bench.providers().await, 0);
    }
}

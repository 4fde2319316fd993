//! One file into the store, shown to readers when it is complete.

use std::io;
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;
use lastmile_model::identity::{ListId, ProviderName, TenantId};
use lastmile_model::listing::layout::{Layout, LayoutError};
use lastmile_model::listing::life::{Import, Listed};
use lastmile_model::listing::{Counts, Format, Generation, Holds, ImportId, ImportState};
use lastmile_store::record::import::{StoredImport, generation};
use lastmile_store::{QueueError, StoreError, TransactWrite, record};
use thiserror::Error;

use super::begin::{Begun, Clearing, begin, clear_away};
use super::column_map::Mapping;
use super::drive::{Driven, Stretch, drive};
use super::examine::{self, Examined};
use super::limits::{CHANGE_TRIES, RATE_CARDS_OF_PROVIDER_MAX};
use super::look::{read_import, read_list};
use super::parsed::Reading;
use super::providers::{ClaimsOf, Providers};
use super::retry::retrying;
use super::source::{Observer, Phase, Progress, RowSource};
use super::sweep::sweep_list;
use super::worker::{Outcome, Worker, new_owner, transact};
use crate::Context;

/// What to load.
#[derive(Clone, Debug)]
pub struct LoadRequest {
    /// The list that the file replaces.
    pub list: ListId,
    /// On whose behalf it is loaded.
    pub tenant: TenantId,
    /// Whose claims its rows may be.
    pub claims_of: ClaimsOf,
    /// How it is laid out; found out from its header where nothing is said.
    pub format: Option<Format>,
    /// How its columns are read; for [`Format::Mapped`], and only for it.
    pub column_map: Option<Mapping>,
    /// The day the list was true. Where nothing is said: the newest day that a row names, else
    /// `file_date`, else today (UTC).
    pub as_of: Option<Date>,
    /// The file's name, for people.
    pub file_name: String,
    /// The day the file was last changed, where that is known.
    pub file_date: Option<Date>,
}

/// What an import came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The import that readers now see.
    pub id: ImportId,
    /// How the file was laid out.
    pub format: Format,
    /// The day the list was true.
    pub as_of: Date,
    /// What became of the rows.
    pub counts: Counts,
    /// `false` where the very file is the active import already, and nothing was written.
    pub changed: bool,
    /// Rows that an interrupted import of the same file had already done.
    pub resumed_rows: u64,
}

/// A file was not loaded. Readers see what they saw before.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The file cannot be read to its end. What was loaded stays for a resume.
    #[error("the file cannot be read")]
    Source(#[from] io::Error),
    /// Its rows are not those whose digest was taken: somebody writes to it. Nothing of it is visible.
    #[error("the file was changed while it was read; import it again when it is complete")]
    FileChanged,
    /// It is longer than is taken.
    #[error(
        "the file is longer than {allowed} bytes; compress it with gzip, or split it into lists"
    )]
    TooLong {
        /// What is taken.
        allowed: u64,
    },
    /// The list cannot have been true on a day that has not come yet.
    #[error("{as_of} is in the future; give the day on which the list was true")]
    AsOfInFuture {
        /// The day that was given.
        as_of: Date,
    },
    /// Another spelling of a known provider would be a provider of its own.
    #[error(
        "there is a provider \"{known}\" already, which differs from \"{given}\" by upper and lower case \
         only; write it the same"
    )]
    ProviderSpelling {
        /// As it was given.
        given: ProviderName,
        /// As it is known.
        known: ProviderName,
    },
    /// A rate card has more rates than one may. Nothing of it is visible.
    #[error(
        "the rate card has more than {allowed} rates; a price for every building is a list of buildings \
         (import it as one), else split the card by product into lists of their own"
    )]
    TooManyRates {
        /// What is taken.
        allowed: u64,
    },
    /// The provider has as many rate cards as are read for one price.
    #[error(
        "{provider} has {RATE_CARDS_OF_PROVIDER_MAX} rate cards already; import the file in place of one of them"
    )]
    TooManyRateCards {
        /// Whose.
        provider: ProviderName,
    },
    /// The list holds something else than the file: it would take the place of that.
    #[error(
        "list {list} holds {}, and the file {}; give the file a list of its own",
        .holds.as_str(),
        .given.as_str()
    )]
    OtherKind {
        /// The list.
        list: ListId,
        /// What it holds.
        holds: Holds,
        /// What the file holds.
        given: Holds,
    },
    /// There is no header.
    #[error("the file is empty: expected a header row")]
    Empty,
    /// It is binary, or text in another encoding than UTF-8.
    #[error(
        "the file is not CSV text in UTF-8 (it may be a spreadsheet or an archive): export it as CSV"
    )]
    NotText,
    /// The file is not what it was said to be, or cannot be read as it was asked.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// Another import of the same list is at work.
    #[error("import {import} of the same list is running; wait for it to end")]
    Running {
        /// Which.
        import: ImportId,
    },
    /// It was asked to stop. Nothing of it is visible.
    #[error(
        "import {import} was interrupted; nothing of it is visible, the same file again goes on with it"
    )]
    Cancelled {
        /// Which.
        import: ImportId,
    },
    /// It was asked to stop before anything was written.
    #[error("the import was cancelled before it began; nothing was written")]
    CancelledBefore,
    /// Another worker took the import over, because this one had not been heard of.
    #[error("import {import} was taken over by another worker")]
    TakenOver {
        /// Which.
        import: ImportId,
    },
    /// The store failed. What was loaded stays for a resume.
    #[error("the store failed during the import")]
    Store(#[from] StoreError),
    /// The work could not be handed on. The same file again goes on with it.
    #[error("the import could not be handed to a worker; send the file again")]
    Queue(#[from] QueueError),
}

/// Loads a file in place of the list's active import.
///
/// Rows are written under the number of a new import, which no reader sees; when the last one is
/// written, one transaction makes the new import the active one. The import before it is kept, so that
/// [`undo()`](super::undo()) can go back; the one before that is removed.
///
/// The very file that is active already changes nothing. A file whose import was interrupted goes on
/// where that stopped; another file cleans it up first. A row that cannot be used is told to the
/// observer and left out. Dropping the future, or the observer's cancellation, stops between two
/// chunks of rows.
///
/// # Errors
/// [`LoadError`]; readers then see what they saw before.
pub async fn load(
    context: &Context,
    request: &LoadRequest,
    source: Arc<dyn RowSource>,
    observer: Arc<dyn Observer>,
) -> Result<Summary, LoadError> {
    refuse_day_to_come(context, request)?;
    let examined = examined(request, &source, &observer).await?;
    let providers = Providers::of(context, &request.list.provider, request.claims_of).await?;
    let mut worker = match begin(
        context,
        request,
        &examined,
        new_owner(context),
        Clearing::First,
    )
    .await?
    {
        Begun::Same(import) => return Ok(same(context, *import)),
        Begun::Work(worker) => worker,
    };
    let resumed_rows = worker.import.counts.rows;
    observer.started(&worker.import.id, resumed_rows);
    let reading = Arc::new(reading(examined.layout, providers, &worker.import));
    if let Err(error) = all_rows(context, request, &reading, &mut worker, source, &observer).await {
        leave(context, *worker, &error).await;
        return Err(error);
    }
    let as_of = as_of(context, request.file_date, &worker.import);
    let import = activate(context, *worker, as_of).await?;
    observer.progressed(&Progress {
        phase: Phase::Sweeping,
        bytes: import.file.bytes,
        bytes_total: Some(import.file.bytes),
        counts: import.counts,
    });
    sweep_superseded(context, &import).await;
    Ok(Summary {
        id: import.id,
        format: import.format,
        as_of,
        counts: import.counts,
        changed: true,
        resumed_rows,
    })
}

/// A list cannot have been true on a day that has not come yet.
pub(super) fn refuse_day_to_come(
    context: &Context,
    request: &LoadRequest,
) -> Result<(), LoadError> {
    // Somewhere it is tomorrow already.
    let latest = today(context).saturating_add(1.day());
    match request.as_of.filter(|day| *day > latest) {
        Some(as_of) => Err(LoadError::AsOfInFuture { as_of }),
        None => Ok(()),
    }
}

/// Loads the rows that the import does not have yet. When it returns well, every row is written and the
/// import's item is saved.
async fn all_rows(
    context: &Context,
    request: &LoadRequest,
    reading: &Arc<Reading>,
    worker: &mut Worker,
    source: Arc<dyn RowSource>,
    observer: &Arc<dyn Observer>,
) -> Result<(), LoadError> {
    let stretch = Stretch::default();
    let driven = drive(context, request, reading, worker, source, stretch, observer).await?;
    match driven {
        Driven::ToTheLastRow if !observer.is_cancelled() => worker.save(context).await,
        Driven::ToTheLastRow | Driven::NotToTheLastRow => Err(LoadError::Cancelled {
            import: worker.import.id.clone(),
        }),
    }
}

/// How the rows of an import are read.
pub(super) fn reading(layout: Layout, providers: Providers, import: &Import) -> Reading {
    Reading {
        layout,
        providers,
        generation: generation(import),
        previous: import.replaced.map(|before| Generation {
            list: import.list,
            import: before,
        }),
    }
}

/// Writes down that an import stopped, and why, so far as its state says it.
async fn leave(context: &Context, mut worker: Worker, error: &LoadError) {
    let id = worker.import.id.clone();
    let left = match error {
        LoadError::TakenOver { .. } => Ok(()),
        LoadError::FileChanged | LoadError::TooManyRates { .. } => give_up(context, worker).await,
        LoadError::Source(error) if is_damaged(error) => worker.fail(context).await,
        _ => worker.interrupt(context).await,
    };
    if let Err(second) = left {
        // The lease lapses by itself; the first error is the one to tell.
        tracing::warn!(import.id = %id, error = %second, "import not marked as stopped");
    }
}

/// Removes what was written of a file that changed, or is too much: the same file again must not go on with
/// its rows.
async fn give_up(context: &Context, worker: Worker) -> Result<(), LoadError> {
    let Worker {
        import, revision, ..
    } = worker;
    match retrying(|| read_list(context, &import.id.list)).await? {
        None => Ok(()),
        Some(list) => {
            let stored = StoredImport { import, revision };
            Ok(clear_away(context, &list, stored, Clearing::First).await?)
        }
    }
}

/// Whether the bytes themselves are wrong, so that reading them again does not help.
pub(super) fn is_damaged(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof
    )
}

pub(super) async fn examined(
    request: &LoadRequest,
    source: &Arc<dyn RowSource>,
    observer: &Arc<dyn Observer>,
) -> Result<Examined, LoadError> {
    let (request, source, observer) = (request.clone(), Arc::clone(source), Arc::clone(observer));
    let examining = tokio::task::spawn_blocking(move || {
        let examined = examine::examine(&request, source.as_ref(), observer.as_ref())?;
        if observer.is_cancelled() {
            return Err(LoadError::CancelledBefore);
        }
        Ok(examined)
    });
    examining
        .await
        .map_err(|error| LoadError::Source(io::Error::other(error)))?
}

/// The very file again: every row that was used is unchanged.
pub(super) fn same(context: &Context, import: Import) -> Summary {
    Summary {
        as_of: import.as_of.unwrap_or_else(|| today(context)),
        counts: Counts {
            imported: 0,
            unchanged: import.counts.imported + import.counts.unchanged,
            ..import.counts
        },
        id: import.id,
        format: import.format,
        changed: false,
        resumed_rows: 0,
    }
}

/// The day on which the list was true: as asked, else of its newest row, else of the file, else today. A row
/// or a file that names a day to come is not believed.
pub(super) fn as_of(context: &Context, file_date: Option<Date>, import: &Import) -> Date {
    import.asked_as_of.unwrap_or_else(|| {
        let said = import.newest_row.map(day_of).or(file_date);
        let today = today(context);
        said.unwrap_or(today).min(today)
    })
}

fn today(context: &Context) -> Date {
    day_of(context.clock.now())
}

fn day_of(at: jiff::Timestamp) -> Date {
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Shows a complete import to readers: the list's head, the import and the one before it change in one
/// transaction.
pub(super) async fn activate(
    context: &Context,
    worker: Worker,
    as_of: Date,
) -> Result<Import, LoadError> {
    let Worker {
        mut import,
        revision,
        owner,
    } = worker;
    import.state = ImportState::Active;
    import.lease = None;
    import.as_of = Some(as_of);
    import.finished_at = Some(context.clock.now());
    let taken_over = |import: &Import| LoadError::TakenOver {
        import: import.id.clone(),
    };
    for attempt in 0..CHANGE_TRIES {
        let stored = retrying(|| read_list(context, &import.id.list)).await?;
        let Some(stored) = stored else {
            return Err(taken_over(&import));
        };
        let listed = Listed {
            import: import.id.number,
            as_of,
        };
        let Ok(activated) = stored.list.activate(listed) else {
            return Err(taken_over(&import));
        };
        let mut writes = vec![
            record::list::put(&activated.list, stored.revision),
            record::import::put(&import, revision),
        ];
        if let Some(before) = activated.superseded {
            let id = activated.list.import_id(before);
            writes.extend(superseded(context, &id).await?);
        }
        let token = format!("activate-{owner:x}-{attempt}");
        if transact(context, writes, token).await? == Outcome::Done {
            context.lists.forget();
            return Ok(import);
        }
    }
    Err(taken_over(&import))
}

async fn superseded(context: &Context, id: &ImportId) -> Result<Option<TransactWrite>, StoreError> {
    let found = retrying(|| read_import(context, id)).await?;
    Ok(found.map(|(_, stored)| {
        let mut before = stored.import;
        before.state = ImportState::Superseded;
        record::import::put(&before, stored.revision)
    }))
}

/// Removes the import before the one before. The new list is visible already, so a failure is no
/// failure of the import: the next sweep goes on.
async fn sweep_superseded(context: &Context, import: &Import) {
    let swept = async {
        match retrying(|| read_list(context, &import.id.list)).await? {
            Some(stored) => sweep_list(context, &stored.list).await,
            None => Ok(Vec::new()),
        }
    };
    if let Err(error) = swept.await {
        tracing::warn!(import.id = %import.id, %error, "claims of older imports not all removed yet");
    }
}

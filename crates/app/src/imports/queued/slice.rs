//! One slice of an import.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lastmile_model::listing::life::Import;
use lastmile_model::listing::{Format, ImportState};
use lastmile_store::FilesError;
use lastmile_store::message::{FileVersion, Message, Slice, Sweep};
use lastmile_store::record::import::{StoredImport, generation};

use super::file_source::{FileVersionSource, is_gone};
use super::rejected::SliceWatch;
use super::standing::Standing;
use super::{QueuedDesk, Stint, WorkError, Worked, file_names};
use crate::imports::begin::{Clearing, clear_away};
use crate::imports::column_map::Mapping;
use crate::imports::drive::{Driven, Stretch, drive};
use crate::imports::examine;
use crate::imports::limits::SLICE_CONTENDED;
use crate::imports::load::{LoadError, LoadRequest, activate, as_of, is_damaged, reading};
use crate::imports::look::{read_import, read_list};
use crate::imports::past::Past;
use crate::imports::providers::{ClaimsOf, Providers};
use crate::imports::retry::retrying;
use crate::imports::rows::ChunkStart;
use crate::imports::source::{Observer, RowSource};
use crate::imports::worker::{Worker, new_owner};

/// Another worker was faster; what is left is seen in a moment.
const CONTENDED: Worked = Worked::Later(SLICE_CONTENDED);

impl QueuedDesk {
    /// Loads the slice, if it is next, and has the work after it done.
    pub(super) async fn load_slice(
        &self,
        slice: &Slice,
        stint: Stint,
    ) -> Result<Worked, WorkError> {
        let context = &self.context;
        let Some((list, stored)) = retrying(|| read_import(context, &slice.import)).await? else {
            return Ok(Worked::Done);
        };
        let now = context.clock.now();
        match Standing::of(&list.list, &stored.import, slice, now) {
            Standing::Over => Ok(Worked::Done),
            Standing::InWork(until) => {
                let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
                Ok(Worked::Later(left.max(SLICE_CONTENDED)))
            }
            Standing::Shown => self.after_switch(slice).await,
            Standing::Loaded => self.send_next(slice, &stored.import).await,
            Standing::Next if self.is_over(stint) => Ok(CONTENDED),
            Standing::Next => self.next(slice, stored, stint).await,
        }
    }

    async fn next(
        &self,
        slice: &Slice,
        stored: StoredImport,
        stint: Stint,
    ) -> Result<Worked, WorkError> {
        let StoredImport { import, revision } = stored;
        let import = Import {
            state: ImportState::Loading,
            finished_at: None,
            ..import
        };
        let owner = new_owner(&self.context);
        let mut worker = Worker {
            import,
            revision,
            owner,
        };
        if let Err(error) = worker.save(&self.context).await {
            return taken_over_or(error);
        }
        let clock = Arc::clone(&self.context.clock);
        let watch = Arc::new(SliceWatch::new(clock, stint.until));
        let loaded = self.rows(slice, &mut worker, &watch).await;
        match loaded {
            Ok(Driven::ToTheLastRow) => {
                let as_of = as_of(&self.context, None, &worker.import);
                match activate(&self.context, worker, as_of).await {
                    Ok(_) => self.after_switch(slice).await,
                    Err(error) => taken_over_or(error),
                }
            }
            Ok(Driven::NotToTheLastRow) => {
                if let Err(error) = worker.hand_over(&self.context, slice.owner).await {
                    return taken_over_or(error);
                }
                if worker.import.progress.chunks == slice.first_chunk {
                    return Ok(CONTENDED);
                }
                self.send_next(slice, &worker.import).await
            }
            Err(error) => self.stopped(slice, worker, error, stint).await,
        }
    }

    /// Writes the slice's rows, and puts its rejects.
    async fn rows(
        &self,
        slice: &Slice,
        worker: &mut Worker,
        watch: &Arc<SliceWatch>,
    ) -> Result<Driven, LoadError> {
        let request = request(&worker.import, slice)?;
        let file = slice.file.clone();
        let source: Arc<dyn RowSource> =
            Arc::new(FileVersionSource::new(Arc::clone(&self.files), file));
        let header = (request.clone(), Arc::clone(&source));
        let layout = tokio::task::spawn_blocking(move || examine::layout(&header.0, &*header.1));
        let layout = layout.await.map_err(io::Error::other)??;
        let first = slice.first_chunk;
        let start = worker.import.progress.next;
        let start = start.map(|position| ChunkStart {
            chunk: first,
            position,
        });
        let stretch = Stretch {
            start,
            end: Some(first.saturating_add(self.slice_chunks)),
            past: match start {
                Some(_) => Past::stored(&self.context, generation(&worker.import), first).await?,
                // An older version did not note where the chunk begins: everything before is read again.
                None => Past::default(),
            },
        };
        let provider = &slice.import.list.provider;
        let providers = Providers::of(&self.context, provider, claims_of(slice)).await?;
        let reading = Arc::new(reading(layout, providers, &worker.import));
        let observer = Arc::clone(watch) as Arc<dyn Observer>;
        let driven = drive(
            &self.context,
            &request,
            &reading,
            worker,
            source,
            stretch,
            &observer,
        )
        .await?;
        let rejected = watch.rejected();
        let put = self.put_rejected(slice, rejected).await;
        put.map_err(io::Error::other)?;
        Ok(driven)
    }

    /// A worker before may have come farther and have put rows that now are the next slice's, so that a
    /// slice without any has its file removed.
    async fn put_rejected(&self, slice: &Slice, rejected: Bytes) -> Result<(), FilesError> {
        let name = file_names::rejects_of_slice(&slice.import, slice.first_chunk);
        if rejected.is_empty() {
            self.files.remove(&name).await
        } else {
            self.files.put(&name, rejected).await
        }
    }

    async fn send_next(&self, slice: &Slice, import: &Import) -> Result<Worked, WorkError> {
        let next = Slice {
            first_chunk: import.progress.chunks,
            ..slice.clone()
        };
        self.send(&Message::LoadSlice(next)).await?;
        Ok(Worked::Done)
    }

    /// Readers see the import. What it took the place of is swept, and a file that only it needed removed.
    async fn after_switch(&self, slice: &Slice) -> Result<Worked, WorkError> {
        self.send_sweep(slice).await?;
        self.remove_upload(&slice.file).await;
        Ok(Worked::Done)
    }

    async fn send_sweep(&self, slice: &Slice) -> Result<(), WorkError> {
        let sweep = Sweep {
            list: slice.import.list.clone(),
            from: None,
        };
        Ok(self.send(&Message::SweepList(sweep)).await?)
    }

    /// Removes a list that came in a request. One that stays behind is in nobody's way.
    pub(super) async fn remove_upload(&self, file: &FileVersion) {
        if file.name.starts_with(file_names::UPLOADS)
            && let Err(error) = self.files.remove(&file.name).await
        {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "an upload stays behind");
        }
    }

    /// Leaves an import whose slice could not be loaded as it is to be found.
    async fn stopped(
        &self,
        slice: &Slice,
        mut worker: Worker,
        error: LoadError,
        stint: Stint,
    ) -> Result<Worked, WorkError> {
        let error = match error {
            LoadError::TakenOver { .. } => return Ok(CONTENDED),
            LoadError::Source(error) if is_damaged(&error) => {
                return match worker.fail(&self.context).await {
                    Ok(()) => {
                        self.remove_upload(&slice.file).await;
                        Ok(Worked::Done)
                    }
                    Err(error) => taken_over_or(error),
                };
            }
            LoadError::Source(error) if !is_gone(&error) => WorkError::Source(error),
            LoadError::Store(error) => WorkError::Store(error),
            LoadError::Queue(error) => WorkError::Queue(error),
            // The file is gone, or is not the one that was examined.
            _ => return self.give_up(slice, worker).await,
        };
        let left = if stint.last_try {
            worker.interrupt(&self.context).await
        } else {
            worker.hand_over(&self.context, slice.owner).await
        };
        if let Err(second) = left {
            let second = &second as &dyn std::error::Error;
            // The lease lapses by itself; the first error is the one to tell.
            tracing::warn!(import.id = %slice.import, error = second, "import not marked as stopped");
        }
        Err(error)
    }

    /// The same file again must not go on with the rows of one that changed.
    async fn give_up(&self, slice: &Slice, worker: Worker) -> Result<Worked, WorkError> {
        let Worker {
            import, revision, ..
        } = worker;
        let list = retrying(|| read_list(&self.context, &import.id.list)).await?;
        if let Some(list) = list {
            let stored = StoredImport { import, revision };
            clear_away(&self.context, &list, stored, Clearing::BySweep).await?;
        }
        self.send_sweep(slice).await?;
        Ok(Worked::Done)
    }
}

const fn claims_of(slice: &Slice) -> ClaimsOf {
    if slice.own_claims_only {
        ClaimsOf::ListOwner
    } else {
        ClaimsOf::Anyone
    }
}

/// What the import's file is and how it is read, as when it was examined.
fn request(import: &Import, slice: &Slice) -> Result<LoadRequest, LoadError> {
    let map = slice.column_map.as_deref().map(Mapping::parse).transpose();
    let map = map.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    Ok(LoadRequest {
        list: import.id.list.clone(),
        tenant: import.tenant.clone(),
        claims_of: claims_of(slice),
        format: Some(import.format),
        column_map: map.filter(|_| import.format == Format::Mapped),
        as_of: import.asked_as_of,
        file_name: import.file.name.clone(),
        file_date: None,
    })
}

/// An import that another worker has is looked at again in a moment.
fn taken_over_or(error: LoadError) -> Result<Worked, WorkError> {
    match error {
        LoadError::Store(error) => Err(WorkError::Store(error)),
        LoadError::Queue(error) => Err(WorkError::Queue(error)),
        LoadError::Source(error) => Err(WorkError::Source(error)),
        _ => Ok(CONTENDED),
    }
}

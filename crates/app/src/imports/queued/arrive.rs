//! Lists that were put as files, and how an import of a file begins.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use bytes::Bytes;
use lastmile_model::identity::TenantId;
use lastmile_store::files::FileFacts;
use lastmile_store::message::{FileVersion, Message, Slice, Sweep};
use lastmile_store::queue::NewMessage;
use sha2::{Digest as _, Sha256};

use super::file_names::{self, PutList};
use super::file_source::{FileVersionSource, is_gone};
use super::sidecar::{BadSidecar, Sidecar};
use super::{QueuedDesk, WorkError, Worked};
use crate::imports::begin::{Begun as Began, Clearing, begin};
use crate::imports::desk::Begun;
use crate::imports::limits::{LIST_BUSY, SIDECAR_MAX_BYTES};
use crate::imports::load::{
    LoadError, LoadRequest, examined, is_damaged, refuse_day_to_come, same,
};
use crate::imports::local_desk::UPLOAD_MAX_BYTES;
use crate::imports::providers::ClaimsOf;
use crate::imports::source::{Observer, RowSource, Unobserved};
use crate::imports::worker::Worker;

/// What became of a list that was put.
enum Taken {
    /// It is loading, or loaded, or gone.
    Yes,
    /// Another import of its list is not finished.
    NotYet,
    /// It is not what it should be.
    Refused(Box<dyn Error + Send + Sync>),
}

impl QueuedDesk {
    /// Begins an import of each file. Where the list of one is busy it is tried again later, by a message
    /// of its own; what cannot be imported has a file beside it that says why.
    pub(super) async fn lists_arrived(&self, names: &[String]) -> Result<Worked, WorkError> {
        for name in names {
            let Some(put) = PutList::named(name) else {
                continue;
            };
            let taken = match put {
                Ok(put) => self.take_list(name, put).await?,
                Err(error) => Taken::Refused(error.into()),
            };
            match taken {
                Taken::Yes => self.files.remove(&file_names::refused(name)).await?,
                Taken::NotYet => {
                    let again = Message::ListsArrived(vec![name.clone()]);
                    let again = NewMessage {
                        delay: LIST_BUSY,
                        ..again.to_new()
                    };
                    self.queue.send(vec![again]).await?;
                }
                Taken::Refused(error) => {
                    let why = format!("{}\n", Chain(error.as_ref()));
                    let name = file_names::refused(name);
                    self.files.put(&name, Bytes::from(why)).await?;
                }
            }
        }
        Ok(Worked::Done)
    }

    async fn take_list(&self, name: &str, put: PutList) -> Result<Taken, WorkError> {
        let Some(facts) = self.files.facts(name).await? else {
            return Ok(Taken::Yes);
        };
        let sidecar = match self.sidecar(name).await? {
            Ok(sidecar) => sidecar,
            Err(error) => return Ok(Taken::Refused(error.into())),
        };
        let Sidecar {
            format,
            as_of,
            mapping,
        } = sidecar;
        let PutList { list, file_name } = put;
        let request = LoadRequest {
            list,
            // Whoever may put files there is trusted as the platform's own operators are.
            tenant: TenantId::default(),
            claims_of: ClaimsOf::Anyone,
            format,
            column_map: mapping,
            as_of,
            file_name,
            file_date: None,
        };
        match self.begin_file(&request, version(name, facts)).await {
            Ok(_) => Ok(Taken::Yes),
            Err(LoadError::Running { .. }) => Ok(Taken::NotYet),
            Err(LoadError::Store(error)) => Err(WorkError::Store(error)),
            Err(LoadError::Queue(error)) => Err(WorkError::Queue(error)),
            // Whatever took its place brings a message of its own.
            Err(LoadError::Source(error)) if is_gone(&error) => Ok(Taken::Yes),
            Err(LoadError::Source(error)) if !is_damaged(&error) => Err(WorkError::Source(error)),
            Err(error) => Ok(Taken::Refused(error.into())),
        }
    }

    async fn sidecar(&self, name: &str) -> Result<Result<Sidecar, BadSidecar>, WorkError> {
        let name = file_names::sidecar(name);
        let Some(FileFacts { length, version }) = self.files.facts(&name).await? else {
            return Ok(Ok(Sidecar::default()));
        };
        if length > SIDECAR_MAX_BYTES {
            return Ok(Err(BadSidecar::TooLong {
                allowed: SIDECAR_MAX_BYTES,
            }));
        }
        let bytes = self.files.read(&name, &version, 0..length).await?;
        Ok(Sidecar::read(&bytes))
    }

    /// Gives a file its import, and sends the message of the first slice.
    ///
    /// The lease's owner comes from the file: whoever begins it a second time, because nobody knew whether
    /// the first was told to the end, goes on with the same import and sends the message again.
    pub(super) async fn begin_file(
        &self,
        request: &LoadRequest,
        file: FileVersion,
    ) -> Result<Begun, LoadError> {
        refuse_day_to_come(&self.context, request)?;
        if file.length > UPLOAD_MAX_BYTES {
            return Err(LoadError::TooLong {
                allowed: UPLOAD_MAX_BYTES,
            });
        }
        let files = Arc::clone(&self.files);
        let source: Arc<dyn RowSource> = Arc::new(FileVersionSource::new(files, file.clone()));
        let observer: Arc<dyn Observer> = Arc::new(Unobserved);
        let examined = examined(request, &source, &observer).await?;
        let owner = owner(&file);
        let began = begin(&self.context, request, &examined, owner, Clearing::BySweep).await?;
        let mut worker = match began {
            Began::Same(import) => return Ok(Begun::Done(same(&self.context, *import))),
            Began::Work(worker) => worker,
        };
        if let Err(error) = self.send_first(request, &worker, file).await {
            // Its lease lapses soon; but whoever sends the file again need not wait for that.
            let _lapses = worker.interrupt(&self.context).await;
            return Err(error);
        }
        let id = worker.import.id.clone();
        if let Err(error) = worker.hand_over(&self.context, owner).await {
            // Most likely its worker has it already.
            let error = &error as &dyn Error;
            tracing::debug!(import.id = %id, error, "an import was not handed over");
        }
        Ok(Begun::Loading(id))
    }

    async fn send_first(
        &self,
        request: &LoadRequest,
        worker: &Worker,
        file: FileVersion,
    ) -> Result<(), LoadError> {
        let import = &worker.import;
        let map = request.column_map.as_ref();
        let slice = Slice {
            import: import.id.clone(),
            file,
            column_map: map.map(|mapping| mapping.text.clone()),
            own_claims_only: request.claims_of == ClaimsOf::ListOwner,
            owner: worker.owner,
            first_chunk: import.progress.chunks,
        };
        let mut messages = vec![Message::LoadSlice(slice).to_new()];
        if import.id.number.0 > 1 {
            // An interrupted import of another file may have been in the way.
            let sweep = Sweep {
                list: import.id.list.clone(),
                from: None,
            };
            messages.push(Message::SweepList(sweep).to_new());
        }
        Ok(self.queue.send(messages).await?)
    }
}

pub(super) fn version(name: &str, facts: FileFacts) -> FileVersion {
    let FileFacts { length, version } = facts;
    FileVersion {
        name: name.to_owned(),
        version,
        length,
    }
}

/// The owner of the leases that the messages about a file hold.
fn owner(file: &FileVersion) -> u64 {
    let mut hasher = Sha256::new();
    hasher.update(&file.name);
    hasher.update([0]);
    hasher.update(&file.version);
    let digest: [u8; 32] = hasher.finalize().into();
    let (first, _) = digest.split_first_chunk().expect("it is longer");
    u64::from_be_bytes(*first)
}

/// An error with everything that caused it.
struct Chain<'a>(&'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            f.write_str(": ")?;
            write!(f, "{error}")?;
            source = error.source();
        }
        f.write_char('.')
    }
}

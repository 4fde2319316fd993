//! Lists that arrive in a request: kept among the files, then loaded by messages.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, StreamExt as _};
use lastmile_model::identity::ListId;
use lastmile_model::listing::ImportId;
use lastmile_store::files::{FILE_READ_MAX_BYTES, FileFacts};
use lastmile_store::message::{Message, Sweep};
use lastmile_store::queue::NewMessage;
use lastmile_store::{Files, FilesError};

use super::{QueuedDesk, arrive, file_names};
use crate::imports::desk::{Begun, ImportDesk, ReceiveError, RejectRows, Upload};
use crate::imports::limits::{QUEUED_UPLOAD_MAX_BYTES, REJECT_FILES_MAX, SWEEP_AFTER};
use crate::imports::load::{LoadError, LoadRequest};
use crate::imports::rejects::RejectsWriter;

/// A list while it arrives, in memory: it is short.
struct HeldUpload {
    desk: QueuedDesk,
    bytes: BytesMut,
}

#[async_trait]
impl ImportDesk for QueuedDesk {
    async fn receive(&self) -> Result<Box<dyn Upload>, ReceiveError> {
        Ok(Box::new(HeldUpload {
            desk: self.clone(),
            bytes: BytesMut::new(),
        }))
    }

    async fn rejects(&self, id: &ImportId) -> io::Result<Option<RejectRows>> {
        let prefix = file_names::rejects(id);
        let names = self.files.names(&prefix, REJECT_FILES_MAX).await;
        let names = names.map_err(io::Error::other)?;
        if names.is_empty() {
            return Ok(None);
        }
        let header = RejectsWriter::for_clients(Vec::new()).and_then(RejectsWriter::finish)?;
        let header = stream::once(async move { Ok(Bytes::from(header)) });
        let files = Arc::clone(&self.files);
        let rows = stream::iter(names).flat_map(move |name| whole(Arc::clone(&files), name));
        Ok(Some(header.chain(rows).boxed()))
    }

    async fn sweep_soon(&self, list: &ListId) {
        let sweep = Sweep {
            list: list.clone(),
            from: None,
        };
        let later = NewMessage {
            delay: SWEEP_AFTER,
            ..Message::SweepList(sweep).to_new()
        };
        if let Err(error) = self.queue.send(vec![later]).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "sweeping waits for the next import of the list");
        }
    }
}

#[async_trait]
impl Upload for HeldUpload {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), ReceiveError> {
        if (self.bytes.len() + bytes.len()) as u64 > QUEUED_UPLOAD_MAX_BYTES {
            return Err(ReceiveError::TooLong {
                allowed: QUEUED_UPLOAD_MAX_BYTES,
            });
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    async fn begin(self: Box<Self>, request: LoadRequest) -> Result<Begun, LoadError> {
        let Self { desk, bytes } = *self;
        let mut chance = [0; 16];
        desk.context.random.fill(&mut chance);
        let name = file_names::upload(chance);
        let kept = desk.files.put(&name, bytes.freeze()).await;
        kept.map_err(io::Error::other)?;
        let facts = desk.files.facts(&name).await.map_err(io::Error::other)?;
        let file = arrive::version(&name, facts.ok_or(LoadError::FileChanged)?);
        let begun = desk.begin_file(&request, file.clone()).await;
        // A message that may have been sent needs the file.
        if !matches!(begun, Ok(Begun::Loading(_)) | Err(LoadError::Queue(_))) {
            desk.remove_upload(&file).await;
        }
        begun
    }
}

/// A file, in ranges as long as one read may be.
fn whole(files: Arc<dyn Files>, name: String) -> RejectRows {
    let pieces = stream::try_unfold((None, 0), move |(facts, at)| {
        let (files, name) = (Arc::clone(&files), name.clone());
        async move { piece(&*files, &name, facts, at).await }
    });
    pieces.boxed()
}

/// The next range, and where the one after it begins.
type Piece = (Bytes, (Option<FileFacts>, u64));

async fn piece(
    files: &dyn Files,
    name: &str,
    facts: Option<FileFacts>,
    at: u64,
) -> io::Result<Option<Piece>> {
    let gone = || FilesError::Gone {
        name: name.to_owned(),
    };
    let facts = match facts {
        Some(facts) => facts,
        None => {
            let found = files.facts(name).await.map_err(io::Error::other)?;
            found.ok_or_else(gone).map_err(io::Error::other)?
        }
    };
    let end = facts.length.min(at + FILE_READ_MAX_BYTES);
    if at == end {
        return Ok(None);
    }
    let bytes = files.read(name, &facts.version, at..end).await;
    let bytes = bytes.map_err(io::Error::other)?;
    Ok(Some((bytes, (Some(facts), end))))
}

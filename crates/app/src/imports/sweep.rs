//! Claims that nobody sees any more are removed.

use std::ops::Range;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use lastmile_model::listing::ImportId;
use lastmile_model::listing::life::{Import, List};
use lastmile_store::record::import::{StoredImport, generation};
use lastmile_store::{BatchWrite, Consistency, Query, StoreError, key, record};
use thiserror::Error;

use super::limits::{CHUNKS_BEYOND_SAVED_MAX, WRITING_CHUNKS};
use super::look::{read_imports, read_lists};
use super::retry::retrying;
use super::worker::transact;
use super::write::write_all;
use crate::Context;

/// Claims were not all removed; what remains is invisible, and sweeping again goes on.
#[derive(Debug, Error)]
pub enum SweepError {
    /// The store failed.
    #[error("the store failed while removed imports were being swept")]
    Store(#[from] StoreError),
}

/// Removes the claims of every import that is neither active, kept for an undo, nor being loaded; gives
/// back the imports that were swept. Does nothing where there is nothing to remove, so it may be called
/// at any time.
///
/// # Errors
/// [`SweepError`]; calling it again goes on.
pub async fn sweep(context: &Context) -> Result<Vec<ImportId>, SweepError> {
    let mut swept = Vec::new();
    for stored in retrying(|| read_lists(context)).await? {
        swept.extend(sweep_list(context, &stored.list).await?);
    }
    Ok(swept)
}

/// Removes the claims of one list's imports that are no longer needed.
pub(super) async fn sweep_list(
    context: &Context,
    list: &List,
) -> Result<Vec<ImportId>, StoreError> {
    let mut swept = Vec::new();
    for stored in no_longer_needed(context, list).await? {
        swept.push(stored.import.id.clone());
        sweep_import(context, stored).await?;
    }
    Ok(swept)
}

/// The imports of a list whose claims are stored and not needed.
pub(super) async fn no_longer_needed(
    context: &Context,
    list: &List,
) -> Result<Vec<StoredImport>, StoreError> {
    let mut imports = retrying(|| read_imports(context, list)).await?;
    imports.retain(|stored| stored.import.kept && !list.needs(stored.import.id.number));
    Ok(imports)
}

/// Removes everything that an import wrote, chunk by chunk. Each chunk's keys go last, so an
/// interrupted sweep finds them again.
pub(super) async fn sweep_import(
    context: &Context,
    stored: StoredImport,
) -> Result<(), StoreError> {
    sweep_chunks(context, &stored.import, 0..chunks_begun(&stored.import)).await?;
    mark_swept(context, stored).await
}

/// How many chunks an import may have begun.
pub(super) const fn chunks_begun(import: &Import) -> u32 {
    import.progress.chunks + CHUNKS_BEYOND_SAVED_MAX
}

/// Removes what some chunks of an import wrote.
pub(super) async fn sweep_chunks(
    context: &Context,
    import: &Import,
    chunks: Range<u32>,
) -> Result<(), StoreError> {
    let of = generation(import);
    stream::iter(chunks)
        .map(|chunk| sweep_chunk(context, of, chunk))
        .buffer_unordered(WRITING_CHUNKS)
        .try_collect::<()>()
        .await
}

/// Writes down that nothing of an import is stored any more.
pub(super) async fn mark_swept(context: &Context, stored: StoredImport) -> Result<(), StoreError> {
    let mut import = stored.import;
    import.kept = false;
    let writes = vec![record::import::put(&import, stored.revision)];
    let token = format!("swept-{}-{}", import.id, stored.revision);
    // Where another process changed the import meanwhile, the next sweep finds it empty.
    transact(context, writes, token).await?;
    Ok(())
}

async fn sweep_chunk(
    context: &Context,
    of: lastmile_model::listing::Generation,
    chunk: u32,
) -> Result<(), StoreError> {
    let mut query = Query {
        consistency: Consistency::Strong,
        ..key::chunk_parts(of, chunk)
    };
    loop {
        let page = retrying(|| context.store.query(&query)).await?.value;
        for part in &page.items {
            let keys = record::chunk::from_item(part)?;
            write_all(context, keys.into_iter().map(BatchWrite::Delete)).await?;
        }
        let parts = page
            .items
            .into_iter()
            .map(|part| BatchWrite::Delete(part.key));
        write_all(context, parts).await?;
        query.after = page.next;
        if query.after.is_none() {
            return Ok(());
        }
    }
}

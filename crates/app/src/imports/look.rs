//! What was imported, and how far a running import is.

use lastmile_model::identity::{ListId, ProviderName};
use lastmile_model::listing::ImportId;
use lastmile_model::listing::life::{Import, List};
use lastmile_store::record::import::StoredImport;
use lastmile_store::record::list::StoredList;
use lastmile_store::{Consistency, Query, StoreError, key, record};
use thiserror::Error;

use crate::Context;

/// Imports could not be looked at.
#[derive(Debug, Error)]
pub enum LookError {
    /// There is no such import.
    #[error("there is no import {import}")]
    Unknown {
        /// Which.
        import: ImportId,
    },
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

/// The imports of every list, or of one provider's lists; by list, newest first.
///
/// # Errors
/// [`StoreError`] of the reads.
pub async fn list(
    context: &Context,
    provider: Option<&ProviderName>,
) -> Result<Vec<Import>, StoreError> {
    let mut imports = Vec::new();
    for stored in read_lists(context).await? {
        if provider.is_some_and(|wanted| *wanted != stored.list.id.provider) {
            continue;
        }
        let of_list = read_imports(context, &stored.list).await?;
        imports.extend(of_list.into_iter().rev().map(|stored| stored.import));
    }
    Ok(imports)
}

/// One import, with its counts so far.
///
/// # Errors
/// [`LookError::Unknown`], or the store's.
pub async fn get(context: &Context, id: &ImportId) -> Result<Import, LookError> {
    read_import(context, id)
        .await?
        .map(|(_, stored)| stored.import)
        .ok_or_else(|| LookError::Unknown { import: id.clone() })
}

pub(super) async fn read_lists(context: &Context) -> Result<Vec<StoredList>, StoreError> {
    read_all(context, key::lists())
        .await?
        .iter()
        .map(record::list::from_item)
        .collect()
}

pub(super) async fn read_list(
    context: &Context,
    list: &ListId,
) -> Result<Option<StoredList>, StoreError> {
    let key = key::Key::List { list }.primary();
    let item = context.store.get(&key, Consistency::Strong).await?.value;
    item.as_ref().map(record::list::from_item).transpose()
}

pub(super) async fn read_imports(
    context: &Context,
    list: &List,
) -> Result<Vec<StoredImport>, StoreError> {
    read_all(context, key::imports(list.number))
        .await?
        .iter()
        .map(|item| record::import::from_item(item, &list.id))
        .collect()
}

/// The list's head and the import, where there are such.
pub(super) async fn read_import(
    context: &Context,
    id: &ImportId,
) -> Result<Option<(StoredList, StoredImport)>, StoreError> {
    let Some(stored) = read_list(context, &id.list).await? else {
        return Ok(None);
    };
    let generation = lastmile_model::listing::Generation {
        list: stored.list.number,
        import: id.number,
    };
    let key = key::Key::Import { generation }.primary();
    let item = context.store.get(&key, Consistency::Strong).await?.value;
    let import = item
        .as_ref()
        .map(|item| record::import::from_item(item, &id.list))
        .transpose()?;
    Ok(import.map(|import| (stored, import)))
}

async fn read_all(
    context: &Context,
    partition: Query,
) -> Result<Vec<lastmile_store::Item>, StoreError> {
    let mut query = Query {
        consistency: Consistency::Strong,
        ..partition
    };
    let mut items = Vec::new();
    loop {
        let page = context.store.query(&query).await?.value;
        items.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            return Ok(items);
        }
    }
}

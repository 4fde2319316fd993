//! What was imported, and how far a running import is.

use lastmile_model::identity::{ListId, ProviderName, TenantId};
use lastmile_model::listing::ImportId;
use lastmile_model::listing::life::{Import, List};
use lastmile_store::record::import::StoredImport;
use lastmile_store::record::list::StoredList;
use lastmile_store::{Consistency, Direction, Query, StoreError, key, record};
use thiserror::Error;

use crate::Context;
use crate::listed::read_all;

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

/// Imports, as many as were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedImports {
    /// By list, newest first.
    pub imports: Vec<Import>,
    /// Whether there are more.
    pub cut: bool,
}

/// The imports of every list, or of one provider's lists; by list, newest first, `most` in all.
///
/// # Errors
/// [`StoreError`] of the reads.
pub async fn list(
    context: &Context,
    provider: Option<&ProviderName>,
    most: usize,
) -> Result<ListedImports, StoreError> {
    let mut imports = Vec::new();
    for stored in read_lists(context).await? {
        if provider.is_some_and(|wanted| *wanted != stored.list.id.provider) {
            continue;
        }
        if newest(context, &stored.list, most, &mut imports).await? {
            return Ok(ListedImports { imports, cut: true });
        }
    }
    Ok(ListedImports {
        imports,
        cut: false,
    })
}

/// Adds the imports of a list, newest first, until there are `most`; gives back whether it has more.
async fn newest(
    context: &Context,
    list: &List,
    most: usize,
    imports: &mut Vec<Import>,
) -> Result<bool, StoreError> {
    let mut query = Query {
        consistency: Consistency::Strong,
        direction: Direction::Backward,
        ..key::imports(list.number)
    };
    loop {
        // One more than there is room for tells whether there are more.
        query.limit = Some(most - imports.len() + 1);
        let page = context.store.query(&query).await?.value;
        for item in &page.items {
            if imports.len() == most {
                return Ok(true);
            }
            imports.push(record::import::from_item(item, &list.id)?.import);
        }
        query.after = page.next;
        if query.after.is_none() {
            return Ok(false);
        }
    }
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

/// On whose behalf the import was loaded that readers see of a list, or, where they see none, the one that
/// loads; `None` for a list that has neither.
///
/// # Errors
/// The store's.
pub async fn tenant_of(context: &Context, list: &ListId) -> Result<Option<TenantId>, StoreError> {
    let Some(StoredList { list, revision: _ }) = read_list(context, list).await? else {
        return Ok(None);
    };
    let shown = list.active.map(|active| active.import).or(list.loading);
    let Some(number) = shown else {
        return Ok(None);
    };
    let read = read_import(context, &list.import_id(number)).await?;
    Ok(read.map(|(_, stored)| stored.import.tenant))
}

pub(super) async fn read_lists(context: &Context) -> Result<Vec<StoredList>, StoreError> {
    read_all(context, strong(key::lists()))
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
    read_all(context, strong(key::imports(list.number)))
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

/// What a command shows is what is there at that moment.
fn strong(partition: Query) -> Query {
    Query {
        consistency: Consistency::Strong,
        ..partition
    }
}

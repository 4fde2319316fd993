//! Listing documents: the shards of a kind, read side by side and given back as one list.

use std::collections::VecDeque;
use std::ops::Range;

use futures_util::future::try_join_all;
use lastmile_model::document::{Document, DocumentKind};
use lastmile_model::identity::{Caller, TenantId};
use lastmile_store::key::{document_shards, documents_of};
use lastmile_store::record::document::from_item;
use lastmile_store::{Item, Query, Store, StoreError};

use super::limits::{DOCUMENTS_PAGE_MAX, PAGE_MAX_BYTES, STORE_PAGES_MAX};
use super::{ListDocuments, ListedDocuments};
use crate::Context;
use crate::availability::StoreFailed;

/// Lists the documents of one kind that the caller sees, newest first. `admits` is the filter of the
/// surface. A document that was written this moment may be missing still.
///
/// # Errors
/// [`StoreFailed`].
pub async fn list(
    context: &Context,
    caller: &Caller,
    kind: DocumentKind,
    page: ListDocuments,
    admits: &(dyn Fn(&Document) -> bool + Sync),
) -> Result<ListedDocuments, StoreFailed> {
    let provider = caller.role.provider();
    let mut shards = Shards::new(&caller.tenant, kind);
    let mut page = Page::new(page);
    while let Some(item) = shards.newest(&*context.store).await? {
        let document = from_item(&item)?;
        if document.is_seen_by(provider) && admits(&document) {
            page.take(document);
        }
    }
    Ok(ListedDocuments {
        documents: page.documents,
        total: page.total,
        cut: shards.cut,
    })
}

/// The page that is asked for, as it fills.
struct Page {
    wanted: Range<usize>,
    documents: Vec<Document>,
    bytes: usize,
    total: usize,
}

impl Page {
    fn new(asked: ListDocuments) -> Self {
        let ListDocuments { offset, limit } = asked;
        Self {
            wanted: offset..offset.saturating_add(limit.min(DOCUMENTS_PAGE_MAX)),
            documents: Vec::new(),
            bytes: 0,
            total: 0,
        }
    }

    /// Counts one more that matches, and keeps it where it belongs to the page.
    fn take(&mut self, document: Document) {
        if self.wanted.contains(&self.total) {
            self.bytes += document.text.len();
            if self.bytes <= PAGE_MAX_BYTES || self.documents.is_empty() {
                self.documents.push(document);
            } else {
                self.wanted.end = self.total;
            }
        }
        self.total += 1;
    }
}

/// The shards of a kind. A page of each is held at once, whatever there is.
struct Shards {
    shards: Vec<Shard>,
    pages_left: usize,
    cut: bool,
}

impl Shards {
    fn new(tenant: &TenantId, kind: DocumentKind) -> Self {
        let queries = (0..document_shards(kind)).map(|shard| documents_of(tenant, kind, shard));
        Self {
            shards: queries.map(Shard::new).collect(),
            pages_left: STORE_PAGES_MAX,
            cut: false,
        }
    }

    /// The newest document that was not given yet; `None` at the end, or where too much was read.
    async fn newest(&mut self, store: &dyn Store) -> Result<Option<Item>, StoreError> {
        loop {
            let due: Vec<_> = self
                .shards
                .iter_mut()
                .filter(|shard| shard.is_due())
                .collect();
            if due.is_empty() {
                break;
            }
            if due.len() > self.pages_left {
                self.cut = true;
                return Ok(None);
            }
            self.pages_left -= due.len();
            try_join_all(due.into_iter().map(|shard| shard.read_on(store))).await?;
        }
        let ahead = self
            .shards
            .iter_mut()
            .filter(|shard| !shard.items.is_empty());
        let newest = ahead.max_by(|one, other| one.next_id().cmp(&other.next_id()));
        Ok(newest.and_then(|shard| shard.items.pop_front()))
    }
}

/// One shard: what of it was read and not given yet, and how to go on.
struct Shard {
    items: VecDeque<Item>,
    rest: Option<Query>,
}

impl Shard {
    const fn new(query: Query) -> Self {
        Self {
            items: VecDeque::new(),
            rest: Some(query),
        }
    }

    /// Whether nothing can be said of its next document before it is read on.
    fn is_due(&self) -> bool {
        self.items.is_empty() && self.rest.is_some()
    }

    fn next_id(&self) -> Option<&str> {
        self.items.front().map(|item| item.key.sk.as_str())
    }

    async fn read_on(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        if let Some(mut query) = self.rest.take() {
            let page = store.query(&query).await?.value;
            self.items.extend(page.items);
            query.after = page.next;
            self.rest = Some(query).filter(|query| query.after.is_some());
        }
        Ok(())
    }
}

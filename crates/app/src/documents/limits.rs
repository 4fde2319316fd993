//! Every limit of documents.

use lastmile_store::limits::TRANSACT_MAX;

/// Longest text of a document, in bytes.
pub const DOCUMENT_MAX_BYTES: usize = 100 * 1024;
/// Most documents that one request may begin or cease to refer to: with the document itself, the count of
/// those that refer to it and the request's key they are one transaction.
pub const REFERENCES_CHANGED_MAX: usize = TRANSACT_MAX - 3;
/// Most documents in one page of a list.
pub const DOCUMENTS_PAGE_MAX: usize = 100;
/// Most bytes of documents in one page of a list: an answer of a function has 6 MB at most.
pub const PAGE_MAX_BYTES: usize = 4 * 1024 * 1024;
/// Most pages of the store that one list reads, of 1 MB each; a total beyond them is "at least".
pub const STORE_PAGES_MAX: usize = 64;

//! The tables of the file.

use redb::{ReadOnlyTable, ReadTransaction, Table, TableDefinition, TableError, WriteTransaction};

use crate::queue::QueueTables;

/// Bytes to bytes.
pub(crate) type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;
/// A table that can be written.
pub(crate) type Writable<'t> = Table<'t, &'static [u8], &'static [u8]>;
/// A table as it was at a commit.
pub(crate) type Readable = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// The item's key ([`crate::key_codec`]) to the item ([`crate::item_codec`]).
const ITEMS: Definition = TableDefinition::new("items");
/// Entries of the first index, to nothing: an entry names its item, and reading it reads the item. So
/// an indexed item is written once and not twice.
const INDEX1: Definition = TableDefinition::new("index1");
/// Entries of the second index.
const INDEX2: Definition = TableDefinition::new("index2");
/// Expiry records of the items that have one, to nothing.
const EXPIRIES: Definition = TableDefinition::new("expiries");
/// Position in the change feed (8 bytes, big-endian) to the change ([`crate::feed`]).
const CHANGES: Definition = TableDefinition::new("changes");
/// Token of a transaction to when it is forgotten and what it wrote ([`crate::token`]).
const TOKENS: Definition = TableDefinition::new("tokens");
/// When a token is forgotten and the token, to nothing.
const TOKEN_EXPIRIES: Definition = TableDefinition::new("token_expiries");
/// What the store knows of itself, by name.
pub(crate) const META: Definition = TableDefinition::new("meta");

/// All tables in a write transaction.
pub(crate) struct WriteTables<'t> {
    pub(crate) items: Writable<'t>,
    pub(crate) index1: Writable<'t>,
    pub(crate) index2: Writable<'t>,
    pub(crate) expiries: Writable<'t>,
    pub(crate) changes: Writable<'t>,
    pub(crate) tokens: Writable<'t>,
    pub(crate) token_expiries: Writable<'t>,
    pub(crate) meta: Writable<'t>,
    transaction: &'t WriteTransaction,
    /// Opened when the first work of a queue comes.
    queues: Option<QueueTables<'t>>,
}

impl<'t> WriteTables<'t> {
    /// Opens them; makes those that are missing.
    pub(crate) fn open(transaction: &'t WriteTransaction) -> Result<Self, TableError> {
        Ok(Self {
            items: transaction.open_table(ITEMS)?,
            index1: transaction.open_table(INDEX1)?,
            index2: transaction.open_table(INDEX2)?,
            expiries: transaction.open_table(EXPIRIES)?,
            changes: transaction.open_table(CHANGES)?,
            tokens: transaction.open_table(TOKENS)?,
            token_expiries: transaction.open_table(TOKEN_EXPIRIES)?,
            meta: transaction.open_table(META)?,
            transaction,
            queues: None,
        })
    }

    /// The tables of the queues.
    pub(crate) fn queues(&mut self) -> Result<&mut QueueTables<'t>, TableError> {
        match &mut self.queues {
            Some(queues) => Ok(queues),
            queues => Ok(queues.insert(QueueTables::open(self.transaction)?)),
        }
    }
}

/// The tables that readers use, as they were at one commit.
pub(crate) struct Snapshot {
    pub(crate) items: Readable,
    pub(crate) index1: Readable,
    pub(crate) index2: Readable,
    pub(crate) expiries: Readable,
    pub(crate) changes: Readable,
    pub(crate) token_expiries: Readable,
    /// For tables that are opened when they are needed.
    pub(crate) transaction: ReadTransaction,
}

impl Snapshot {
    /// Opens them. They keep the commit readable until they are dropped.
    pub(crate) fn open(transaction: ReadTransaction) -> Result<Self, TableError> {
        Ok(Self {
            items: transaction.open_table(ITEMS)?,
            index1: transaction.open_table(INDEX1)?,
            index2: transaction.open_table(INDEX2)?,
            expiries: transaction.open_table(EXPIRIES)?,
            changes: transaction.open_table(CHANGES)?,
            token_expiries: transaction.open_table(TOKEN_EXPIRIES)?,
            transaction,
        })
    }
}

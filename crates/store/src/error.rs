//! What can go wrong, and whether trying again helps.

use thiserror::Error;

use crate::item::PrimaryKey;

/// A limit of the store, named after its constant in [`crate::limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Largest item.
    ItemBytes,
    /// Largest partition key, or an empty one.
    PartitionKeyBytes,
    /// Largest sort key, or an empty one.
    SortKeyBytes,
    /// Most keys in a `batch_get`.
    BatchGet,
    /// Most items in a `batch_write`.
    BatchWrite,
    /// Most items in a transaction.
    Transact,
    /// Most bytes in a transaction.
    TransactBytes,
    /// Longest token of a transaction, or an empty one.
    TokenBytes,
    /// Fewest items of a query's page: one.
    QueryLimit,
    /// Most changes read at once, or none.
    Changes,
}

/// Why a request makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidRequest {
    /// An item is named twice in one batch or transaction.
    #[error("an item is named twice; name each item once")]
    DuplicateItem,
    /// An index was asked for a strong read.
    #[error("an index cannot be read strongly consistent; read it eventually consistent")]
    StrongIndexRead,
    /// A range ends before it begins.
    #[error("the range of sort keys ends before it begins")]
    ReversedRange,
    /// A cursor of another partition or index.
    #[error("the cursor belongs to another query; begin again without one")]
    ForeignCursor,
    /// A position that this store did not give.
    #[error("the position in the change feed is not one of this store; begin again without one")]
    ForeignPosition,
    /// An attribute has a name of [`crate::item::RESERVED_NAMES`], or none.
    #[error("an attribute has no name or a reserved one; name it otherwise")]
    AttributeName,
    /// An update names an attribute twice.
    #[error("an update names an attribute twice; name each once")]
    DuplicateAttribute,
    /// An update names no attribute.
    #[error("an update names no attribute; name one, or check the item")]
    EmptyUpdate,
    /// An update adds to an attribute that is not a number.
    #[error("an update adds to an attribute that is not a number")]
    NotANumber,
    /// A store spoke of a transaction's token where none was given: for callers without one.
    #[error("the store refused a token where none was given")]
    UnexpectedToken,
    /// An update adds more than a number can hold.
    #[error("an update adds more than a 64-bit number can hold")]
    NumberOverflow,
}

/// A read or an unconditional write failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The request breaks a limit: a defect of the caller, never retried.
    #[error("the request breaks the store's limit {limit:?}: {actual} where {allowed} are allowed")]
    OverLimit {
        /// Which.
        limit: Limit,
        /// What was asked.
        actual: usize,
        /// What may be asked.
        allowed: usize,
    },
    /// The request makes no sense: a defect of the caller, never retried.
    #[error("the request is not valid: {0}")]
    Invalid(InvalidRequest),
    /// The store is busy; the same request may succeed later.
    #[error("the store is busy; try again")]
    Throttled,
    /// What is stored cannot be read as what it should be.
    #[error("the stored item {key} is damaged or newer than this program")]
    Corrupt {
        /// Partition and sort key.
        key: String,
    },
    /// The disk, the network or the engine failed. A write may have happened or not.
    #[error("the store failed")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// Whether the same request may succeed later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Throttled | Self::Backend(_) => true,
            Self::OverLimit { .. } | Self::Invalid(_) | Self::Corrupt { .. } => false,
        }
    }

    /// What lies under this key is not what it should be.
    #[must_use]
    pub fn corrupt(key: &PrimaryKey) -> Self {
        Self::Corrupt {
            key: format!("{} / {}", key.pk, key.sk),
        }
    }
}

impl From<InvalidRequest> for StoreError {
    fn from(reason: InvalidRequest) -> Self {
        Self::Invalid(reason)
    }
}

/// A transaction did not happen.
#[derive(Debug, Error)]
pub enum TransactError {
    /// Conditions did not hold; nothing was written.
    #[error("the condition of write {} did not hold", .failed.first().copied().unwrap_or_default())]
    ConditionFailed {
        /// Positions in [`crate::Transaction::writes`] whose conditions failed, rising.
        failed: Vec<usize>,
    },
    /// The same token came before with other writes.
    #[error("the transaction's token was used before for other writes")]
    TokenReused,
    /// Anything else.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<InvalidRequest> for TransactError {
    fn from(reason: InvalidRequest) -> Self {
        Self::Store(reason.into())
    }
}

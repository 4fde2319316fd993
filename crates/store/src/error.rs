//! What can go wrong, and whether trying again helps.

use thiserror::Error;

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
    /// The same item twice in one batch or transaction, or a strong read of an index: a defect of the caller.
    #[error("the request is not valid: {0}")]
    Invalid(&'static str),
    /// The store is busy; the same request may succeed later.
    #[error("the store is busy; try again")]
    Throttled,
    /// What is stored cannot be read as what it should be.
    #[error("the stored item {key} is damaged or newer than this program")]
    Corrupt {
        /// Partition and sort key.
        key: String,
    },
    /// The disk, the network or the engine failed.
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

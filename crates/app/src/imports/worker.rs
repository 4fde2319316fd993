//! The right to work on an import, and its item in the store.

use jiff::{SignedDuration, Timestamp};
use lastmile_model::listing::life::{Import, Lease};
use lastmile_store::{StoreError, TransactError, TransactWrite, Transaction, record};

use super::limits::{LEASE, SLICE_WAIT};
use super::load::LoadError;
use super::retry::retrying;
use crate::Context;

/// An import that this process works on.
pub(super) struct Worker {
    pub(super) import: Import,
    /// Of the import's item as it was last written.
    pub(super) revision: i64,
    pub(super) owner: u64,
}

/// A name for a worker, by chance.
pub(super) fn new_owner(context: &Context) -> u64 {
    let mut bytes = [0; 8];
    context.random.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// A lease from now on.
pub(super) fn lease(context: &Context, owner: u64) -> Lease {
    Lease {
        owner,
        until: from_now(context, LEASE),
    }
}

fn from_now(context: &Context, time: SignedDuration) -> Timestamp {
    let until = context.clock.now().saturating_add(time);
    until.unwrap_or(Timestamp::MAX)
}

impl Worker {
    /// Writes how far the import is, and renews the lease.
    ///
    /// # Errors
    /// [`LoadError::TakenOver`] where another worker has it now.
    pub(super) async fn save(&mut self, context: &Context) -> Result<(), LoadError> {
        self.import.lease = Some(lease(context, self.owner));
        self.put(context).await
    }

    /// Leaves an import for the worker of its next slice: it is nobody's until the message comes to one.
    pub(super) async fn hand_over(&mut self, context: &Context, to: u64) -> Result<(), LoadError> {
        self.import.lease = Some(Lease {
            owner: to,
            until: from_now(context, SLICE_WAIT),
        });
        self.put(context).await
    }

    /// Lets go of an import that is not complete.
    pub(super) async fn interrupt(&mut self, context: &Context) -> Result<(), LoadError> {
        self.import.let_go();
        self.put(context).await
    }

    /// Gives up an import whose file cannot be read to its end.
    pub(super) async fn fail(&mut self, context: &Context) -> Result<(), LoadError> {
        self.import.fail(context.clock.now());
        self.put(context).await
    }

    async fn put(&mut self, context: &Context) -> Result<(), LoadError> {
        let write = record::import::put(&self.import, self.revision);
        let token = format!("import-{:x}-{}", self.owner, self.revision);
        match transact(context, vec![write], token).await? {
            Outcome::Done => {
                self.revision += 1;
                Ok(())
            }
            Outcome::Changed => Err(LoadError::TakenOver {
                import: self.import.id.clone(),
            }),
        }
    }
}

/// What became of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It happened.
    Done,
    /// It did not: something had changed since it was read.
    Changed,
}

/// Runs a transaction; its token makes trying again harmless.
pub(super) async fn transact(
    context: &Context,
    writes: Vec<TransactWrite>,
    token: String,
) -> Result<Outcome, StoreError> {
    let transaction = Transaction {
        writes,
        token: Some(token),
    };
    retrying(|| async {
        match context.store.transact(transaction.clone()).await {
            Ok(_) => Ok(Outcome::Done),
            Err(TransactError::ConditionFailed { .. } | TransactError::TokenReused) => {
                Ok(Outcome::Changed)
            }
            Err(TransactError::Store(error)) => Err(error),
        }
    })
    .await
}

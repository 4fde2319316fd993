//! A request that is to have its effect once, however often it is sent.
//!
//! The answer is remembered by the transaction that has the effect, so there is no moment at which one is
//! there without the other. Nothing is read before: a repeat finds out by the condition that fails.

use jiff::SignedDuration;
use lastmile_model::idempotency::IdempotencyKey;
use lastmile_model::identity::TenantId;
use lastmile_store::key::Key;
use lastmile_store::record::idempotency::{self, Answered, DIGEST_BYTES};
use lastmile_store::{Consistency, PrimaryKey, StoreError, TransactWrite};
use sha2::{Digest, Sha256};

use crate::Context;

/// How long an answer is remembered at least. The item may be there a while longer, and is then still good.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// What tells one request from another under a key.
#[derive(Clone, Copy, Debug)]
pub struct Once<'a> {
    tenant: &'a TenantId,
    operation: &'a str,
    key: &'a IdempotencyKey,
    digest: [u8; DIGEST_BYTES],
}

/// What a key was used for before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing, or so long ago that it is forgotten.
    Nothing,
    /// The same request, which came to this.
    Same(String),
    /// Another request.
    Other,
}

impl<'a> Once<'a> {
    /// The request whose parts are these, in an operation whose keys are its own.
    #[must_use]
    pub fn new(
        tenant: &'a TenantId,
        operation: &'a str,
        key: &'a IdempotencyKey,
        parts: &[&str],
    ) -> Self {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update(part.len().to_be_bytes());
            digest.update(part);
        }
        Self {
            tenant,
            operation,
            key,
            digest: digest.finalize().into(),
        }
    }

    /// The write that goes with the effect, and fails where the key has been used.
    #[must_use]
    pub fn remember(&self, context: &Context, answer: String) -> TransactWrite {
        let answered = Answered {
            digest: self.digest,
            answer,
        };
        let now = context.clock.now();
        let expires = now.saturating_add(REMEMBERED).unwrap_or(now);
        idempotency::put(self.primary(), &answered, expires)
    }

    /// What the key was used for, where [`Once::remember`] failed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn earlier(&self, context: &Context) -> Result<Earlier, StoreError> {
        let key = self.primary();
        let read = context.store.get(&key, Consistency::Strong).await?;
        let Some(item) = read.value else {
            return Ok(Earlier::Nothing);
        };
        let Answered { digest, answer } = idempotency::read(&item)?;
        Ok(if digest == self.digest {
            Earlier::Same(answer)
        } else {
            Earlier::Other
        })
    }

    fn primary(&self) -> PrimaryKey {
        let key = Key::Once {
            tenant: self.tenant,
            operation: self.operation,
            key: self.key,
        };
        key.primary()
    }
}

//! What a request came to that is to have its effect once.

use jiff::Timestamp;

use super::{VALUE, some_or_corrupt};
use crate::condition::Condition;
use crate::error::StoreError;
use crate::item::{Item, PrimaryKey, Value};
use crate::write::TransactWrite;

/// Bytes of a request's digest (SHA-256).
pub const DIGEST_BYTES: usize = 32;

/// Attribute: the digest of the request.
const DIGEST: &str = "h";

/// A request that had its effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What was asked, as a digest: the same key with another request is a mistake of the client.
    pub digest: [u8; DIGEST_BYTES],
    /// What it came to: the id of what was made, as a rule.
    pub answer: String,
}

/// The write that goes with the effect; it fails where the key has been used.
#[must_use]
pub fn put(key: PrimaryKey, answered: &Answered, expires: Timestamp) -> TransactWrite {
    let Answered { digest, answer } = answered;
    let mut item = Item::new(key);
    item.expires_at = Some(expires.as_second());
    item.attributes.insert(DIGEST, Value::B(digest.to_vec()));
    item.attributes.insert(VALUE, Value::S(answer.clone()));
    TransactWrite::Put {
        item,
        condition: Condition::NotExists,
    }
}

/// Reads it back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read(item: &Item) -> Result<Answered, StoreError> {
    let digest = item.attributes.bytes(DIGEST);
    let digest = digest.and_then(|bytes| bytes.try_into().ok());
    let answer = item.attributes.text(VALUE).map(str::to_owned);
    let answered = digest.zip(answer);
    let answered = answered.map(|(digest, answer)| Answered { digest, answer });
    some_or_corrupt(answered, &item.key)
}

#[cfg(test)]
mod tests {
    use lastmile_model::idempotency::IdempotencyKey;
    use lastmile_model::identity::TenantId;

    use super::*;
    use crate::key::Key;

    #[test]
    fn it_comes_back_as_it_was_and_keys_of_two_operations_do_not_meet() {
        let tenant = TenantId::default();
        let client = IdempotencyKey::new("a#b").unwrap();
        let key = |operation| {
            let once = Key::Once {
                tenant: &tenant,
                operation,
                key: &client,
            };
            once.primary()
        };
        assert_ne!(key("catalog"), key("category"));
        let answered = Answered {
            digest: [7; DIGEST_BYTES],
            answer: "x".to_owned(),
        };
        let write = put(
            key("catalog"),
            &answered,
            Timestamp::from_second(9).unwrap(),
        );
        let TransactWrite::Put {
            mut item,
            condition,
        } = write
        else {
            panic!("a put");
        };
        assert_eq!(
            (item.expires_at, condition),
            (Some(9), Condition::NotExists)
        );
        assert_eq!(read(&item).unwrap(), answered);
        item.attributes.remove(DIGEST);
        assert!(matches!(read(&item), Err(StoreError::Corrupt { .. })));
    }
}

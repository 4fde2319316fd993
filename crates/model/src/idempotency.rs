//! Requests that are to have their effect once, however often they are sent.

use std::fmt;

use smol_str::SmolStr;
use thiserror::Error;

/// Longest key, in bytes.
pub const IDEMPOTENCY_KEY_MAX_BYTES: usize = 128;

/// A key under which a client sends one request again and again until it has the answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(SmolStr);

/// A text cannot be such a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("must be 1 to {IDEMPOTENCY_KEY_MAX_BYTES} visible ASCII characters, without spaces")]
pub struct BadIdempotencyKey;

impl IdempotencyKey {
    /// Takes a key as it is.
    ///
    /// # Errors
    /// [`BadIdempotencyKey`] for an empty or overlong one, or one with characters that cannot be seen.
    pub fn new(text: &str) -> Result<Self, BadIdempotencyKey> {
        let fits = (1..=IDEMPOTENCY_KEY_MAX_BYTES).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.into()))
        } else {
            Err(BadIdempotencyKey)
        }
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_can_be_seen_and_is_not_long() {
        let longest = "k".repeat(IDEMPOTENCY_KEY_MAX_BYTES);
        for good in [
            "1",
            "8e03978e-40d5-43e8-bc93-6894a57f9324",
            "\"a#b\"",
            &longest,
        ] {
            assert_eq!(IdempotencyKey::new(good).unwrap().as_str(), good);
        }
        let longer = format!("{longest}k");
        for bad in ["", "a b", "é", "a\n", &longer] {
            assert_eq!(IdempotencyKey::new(bad), Err(BadIdempotencyKey), "{bad:?}");
        }
    }
}

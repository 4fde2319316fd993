//! The text of an API key: `lastmile_3f9a1c07b2d4_` and 43 characters of secret.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lastmile_model::identity::{KEY_ID_BYTES, KeyId};
use lastmile_store::record::api_key::SECRET_HASH_BYTES;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What every key begins with, so that scanners for leaked secrets can find one.
pub const KEY_PREFIX: &str = "lastmile_";

/// Bytes of a secret: 256 bits, so that it can neither be guessed nor be searched for from its hash.
pub const SECRET_BYTES: usize = 32;

/// Random bytes that one new key takes: its id, then its secret.
pub const ENTROPY_BYTES: usize = KEY_ID_BYTES + SECRET_BYTES;

/// Longest text that is looked at as a key, in bytes.
pub const KEY_TEXT_MAX_BYTES: usize = 128;

/// Random bytes for one key. The caller draws them from its source of randomness.
pub type Entropy = [u8; ENTROPY_BYTES];

/// A whole key. Shown once to whoever made it, and never logged: its `Debug` hides the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyText(String);

impl KeyText {
    /// The text, for showing it once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The key made of an id and a secret.
    pub(crate) fn of(id: KeyId, secret: &[u8; SECRET_BYTES]) -> Self {
        Self(format!(
            "{KEY_PREFIX}{id}_{}",
            URL_SAFE_NO_PAD.encode(secret)
        ))
    }
}

impl std::fmt::Debug for KeyText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyText(hidden)")
    }
}

/// Takes the random bytes apart.
pub(crate) fn split(entropy: &Entropy) -> (KeyId, [u8; SECRET_BYTES]) {
    let mut id = [0; KEY_ID_BYTES];
    let mut secret = [0; SECRET_BYTES];
    id.copy_from_slice(&entropy[..KEY_ID_BYTES]);
    secret.copy_from_slice(&entropy[KEY_ID_BYTES..]);
    (KeyId(id), secret)
}

/// The id that a presented text names, if it is a key at all.
pub(crate) fn id_in(presented: &str) -> Option<KeyId> {
    if presented.len() > KEY_TEXT_MAX_BYTES {
        return None;
    }
    let (id, _secret) = presented.strip_prefix(KEY_PREFIX)?.split_once('_')?;
    id.parse().ok()
}

/// What is stored of a key: SHA-256 of its whole text. A slow hash would add nothing, because a secret
/// of 256 random bits cannot be searched for.
pub(crate) fn hash(presented: &str) -> [u8; SECRET_HASH_BYTES] {
    Sha256::digest(presented.as_bytes()).into()
}

/// Whether the presented text is the key with this hash, in a time that does not depend on where they differ.
pub(crate) fn matches(presented: &str, stored: &[u8; SECRET_HASH_BYTES]) -> bool {
    hash(presented).ct_eq(stored).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_its_id_and_hides_its_secret() {
        let mut entropy = [0xab; ENTROPY_BYTES];
        entropy[0] = 0x01;
        let (id, secret) = split(&entropy);
        let key = KeyText::of(id, &secret);
        assert_eq!(id_in(key.reveal()), Some(id));
        assert_eq!(key.reveal().len(), KEY_PREFIX.len() + 12 + 1 + 43);
        assert_eq!(format!("{key:?}"), "KeyText(hidden)");
    }

    #[test]
    fn what_is_no_key_names_no_id() {
        let overlong = format!(
            "{KEY_PREFIX}3f9a1c07b2d4_{}",
            "a".repeat(KEY_TEXT_MAX_BYTES)
        );
        for text in [
            "",
            "lastmile_",
            "lastmile_3F9A1C07B2D4_x",
            "other_3f9a1c07b2d4_x",
            &overlong,
        ] {
            assert_eq!(id_in(text), None, "{text}");
        }
    }

    #[test]
    fn one_changed_character_is_another_key() {
        let (id, secret) = split(&[0x5a; ENTROPY_BYTES]);
        let key = KeyText::of(id, &secret);
        let stored = hash(key.reveal());
        assert!(matches(key.reveal(), &stored));
        for position in 0..key.reveal().len() {
            let mut changed = key.reveal().as_bytes().to_vec();
            changed[position] ^= 1;
            let changed = String::from_utf8(changed).unwrap();
            assert!(!matches(&changed, &stored), "changed at {position}");
        }
    }
}

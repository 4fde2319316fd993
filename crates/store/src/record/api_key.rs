//! An API key with the hash of its secret.

use jiff::Timestamp;
use lastmile_model::identity::{ApiKey, Caller, KeyName, ProviderName, Role, TenantId};

use crate::error::StoreError;
use crate::item::{Attributes, Item, PrimaryKey, Value};
use crate::key::{Key, api_key_listing};

/// Bytes of the stored hash (SHA-256).
pub const SECRET_HASH_BYTES: usize = 32;

/// Attribute: when the key was revoked, microseconds since 1970; absent while it is good.
pub const REVOKED_AT: &str = "x";
/// Attribute: the hash of the secret.
pub const SECRET_HASH: &str = "h";
/// Attribute: when the secret was last replaced, microseconds since 1970.
pub const ROTATED_AT: &str = "o";
const NAME: &str = "n";
const TENANT: &str = "t";
const ROLE: &str = "r";
const PROVIDER: &str = "p";
const CREATED_AT: &str = "c";

/// What is stored of an API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredApiKey {
    /// Everything that may be shown.
    pub key: ApiKey,
    /// SHA-256 of the secret.
    pub secret_hash: [u8; SECRET_HASH_BYTES],
}

/// A time as it is stored.
#[must_use]
pub fn time_value(time: Timestamp) -> Value {
    Value::N(time.as_microsecond())
}

/// Writes the item.
#[must_use]
pub fn encode(stored: &StoredApiKey) -> Item {
    let StoredApiKey { key, secret_hash } = stored;
    let ApiKey {
        id,
        name,
        caller: Caller { tenant, role },
        created_at,
        rotated_at,
        revoked_at,
    } = key;
    let mut item = Item::new(Key::ApiKey { id: *id }.primary());
    item.index1 = Some(api_key_listing(key));
    let mut set = |attribute: &str, value| item.attributes.insert(attribute.to_owned(), value);
    set(NAME, Value::S(name.as_str().to_owned()));
    set(TENANT, Value::S(tenant.as_str().to_owned()));
    set(ROLE, Value::S(role.as_str().to_owned()));
    if let Some(provider) = role.provider() {
        set(PROVIDER, Value::S(provider.as_str().to_owned()));
    }
    set(CREATED_AT, time_value(*created_at));
    set(ROTATED_AT, time_value(*rotated_at));
    if let Some(revoked_at) = revoked_at {
        set(REVOKED_AT, time_value(*revoked_at));
    }
    set(SECRET_HASH, Value::B(secret_hash.to_vec()));
    item
}

/// Reads the item.
///
/// # Errors
/// [`StoreError::Corrupt`] if it is not an API key as [`encode`] writes it.
pub fn decode(item: &Item) -> Result<StoredApiKey, StoreError> {
    read(item).ok_or_else(|| StoreError::Corrupt {
        key: shown(&item.key),
    })
}

fn read(item: &Item) -> Option<StoredApiKey> {
    let attributes = &item.attributes;
    let id = item.key.pk.strip_prefix("APIKEY#")?.parse().ok()?;
    let role = match text(attributes, ROLE)? {
        "operator" => Role::Operator,
        "agent" => Role::Agent,
        "provider" => Role::Provider(ProviderName::new(text(attributes, PROVIDER)?).ok()?),
        _ => return None,
    };
    let secret_hash = match attributes.get(SECRET_HASH)? {
        Value::B(bytes) => bytes.as_slice().try_into().ok()?,
        _ => return None,
    };
    let revoked_at = match attributes.contains_key(REVOKED_AT) {
        true => Some(time(attributes, REVOKED_AT)?),
        false => None,
    };
    Some(StoredApiKey {
        key: ApiKey {
            id,
            name: KeyName::new(text(attributes, NAME)?).ok()?,
            caller: Caller {
                tenant: TenantId::new(text(attributes, TENANT)?).ok()?,
                role,
            },
            created_at: time(attributes, CREATED_AT)?,
            rotated_at: time(attributes, ROTATED_AT)?,
            revoked_at,
        },
        secret_hash,
    })
}

fn text<'a>(attributes: &'a Attributes, name: &str) -> Option<&'a str> {
    match attributes.get(name)? {
        Value::S(text) => Some(text),
        _ => None,
    }
}

fn time(attributes: &Attributes, name: &str) -> Option<Timestamp> {
    match attributes.get(name)? {
        Value::N(microseconds) => Timestamp::from_microsecond(*microseconds).ok(),
        _ => None,
    }
}

fn shown(key: &PrimaryKey) -> String {
    format!("{} / {}", key.pk, key.sk)
}

#[cfg(test)]
mod tests {
    use lastmile_model::identity::KeyId;

    use super::*;

    fn stored(role: Role, revoked_at: Option<Timestamp>) -> StoredApiKey {
        StoredApiKey {
            key: ApiKey {
                id: KeyId([0x3f, 0x9a, 0x1c, 0x07, 0xb2, 0xd4]),
                name: KeyName::new("night batch").unwrap(),
                caller: Caller {
                    tenant: TenantId::new("default").unwrap(),
                    role,
                },
                created_at: Timestamp::from_microsecond(1_700_000_000_000_001).unwrap(),
                rotated_at: Timestamp::from_microsecond(1_700_000_000_000_002).unwrap(),
                revoked_at,
            },
            secret_hash: [7; SECRET_HASH_BYTES],
        }
    }

    #[test]
    fn every_role_comes_back_as_it_was() {
        let provider = ProviderName::new("AT&T").unwrap();
        for role in [Role::Operator, Role::Agent, Role::Provider(provider)] {
            for revoked_at in [None, Some(Timestamp::from_microsecond(5).unwrap())] {
                let before = stored(role.clone(), revoked_at);
                assert_eq!(decode(&encode(&before)).unwrap(), before);
            }
        }
    }

    #[test]
    fn an_item_without_a_hash_or_with_an_unknown_role_is_damaged() {
        let mut without_hash = encode(&stored(Role::Agent, None));
        without_hash.attributes.remove(SECRET_HASH);
        let mut unknown_role = encode(&stored(Role::Agent, None));
        let root = Value::S("root".to_owned());
        unknown_role.attributes.insert(ROLE.to_owned(), root);
        for item in [without_hash, unknown_role] {
            assert!(matches!(decode(&item), Err(StoreError::Corrupt { .. })));
        }
    }
}

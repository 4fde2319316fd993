//! Ids are types: one kind of id cannot stand where another is asked for.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use smol_str::SmolStr;
use thiserror::Error;

use crate::Spell;

/// Longest name of a provider, list or tenant, in bytes.
pub const NAME_MAX_BYTES: usize = 64;

/// A text cannot be the name it is given as.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{kind} {text:?} must be 1 to {NAME_MAX_BYTES} bytes of letters, digits, space, '.', '_', '&', ''' or '-'"
)]
pub struct BadName {
    /// What was to be named.
    pub kind: &'static str,
    /// The text as given.
    pub text: String,
}

fn checked(kind: &'static str, text: &str) -> Result<SmolStr, BadName> {
    let trimmed = text.trim();
    let sign = |c: char| matches!(c, ' ' | '.' | '_' | '&' | '\'' | '-');
    // Every claim that is read has a name, mostly without letters that are not ASCII.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || sign(char::from(byte));
    let allowed = |c: char| c.is_alphanumeric() || sign(c);
    let is_allowed = trimmed.bytes().all(plain) || trimmed.chars().all(allowed);
    if trimmed.is_empty() || trimmed.len() > NAME_MAX_BYTES || !is_allowed {
        return Err(BadName {
            kind,
            text: text.to_owned(),
        });
    }
    Ok(trimmed.into())
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $type(SmolStr);

        impl $type {
            /// Takes a name after trimming it.
            ///
            /// # Errors
            /// [`BadName`] for an empty or overlong name, or one with characters that keys and logs cannot carry.
            pub fn new(text: &str) -> Result<Self, BadName> {
                checked($kind, text).map(Self)
            }

            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// The distributor (or its customer) on whose behalf a request is made. Part of every key of what it asks and gets.
    TenantId,
    "tenant"
);
/// The tenant that there is from the beginning; on whose behalf the machine's own command line acts.
pub const DEFAULT_TENANT: &str = "default";

impl Default for TenantId {
    fn default() -> Self {
        Self(SmolStr::new_static(DEFAULT_TENANT))
    }
}

name!(
    /// A provider, as its customers know it: `CenturyLink`. Claims belong to it.
    ProviderName,
    "provider"
);
name!(
    /// One of a provider's lists; a new import of the same list replaces the old one. Most providers have one, `main`.
    ListName,
    "list"
);

name!(
    /// What an API key is called by the people who manage it: `night batch`.
    KeyName,
    "key name"
);

/// The list of one provider: what an import replaces.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListId {
    /// Who gave the list (and may replace it).
    pub provider: ProviderName,
    /// Which of its lists.
    pub name: ListName,
}

impl fmt::Display for ListId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spell(f)
    }
}

impl Spell for ListId {
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        out.write_str(self.provider.as_str())?;
        out.write_str("/")?;
        out.write_str(self.name.as_str())
    }
}

/// The n-th import of a list, from 1. Claims carry it; readers see those of the list's active import only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImportNumber(pub u32);

/// Who asks, as the edge found out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    /// On whose behalf.
    pub tenant: TenantId,
    /// What it may do.
    pub role: Role,
}

/// What a caller may do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The distributor's own engineers and desks: everything of their tenant, and every list.
    Operator,
    /// Asks; sees what its tenant asked. Loads nothing.
    Agent,
    /// Loads and sees its own lists.
    Provider(ProviderName),
}

impl Role {
    /// `operator`, `agent`, `provider`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Agent => "agent",
            Self::Provider(_) => "provider",
        }
    }

    /// Whose lists it may load and see; `None` for whoever is no provider.
    #[must_use]
    pub const fn provider(&self) -> Option<&ProviderName> {
        match self {
            Self::Provider(provider) => Some(provider),
            Self::Operator | Self::Agent => None,
        }
    }
}

/// Bytes of an API key's id; it is shown as twice as many hexadecimal digits.
pub const KEY_ID_BYTES: usize = 6;

/// Which API key, without its secret: `3f9a1c07b2d4`. Safe to show and to log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub [u8; KEY_ID_BYTES]);

/// A text is not the id of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not the id of an API key: expected {} lower-case hexadecimal digits", 2 * KEY_ID_BYTES)]
pub struct BadKeyId;

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for KeyId {
    type Err = BadKeyId;

    fn from_str(text: &str) -> Result<Self, BadKeyId> {
        let digits = text.as_bytes();
        let lower_hex = |digit: &u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        if digits.len() != 2 * KEY_ID_BYTES || !digits.iter().all(lower_hex) {
            return Err(BadKeyId);
        }
        let mut id = [0; KEY_ID_BYTES];
        for (byte, pair) in id.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair.iter().fold(0, |sum, digit| {
                sum * 16
                    + match digit {
                        b'0'..=b'9' => digit - b'0',
                        _ => digit - b'a' + 10,
                    }
            });
        }
        Ok(Self(id))
    }
}

/// An API key as it is managed. The secret is not part of it: only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Which one.
    pub id: KeyId,
    /// What people call it.
    pub name: KeyName,
    /// Who asks with it, and what they may do.
    pub caller: Caller,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its secret was last replaced; the time of creation if never.
    pub rotated_at: Timestamp,
    /// Since when it is refused.
    pub revoked_at: Option<Timestamp>,
}

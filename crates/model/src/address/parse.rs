//! Free text into [`Parts`].

use super::{Address, AddressKind, Parts};

/// Longest text that is read, in bytes; what follows is set aside as not understood.
pub const TEXT_MAX_BYTES: usize = 512;

/// Reads one address text. Never fails and never panics.
#[must_use]
pub fn parse(text: &str) -> Address {
    let _ = text;
    Address {
        kind: AddressKind::Unknown,
        parts: Parts::default(),
        unparsed: Vec::new(),
    }
}

/// See [`Address::from_parts`].
pub(super) fn from_parts(parts: &Parts) -> Address {
    Address {
        kind: AddressKind::Unknown,
        parts: parts.clone(),
        unparsed: Vec::new(),
    }
}

//! The text of a providers file.

use super::{VALUE, some_or_corrupt};
use crate::error::StoreError;
use crate::item::{Attributes, Item, Value};
use crate::key::Key;

/// Longest text: within [`crate::limits::ITEM_MAX_BYTES`], with room for some hundred carriers of the fullest settings.
pub const PROVIDERS_FILE_MAX_BYTES: usize = 300 * 1024;

/// Writes the item.
#[must_use]
pub fn encode(text: &str) -> Item {
    Item {
        attributes: Attributes::from_iter([(VALUE, Value::S(text.to_owned()))]),
        ..Item::new(Key::ProvidersFile.primary())
    }
}

/// Reads the text.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn decode(item: &Item) -> Result<&str, StoreError> {
    some_or_corrupt(item.attributes.text(VALUE), &item.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_it_was_written() {
        for text in ["", "[[provider]]\nname = \"Café\"\n"] {
            assert_eq!(decode(&encode(text)).expect("readable"), text);
        }
        assert!(decode(&Item::new(Key::ProvidersFile.primary())).is_err());
    }
}

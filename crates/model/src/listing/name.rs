//! Names of providers as lists write them.

use super::row::{Notes, RejectReason, Warning};
use crate::identity::{NAME_MAX_BYTES, ProviderName};

/// Takes a provider's name from a cell; what names cannot hold (a newline, a comma) becomes a blank,
/// with a warning.
pub(super) fn provider(
    given: &str,
    column: &str,
    notes: &mut Notes,
) -> Result<ProviderName, RejectReason> {
    if let Ok(name) = ProviderName::new(given) {
        return Ok(name);
    }
    if given.is_empty() {
        return Err(RejectReason::Missing {
            column: column.to_owned(),
        });
    }
    let folded = folded(given);
    let name = ProviderName::new(&folded).map_err(|_| RejectReason::BadProvider {
        column: column.to_owned(),
        given: given.to_owned(),
    })?;
    notes.warnings.push(Warning::NameFolded {
        given: given.to_owned(),
        read: name.as_str().to_owned(),
    });
    Ok(name)
}

fn folded(given: &str) -> String {
    let allowed = |character: char| {
        character.is_alphanumeric() || matches!(character, '.' | '_' | '&' | '\'' | '-')
    };
    let words = given
        .split(|character| !allowed(character))
        .filter(|word| !word.is_empty());
    let mut name = String::new();
    for word in words {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    while name.len() > NAME_MAX_BYTES {
        name.pop();
    }
    name
}

//! What must be true of an item for a write to happen.

use crate::item::{Item, Value};

/// A typed condition on the item as it is before the write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing is asked.
    Always,
    /// The item is there.
    Exists,
    /// The item is not there.
    NotExists,
    /// The item is there and the attribute has this value.
    Equals {
        /// Name of the attribute.
        attribute: &'static str,
        /// The value it must have.
        value: Value,
    },
    /// All of them hold.
    All(Vec<Condition>),
    /// One of them holds.
    Any(Vec<Condition>),
}

impl Condition {
    /// Whether it holds for the item as it is (`None`: absent).
    #[must_use]
    pub fn holds(&self, current: Option<&Item>) -> bool {
        match self {
            Self::Always => true,
            Self::Exists => current.is_some(),
            Self::NotExists => current.is_none(),
            Self::Equals { attribute, value } => {
                current.is_some_and(|item| item.attributes.get(attribute) == Some(value))
            }
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(current)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(current)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::PrimaryKey;

    #[test]
    fn conditions_hold_for_the_item_before_the_write() {
        let mut item = Item::new(PrimaryKey {
            pk: "p".into(),
            sk: "s".into(),
        });
        item.attributes.insert("n", Value::N(1));
        let equals = |value| Condition::Equals {
            attribute: "n",
            value,
        };
        assert!(equals(Value::N(1)).holds(Some(&item)));
        assert!(!equals(Value::S("1".into())).holds(Some(&item)));
        assert!(!equals(Value::N(1)).holds(None));
        assert!(Condition::NotExists.holds(None) && !Condition::NotExists.holds(Some(&item)));
        assert!(Condition::Exists.holds(Some(&item)) && !Condition::Exists.holds(None));
        let either = Condition::Any(vec![Condition::NotExists, equals(Value::N(1))]);
        assert!(either.holds(None) && either.holds(Some(&item)));
        assert!(!Condition::All(vec![either, equals(Value::N(2))]).holds(Some(&item)));
        assert!(Condition::All(vec![]).holds(None) && !Condition::Any(vec![]).holds(None));
    }
}

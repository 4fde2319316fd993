//! Items: keys, attributes, and what they weigh.
//!
//! Weights follow DynamoDB's documented formula ("Item sizes and formats"): the bytes of every
//! attribute's name and value, the attributes of the keys included. What an item weighs decides what
//! its reads and writes cost, so names are short.

use std::fmt;

use lastmile_model::Text;

/// Name of the attribute that holds the partition key.
pub const PK: &str = "pk";
/// Name of the attribute that holds the sort key.
pub const SK: &str = "sk";
/// Name of the attribute that holds the partition key of the first index.
pub const INDEX1_PK: &str = "pk1";
/// Name of the attribute that holds the sort key of the first index.
pub const INDEX1_SK: &str = "sk1";
/// Name of the attribute that holds the partition key of the second index.
pub const INDEX2_PK: &str = "pk2";
/// Name of the attribute that holds the sort key of the second index.
pub const INDEX2_SK: &str = "sk2";
/// Name of the attribute that holds [`Item::expires_at`].
pub const EXPIRES_AT: &str = "ttl";
/// Name of the attribute that is true on an item whose changes are in the feed.
pub const STREAMED: &str = "st";

/// Names that [`Attributes`] may not use, because they hold the other fields of an [`Item`].
pub const RESERVED_NAMES: [&str; 8] = [
    PK, SK, INDEX1_PK, INDEX1_SK, INDEX2_PK, INDEX2_SK, EXPIRES_AT, STREAMED,
];

/// Name of an attribute. Up to 23 bytes are held in place, so reading an item allocates nothing for
/// its names.
pub type AttributeName = Text;

/// Attributes, sorted by name, each name once.
///
/// A sorted list rather than a map: items have few attributes, and reading one must be cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes(Vec<(AttributeName, Value)>);

impl Attributes {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Room for this many, so that filling them allocates once.
    #[must_use]
    pub fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// Sets an attribute; gives back the value it had.
    pub fn insert(&mut self, name: impl Into<AttributeName>, value: Value) -> Option<Value> {
        let name = name.into();
        if self.0.last().is_none_or(|(last, _)| *last < name) {
            self.0.push((name, value));
            return None;
        }
        match self.position(&name) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    /// Removes an attribute; gives back the value it had.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.position(name).ok()?;
        Some(self.0.remove(at).1)
    }

    /// The value of an attribute.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let at = self.position(name).ok()?;
        Some(&self.0[at].1)
    }

    /// The value of an attribute that is text; `None` if it is missing or of another type.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::S(text) => Some(text),
            Value::N(_) | Value::B(_) | Value::Bool(_) => None,
        }
    }

    /// The value of an attribute that is a number; `None` if it is missing or of another type.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Value::N(number) => Some(*number),
            Value::S(_) | Value::B(_) | Value::Bool(_) => None,
        }
    }

    /// The value of an attribute that is bytes; `None` if it is missing or of another type.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        match self.get(name)? {
            Value::B(bytes) => Some(bytes),
            Value::S(_) | Value::N(_) | Value::Bool(_) => None,
        }
    }

    /// The value of an attribute that is a truth; `None` if it is missing or of another type.
    #[must_use]
    pub fn truth(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(truth) => Some(*truth),
            Value::S(_) | Value::N(_) | Value::B(_) => None,
        }
    }

    /// Whether there is an attribute of this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_ok()
    }

    /// In the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, in bytes.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.0
            .iter()
            .map(|(name, value)| name.len() + value.weight())
            .sum()
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.as_str().cmp(name))
    }
}

impl<N: Into<AttributeName>> FromIterator<(N, Value)> for Attributes {
    /// The last of several with one name wins.
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(attributes: I) -> Self {
        let mut all = Self::new();
        for (name, value) in attributes {
            all.insert(name, value);
        }
        all
    }
}

impl IntoIterator for Attributes {
    type Item = (AttributeName, Value);
    type IntoIter = std::vec::IntoIter<(AttributeName, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A stored value.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Text; may be empty.
    S(String),
    /// Whole number.
    N(i64),
    /// Bytes; may be none.
    B(Vec<u8>),
    /// Truth.
    Bool(bool),
}

impl Value {
    /// Bytes of the value as DynamoDB weighs it.
    #[must_use]
    pub const fn weight(&self) -> usize {
        match self {
            Self::S(text) => text.len(),
            Self::N(number) => number_weight(*number),
            Self::B(bytes) => bytes.len(),
            Self::Bool(_) => 1,
        }
    }
}

/// How many bytes of a value are shown: who looks for a mistake wants to tell values apart, not to read them.
const SHOWN_BYTES: usize = 16;

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::S(text) => f.debug_tuple("S").field(text).finish(),
            Self::N(number) => f.debug_tuple("N").field(number).finish(),
            Self::B(bytes) => match bytes.get(..SHOWN_BYTES) {
                Some(first) if first.len() < bytes.len() => {
                    write!(f, "B({first:?} and more, {} bytes)", bytes.len())
                }
                Some(_) | None => write!(f, "B({bytes:?})"),
            },
            Self::Bool(truth) => f.debug_tuple("Bool").field(truth).finish(),
        }
    }
}

/// A byte per two significant digits (zeros at the end are not significant), one more, and one for
/// the sign of a negative number.
const fn number_weight(number: i64) -> usize {
    let mut rest = number.unsigned_abs();
    while rest != 0 && rest.is_multiple_of(10) {
        rest /= 10;
    }
    let digits = match rest.checked_ilog10() {
        Some(log) => log as usize + 1,
        None => 0,
    };
    let sign = if number < 0 { 1 } else { 0 };
    digits.div_ceil(2) + 1 + sign
}

/// The primary key of an item.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PrimaryKey {
    /// Partition key.
    pub pk: Text,
    /// Sort key.
    pub sk: String,
}

/// The key of an item in one of the two overloaded indexes. An item without one is not in the index.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IndexKey {
    /// Partition key.
    pub pk: String,
    /// Sort key; entries with equal keys are told apart by their primary key.
    pub sk: String,
}

/// A stored item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Where it is.
    pub key: PrimaryKey,
    /// Where it is in the first index.
    pub index1: Option<IndexKey>,
    /// Where it is in the second index.
    pub index2: Option<IndexKey>,
    /// When it may be removed, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// Whether its changes are in the change feed (outbox items).
    pub streamed: bool,
    /// Everything else.
    pub attributes: Attributes,
}

impl Item {
    /// An item in no index, without expiry, not streamed, without attributes.
    #[must_use]
    pub const fn new(key: PrimaryKey) -> Self {
        Self {
            key,
            index1: None,
            index2: None,
            expires_at: None,
            streamed: false,
            attributes: Attributes::new(),
        }
    }

    /// Names and values of everything the item holds, in bytes. An index holds whole items (DynamoDB's
    /// projection `ALL`), so an index entry weighs the same.
    #[must_use]
    pub fn weight(&self) -> usize {
        let Self {
            key,
            index1,
            index2,
            expires_at,
            streamed,
            attributes,
        } = self;
        let pair = |key: &IndexKey| INDEX1_PK.len() + key.pk.len() + INDEX1_SK.len() + key.sk.len();
        PK.len()
            + key.pk.len()
            + SK.len()
            + key.sk.len()
            + index1.as_ref().map_or(0, pair)
            + index2.as_ref().map_or(0, pair)
            + expires_at.map_or(0, |seconds| EXPIRES_AT.len() + number_weight(seconds))
            + if *streamed { STREAMED.len() + 1 } else { 0 }
            + attributes.weight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_weigh_by_their_significant_digits() {
        let weighed = [
            (0, 1),
            (1, 2),
            (10, 2),
            (12, 2),
            (123, 3),
            (1_000_000, 2),
            (-5, 3),
            (i64::MAX, 11),
            (i64::MIN, 12),
        ];
        for (number, weight) in weighed {
            assert_eq!(Value::N(number).weight(), weight, "{number}");
        }
    }

    #[test]
    fn long_bytes_are_shown_in_short() {
        assert_eq!(format!("{:?}", Value::B(vec![1, 2])), "B([1, 2])");
        let long = format!("{:?}", Value::B(vec![7; 400_000]));
        assert!(long.ends_with(" and more, 400000 bytes)"), "{long}");
        assert!(long.len() < 100, "{long}");
    }

    #[test]
    fn an_item_weighs_its_names_and_values() {
        let mut item = Item::new(PrimaryKey {
            pk: "abc".into(),
            sk: "é".into(),
        });
        assert_eq!(item.weight(), 2 + 3 + 2 + 2);
        item.index2 = Some(IndexKey {
            pk: "x".into(),
            sk: "yz".into(),
        });
        item.expires_at = Some(1_700_000_000);
        item.streamed = true;
        item.attributes.insert("b", Value::B(vec![0; 10]));
        item.attributes.insert("yes", Value::Bool(true));
        assert_eq!(
            item.weight(),
            9 + (3 + 1 + 3 + 2) + (3 + 2) + (2 + 1) + (1 + 10) + (3 + 1)
        );
    }

    #[test]
    fn attributes_stay_sorted_and_unique() {
        let mut attributes: Attributes =
            [("b", Value::N(1)), ("a", Value::N(2)), ("b", Value::N(3))]
                .into_iter()
                .collect();
        assert_eq!(attributes.len(), 2);
        assert_eq!(attributes.number("b"), Some(3));
        assert_eq!(attributes.text("b"), None);
        assert_eq!(attributes.remove("a"), Some(Value::N(2)));
        assert_eq!(attributes.iter().collect::<Vec<_>>(), [("b", &Value::N(3))]);
    }
}

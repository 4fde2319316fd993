//! A place in the table's stream, which is a forest of shards.
//!
//! ```text
//! position := [shard *(";" shard)]      shard := id "=" place
//! place    := ""            from its oldest record
//!           | digits        after the record of this sequence number
//!           | "end"         read to its end, and no shard that goes on from it is known
//! ```
//! A shard is closed now and then, and others go on from it: its children. The position names the shards
//! that are read now. Their ancestors are done; a shard that is neither is one to begin with, as soon as
//! its parent is done. So the text stays as long as the stream is wide, however old it gets.

use std::collections::{BTreeMap, BTreeSet, HashMap};

const END: &str = "end";

/// How far a shard was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Not at all: it is read from its oldest record.
    Begin,
    /// Up to the record of this sequence number.
    After(String),
    /// To its end.
    Ended,
}

/// A shard of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    /// Its id.
    pub(super) id: String,
    /// The shard that it goes on from, which may be gone.
    pub(super) parent: Option<String>,
}

/// Where a reader is in each shard that it reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StreamPosition {
    places: BTreeMap<String, Place>,
}

impl StreamPosition {
    /// Reads a position; `None` if it is not one of a stream.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let places = text.split(';').map(|shard| {
            let (id, place) = shard.split_once('=')?;
            let place = match place {
                "" => Place::Begin,
                END => Place::Ended,
                number if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                    Place::After(number.to_owned())
                }
                _ => return None,
            };
            is_shard_id(id).then(|| (id.to_owned(), place))
        });
        let places = places.collect::<Option<_>>()?;
        Some(Self { places })
    }

    /// The text to read it from again.
    pub(super) fn text(&self) -> String {
        let shards = self.places.iter().map(|(id, place)| {
            let place = match place {
                Place::Begin => "",
                Place::After(number) => number,
                Place::Ended => END,
            };
            format!("{id}={place}")
        });
        shards.collect::<Vec<_>>().join(";")
    }

    /// The shards that have more to read, in the order of their ids.
    pub(super) fn open(&self) -> Vec<String> {
        let open = self
            .places
            .iter()
            .filter(|(_, place)| **place != Place::Ended);
        open.map(|(id, _)| id.clone()).collect()
    }

    /// Where it is in a shard.
    pub(super) fn place(&self, id: &str) -> Option<&Place> {
        self.places.get(id)
    }

    /// Goes on in a shard.
    pub(super) fn set(&mut self, id: &str, place: Place) {
        self.places.insert(id.to_owned(), place);
    }

    /// Whether the shards are out of date for it: it names one that is not among them, or stands at the
    /// end of one that none goes on from.
    pub(super) fn outruns(&self, shards: &[Shard]) -> bool {
        self.places.iter().any(|(id, place)| {
            let goes_on = || shards.iter().any(|shard| shard.parent.as_ref() == Some(id));
            let listed = shards.iter().any(|shard| shard.id == *id);
            !listed || (*place == Place::Ended && !goes_on())
        })
    }

    /// Forgets shards that are gone, and begins those that may be begun.
    pub(super) fn settle(&mut self, shards: &[Shard]) {
        let parents: HashMap<&str, Option<&str>> = shards
            .iter()
            .map(|shard| (shard.id.as_str(), shard.parent.as_deref()))
            .collect();
        self.places
            .retain(|id, _| parents.contains_key(id.as_str()));
        let past = self.past(&parents);
        let done = |id: &str| past.contains(id) || self.places.get(id) == Some(&Place::Ended);
        let begun: Vec<String> = shards
            .iter()
            .filter(|shard| !self.places.contains_key(&shard.id) && !past.contains(&shard.id))
            .filter(|shard| {
                let parent = shard.parent.as_deref();
                parent.is_none_or(|parent| !parents.contains_key(parent) || done(parent))
            })
            .map(|shard| shard.id.clone())
            .collect();
        self.places
            .extend(begun.into_iter().map(|id| (id, Place::Begin)));
        let past = self.past(&parents);
        self.places.retain(|id, _| !past.contains(id));
    }

    /// The ancestors of the shards that it names.
    fn past(&self, parents: &HashMap<&str, Option<&str>>) -> BTreeSet<String> {
        let mut past = BTreeSet::new();
        for id in self.places.keys() {
            let mut next = parents.get(id.as_str()).copied().flatten();
            while let Some(parent) = next.filter(|parent| !past.contains(*parent)) {
                past.insert(parent.to_owned());
                next = parents.get(parent).copied().flatten();
            }
        }
        past
    }
}

fn is_shard_id(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !id.is_empty() && id.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a` was closed and split into `b` and `c`; `d` goes on from `b`.
    fn forest() -> Vec<Shard> {
        let shard = |id: &str, parent: Option<&str>| Shard {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
        };
        vec![
            shard("d", Some("b")),
            shard("c", Some("a")),
            shard("b", Some("a")),
            shard("a", Some("trimmed")),
        ]
    }

    fn settled(text: &str, shards: &[Shard]) -> String {
        let mut position = StreamPosition::parse(text).unwrap();
        position.settle(shards);
        position.text()
    }

    #[test]
    fn a_text_is_read_back() {
        for text in ["", "shard-1_x.y=", "a=12;b=;c=end"] {
            assert_eq!(StreamPosition::parse(text).unwrap().text(), text);
        }
        for foreign in [
            "not a position",
            "17",
            "0001-7",
            "a=1;",
            "=1",
            "a=x",
            "a b=1",
        ] {
            assert_eq!(StreamPosition::parse(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_parent_is_read_before_its_children() {
        let forest = forest();
        assert_eq!(settled("", &forest), "a=");
        assert_eq!(settled("a=5", &forest), "a=5");
        assert_eq!(settled("a=end", &forest), "b=;c=");
        assert_eq!(settled("b=7;c=end", &forest), "b=7;c=end");
        assert_eq!(settled("b=end;c=9", &forest), "c=9;d=");
    }

    #[test]
    fn a_sibling_that_appears_late_is_begun() {
        assert_eq!(settled("c=9", &forest()), "b=;c=9");
        assert_eq!(settled("d=1", &forest()), "c=;d=1");
    }

    #[test]
    fn what_is_gone_is_forgotten() {
        assert_eq!(settled("elsewhere=3", &forest()), "a=");
        assert_eq!(settled("trimmed=3", &forest()), "a=");
        let without_a = &forest()[..3];
        assert_eq!(settled("a=5", without_a), "b=;c=");
    }

    #[test]
    fn it_says_when_shards_are_out_of_date() {
        let outruns = |text: &str| StreamPosition::parse(text).unwrap().outruns(&forest());
        assert!(outruns("x=1") && outruns("d=end") && outruns("b=end;c=end"));
        assert!(!outruns("") && !outruns("a=end") && !outruns("b=end;c=4"));
    }

    #[test]
    fn shards_at_their_end_are_not_open() {
        let position = StreamPosition::parse("a=;b=end;c=4").unwrap();
        assert_eq!(position.open(), ["a", "c"]);
    }
}

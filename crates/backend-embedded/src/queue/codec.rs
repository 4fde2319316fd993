//! Messages and their places as bytes.
//!
//! Numbers are big-endian; times are milliseconds since 1970 with the sign flipped, so that they sort.
//! The byte `0xFF` occurs in no group: it ends one.
//!
//! | record | key | value |
//! |---|---|---|
//! | message | queue, id | see [`Message`] |
//! | body | queue, id | the body |
//! | ready | queue, group, `FF`, visible at, id | - |
//! | turn | queue, in work, visible at, id of the group's first ready message | group |
//! | group | queue, group | in work, as 8 bytes |
//! | hidden | queue, visible at, id | - |
//! | dead | queue, id | - |
//! | number | queue, standing | how many stand so |
//! | last id | `00` | the last id that was given |

use jiff::Timestamp;
use lastmile_store::QueueName;
use lastmile_store::queue::{LetterId, Receipt};

/// Ends a group.
const END: u8 = 0xFF;
/// Encoding of messages.
const ENCODING: u8 = 1;
/// Key of the last id among the numbers. No queue has this number.
pub(super) const LAST_ID: &[u8] = &[0];

/// A message's number in the file, over all queues; in the order of sending.
pub(super) type Id = u64;

/// A queue's byte in the file. Never used again for another.
pub(super) const fn queue_byte(queue: QueueName) -> u8 {
    match queue {
        QueueName::Imports => 1,
        QueueName::Tasks => 2,
        QueueName::Quotes => 3,
    }
}

/// What is happening to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It can be received.
    Ready,
    /// Hidden by its delay, until it is made ready.
    Delayed,
    /// Received; hidden until it is made ready.
    InWork,
    /// A dead letter.
    Dead,
}

impl Standing {
    /// Its byte in the file. Numbers are never reused.
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Ready => 1,
            Self::Delayed => 2,
            Self::InWork => 3,
            Self::Dead => 4,
        }
    }

    const fn of_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Ready),
            2 => Some(Self::Delayed),
            3 => Some(Self::InWork),
            4 => Some(Self::Dead),
            _ => None,
        }
    }
}

/// A message without its body, which is kept apart: it is long, and never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) standing: Standing,
    pub(super) tries: u32,
    pub(super) sent_at: Timestamp,
    /// When it is or was visible.
    pub(super) visible_at: Timestamp,
    /// Empty: none.
    pub(super) group: String,
}

impl Message {
    /// Encoding, standing, tries (4 bytes), sent at and visible at (8 each), and the group.
    pub(super) fn encode(&self) -> Vec<u8> {
        let Self {
            standing,
            tries,
            sent_at,
            visible_at,
            group,
        } = self;
        let mut bytes = vec![ENCODING, standing.byte()];
        bytes.extend_from_slice(&tries.to_be_bytes());
        bytes.extend_from_slice(&sorted_time(*sent_at));
        bytes.extend_from_slice(&sorted_time(*visible_at));
        bytes.extend_from_slice(group.as_bytes());
        bytes
    }

    /// Reads a message; `None` if the bytes are damaged or of a newer encoding.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (&[encoding, standing], rest) = bytes.split_first_chunk()?;
        if encoding != ENCODING {
            return None;
        }
        let (tries, rest) = rest.split_first_chunk()?;
        let (sent_at, rest) = rest.split_first_chunk()?;
        let (visible_at, group) = rest.split_first_chunk()?;
        Some(Self {
            standing: Standing::of_byte(standing)?,
            tries: u32::from_be_bytes(*tries),
            sent_at: read_time(*sent_at)?,
            visible_at: read_time(*visible_at)?,
            group: str::from_utf8(group).ok()?.to_owned(),
        })
    }

    pub(super) fn group(&self) -> Option<String> {
        (!self.group.is_empty()).then(|| self.group.clone())
    }
}

/// A time to the millisecond, as it is stored.
pub(super) fn stored_time(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}

pub(super) fn sorted_time(time: Timestamp) -> [u8; 8] {
    (time.as_millisecond().cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

fn read_time(bytes: [u8; 8]) -> Option<Timestamp> {
    let milliseconds = (u64::from_be_bytes(bytes) ^ (1 << 63)).cast_signed();
    Timestamp::from_millisecond(milliseconds).ok()
}

/// The key of a message, its body, and its place among the dead.
pub(super) fn message_key(queue: u8, id: Id) -> Vec<u8> {
    joined(&[&[queue], &id.to_be_bytes()])
}

pub(super) fn ready_key(queue: u8, group: &str, visible_at: Timestamp, id: Id) -> Vec<u8> {
    let mut key = ready_prefix(queue, group);
    key.extend_from_slice(&sorted_time(visible_at));
    key.extend_from_slice(&id.to_be_bytes());
    key
}

/// What the ready messages of a group begin with.
pub(super) fn ready_prefix(queue: u8, group: &str) -> Vec<u8> {
    joined(&[&[queue], group.as_bytes(), &[END]])
}

/// Of a ready message's key the end that says how long it waits: visible at, and id.
pub(super) fn ready_place(key: &[u8]) -> Option<&[u8]> {
    key.last_chunk::<16>().map(<[u8; 16]>::as_slice)
}

/// The turn of a group whose first ready message has such a place.
pub(super) fn turn_key(queue: u8, in_work: u64, place: &[u8]) -> Vec<u8> {
    joined(&[&[queue], &in_work.to_be_bytes(), place])
}

pub(super) fn group_key(queue: u8, group: &str) -> Vec<u8> {
    joined(&[&[queue], group.as_bytes()])
}

pub(super) fn hidden_key(queue: u8, visible_at: Timestamp, id: Id) -> Vec<u8> {
    joined(&[&[queue], &sorted_time(visible_at), &id.to_be_bytes()])
}

/// When a hidden message becomes visible.
pub(super) fn hidden_until(key: &[u8]) -> Option<Timestamp> {
    read_time(*key.get(1..)?.first_chunk()?)
}

/// The id at the end of a key.
pub(super) fn id_of(key: &[u8]) -> Option<Id> {
    key.last_chunk().map(|id| Id::from_be_bytes(*id))
}

pub(super) const fn number_key(queue: u8, standing: Standing) -> [u8; 2] {
    [queue, standing.byte()]
}

pub(super) fn read_number(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_be_bytes)
}

/// A message is received with another count of tries each time, so that the count tells receipts apart.
pub(super) fn receipt(id: Id, tries: u32) -> Receipt {
    Receipt::from_text(format!("{id}-{tries}"))
}

/// A dead letter is named by its message's id.
pub(super) fn letter_id(id: Id) -> LetterId {
    LetterId::from_text(id.to_string())
}

/// Reads the id of a dead letter; `None` if it is not one of ours, and so void.
pub(super) fn read_letter_id(letter: &LetterId) -> Option<Id> {
    letter.as_text().parse().ok()
}

/// Reads a receipt; `None` if it is not one of ours, and so void.
pub(super) fn read_receipt(receipt: &Receipt) -> Option<(Id, u32)> {
    let (id, tries) = receipt.as_text().split_once('-')?;
    Some((id.parse().ok()?, tries.parse().ok()?))
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn time() -> impl Strategy<Value = Timestamp> {
        (-10_000_000_000_i64..10_000_000_000_000)
            .prop_map(|ms| Timestamp::from_millisecond(ms).expect("it is within range"))
    }

    fn group() -> impl Strategy<Value = String> {
        "[!-~]{0,4}"
    }

    fn standing() -> impl Strategy<Value = Standing> {
        (1..=4_u8).prop_map(|byte| Standing::of_byte(byte).expect("there are four"))
    }

    proptest! {
        #[test]
        fn messages_come_back(
            standing in standing(), tries: u32, sent_at in time(), visible_at in time(), group in group(),
        ) {
            let message = Message { standing, tries, sent_at, visible_at, group };
            prop_assert_eq!(Message::decode(&message.encode()), Some(message));
        }

        #[test]
        fn damaged_messages_are_refused_or_read(bytes: Vec<u8>) {
            let _ = Message::decode(&bytes);
        }

        #[test]
        fn places_sort_by_time_and_then_by_id(
            one in (time(), any::<u64>()), two in (time(), any::<u64>()), group in group(),
        ) {
            let hidden = |(at, id)| hidden_key(1, at, id);
            prop_assert_eq!(hidden(one).cmp(&hidden(two)), one.cmp(&two));
            let ready = |(at, id)| ready_key(1, &group, at, id);
            prop_assert_eq!(ready(one).cmp(&ready(two)), one.cmp(&two));
            prop_assert_eq!(hidden_until(&hidden(one)), Some(one.0));
            prop_assert_eq!(id_of(&ready(one)), Some(one.1));
            let turn = |in_work, at| turn_key(1, in_work, ready_place(&ready(at)).expect("a place"));
            prop_assert!(turn(1, one) < turn(2, two), "who has little in work goes first");
        }

        #[test]
        fn a_prefix_holds_one_group(one in group(), two in group(), at in time(), id: u64) {
            let key = ready_key(1, &one, at, id);
            prop_assert_eq!(key.starts_with(&ready_prefix(1, &two)), one == two);
        }

        #[test]
        fn receipts_come_back(id: u64, tries: u32) {
            prop_assert_eq!(read_receipt(&receipt(id, tries)), Some((id, tries)));
        }
    }

    #[test]
    fn foreign_receipts_are_void() {
        for text in ["", "-", "1", "1-", "-1", "a-1", "1-2-3"] {
            assert_eq!(read_receipt(&Receipt::from_text(text.to_owned())), None);
        }
    }
}

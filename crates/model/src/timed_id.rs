//! Ids that carry the time at which what they name began, so that they sort by it: 48 bits of milliseconds
//! since 1970, then 80 random bits, displayed as 32 lower-case hexadecimal digits.

use jiff::Timestamp;

/// Random bytes of an id.
pub const RANDOM_BYTES: usize = 10;

const RANDOM_BITS: u32 = 80;
/// Hexadecimal digits of an id.
const DIGITS: usize = 32;

/// The bits of an id.
pub(crate) fn bits(created: Timestamp, random: [u8; RANDOM_BYTES]) -> u128 {
    let mut low = [0_u8; 16];
    low[16 - RANDOM_BYTES..].copy_from_slice(&random);
    let milliseconds = u128::try_from(created.as_millisecond()).unwrap_or(0);
    (milliseconds << RANDOM_BITS) | u128::from_be_bytes(low)
}

/// The time in the bits, to the millisecond.
pub(crate) fn created(bits: u128) -> Timestamp {
    i64::try_from(bits >> RANDOM_BITS)
        .ok()
        .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok())
        .unwrap_or(Timestamp::MAX)
}

/// The bits behind a text; `None` for one that no id is displayed as.
pub(crate) fn read(text: &str) -> Option<u128> {
    let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if text.len() != DIGITS || !text.bytes().all(digit) {
        return None;
    }
    u128::from_str_radix(text, 16).ok()
}

/// A type of such ids, and the error of a text that is none.
macro_rules! timed_id {
    ($(#[$doc:meta])* $id:ident, $(#[$wrong_doc:meta])* $wrong:ident, $says:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $id(u128);

        $(#[$wrong_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[error($says)]
        pub struct $wrong;

        impl $id {
            /// Makes the id of what begins at `created`.
            #[must_use]
            pub fn new(
                created: jiff::Timestamp,
                random: [u8; $crate::timed_id::RANDOM_BYTES],
            ) -> Self {
                Self($crate::timed_id::bits(created, random))
            }

            /// The last eight random bits, to spread evenly.
            #[must_use]
            pub const fn low_byte(self) -> u8 {
                self.0.to_be_bytes()[15]
            }

            /// When it began, to the millisecond.
            #[must_use]
            pub fn created(self) -> jiff::Timestamp {
                $crate::timed_id::created(self.0)
            }
        }

        impl std::fmt::Display for $id {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }

        impl std::str::FromStr for $id {
            type Err = $wrong;

            fn from_str(text: &str) -> Result<Self, $wrong> {
                $crate::timed_id::read(text).map(Self).ok_or($wrong)
            }
        }
    };
}

pub(crate) use timed_id;

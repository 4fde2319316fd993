//! Ids that sort by the time at which they were given.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use thiserror::Error;

/// 48 bits of milliseconds since 1970, then 80 random bits. Displayed as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimedId(u128);

/// A text is not such an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not an id: expected 32 lower-case hexadecimal digits")]
pub struct BadTimedId;

const RANDOM_BITS: u32 = 80;

impl TimedId {
    /// The id of what begins at `created`.
    #[must_use]
    pub fn new(created: Timestamp, random: [u8; 10]) -> Self {
        let mut low = [0_u8; 16];
        low[6..].copy_from_slice(&random);
        let milliseconds = u128::try_from(created.as_millisecond()).unwrap_or(0);
        Self((milliseconds << RANDOM_BITS) | u128::from_be_bytes(low))
    }

    /// The last eight random bits, to spread ids evenly.
    #[must_use]
    pub const fn low_byte(self) -> u8 {
        self.0.to_be_bytes()[15]
    }

    /// When it was given, to the millisecond.
    #[must_use]
    pub fn created(self) -> Timestamp {
        i64::try_from(self.0 >> RANDOM_BITS)
            .ok()
            .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok())
            .unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Display for TimedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for TimedId {
    type Err = BadTimedId;

    fn from_str(text: &str) -> Result<Self, BadTimedId> {
        let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() != 32 || !text.bytes().all(digit) {
            return Err(BadTimedId);
        }
        u128::from_str_radix(text, 16)
            .map(Self)
            .map_err(|_| BadTimedId)
    }
}

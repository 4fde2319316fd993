//! Chance that is the same each time.

use std::sync::atomic::{AtomicU64, Ordering};

use lastmile_app::Random;

/// Random bytes that count: each filling has the next number at its end.
#[derive(Debug, Default)]
pub struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.fill(0);
        let length = bytes.len();
        bytes[length - count.len()..].copy_from_slice(&count);
    }
}

/// Numbers as good as random: the same seed gives the same ones, whatever is built anew or brought up to date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitMix64(u64);

/// What the state of [`SplitMix64`] rises by with each number.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

impl SplitMix64 {
    /// The sequence of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn draw(&mut self) -> u64 {
        let number = mixed(self.0);
        self.0 = self.0.wrapping_add(GAMMA);
        number
    }
}

/// The first number of a seed's [`SplitMix64`] sequence.
#[must_use]
pub const fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(GAMMA);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        let mut numbers = SplitMix64::new(1_234_567);
        let drawn = [(); 3].map(|()| numbers.draw());
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(drawn, published);
        assert_eq!(mixed(1_234_567), published[0]);
    }
}

//! Chance that follows from a seed and a text, so that it does not depend on who asks when.

/// A source of numbers that follow from where it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance(u64);

/// Of FNV-1a, 64 bits.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;
/// Of SplitMix64.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
/// How many even draws are added for a normal one.
const NORMAL_DRAWS: u32 = 12;

impl Chance {
    /// Begins with a seed.
    #[must_use]
    pub const fn of_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// The chance of one thing among those that this one is about.
    #[must_use]
    pub fn about(self, what: &str) -> Self {
        self.about_bytes(what.as_bytes())
    }

    /// The same for bytes.
    #[must_use]
    pub fn about_bytes(self, what: &[u8]) -> Self {
        let hash = what.iter().fold(OFFSET ^ self.0, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
        });
        Self(mixed(hash))
    }

    /// The next number; all are equally likely.
    pub const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// A number below `end`, which is not 0.
    pub const fn below(&mut self, end: u64) -> u64 {
        self.draw() % end
    }

    /// Whether something of so many in a thousand happens.
    pub const fn permille(&mut self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    /// From 0 to 1.
    #[expect(
        clippy::cast_precision_loss,
        reason = "53 bits fit the fraction of a double exactly"
    )]
    pub fn fraction(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Normal with mean 0 and deviation 1, near enough: the sum of twelve even draws. Additions only, so
    /// that every machine draws the same.
    pub fn normal(&mut self) -> f64 {
        let sum: f64 = (0..NORMAL_DRAWS).map(|_| self.fraction()).sum();
        sum - f64::from(NORMAL_DRAWS) / 2.0
    }
}

const fn mixed(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_begin_draws_the_same_and_another_differs() {
        let draws = |seed: u64, what: &str| {
            let mut chance = Chance::of_seed(seed).about(what);
            [chance.draw(), chance.draw()]
        };
        assert_eq!(draws(7, "a"), draws(7, "a"));
        assert_ne!(draws(7, "a"), draws(8, "a"));
        assert_ne!(draws(7, "a"), draws(7, "b"));
    }

    #[test]
    fn normal_draws_lie_about_zero() {
        let mut chance = Chance::of_seed(1);
        let draws: Vec<f64> = (0..20_000).map(|_| chance.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let within_one = draws.iter().filter(|draw| draw.abs() < 1.0).count();
        assert!(mean.abs() < 0.03, "{mean}");
        assert!((13_200..14_100).contains(&within_one), "68 %: {within_one}");
    }
}

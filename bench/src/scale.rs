//! Sizes, full or in part.

/// Share of the full size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale(pub(crate) f64);

/// Smallest number of anything.
const LEAST: u32 = 100;

impl Scale {
    /// So much of a full size that is small itself, but not less than `least`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a u32 between 0 and 1 is a u32"
    )]
    pub(crate) fn at_least(self, full: u32, least: u32) -> u32 {
        ((f64::from(full) * self.0) as u32).max(least)
    }

    /// So much of a full size.
    pub(crate) fn of(self, full: u32) -> u32 {
        self.at_least(full, LEAST.min(full))
    }
}

/// Reads `--scale`.
pub(crate) fn parse(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(share),
        _ => Err("give a share between 0 and 1, for example 0.01".to_owned()),
    }
}

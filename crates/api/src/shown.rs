//! Values that are text on the wire and something better within.

use std::fmt::{self, Display};

use jiff::Timestamp;
use lastmile_model::claim::Kbps;
use serde::{Serialize, Serializer};

/// Writes whatever can be displayed as a JSON string, without a copy of it in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown<T>(pub T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A time as every document shows it: to the millisecond, which is what is kept of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Timestamp);

impl Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(time) = self;
        write!(f, "{time:.3}")
    }
}

/// Megabits per second as a JSON number: whole where it is whole (`100`), else with up to three decimals (`0.768`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mbps(pub Kbps);

impl Mbps {
    /// The number where it is a whole one.
    pub(crate) fn whole(self) -> Option<u64> {
        let Kbps(kbps) = self.0;
        kbps.is_multiple_of(1000).then_some(kbps / 1000)
    }
}

impl Serialize for Mbps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Kbps(kbps) = self.0;
        if let Some(whole) = self.whole() {
            serializer.serialize_u64(whole)
        } else {
            #[expect(
                clippy::cast_precision_loss,
                reason = "2^53 kbit/s is more than any line carries"
            )]
            serializer.serialize_f64(kbps as f64 / 1000.0)
        }
    }
}

impl Display for Mbps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Kbps(kbps) = self.0;
        let (whole, thousandths) = (kbps / 1000, kbps % 1000);
        if thousandths == 0 {
            return write!(f, "{whole}");
        }
        let digits = format!("{thousandths:03}");
        write!(f, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_one_precision() {
        for (given, shown) in [
            ("2026-03-03T12:00:00Z", "2026-03-03T12:00:00.000Z"),
            ("2026-03-03T12:00:00.123456789Z", "2026-03-03T12:00:00.123Z"),
            ("2026-03-03T12:00:00.9999Z", "2026-03-03T12:00:00.999Z"),
        ] {
            assert_eq!(Time(given.parse().unwrap()).to_string(), shown);
        }
    }

    #[test]
    fn bandwidths_are_exact() {
        let shown = |kbps| serde_json::to_string(&Mbps(Kbps(kbps))).unwrap();
        for kbps in [0, 1, 768, 1_500, 100_000, 1_000_010] {
            assert_eq!(shown(kbps), Mbps(Kbps(kbps)).to_string());
        }
        assert_eq!(shown(100_000), "100");
        assert_eq!(shown(768), "0.768");
        assert_eq!(shown(1_500), "1.5");
        assert_eq!(shown(0), "0");
    }
}

//! Values that are text on the wire and something better within.

use std::fmt::Display;

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

/// Megabits per second as a JSON number: whole where it is whole (`100`), else with up to three decimals (`0.768`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mbps(pub Kbps);

impl Serialize for Mbps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Kbps(kbps) = self.0;
        if kbps.is_multiple_of(1000) {
            serializer.serialize_u64(kbps / 1000)
        } else {
            #[expect(
                clippy::cast_precision_loss,
                reason = "2^53 kbit/s is more than any line carries"
            )]
            serializer.serialize_f64(kbps as f64 / 1000.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bandwidths_are_exact() {
        let shown = |kbps| serde_json::to_string(&Mbps(Kbps(kbps))).unwrap();
        assert_eq!(shown(100_000), "100");
        assert_eq!(shown(768), "0.768");
        assert_eq!(shown(1_500), "1.5");
        assert_eq!(shown(0), "0");
    }
}

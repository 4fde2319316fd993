//! What a seller charges: a rule, so that prices look like prices and can be checked.

use crate::chance::Chance;

/// Terms that sellers have a price for, in months, and what remains of the price of one month, in
/// thousandths.
const TERMS: [(u64, u64); 6] = [
    (1, 1_000),
    (12, 810),
    (24, 720),
    (36, 690),
    (48, 660),
    (60, 630),
];
/// Charge of a month for a line without bandwidth, in cents.
const LINE_CENTS: u64 = 24_900;
/// Charge for each megabit up to the first gigabit, and beyond it.
const MEGABIT_CENTS: u64 = 60;
const MEGABIT_BEYOND_CENTS: u64 = 9;
const GIGABIT_MBPS: u64 = 1_000;
/// Charge once.
const INSTALL_CENTS: u64 = 110_000;
/// From this term on, installation costs nothing.
const FREE_INSTALL_MONTHS: u64 = 36;

/// What is charged, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charges {
    pub(crate) mrc_cents: u64,
    pub(crate) nrc_cents: u64,
}

/// What a seller charges for a bandwidth and a term; `None` for terms that it does not sell. Buildings
/// differ by a fifth either way.
pub(crate) fn charges(mut building: Chance, mbps: u64, months: u64) -> Option<Charges> {
    let (_, discount) = TERMS.into_iter().find(|(term, _)| *term == months)?;
    let first = mbps.min(GIGABIT_MBPS) * MEGABIT_CENTS;
    let beyond = mbps.saturating_sub(GIGABIT_MBPS) * MEGABIT_BEYOND_CENTS;
    let list = LINE_CENTS + first + beyond;
    let local = list * (800 + building.below(401)) / 1_000;
    Some(Charges {
        mrc_cents: local * discount / 1_000,
        nrc_cents: if months >= FREE_INSTALL_MONTHS {
            0
        } else {
            INSTALL_CENTS
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_terms_cost_less_and_more_bandwidth_more() {
        let chance = Chance::of_seed(5).about("a building");
        let mrc = |mbps, months| charges(chance, mbps, months).unwrap().mrc_cents;
        assert!(mrc(100, 12) > mrc(100, 36));
        assert!(mrc(1_000, 12) > mrc(100, 12));
        assert!(mrc(10_000, 12) > mrc(1_000, 12));
        assert_eq!(charges(chance, 100, 120), None);
        assert_eq!(charges(chance, 100, 36).unwrap().nrc_cents, 0);
    }
}

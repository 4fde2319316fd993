//! What a provider takes for a line that it buys from a supplier.

use jiff::Timestamp;

use crate::carrier::{NotServedReason, Price};
use crate::identity::ProviderName;
use crate::money::Money;

use super::{Cell, Line, Priced, Source};

/// What a provider puts on top of a supplier's price, in hundredths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Margin(u32);

/// From whom a provider buys lines where it has none, and what it puts on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffNet {
    /// Its suppliers.
    pub suppliers: Vec<ProviderName>,
    /// Its margin.
    pub margin: Margin,
}

/// Highest margin: ten times the price.
pub const MARGIN_MAX: u32 = 100_000;
/// Hundredths of a percent in the whole.
const WHOLE: i128 = 10_000;

impl Margin {
    /// Makes a margin of so many hundredths of a percent; `None` above [`MARGIN_MAX`].
    #[must_use]
    pub const fn new(hundredths_of_percent: u32) -> Option<Self> {
        if hundredths_of_percent <= MARGIN_MAX {
            Some(Self(hundredths_of_percent))
        } else {
            None
        }
    }

    /// The amount with the margin on it, rounded up to a whole minor unit: the provider never sells below
    /// what it pays.
    #[must_use]
    pub fn on(self, money: Money) -> Money {
        let whole = i128::from(money.minor) * (WHOLE + i128::from(self.0));
        let minor = whole.div_euclid(WHOLE) + i128::from(whole.rem_euclid(WHOLE) != 0);
        Money {
            minor: i64::try_from(minor).unwrap_or(i64::MAX),
            currency: money.currency,
        }
    }
}

/// The provider's own line, from what its suppliers answered for the same location and service: in each
/// term the cheapest price with the margin on it (the first supplier by name where two are as cheap). One in the usual
/// currency goes before all others.
///
/// Where no supplier has a price, the best of the other answers counts: a person can be asked, or a supplier did
/// not answer, or nobody can deliver it.
#[must_use]
pub fn roll_up(
    terms: usize,
    suppliers: &[(&ProviderName, &Line)],
    margin: Margin,
    at: Timestamp,
) -> Line {
    let cells = (0..terms)
        .map(|term| {
            let answers = suppliers
                .iter()
                .filter_map(|(name, line)| Some((*name, line.cells().get(term)?)));
            cell(answers, margin)
        })
        .collect();
    Line::Answered { cells, at }
}

fn cell<'a>(answers: impl Iterator<Item = (&'a ProviderName, &'a Cell)>, margin: Margin) -> Cell {
    let mut cheapest: Option<(&ProviderName, &Price)> = None;
    let mut otherwise = Cell::NotServed(Some(NotServedReason::CannotDeliver));
    for (name, answer) in answers {
        match answer {
            Cell::Priced(priced) => {
                let price = &priced.price;
                let is_cheaper = cheapest.is_none_or(|(_, best)| {
                    let [price, best] = [price, best]
                        .map(|price| (price.mrc.currency, price.mrc.minor, price.nrc.minor));
                    price < best
                });
                if is_cheaper {
                    cheapest = Some((name, price));
                }
            }
            Cell::IcbPending(_) => otherwise = answer.clone(),
            Cell::Failed(_) | Cell::Expired if matches!(otherwise, Cell::NotServed(_)) => {
                otherwise = answer.clone();
            }
            Cell::Failed(_) | Cell::Expired | Cell::NotServed(_) | Cell::AddressUnknown(_) => {}
        }
    }
    match cheapest {
        Some((name, price)) => Cell::Priced(Box::new(Priced {
            price: Price {
                mrc: margin.on(price.mrc),
                nrc: margin.on(price.nrc),
                ..price.clone()
            },
            source: Source::Supplier(name.clone()),
            note: None,
        })),
        None => otherwise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::availability::Confidence;
    use crate::carrier::{FailureReason, Firmness};
    use crate::money::Currency;

    fn usd(minor: i64) -> Money {
        Money {
            minor,
            currency: Currency::Usd,
        }
    }

    fn priced(mrc: i64) -> Cell {
        Cell::Priced(Box::new(Priced {
            price: Price {
                mrc: usd(mrc),
                nrc: usd(100),
                install_interval_days: Some(30),
                confidence: Confidence::Green,
                firmness: Firmness::Budgetary,
                carrier_quote: None,
                valid_until: None,
            },
            source: Source::Carrier,
            note: None,
        }))
    }

    fn line(cells: Vec<Cell>) -> Line {
        Line::Answered {
            cells,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_margin_is_rounded_up() {
        let margin = Margin::new(1_250).unwrap();
        assert_eq!(margin.on(usd(10_000)), usd(11_250));
        assert_eq!(margin.on(usd(1)), usd(2));
        assert_eq!(margin.on(usd(0)), usd(0));
        assert_eq!(Margin::new(MARGIN_MAX + 1), None);
    }

    #[test]
    fn the_cheapest_supplier_is_taken_term_by_term() {
        let [east, west] = ["East", "West"].map(|name| ProviderName::new(name).unwrap());
        let from_east = line(vec![priced(900), priced(700), Cell::IcbPending(None)]);
        let failed = Cell::Failed(FailureReason::TimedOut);
        let from_west = line(vec![priced(800), failed, Cell::NotServed(None)]);
        let suppliers = [(&east, &from_east), (&west, &from_west)];
        let rolled = roll_up(
            3,
            &suppliers,
            Margin::new(1_000).unwrap(),
            Timestamp::UNIX_EPOCH,
        );
        let [first, second, third] = rolled.cells() else {
            panic!("three terms");
        };
        let [first, second] = [first, second].map(|cell| cell.priced().unwrap());
        assert_eq!(first.price.mrc, usd(880));
        assert_eq!(first.source, Source::Supplier(west));
        assert_eq!(second.price.mrc, usd(770));
        assert_eq!(second.source, Source::Supplier(east));
        assert_eq!(third, &Cell::IcbPending(None));
    }

    #[test]
    fn regression_amounts_of_two_currencies_are_not_compared() {
        let [east, west] = ["East", "West"].map(|name| ProviderName::new(name).unwrap());
        let canadian = |minor| {
            let Cell::Priced(mut priced) = priced(minor) else {
                panic!("a price");
            };
            for money in [&mut priced.price.mrc, &mut priced.price.nrc] {
                money.currency = Currency::Cad;
            }
            line(vec![Cell::Priced(priced)])
        };
        let (less, more) = (canadian(700), line(vec![priced(800)]));
        for suppliers in [
            [(&east, &less), (&west, &more)],
            [(&west, &more), (&east, &less)],
        ] {
            let margin = Margin::new(0).unwrap();
            let rolled = roll_up(1, &suppliers, margin, Timestamp::UNIX_EPOCH);
            let best = rolled.cells()[0].priced().unwrap();
            assert_eq!(best.price.mrc, usd(800));
        }
    }

    #[test]
    fn without_a_price_the_most_hopeful_answer_counts() {
        let name = ProviderName::new("East").unwrap();
        let margin = Margin::new(0).unwrap();
        let alone = |cell: Cell| {
            let line = line(vec![cell]);
            roll_up(1, &[(&name, &line)], margin, Timestamp::UNIX_EPOCH).cells()[0].clone()
        };
        let failed = Cell::Failed(FailureReason::TimedOut);
        assert_eq!(alone(failed.clone()), failed);
        let cannot = Cell::NotServed(Some(NotServedReason::CannotDeliver));
        let unknown = Cell::AddressUnknown(crate::carrier::UnknownReason::NotFound);
        assert_eq!(alone(unknown), cannot);
        let nobody = roll_up(2, &[], margin, Timestamp::UNIX_EPOCH);
        assert_eq!(nobody.cells(), [cannot.clone(), cannot]);
    }
}

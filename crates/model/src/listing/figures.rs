//! Figures as lists write them: bandwidths, prices, words for technologies.

use super::mapped::BandwidthUnit;
use crate::claim::{Kbps, Technology};
use crate::money::{Currency, Money};

/// Most digits of a figure; more is no bandwidth and no price.
const DIGITS_MAX: usize = 15;

/// Reads `10 Mbps`, `1.5M`, `750 Kbps`, `10G`; a bare figure is in `unit`.
#[must_use]
pub fn bandwidth(text: &str, unit: BandwidthUnit) -> Option<Kbps> {
    let (figure, rest) = split_figure(text.trim());
    let unit = match rest.trim() {
        "" => unit,
        word => unit_of(word)?,
    };
    scaled(figure, unit.kbps()).map(Kbps)
}

/// A bandwidth, or a range of bandwidths, at the start of a column's name: `1G Ethernet`,
/// `10-100M Ethernet`.
#[must_use]
pub fn bandwidth_of_name(name: &str) -> Option<(Option<Kbps>, Kbps)> {
    let (first, rest) = split_figure(name.trim());
    if first.is_empty() {
        return None;
    }
    let (smallest, figure, rest) = match rest.trim_start().strip_prefix('-') {
        None => (None, first, rest),
        Some(after) => {
            let (second, rest) = split_figure(after.trim_start());
            (Some(first), second, rest)
        }
    };
    let word = rest.trim_start();
    let word_end = word
        .find(|character: char| !character.is_ascii_alphabetic())
        .unwrap_or(word.len());
    let unit = unit_of(&word[..word_end])?.kbps();
    let smallest = match smallest {
        Some(figure) => Some(Kbps(scaled(figure, unit)?)),
        None => None,
    };
    Some((smallest, Kbps(scaled(figure, unit)?)))
}

/// Reads `49.95`, `$1,434.69`; `None` where it is not an amount, or has parts of a cent.
#[must_use]
pub fn price(text: &str, currency: Currency) -> Option<Money> {
    let plain: String = text
        .trim()
        .trim_start_matches('$')
        .chars()
        .filter(|character| *character != ',' && *character != ' ')
        .collect();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 2 {
        return None;
    }
    let (figure, rest) = split_figure(&plain);
    if !rest.is_empty() || whole.is_empty() {
        return None;
    }
    let minor = scaled(figure, 100)?;
    Some(Money {
        minor: i64::try_from(minor).ok()?,
        currency,
    })
}

/// The technology that a word of a list means, without regard to case; `None` where it is not known.
#[must_use]
pub fn technology(word: &str) -> Option<Technology> {
    const WORDS: [(&str, Technology); 27] = [
        ("not fiber", Technology::NotFiber),
        ("non-fiber", Technology::NotFiber),
        ("copper", Technology::Copper),
        ("dsl", Technology::Copper),
        ("adsl", Technology::Copper),
        ("adsl2", Technology::Copper),
        ("vdsl", Technology::Copper),
        ("vdsl2", Technology::Copper),
        ("cable", Technology::Cable),
        ("coax", Technology::Cable),
        ("hfc", Technology::Cable),
        ("docsis", Technology::Cable),
        ("fiber", Technology::Fiber),
        ("fibre", Technology::Fiber),
        ("fiber based", Technology::Fiber),
        ("fiber-based", Technology::Fiber),
        ("fttp", Technology::Fiber),
        ("ftth", Technology::Fiber),
        ("fttb", Technology::Fiber),
        ("fiber to the premises", Technology::Fiber),
        ("ethernet", Technology::Ethernet),
        ("eoc", Technology::Copper),
        (
            "unlicensed fixed wireless",
            Technology::UnlicensedFixedWireless,
        ),
        ("licensed fixed wireless", Technology::LicensedFixedWireless),
        (
            "licensed-by-rule fixed wireless",
            Technology::LicensedByRuleFixedWireless,
        ),
        ("other", Technology::Other),
        ("unknown", Technology::Other),
    ];
    let word = word.trim();
    WORDS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map(|(_, technology)| *technology)
        .or_else(|| {
            Technology::ALL
                .into_iter()
                .find(|technology| technology.as_str().eq_ignore_ascii_case(word))
        })
}

impl BandwidthUnit {
    /// Kilobits per second in one of it.
    #[must_use]
    pub const fn kbps(self) -> u64 {
        match self {
            Self::Kbps => 1,
            Self::Mbps => 1_000,
            Self::Gbps => 1_000_000,
        }
    }

    /// Reads `kbps`, `Mbps`, `Gbps`, `M`, `Gig`, ….
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        unit_of(word)
    }
}

fn unit_of(word: &str) -> Option<BandwidthUnit> {
    const WORDS: [(&str, BandwidthUnit); 20] = [
        ("k", BandwidthUnit::Kbps),
        ("kb", BandwidthUnit::Kbps),
        ("kbps", BandwidthUnit::Kbps),
        ("kbit/s", BandwidthUnit::Kbps),
        ("kb/s", BandwidthUnit::Kbps),
        ("m", BandwidthUnit::Mbps),
        ("mb", BandwidthUnit::Mbps),
        ("mbps", BandwidthUnit::Mbps),
        ("mbit/s", BandwidthUnit::Mbps),
        ("mb/s", BandwidthUnit::Mbps),
        ("meg", BandwidthUnit::Mbps),
        ("megs", BandwidthUnit::Mbps),
        ("g", BandwidthUnit::Gbps),
        ("gb", BandwidthUnit::Gbps),
        ("gbps", BandwidthUnit::Gbps),
        ("gbit/s", BandwidthUnit::Gbps),
        ("gb/s", BandwidthUnit::Gbps),
        ("gig", BandwidthUnit::Gbps),
        ("gige", BandwidthUnit::Gbps),
        ("gigs", BandwidthUnit::Gbps),
    ];
    let word = word.trim();
    WORDS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map(|(_, unit)| *unit)
}

/// Digits and one point at the start, and what follows.
fn split_figure(text: &str) -> (&str, &str) {
    let end = text
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(text.len());
    text.split_at(end)
}

/// A decimal figure times `unit`, rounded half up.
fn scaled(figure: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = figure.split_once('.').unwrap_or((figure, ""));
    let digits = whole.len() + fraction.len();
    if digits == 0 || digits > DIGITS_MAX || fraction.contains('.') {
        return None;
    }
    let mut value: u128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        value = value * 10 + u128::from(digit - b'0');
    }
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    u64::try_from((value * u128::from(unit) + scale / 2) / scale).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bandwidths_are_read_in_every_spelling() {
        for (text, kbps) in [
            ("10 Mbps", 10_000),
            ("10 Gbps", 10_000_000),
            ("1.5M", 1_500),
            ("750 Kbps", 750),
            ("0.75", 750),
            ("0.512", 512),
            ("10.0", 10_000),
            ("2.5G", 2_500_000),
            (" 100Mb ", 100_000),
            ("1 gig", 1_000_000),
            ("0.0004", 0),
        ] {
            assert_eq!(
                bandwidth(text, BandwidthUnit::Mbps),
                Some(Kbps(kbps)),
                "{text}"
            );
        }
        assert_eq!(bandwidth("3", BandwidthUnit::Gbps), Some(Kbps(3_000_000)));
        for text in [
            "",
            "fast",
            "-1",
            "1e3",
            "10 MHz",
            "1.2.3",
            ".",
            "9999999999999999",
        ] {
            assert_eq!(bandwidth(text, BandwidthUnit::Mbps), None, "{text}");
        }
    }

    #[test]
    fn names_of_speed_columns_are_bandwidths() {
        assert_eq!(
            bandwidth_of_name("10-100M Ethernet"),
            Some((Some(Kbps(10_000)), Kbps(100_000)))
        );
        assert_eq!(
            bandwidth_of_name("1G Ethernet"),
            Some((None, Kbps(1_000_000)))
        );
        assert_eq!(bandwidth_of_name("100 Mbps"), Some((None, Kbps(100_000))));
        for name in ["Ethernet", "LATA", "10", "5 digit zip", "10-"] {
            assert_eq!(bandwidth_of_name(name), None, "{name}");
        }
    }

    #[test]
    fn prices_are_exact_cents() {
        let usd = |minor| {
            Some(Money {
                minor,
                currency: Currency::Usd,
            })
        };
        for (text, minor) in [
            ("49.95", 4995),
            ("50.0", 5000),
            ("50", 5000),
            ("$1,434.69", 143_469),
            ("1.5", 150),
            ("0", 0),
            ("49.9500", 4995),
        ] {
            assert_eq!(price(text, Currency::Usd), usd(minor), "{text}");
        }
        for text in ["", "ICB", "-5", "1.234", ".", "12 a month", "1.2.3"] {
            assert_eq!(price(text, Currency::Usd), None, "{text}");
        }
    }
}

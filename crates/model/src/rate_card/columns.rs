//! One row of a rate card, by the columns of its header.

use std::sync::Arc;

use jiff::civil::Date;

use crate::carrier::question::TERM_MAX_MONTHS;
use crate::carrier::{Product, Term};
use crate::claim::{Kbps, Technology};
use crate::identity::ProviderName;
use crate::listing::figures;
use crate::listing::header::{Cells, Header, folded};
use crate::listing::mapped::BandwidthUnit;
use crate::listing::place::{self, PlaceCells};
use crate::listing::row::{Notes, RejectReason, RowReading};
use crate::listing::speed_cell::is_icb;
use crate::money::{Currency, Money};

use super::zone::{self, Zone};
use super::{Charge, Effective, INSTALL_INTERVAL_MAX_DAYS, Rate};

/// A price that a person makes.
const ICB: &str = "ICB";

/// Where the columns of a rate card are in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateColumns {
    product: Column,
    term: Column,
    mrc: Column,
    bandwidth: Option<Column>,
    down: Option<Column>,
    up: Option<Column>,
    access: Option<Column>,
    nrc: Option<Column>,
    icb: Option<Column>,
    install: Option<Column>,
    zone: Option<Column>,
    address: Option<Column>,
    currency: Option<Column>,
    from: Option<Column>,
    until: Option<Column>,
    provider: Option<Column>,
}

/// A column, and what the file calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    at: usize,
    name: String,
}

impl Column {
    fn cell<'c, C: Cells + ?Sized>(&self, cells: &'c C) -> &'c str {
        cells.cell(self.at)
    }

    fn missing(&self) -> RejectReason {
        RejectReason::Missing {
            column: self.name.clone(),
        }
    }

    /// The reason of a cell that cannot be read.
    fn bad(&self, given: &str, reason: fn(String, String) -> RejectReason) -> RejectReason {
        reason(self.name.clone(), given.to_owned())
    }
}

impl RateColumns {
    /// Finds the columns of a rate card, or says which it misses.
    ///
    /// # Errors
    /// The names of the columns that the header has not.
    pub(crate) fn new(header: &Header) -> Result<Self, Vec<String>> {
        let find = |names: &[&str]| {
            let at = header.find(names)?;
            let name = header.names()[at].clone();
            Some(Column { at, name })
        };
        let bandwidth = find(&["bandwidth", "bandwidth_mbps", "speed", "speed_mbps"]);
        let down = find(&["down", "down_mbps", "bandwidth_down", "speed_down"]);
        let up = find(&["up", "up_mbps", "bandwidth_up", "speed_up"]);
        let mut missing = Vec::new();
        if bandwidth.is_none() && (down.is_none() || up.is_none()) {
            missing.push("bandwidth (or down and up)".to_owned());
        }
        let mut need = |names: &[&str]| {
            find(names).unwrap_or_else(|| {
                missing.push(names[0].to_owned());
                Column {
                    at: 0,
                    name: String::new(),
                }
            })
        };
        let columns = Self {
            product: need(&["product"]),
            term: need(&["term", "term_months", "months"]),
            mrc: need(&["mrc", "monthly", "monthly_recurring_charge"]),
            bandwidth,
            down,
            up,
            access: find(&["access", "access_medium", "technology", "medium"]),
            nrc: find(&["nrc", "non_recurring_charge"]),
            icb: find(&["icb"]),
            install: find(&["install_interval", "install_interval_days", "install_days"]),
            zone: find(&["zone", "zones"]),
            address: find(&["address"]),
            currency: find(&["currency"]),
            from: find(&["effective_from", "valid_from", "from"]),
            until: find(&["effective_until", "valid_until", "until"]),
            provider: find(&["provider"]),
        };
        if missing.is_empty() {
            Ok(columns)
        } else {
            Err(missing)
        }
    }

    /// Reads one row of a card of `owner`: a rate for each of its zones.
    pub(crate) fn read<C: Cells + ?Sized>(
        &self,
        cells: &C,
        owner: &ProviderName,
        notes: &mut Notes,
    ) -> RowReading {
        match self.rates(cells, owner, notes) {
            Ok(rates) => RowReading::Rates(rates),
            Err(reason) => RowReading::Rejected(reason),
        }
    }

    fn rates<C: Cells + ?Sized>(
        &self,
        cells: &C,
        owner: &ProviderName,
        notes: &mut Notes,
    ) -> Result<Vec<Rate>, RejectReason> {
        self.check_provider(cells, owner)?;
        let (down, up) = self.bandwidths(cells)?;
        let rate = Rate {
            zone: Zone::Everywhere,
            product: self.product(cells)?,
            access: self.access(cells)?,
            down,
            up,
            term: self.term(cells)?,
            charge: self.charge(cells)?,
            install_interval_days: self.install_interval(cells)?,
            effective: self.effective(cells)?,
        };
        let zones = self.zones(cells, notes)?;
        let with_zone = |zone| Rate {
            zone,
            ..rate.clone()
        };
        Ok(zones.into_iter().map(with_zone).collect())
    }

    /// A card that somebody has collected from several providers must not become the card of one of them.
    fn check_provider<C: Cells + ?Sized>(
        &self,
        cells: &C,
        owner: &ProviderName,
    ) -> Result<(), RejectReason> {
        let given = cell(self.provider.as_ref(), cells);
        if given.is_empty() || given.to_lowercase() == owner.as_str().to_lowercase() {
            return Ok(());
        }
        Err(RejectReason::OtherProvider {
            given: given.to_owned(),
            owner: owner.to_string(),
        })
    }

    fn product<C: Cells + ?Sized>(&self, cells: &C) -> Result<Product, RejectReason> {
        let given = self.product.cell(cells);
        if given.is_empty() {
            return Err(self.product.missing());
        }
        let wanted = folded(given);
        Product::ALL
            .into_iter()
            .find(|product| folded(product.as_str()) == wanted)
            .ok_or_else(|| {
                let reason = |column, given| RejectReason::BadProduct { column, given };
                self.product.bad(given, reason)
            })
    }

    fn access<C: Cells + ?Sized>(&self, cells: &C) -> Result<Option<Technology>, RejectReason> {
        let Some((column, given)) = filled(self.access.as_ref(), cells) else {
            return Ok(None);
        };
        figures::technology(given).map(Some).ok_or_else(|| {
            let reason = |column, given| RejectReason::BadTechnology { column, given };
            column.bad(given, reason)
        })
    }

    /// Down and up: of their own columns where the row fills one of them, else both of one column.
    fn bandwidths<C: Cells + ?Sized>(&self, cells: &C) -> Result<(Kbps, Kbps), RejectReason> {
        let down = filled(self.down.as_ref(), cells);
        let up = filled(self.up.as_ref(), cells);
        if down.is_none()
            && up.is_none()
            && let Some(column) = &self.bandwidth
        {
            let both = bandwidth(column, cells)?;
            return Ok((both, both));
        }
        match (&self.down, &self.up) {
            (Some(down), Some(up)) => Ok((bandwidth(down, cells)?, bandwidth(up, cells)?)),
            // The header has one of them only, and a symmetric column beside it.
            (Some(one), None) | (None, Some(one)) => Err(one.missing()),
            (None, None) => Err(self.bandwidth.as_ref().map_or_else(
                || RejectReason::Missing {
                    column: "bandwidth".to_owned(),
                },
                Column::missing,
            )),
        }
    }

    fn term<C: Cells + ?Sized>(&self, cells: &C) -> Result<Term, RejectReason> {
        let given = self.term.cell(cells);
        if given.is_empty() {
            return Err(self.term.missing());
        }
        let term = given.parse().ok().and_then(Term::new);
        term.ok_or_else(|| RejectReason::BadTerm {
            column: self.term.name.clone(),
            given: given.to_owned(),
            longest: TERM_MAX_MONTHS,
        })
    }

    fn charge<C: Cells + ?Sized>(&self, cells: &C) -> Result<Charge, RejectReason> {
        let given = self.mrc.cell(cells);
        let is_icb = match filled(self.icb.as_ref(), cells) {
            None => false,
            Some((column, given)) => is_icb(given).ok_or_else(|| {
                let reason = |column, given| RejectReason::BadIcb { column, given };
                column.bad(given, reason)
            })?,
        };
        if is_icb || given.eq_ignore_ascii_case(ICB) {
            return Ok(Charge::IndividualCase);
        }
        if given.is_empty() {
            return Err(self.mrc.missing());
        }
        let currency = self.currency(cells)?;
        let mrc = amount(&self.mrc, given, currency)?;
        let nrc = match filled(self.nrc.as_ref(), cells) {
            Some((_, given)) if given.eq_ignore_ascii_case(ICB) => {
                return Ok(Charge::IndividualCase);
            }
            Some((column, given)) => amount(column, given, currency)?,
            None => Money { minor: 0, currency },
        };
        Ok(Charge::Priced { mrc, nrc })
    }

    fn currency<C: Cells + ?Sized>(&self, cells: &C) -> Result<Currency, RejectReason> {
        let Some((column, given)) = filled(self.currency.as_ref(), cells) else {
            return Ok(Currency::Usd);
        };
        Currency::of_code(given).ok_or_else(|| {
            let reason = |column, given| RejectReason::BadCurrency { column, given };
            column.bad(given, reason)
        })
    }

    fn install_interval<C: Cells + ?Sized>(&self, cells: &C) -> Result<Option<u32>, RejectReason> {
        let Some((column, given)) = filled(self.install.as_ref(), cells) else {
            return Ok(None);
        };
        let days = given.parse().ok();
        match days.filter(|days| *days <= INSTALL_INTERVAL_MAX_DAYS) {
            Some(days) => Ok(Some(days)),
            None => Err(RejectReason::BadInstallInterval {
                column: column.name.clone(),
                given: given.to_owned(),
                longest: INSTALL_INTERVAL_MAX_DAYS,
            }),
        }
    }

    fn effective<C: Cells + ?Sized>(&self, cells: &C) -> Result<Effective, RejectReason> {
        let from = day(self.from.as_ref(), cells)?;
        let until = day(self.until.as_ref(), cells)?;
        match (from, until) {
            (Some(from), Some(until)) if until < from => {
                Err(RejectReason::EndsBeforeItBegins { from, until })
            }
            _ => Ok(Effective { from, until }),
        }
    }

    fn zones<C: Cells + ?Sized>(
        &self,
        cells: &C,
        notes: &mut Notes,
    ) -> Result<Vec<Zone>, RejectReason> {
        let given = cell(self.zone.as_ref(), cells);
        let Some((column, line)) = filled(self.address.as_ref(), cells) else {
            let column = self.zone.as_ref().map_or("", |column| &column.name);
            return zone::zones(given, column);
        };
        if !given.is_empty() {
            return Err(RejectReason::TwoZones {
                column: column.name.clone(),
            });
        }
        let cells = PlaceCells {
            line,
            parts: crate::address::Parts::default(),
            column: &column.name,
        };
        let (building, _) = place::place(cells, notes)?;
        Ok(vec![Zone::Building(Arc::unwrap_or_clone(building))])
    }
}

/// The cell of a column; empty where the file has no such column.
fn cell<'c, C: Cells + ?Sized>(column: Option<&Column>, cells: &'c C) -> &'c str {
    column.map_or("", |column| column.cell(cells))
}

/// The cell of a column that the file has and the row fills.
fn filled<'c, C: Cells + ?Sized>(
    column: Option<&'c Column>,
    cells: &'c C,
) -> Option<(&'c Column, &'c str)> {
    let column = column?;
    let given = column.cell(cells);
    (!given.is_empty()).then_some((column, given))
}

fn bandwidth<C: Cells + ?Sized>(column: &Column, cells: &C) -> Result<Kbps, RejectReason> {
    let given = column.cell(cells);
    if given.is_empty() {
        return Err(column.missing());
    }
    figures::bandwidth(given, BandwidthUnit::Mbps)
        .filter(|kbps| kbps.0 > 0)
        .ok_or_else(|| {
            let reason = |column, given| RejectReason::BadBandwidth { column, given };
            column.bad(given, reason)
        })
}

fn amount(column: &Column, given: &str, currency: Currency) -> Result<Money, RejectReason> {
    figures::price(given, currency).ok_or_else(|| {
        let reason = |column, given| RejectReason::BadPrice { column, given };
        column.bad(given, reason)
    })
}

fn day<C: Cells + ?Sized>(
    column: Option<&Column>,
    cells: &C,
) -> Result<Option<Date>, RejectReason> {
    let Some((column, given)) = filled(column, cells) else {
        return Ok(None);
    };
    given.parse().map(Some).map_err(|_| {
        let reason = |column, given| RejectReason::BadDay { column, given };
        column.bad(given, reason)
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const HEADER: [&str; 15] = [
        "Product",
        "Bandwidth",
        "Down",
        "Up",
        "Access Medium",
        "Term (months)",
        "MRC",
        "NRC",
        "ICB",
        "Install Interval",
        "Zone",
        "Address",
        "Currency",
        "Effective From",
        "Effective Until",
    ];
    const GOOD: [&str; 15] = [
        "basic_internet_access",
        "100",
        "",
        "",
        "fiber",
        "36",
        "1,434.69",
        "1100",
        "",
        "45",
        "NH",
        "",
        "USD",
        "2026-01-01",
        "2026-12-31",
    ];

    fn owner() -> ProviderName {
        ProviderName::new("Acme").unwrap()
    }

    /// The good row with some cells changed, by the names of their columns.
    fn read(changes: &[(&str, &str)]) -> Result<Vec<Rate>, RejectReason> {
        let columns = RateColumns::new(&Header::new(HEADER)).unwrap();
        let mut row = GOOD;
        for (name, value) in changes {
            let at = HEADER.iter().position(|column| column == name).unwrap();
            row[at] = value;
        }
        match columns.read(&row[..], &owner(), &mut Notes::default()) {
            RowReading::Rates(rates) => Ok(rates),
            RowReading::Rejected(reason) => Err(reason),
            other => panic!("{other:?}"),
        }
    }

    fn usd(minor: i64) -> Money {
        Money {
            minor,
            currency: Currency::Usd,
        }
    }

    #[test]
    fn a_row_is_read_as_it_says() {
        let rate = Rate {
            zone: Zone::State("NH".into()),
            product: Product::BasicInternetAccess,
            access: Some(Technology::Fiber),
            down: Kbps(100_000),
            up: Kbps(100_000),
            term: Term::new(36).unwrap(),
            charge: Charge::Priced {
                mrc: usd(143_469),
                nrc: usd(110_000),
            },
            install_interval_days: Some(45),
            effective: Effective {
                from: Some(date(2026, 1, 1)),
                until: Some(date(2026, 12, 31)),
            },
        };
        assert_eq!(read(&[]), Ok(vec![rate.clone()]));
        let both = [("Bandwidth", ""), ("Down", "1G"), ("Up", "0.768")];
        let asymmetric = Rate {
            down: Kbps(1_000_000),
            up: Kbps(768),
            ..rate.clone()
        };
        assert_eq!(read(&both), Ok(vec![asymmetric]));
        let zones = read(&[("Zone", "NH; 82001")]).unwrap();
        let zones: Vec<Zone> = zones.into_iter().map(|rate| rate.zone).collect();
        let zip = Zone::Zip("82001".into());
        assert_eq!(zones, [Zone::State("NH".into()), zip]);
        let empty = [
            ("Access Medium", ""),
            ("NRC", ""),
            ("Install Interval", ""),
            ("Zone", ""),
            ("Currency", ""),
            ("Effective From", ""),
            ("Effective Until", ""),
        ];
        let plain = Rate {
            zone: Zone::Everywhere,
            access: None,
            charge: Charge::Priced {
                mrc: usd(143_469),
                nrc: usd(0),
            },
            install_interval_days: None,
            effective: Effective::default(),
            ..rate
        };
        assert_eq!(read(&empty), Ok(vec![plain]));
    }

    #[test]
    fn a_building_is_a_zone_however_it_is_spelt() {
        let building = |address: &str| {
            let rates = read(&[("Zone", ""), ("Address", address)]).unwrap();
            rates[0].zone.clone()
        };
        let one = building("133 N Main St, Port Alden, NH 03611");
        assert!(matches!(one, Zone::Building(_)));
        assert_eq!(
            one,
            building("133 north main street, port alden, nh, 03611")
        );
    }

    #[test]
    fn what_a_person_prices_needs_no_amount() {
        let icb = [
            vec![("MRC", "ICB")],
            vec![("MRC", "icb"), ("NRC", "-")],
            vec![("ICB", "Y"), ("MRC", "")],
            vec![("ICB", "yes")],
            vec![("NRC", "ICB")],
        ];
        for changes in icb {
            let rates = read(&changes).unwrap();
            assert_eq!(rates[0].charge, Charge::IndividualCase, "{changes:?}");
        }
        assert!(matches!(
            read(&[("ICB", "N")]).unwrap()[0].charge,
            Charge::Priced { .. }
        ));
    }

    #[test]
    fn a_row_that_cannot_be_used_says_what_to_do() {
        for (column, given, code, said) in [
            ("Product", "", "missing", "Product"),
            ("Product", "dial-up", "bad_product", "basic_internet_access"),
            ("Bandwidth", "", "missing", "Bandwidth"),
            ("Bandwidth", "fast", "bad_bandwidth", "Mbps"),
            ("Bandwidth", "0", "bad_bandwidth", "Mbps"),
            ("Bandwidth", "-5", "bad_bandwidth", "Mbps"),
            ("Down", "100", "missing", "Up"),
            ("Access Medium", "carrier pigeon", "bad_technology", "fiber"),
            ("Term (months)", "", "missing", "Term"),
            ("Term (months)", "0", "bad_term", "120"),
            ("Term (months)", "121", "bad_term", "120"),
            ("Term (months)", "3 years", "bad_term", "months"),
            ("MRC", "", "missing", "MRC"),
            ("MRC", "-1", "bad_price", "0 or more"),
            ("MRC", "1.234", "bad_price", "two decimals"),
            ("NRC", "-0.01", "bad_price", "0 or more"),
            ("ICB", "perhaps", "bad_icb", "Y or N"),
            ("Install Interval", "soon", "bad_install_interval", "days"),
            ("Install Interval", "1001", "bad_install_interval", "1000"),
            ("Install Interval", "-1", "bad_install_interval", "days"),
            ("Zone", "XX", "unknown_state", "two letters"),
            ("Zone", "3611", "bad_zip", "five digits"),
            ("Zone", "the north", "bad_zone", "everywhere"),
            ("Currency", "dollars", "bad_currency", "three letters"),
            ("Currency", "EUR", "bad_currency", "USD"),
            ("Effective From", "1/1/2026", "bad_day", "YYYY-MM-DD"),
            (
                "Effective Until",
                "2025-12-31",
                "ends_before_it_begins",
                "2026-01-01",
            ),
            (
                "Address",
                "133 N Main St, Port Alden, NH 03611",
                "two_zones",
                "Address",
            ),
        ] {
            let reason = read(&[(column, given)]).unwrap_err();
            assert_eq!(reason.code(), code, "{column}={given}: {reason}");
            assert!(
                reason.to_string().contains(said),
                "{column}={given}: {reason}"
            );
        }
        let boxed = read(&[("Zone", ""), ("Address", "PO Box 3, Keene, NH 03431")]);
        assert_eq!(boxed.unwrap_err().code(), "not_a_building");
    }

    #[test]
    fn a_card_of_another_provider_is_refused() {
        let header = Header::new(["provider", "product", "bandwidth", "term", "mrc"]);
        let columns = RateColumns::new(&header).unwrap();
        let read = |provider| {
            let row = [provider, "access_e_line", "1G", "12", "900"];
            columns.read(&row[..], &owner(), &mut Notes::default())
        };
        for own in ["", "Acme", "ACME"] {
            assert!(matches!(read(own), RowReading::Rates(_)), "{own:?}");
        }
        let RowReading::Rejected(reason) = read("Bolt") else {
            panic!("it is another provider's");
        };
        assert_eq!(reason.code(), "other_provider");
    }

    #[test]
    fn a_header_says_what_it_misses() {
        let missing = RateColumns::new(&Header::new(["term", "down"])).unwrap_err();
        assert_eq!(missing, ["bandwidth (or down and up)", "product", "mrc"]);
        let columns = RateColumns::new(&Header::new([
            "product",
            "speed_down",
            "speed_up",
            "term_months",
            "mrc",
        ]));
        assert!(columns.is_ok());
    }
}

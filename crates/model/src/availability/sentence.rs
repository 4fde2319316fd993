//! A finding's reason in one line for people; the only place that words it.

use std::fmt;

use jiff::civil::Date;

use crate::Spell;
use crate::address::BuildingKey;
use crate::availability::{
    Basis, Finding, PlaceMatch, Reason, STALE_AFTER_DAYS, UnitFit, UnknownPlace,
};

/// Why the finding is what it is: `on-net list of 3 March 2026`, `near-net 85 m from 318 W 10TH ST`.
#[must_use]
pub fn sentence(finding: &Finding) -> Sentence<'_> {
    Sentence(finding)
}

/// Displays the sentence of a finding.
#[derive(Clone, Copy, Debug)]
pub struct Sentence<'a>(&'a Finding);

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spell(f)
    }
}

impl Spell for Sentence<'_> {
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        let Self(finding) = self;
        let said = match &finding.reason {
            Reason::OnNet => "on-net list of ",
            Reason::ListSaysNo => "listed as not available, list of ",
            Reason::IndividualCase => "priced case by case by a person (ICB), list of ",
            Reason::ListSaysNearNet => "route at the building, construction needed, list of ",
            Reason::Restricted => "on the list but not sellable, list of ",
            Reason::NearNet {
                distance_m,
                houses,
                neighbour,
            } => {
                near_net(out, *distance_m, *houses, neighbour)?;
                ", list of "
            }
            Reason::AreaHint => "area hint only, list of ",
        };
        out.write_str(said)?;
        Day(finding.source.as_of).spell(out)?;
        if finding.unit_fit == UnitFit::Other {
            match &finding.basis {
                Basis::Claim(claim) => {
                    let unit = claim.place.unit.as_deref().unwrap_or_default();
                    out.write_str(", for unit ")?;
                    out.write_str(unit)?;
                    out.write_str(" of the building")?;
                }
                Basis::Hint(_) => {}
            }
        }
        if finding.stale {
            out.write_str(", list older than ")?;
            out.write_str(itoa::Buffer::new().format(STALE_AFTER_DAYS))?;
            out.write_str(" days")?;
        }
        Ok(())
    }
}

fn near_net(
    out: &mut impl fmt::Write,
    distance_m: Option<u32>,
    houses: Option<u32>,
    neighbour: &BuildingKey,
) -> fmt::Result {
    match (distance_m, houses) {
        (Some(distance_m), _) => write!(out, "near-net {distance_m} m from "),
        (None, Some(1)) => out.write_str("near-net 1 house from "),
        (None, Some(houses)) => write!(out, "near-net {houses} houses from "),
        (None, None) => out.write_str("near-net, same street as "),
    }?;
    Doorstep(neighbour).spell(out)
}

/// Why a place is not known, for people.
#[must_use]
pub const fn unknown_sentence(unknown: UnknownPlace) -> &'static str {
    match unknown {
        UnknownPlace::NotABuilding => {
            "no building: a house number, a street, and a ZIP code or a city with its state are needed"
        }
        UnknownPlace::StreetUnknown => "no list has this street there",
        UnknownPlace::NumberUnknown => "the street is known, the house number is not",
    }
}

/// How the place was found, for people: `exact`, `corrected (spelling, suffix)`, `alternative`, `none`.
#[derive(Clone, Copy, Debug)]
pub struct MatchSentence<'a>(pub &'a PlaceMatch);

impl fmt::Display for MatchSentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())?;
        if let PlaceMatch::Corrected { corrections, .. } = self.0 {
            for (position, correction) in corrections.iter().enumerate() {
                let before = if position == 0 { " (" } else { ", " };
                write!(f, "{before}{}", correction.as_str())?;
            }
            if !corrections.is_empty() {
                f.write_str(")")?;
            }
        }
        Ok(())
    }
}

/// `318 W 10TH ST`.
struct Doorstep<'a>(&'a BuildingKey);

impl Spell for Doorstep<'_> {
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        let Self(BuildingKey { street, number }) = self;
        out.write_str(&number.written())?;
        out.write_str(" ")?;
        out.write_str(&street.street)
    }
}

/// `3 March 2026`.
struct Day(Date);

impl Spell for Day {
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let month = usize::try_from(self.0.month() - 1)
            .ok()
            .and_then(|index| MONTHS.get(index));
        // Every finding says a day, and `write!` is slow with digits.
        let mut digits = itoa::Buffer::new();
        out.write_str(digits.format(self.0.day()))?;
        out.write_str(" ")?;
        out.write_str(month.copied().unwrap_or_default())?;
        out.write_str(" ")?;
        out.write_str(digits.format(self.0.year()))
    }
}

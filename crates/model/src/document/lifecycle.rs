//! The life of what is sold, from a study to the archive.

use std::fmt;

use thiserror::Error;

/// Where a specification, an offering, a price, a category or a catalog stands, in the order of its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LifecycleStatus {
    /// It is thought about.
    InStudy,
    /// It is worked out.
    InDesign,
    /// It is tried.
    InTest,
    /// It is approved, and not yet on the market.
    Active,
    /// It can be bought.
    Launched,
    /// It cannot be bought any more; those who have it keep it.
    Retired,
    /// Nobody has it any more.
    Obsolete,
    /// It was given up before it was approved.
    Rejected,
}

/// The move is not allowed from this status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("what is \"{from}\" cannot become \"{to}\": {}", Allowed(*.from))]
pub struct MoveRefused {
    /// The status it has.
    pub from: LifecycleStatus,
    /// The status it was to have.
    pub to: LifecycleStatus,
}

impl LifecycleStatus {
    /// Every status.
    pub const ALL: [Self; 8] = [
        Self::InStudy,
        Self::InDesign,
        Self::InTest,
        Self::Active,
        Self::Launched,
        Self::Retired,
        Self::Obsolete,
        Self::Rejected,
    ];

    /// Their names, for refusals.
    pub const NAMES: &'static str =
        "In study, In design, In test, Active, Launched, Retired, Obsolete, Rejected";

    /// As the TM Forum spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InStudy => "In study",
            Self::InDesign => "In design",
            Self::InTest => "In test",
            Self::Active => "Active",
            Self::Launched => "Launched",
            Self::Retired => "Retired",
            Self::Obsolete => "Obsolete",
            Self::Rejected => "Rejected",
        }
    }

    /// The status of this name, in whatever case: published examples have `In study` and `In Study`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str().eq_ignore_ascii_case(name))
    }

    /// What it may become. One step ahead, or given up while nothing was approved; never back.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::InStudy => &[Self::InDesign, Self::Rejected],
            Self::InDesign => &[Self::InTest, Self::Rejected],
            Self::InTest => &[Self::Active, Self::Rejected],
            Self::Active => &[Self::Launched, Self::Retired],
            Self::Launched => &[Self::Retired],
            Self::Retired => &[Self::Obsolete],
            Self::Obsolete | Self::Rejected => &[],
        }
    }

    /// Becomes another status, or stays what it is.
    ///
    /// # Errors
    /// [`MoveRefused`] for a step that is none of [`LifecycleStatus::next`].
    pub fn move_to(self, to: Self) -> Result<Self, MoveRefused> {
        if self == to || self.next().contains(&to) {
            Ok(to)
        } else {
            Err(MoveRefused { from: self, to })
        }
    }
}

impl fmt::Display for LifecycleStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What may follow a status, in words.
struct Allowed(LifecycleStatus);

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.next() {
            [] => f.write_str("that is the end of its life"),
            [first, rest @ ..] => {
                write!(f, "from there it may become {first}")?;
                rest.iter().try_for_each(|next| write!(f, " or {next}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_status() {
        for status in LifecycleStatus::ALL {
            assert_eq!(LifecycleStatus::named(status.as_str()), Some(status));
        }
        assert_eq!(
            LifecycleStatus::named("in STUDY"),
            Some(LifecycleStatus::InStudy)
        );
        assert_eq!(LifecycleStatus::named("InStudy"), None);
        let names: Vec<_> = LifecycleStatus::ALL.iter().map(|s| s.as_str()).collect();
        assert_eq!(names.join(", "), LifecycleStatus::NAMES);
    }

    #[test]
    fn no_life_goes_back_and_every_life_ends() {
        for from in LifecycleStatus::ALL {
            for to in LifecycleStatus::ALL {
                let moved = from.move_to(to);
                let allowed = from == to || from.next().contains(&to);
                assert_eq!(moved.is_ok(), allowed, "{from} to {to}");
                if allowed {
                    assert!(from <= to, "{from} goes back to {to}");
                }
            }
        }
    }

    #[test]
    fn a_refused_move_names_both_ends_and_the_way_on() {
        let refused = |from: LifecycleStatus, to| from.move_to(to).unwrap_err().to_string();
        assert_eq!(
            refused(LifecycleStatus::InTest, LifecycleStatus::Launched),
            "what is \"In test\" cannot become \"Launched\": from there it may become Active or Rejected"
        );
        assert_eq!(
            refused(LifecycleStatus::Obsolete, LifecycleStatus::Active),
            "what is \"Obsolete\" cannot become \"Active\": that is the end of its life"
        );
    }
}

//! What a check asks for, and whether a finding is that.

use crate::availability::{Answer, Confidence, Failure, Finding, Outcome, PlaceMatch, Reason};
use crate::claim::{Kbps, Technology};
use crate::identity::ProviderName;

/// Groups of technologies, for those who ask for "fiber" or "fixed wireless".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// Everything that needs a line to the building.
    Wired,
    /// Fiber, and Ethernet over a medium that the list does not name.
    Fiber,
    /// Fixed wireless of every licence.
    FixedWireless,
}

impl Category {
    /// `wired`, `fiber`, `fixed_wireless`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wired => "wired",
            Self::Fiber => "fiber",
            Self::FixedWireless => "fixed_wireless",
        }
    }

    /// The technologies of the group.
    #[must_use]
    pub const fn technologies(self) -> &'static [Technology] {
        match self {
            Self::Wired => &[
                Technology::Copper,
                Technology::Cable,
                Technology::Fiber,
                Technology::Ethernet,
                Technology::NotFiber,
            ],
            Self::Fiber => &[Technology::Fiber, Technology::Ethernet],
            Self::FixedWireless => &[
                Technology::UnlicensedFixedWireless,
                Technology::LicensedFixedWireless,
                Technology::LicensedByRuleFixedWireless,
            ],
        }
    }
}

/// The service that is asked for. Every criterion that is set must hold; the default asks for any service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Criteria {
    /// One of these providers; empty for any.
    pub providers: Vec<ProviderName>,
    /// One of these technologies; empty for any.
    pub technologies: Vec<Technology>,
    /// At least this download bandwidth. A claim that names none does not hold.
    pub min_down: Option<Kbps>,
    /// At least this upload bandwidth. A claim that names none does not hold.
    pub min_up: Option<Kbps>,
}

impl Criteria {
    /// Whether any service will do.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        let Self {
            providers,
            technologies,
            min_down,
            min_up,
        } = self;
        providers.is_empty() && technologies.is_empty() && min_down.is_none() && min_up.is_none()
    }

    /// Whether the finding is about the service that is asked for, whatever its outcome. Names of
    /// providers are compared without regard to ASCII case.
    #[must_use]
    pub fn admits(&self, finding: &Finding) -> bool {
        let Self {
            providers,
            technologies,
            min_down,
            min_up,
        } = self;
        let named = |wanted: &ProviderName| {
            wanted
                .as_str()
                .eq_ignore_ascii_case(finding.basis.provider().as_str())
        };
        let enough = |wanted: Option<Kbps>, has: Option<Kbps>| match wanted {
            Some(wanted) => has.is_some_and(|has| has >= wanted),
            None => true,
        };
        (providers.is_empty() || providers.iter().any(named))
            && (technologies.is_empty() || technologies.contains(&finding.basis.technology()))
            && enough(*min_down, finding.basis.down())
            && enough(*min_up, finding.basis.up())
    }
}

/// Whether the asked service exists at the place.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckVerdict {
    /// One of the five outcomes, for the asked service only.
    pub outcome: Outcome,
    /// Which building it is; `None` where the question failed.
    pub matched: Option<PlaceMatch>,
    /// The findings about the asked service, best first: the evidence.
    pub findings: Vec<Finding>,
    /// Whether there are more findings about it than are given; those given are the best.
    pub findings_cut: bool,
    /// Other services that can be had there (or that a person should look at), best first; filled when
    /// alternatives are asked for and the asked service is not served.
    pub alternates: Vec<Finding>,
    /// Set with the outcome `failed`.
    pub failure: Option<Failure>,
}

/// What a verdict comes to for whoever would order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Qualification {
    /// The asked service can be had.
    Qualified,
    /// It cannot, but another can; or a person must look.
    Alternate,
    /// Neither.
    Unqualified,
}

impl Qualification {
    /// Of an outcome alone; `None` where the question failed.
    #[must_use]
    pub const fn of(outcome: Outcome) -> Option<Self> {
        match outcome {
            Outcome::Served => Some(Self::Qualified),
            Outcome::AskPerson => Some(Self::Alternate),
            Outcome::NotServed | Outcome::AddressUnknown => Some(Self::Unqualified),
            Outcome::Failed => None,
        }
    }

    /// Of a whole check, as TMF645 defines it: one unqualified item makes it so; else there is none where
    /// an item failed.
    #[must_use]
    pub fn of_all(verdicts: &[CheckVerdict]) -> Option<Self> {
        let has = |wanted| {
            verdicts
                .iter()
                .any(|verdict| verdict.qualification() == wanted)
        };
        if has(Some(Self::Unqualified)) {
            Some(Self::Unqualified)
        } else if has(None) {
            None
        } else if has(Some(Self::Alternate)) {
            Some(Self::Alternate)
        } else {
            Some(Self::Qualified)
        }
    }
}

/// Most alternates of one verdict.
pub const ALTERNATES_MAX: usize = 5;

impl CheckVerdict {
    /// What the answer for a place says about the service that is asked for there.
    #[must_use]
    pub fn of(answer: Answer, criteria: &Criteria, provide_alternative: bool) -> Self {
        let building_known = answer.matched.building().is_some();
        let (findings, others): (Vec<Finding>, Vec<Finding>) = answer
            .findings
            .into_iter()
            .partition(|finding| criteria.admits(finding));
        let has = |wanted: Outcome| findings.iter().any(|finding| finding.outcome == wanted);
        let outcome = if has(Outcome::Served) {
            Outcome::Served
        } else if has(Outcome::AskPerson) {
            Outcome::AskPerson
        } else if building_known {
            Outcome::NotServed
        } else {
            Outcome::AddressUnknown
        };
        let can_be_had =
            |other: &Finding| matches!(other.outcome, Outcome::Served | Outcome::AskPerson);
        let wanted = if provide_alternative && outcome != Outcome::Served {
            ALTERNATES_MAX
        } else {
            0
        };
        Self {
            outcome,
            matched: Some(answer.matched),
            findings,
            findings_cut: answer.findings_cut,
            alternates: others.into_iter().filter(can_be_had).take(wanted).collect(),
            failure: None,
        }
    }

    /// What it comes to: a proposal makes an unqualified item an alternate one.
    #[must_use]
    pub fn qualification(&self) -> Option<Qualification> {
        match Qualification::of(self.outcome) {
            Some(Qualification::Unqualified) if !self.alternates.is_empty() => {
                Some(Qualification::Alternate)
            }
            result => result,
        }
    }

    /// Keeps `most` findings, the best, and remembers whether any went.
    pub fn keep_best(&mut self, most: usize) {
        self.findings_cut |= self.findings.len() > most;
        self.findings.truncate(most);
    }

    /// The verdict where the question could not be answered.
    #[must_use]
    pub const fn failed(failure: Failure) -> Self {
        Self {
            outcome: Outcome::Failed,
            matched: None,
            findings: Vec::new(),
            findings_cut: false,
            alternates: Vec::new(),
            failure: Some(failure),
        }
    }

    /// The confidence of the best evidence; red where there is none.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.findings
            .first()
            .map_or(Confidence::Red, |finding| finding.confidence)
    }

    /// The reason of the best evidence.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        self.findings.first().map(|finding| &finding.reason)
    }
}

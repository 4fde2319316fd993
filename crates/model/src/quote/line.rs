//! One location, provider and service: every term of it.

use jiff::Timestamp;

use crate::carrier::{
    AskPersonReason, FailureReason, NotServedReason, Pending, Price, Retry, Term, TermAnswer,
    UnknownReason,
};
use crate::identity::ProviderName;

use super::CellOutcome;

/// Where an answer comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The provider's own system.
    Carrier,
    /// The provider's rate card and building list, as they were imported.
    RateCard,
    /// A supplier that the provider buys from; the provider's margin is on the price.
    Supplier(ProviderName),
    /// A person.
    Person,
}

impl Source {
    /// `carrier`, `rate_card`, `supplier`, `person`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Carrier => "carrier",
            Self::RateCard => "rate_card",
            Self::Supplier(_) => "supplier",
            Self::Person => "person",
        }
    }
}

/// A price and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Priced {
    /// What the provider takes.
    pub price: Price,
    /// Who said so.
    pub source: Source,
    /// A person's remark.
    pub note: Option<String>,
}

/// What became of one term of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// There is a price.
    Priced(Box<Priced>),
    /// A person has to give it; why, where the carrier did not simply say ICB.
    IcbPending(Option<AskPersonReason>),
    /// The provider cannot deliver it; by a person's word where there is no reason.
    NotServed(Option<NotServedReason>),
    /// The provider does not know the address.
    AddressUnknown(UnknownReason),
    /// There is no answer, however often it was asked for.
    Failed(FailureReason),
    /// There was none by the deadline.
    Expired,
}

impl Cell {
    /// What it counts as.
    #[must_use]
    pub const fn outcome(&self) -> CellOutcome {
        match self {
            Self::Priced(_) => CellOutcome::Priced,
            Self::IcbPending(_) => CellOutcome::IcbPending,
            Self::NotServed(_) => CellOutcome::NotServed,
            Self::AddressUnknown(_) => CellOutcome::AddressUnknown,
            Self::Failed(_) => CellOutcome::Failed,
            Self::Expired => CellOutcome::Expired,
        }
    }

    /// Why there is no price: a name of the reason; `None` for a price, or where there is nothing to add.
    #[must_use]
    pub const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::IcbPending(Some(reason)) => Some(reason.as_str()),
            Self::NotServed(Some(reason)) => Some(reason.as_str()),
            Self::AddressUnknown(reason) => Some(reason.as_str()),
            Self::Failed(reason) => Some(reason.as_str()),
            Self::Priced(_) | Self::IcbPending(None) | Self::NotServed(None) | Self::Expired => {
                None
            }
        }
    }

    /// The price, if it is one.
    #[must_use]
    pub fn priced(&self) -> Option<&Priced> {
        match self {
            Self::Priced(priced) => Some(priced),
            Self::IcbPending(_)
            | Self::NotServed(_)
            | Self::AddressUnknown(_)
            | Self::Failed(_)
            | Self::Expired => None,
        }
    }

    /// The cell of an answer.
    #[must_use]
    pub fn of(answer: TermAnswer, source: Source) -> Self {
        match answer {
            TermAnswer::Priced(price) => Self::Priced(Box::new(Priced {
                price,
                source,
                note: None,
            })),
            TermAnswer::IndividualCase { carrier_quote: _ } => Self::IcbPending(None),
            TermAnswer::AskPerson(why) => Self::IcbPending(Some(why.reason)),
            TermAnswer::NotServed(why) => Self::NotServed(Some(why.reason)),
            TermAnswer::AddressUnknown {
                why,
                alternatives: _,
            } => Self::AddressUnknown(why.reason),
            TermAnswer::Failed { why, retry: _ } => Self::Failed(why.reason),
        }
    }
}

/// One location, provider and service, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// Nothing has come yet.
    Waiting,
    /// Some terms are answered for good; the carrier is asked about the others.
    Partly(Vec<(Term, TermAnswer)>),
    /// The carrier needs time; it is asked on by this.
    Pending(Pending),
    /// The provider has no line of its own there: its suppliers are asked.
    OffNet,
    /// Nobody asks about it; only in what a supplier answers.
    NotAsked,
    /// It has ended: a cell for each term, in the order of the quote's terms.
    Answered {
        /// Term by term.
        cells: Vec<Cell>,
        /// When.
        at: Timestamp,
    },
}

impl Line {
    /// Whether a program has still to answer.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self {
            Self::Waiting | Self::Partly(_) | Self::Pending(_) | Self::OffNet => true,
            Self::NotAsked | Self::Answered { .. } => false,
        }
    }

    /// Whether the provider itself has still to answer.
    #[must_use]
    pub const fn is_asked(&self) -> bool {
        match self {
            Self::Waiting | Self::Partly(_) | Self::Pending(_) => true,
            Self::OffNet | Self::NotAsked | Self::Answered { .. } => false,
        }
    }

    /// Whether the provider is to be asked about it now: for the first time, or on.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        match self {
            Self::Waiting | Self::Partly(_) => true,
            Self::Pending(pending) => pending.ask_again_at <= now,
            Self::OffNet | Self::NotAsked | Self::Answered { .. } => false,
        }
    }

    /// Its cells; none while it is open.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        match self {
            Self::Waiting | Self::Partly(_) | Self::Pending(_) | Self::OffNet | Self::NotAsked => {
                &[]
            }
            Self::Answered { cells, at: _ } => cells,
        }
    }

    /// What the carrier has answered for good while it is still asked about other terms.
    #[must_use]
    pub fn settled(&self) -> &[(Term, TermAnswer)] {
        match self {
            Self::Partly(settled) => settled,
            Self::Pending(pending) => &pending.settled,
            Self::Waiting | Self::OffNet | Self::NotAsked | Self::Answered { .. } => &[],
        }
    }

    /// Whether a term is settled.
    #[must_use]
    pub fn is_settled(&self, term: Term) -> bool {
        self.settled().iter().any(|(settled, _)| *settled == term)
    }

    /// The line where nothing more is answered: what is settled, and a cell for every other term.
    #[must_use]
    pub fn ended(&self, terms: &[Term], cell: impl Fn(Term) -> Cell, at: Timestamp) -> Self {
        let settled = self.settled();
        let cell_of = |term: &Term| {
            let answer = settled.iter().find(|(settled, _)| settled == term);
            answer.map_or_else(
                || cell(*term),
                |(_, answer)| Cell::of(answer.clone(), Source::Carrier),
            )
        };
        Self::Answered {
            cells: terms.iter().map(cell_of).collect(),
            at,
        }
    }
}

/// How long to wait before the question is asked again whose terms were answered like this; `None` where
/// asking again would not help.
#[must_use]
pub fn ask_again<'a>(
    answers: impl IntoIterator<Item = &'a TermAnswer>,
) -> Option<std::time::Duration> {
    let waits = answers
        .into_iter()
        .filter_map(|answer| match answer.retry() {
            Retry::After(wait) => Some(wait),
            Retry::No => None,
        });
    waits.max()
}

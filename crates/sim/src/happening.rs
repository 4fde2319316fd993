//! What can happen in a run, counted, so that it is seen whether the storm does storm.

use std::collections::BTreeMap;

/// How often what happened.
pub type Happenings = BTreeMap<Happening, u64>;

/// Something that can happen in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Happening {
    /// A call failed before it happened.
    FailedBefore,
    /// A call happened, and its answer was lost.
    AnswerLost,
    /// The store or the queue was busy.
    WasBusy,
    /// A call took long.
    Stalled,
    /// A message was sent twice.
    SentTwice,
    /// A message came late.
    CameLate,
    /// A message was given out again while it was in work.
    GivenOutAgain,
    /// A process was killed at a call.
    KilledAtCall,
    /// A process was killed at some time.
    KilledAtTime,
    /// A process began.
    Began,
    /// A carrier was asked.
    Asked,
    /// A carrier was asked again because it said so.
    AskedAgainAsTold,
    /// A carrier was asked again because nobody heard its answer.
    AskedAgainUnheard,
    /// A carrier was asked on about what it had begun.
    AskedOn,
    /// A carrier did not answer.
    Hung,
    /// A carrier was not there.
    WasAway,
    /// A carrier forgot what it had begun.
    Forgot,
    /// A cell got a price of its provider.
    Priced,
    /// A cell got a price that was bought.
    Bought,
    /// A cell waits for a person.
    WaitsForPerson,
    /// A person answered a cell.
    PersonAnswered,
    /// A cell failed.
    Failed,
    /// A cell expired.
    Expired,
    /// A quote was not taken in any more: its deadline had passed.
    Refused,
    /// A quote was settled.
    Settled,
    /// A quote was cancelled.
    Cancelled,
    /// A quote was accepted.
    Accepted,
    /// A customer rejected a quote.
    Rejected,
    /// A message became a dead letter.
    Died,
}

impl Happening {
    /// All of them.
    pub const ALL: [Self; 29] = [
        Self::FailedBefore,
        Self::AnswerLost,
        Self::WasBusy,
        Self::Stalled,
        Self::SentTwice,
        Self::CameLate,
        Self::GivenOutAgain,
        Self::KilledAtCall,
        Self::KilledAtTime,
        Self::Began,
        Self::Asked,
        Self::AskedAgainAsTold,
        Self::AskedAgainUnheard,
        Self::AskedOn,
        Self::Hung,
        Self::WasAway,
        Self::Forgot,
        Self::Priced,
        Self::Bought,
        Self::WaitsForPerson,
        Self::PersonAnswered,
        Self::Failed,
        Self::Expired,
        Self::Refused,
        Self::Settled,
        Self::Cancelled,
        Self::Accepted,
        Self::Rejected,
        Self::Died,
    ];

    /// What it is called where it is counted.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FailedBefore => "calls that failed before they happened",
            Self::AnswerLost => "calls that happened, and whose answer was lost",
            Self::WasBusy => "calls of a store or queue that was busy",
            Self::Stalled => "calls that took long",
            Self::SentTwice => "messages sent twice",
            Self::CameLate => "messages that came late",
            Self::GivenOutAgain => "messages given out again while in work",
            Self::KilledAtCall => "processes killed at a call",
            Self::KilledAtTime => "processes killed at some time",
            Self::Began => "processes begun",
            Self::Asked => "questions to carriers",
            Self::AskedAgainAsTold => "questions again, as told",
            Self::AskedAgainUnheard => "questions again, as nobody heard the answer",
            Self::AskedOn => "questions on",
            Self::Hung => "questions without an answer",
            Self::WasAway => "questions to carriers that were away",
            Self::Forgot => "questions that a carrier forgot",
            Self::Priced => "cells priced",
            Self::Bought => "cells bought",
            Self::WaitsForPerson => "cells that wait for a person",
            Self::PersonAnswered => "cells a person answered",
            Self::Failed => "cells failed",
            Self::Expired => "cells expired",
            Self::Refused => "quotes refused",
            Self::Settled => "quotes settled",
            Self::Cancelled => "quotes cancelled",
            Self::Accepted => "quotes accepted",
            Self::Rejected => "quotes rejected by the customer",
            Self::Died => "dead letters",
        }
    }
}

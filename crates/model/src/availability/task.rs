//! The life of a stored question: acknowledged, worked on, answered.

use jiff::Timestamp;
use thiserror::Error;

use crate::availability::{
    CheckVerdict, Criteria, NearNet, Place, PlaceAnswer, Qualification, UnknownPlace, Validation,
    ValidationVerdict,
};
use crate::identity::TenantId;
use crate::timed_id::timed_id;

/// Most places in one query.
pub const QUERY_PLACES_MAX: usize = 1_000;
/// Most items in one check.
pub const CHECK_ITEMS_MAX: usize = 1_000;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskKind {
    /// What is available at these places (TMF645 `queryServiceQualification`).
    Query,
    /// Is this service available at this place (TMF645 `checkServiceQualification`).
    Check,
    /// Is this address real (TMF673 `geographicAddressValidation`).
    Validation,
}

impl TaskKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Query, Self::Check, Self::Validation];

    /// The kind of this name ([`TaskKind::as_str`]).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// `query`, `check`, `validation`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Check => "check",
            Self::Validation => "validation",
        }
    }

    /// Most items in one task of this kind.
    #[must_use]
    pub const fn items_max(self) -> usize {
        match self {
            Self::Query => QUERY_PLACES_MAX,
            Self::Check => CHECK_ITEMS_MAX,
            Self::Validation => 1,
        }
    }
}

timed_id!(
    /// Names one task of one tenant; ids sort by their time.
    TaskId,
    /// A text is not a task's id.
    BadTaskId,
    "not a task id: expected 32 lower-case hexadecimal digits"
);

/// Where a task stands. Made only by [`TaskState::new`] and the transitions, which consume it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskState {
    /// Taken in, not begun.
    Acknowledged,
    /// A worker has begun.
    InProgress,
    /// Answered: the results are complete.
    Done {
        /// When.
        at: Timestamp,
        /// What a list shows of them; `None` for a task that was answered before lists showed it.
        gist: Option<Gist>,
    },
    /// Given up: there are no results.
    TerminatedWithError {
        /// When.
        at: Timestamp,
        /// Why.
        error: TaskFailure,
    },
}

/// What the results come to, in a few bytes: so much of them is known wherever the task's state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gist {
    /// A query has no answer as a whole.
    Query,
    /// Of all items of a check ([`Qualification::of_all`]).
    Check(Option<Qualification>),
    /// The address is valid as submitted.
    Valid,
    /// It is valid after a correction, or without its unit.
    Partial {
        /// No list names the unit.
        unit_unknown: bool,
    },
    /// It is not known.
    Unknown(UnknownPlace),
}

impl Gist {
    /// What these results come to.
    #[must_use]
    pub fn of(results: &TaskResults) -> Self {
        match results {
            TaskResults::Query(_) => Self::Query,
            TaskResults::Check(verdicts) => Self::Check(Qualification::of_all(verdicts)),
            TaskResults::Validation(validation) => match &validation.verdict {
                ValidationVerdict::Valid(_) => Self::Valid,
                ValidationVerdict::Partial {
                    known: _,
                    corrections: _,
                    unit_unknown,
                } => Self::Partial {
                    unit_unknown: *unit_unknown,
                },
                ValidationVerdict::Unknown(why) => Self::Unknown(*why),
            },
        }
    }
}

/// Why a task was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaskFailure {
    /// The store failed again and again.
    StoreFailed,
    /// What was stored of the question could not be read.
    QuestionDamaged,
}

impl TaskFailure {
    /// `store_failed`, `question_damaged`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StoreFailed => "store_failed",
            Self::QuestionDamaged => "question_damaged",
        }
    }
}

/// The move is not allowed from this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a task that is {} cannot become {}", .from.as_str(), .to)]
pub struct MoveRefused {
    /// The state it is in.
    pub from: TaskState,
    /// What it was to become.
    pub to: &'static str,
}

impl TaskState {
    /// The first state.
    #[must_use]
    pub const fn new() -> Self {
        Self::Acknowledged
    }

    /// `acknowledged`, `inProgress`, `done`, `terminatedWithError`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::InProgress => "inProgress",
            Self::Done { .. } => "done",
            Self::TerminatedWithError { .. } => "terminatedWithError",
        }
    }

    /// What the results come to, where there are any.
    #[must_use]
    pub const fn gist(&self) -> Option<Gist> {
        match self {
            Self::Done { at: _, gist } => *gist,
            Self::Acknowledged | Self::InProgress | Self::TerminatedWithError { .. } => None,
        }
    }

    /// Whether nothing more will happen to it.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Acknowledged | Self::InProgress => false,
            Self::Done { .. } | Self::TerminatedWithError { .. } => true,
        }
    }

    /// A worker begins, or begins again after a crash.
    ///
    /// # Errors
    /// [`MoveRefused`] where the task is finished.
    pub const fn begin(self) -> Result<Self, MoveRefused> {
        match self {
            Self::Acknowledged | Self::InProgress => Ok(Self::InProgress),
            Self::Done { .. } | Self::TerminatedWithError { .. } => Err(MoveRefused {
                from: self,
                to: "inProgress",
            }),
        }
    }

    /// The results are complete.
    ///
    /// # Errors
    /// [`MoveRefused`] unless the task is in progress.
    pub const fn finish(self, at: Timestamp, gist: Gist) -> Result<Self, MoveRefused> {
        match self {
            Self::InProgress => Ok(Self::Done {
                at,
                gist: Some(gist),
            }),
            Self::Acknowledged | Self::Done { .. } | Self::TerminatedWithError { .. } => {
                Err(MoveRefused {
                    from: self,
                    to: "done",
                })
            }
        }
    }

    /// It cannot be answered.
    ///
    /// # Errors
    /// [`MoveRefused`] where the task is finished.
    pub const fn give_up(self, at: Timestamp, error: TaskFailure) -> Result<Self, MoveRefused> {
        match self {
            Self::Acknowledged | Self::InProgress => Ok(Self::TerminatedWithError { at, error }),
            Self::Done { .. } | Self::TerminatedWithError { .. } => Err(MoveRefused {
                from: self,
                to: "terminatedWithError",
            }),
        }
    }
}

impl Default for TaskState {
    fn default() -> Self {
        Self::new()
    }
}

/// One place (query), one service at one place (check) or one address (validation).
#[derive(Clone, Debug, PartialEq)]
pub struct TaskItem {
    /// What the client sent for it, opaque text of the surface it came by (unknown attributes included).
    pub document: String,
    /// The place that is asked about.
    pub place: Place,
    /// The service that is asked for; any for a query without a filter, unused by a validation.
    pub criteria: Criteria,
}

/// How the whole task is to be answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Terms {
    /// When neighbours and hints are looked for.
    pub near_net: NearNet,
    /// Whether alternatives are wanted (check: other services; validation: like addresses).
    pub provide_alternative: bool,
}

/// A question to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTask {
    /// What kind of question.
    pub kind: TaskKind,
    /// What the client sent, without the items: opaque text of the surface it came by.
    pub document: String,
    /// How it is to be answered.
    pub terms: Terms,
    /// 1 to [`TaskKind::items_max`] of them.
    pub items: Vec<TaskItem>,
}

/// A stored question without its items and results: what a list shows.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskHeader {
    /// Which.
    pub id: TaskId,
    /// Whose. Part of its key: to another tenant it does not exist.
    pub tenant: TenantId,
    /// What kind of question.
    pub kind: TaskKind,
    /// Where it stands.
    pub state: TaskState,
    /// Rises with every change; a patch names the version that it was made from.
    pub version: u32,
    /// When it was last changed.
    pub updated: Timestamp,
    /// From when on it is gone.
    pub expires: Timestamp,
    /// As in [`NewTask`].
    pub document: String,
    /// As in [`NewTask`].
    pub terms: Terms,
    /// How many items it has.
    pub item_count: u32,
}

impl TaskHeader {
    /// When it was taken in.
    #[must_use]
    pub fn created(&self) -> Timestamp {
        self.id.created()
    }
}

/// The results, one per item in the items' order. Complete or absent.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskResults {
    /// Of a query; findings that the item's criteria do not admit are left out.
    Query(Vec<PlaceAnswer>),
    /// Of a check.
    Check(Vec<CheckVerdict>),
    /// Of a validation.
    Validation(Box<Validation>),
}

/// A stored question, whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What a list shows of it.
    pub header: TaskHeader,
    /// What was asked.
    pub items: Vec<TaskItem>,
    /// Set when the state is `done`.
    pub results: Option<TaskResults>,
}

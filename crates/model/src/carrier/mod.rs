//! What is asked of a carrier, and what it may answer, whichever way it is asked.
//!
//! A question is about one location; a carrier answers all its terms at once. Outcomes that mean
//! different things are different variants, and only a failure may be asked again ([`Retry`]). A carrier
//! that needs time answers with a [`Pending`], by which it is asked on.

pub mod answer;
pub mod health;
pub mod question;
pub mod reference;

pub use answer::{
    AskPersonReason, FailureReason, NotServedReason, Pending, Place, Price, PriceAnswer,
    QualifyAnswer, Reply, Retry, Step, TermAnswer, UnknownReason, Unpriced,
};
pub use health::{
    BreakerState, CarrierHealth, FailureCounts, HowAsked, LastFailure, Latency, OutcomeCounts,
};
pub use question::{
    Asks, Firmness, Location, PriceQuestion, Product, QualifyQuestion, QuestionKey, Service, Term,
};
pub use reference::{CarrierReference, CarrierWords};

//! What carriers remember of what they were asked.
//!
//! A question is one location and one service of one carrier, whatever terms are asked for. It may be asked again only
//! - if the carrier said so, and not before the time that it said; or
//! - if nobody heard the answer: the call was given up, or the process was killed; or
//! - if the answer was heard and could not be kept: whoever heard it was killed, or a call of its store failed. Then
//!   not before the time is over for which it had the slice to itself.
//!
//! Nobody asks what another asks at the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use lastmile_model::carrier::{CarrierReference, PriceAnswer, Reply, Retry};
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::{Line, Slice};

use super::book::Book;
use super::broken::{Broken, Invariant};
use super::cells::is_to_be_tried_again;
use crate::gate::Life;
use crate::happening::Happening;

/// One question of one carrier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuestionOf {
    /// Who is asked.
    pub carrier: ProviderName,
    /// About which house.
    pub house: u32,
    /// For which service, by its speed.
    pub kbps: u64,
}

/// Who asks, and how.
pub struct Asking<'a> {
    /// Which process.
    pub life: &'a Arc<Life>,
    /// When.
    pub now: Timestamp,
    /// What was begun, where it is asked on.
    pub on: Option<&'a CarrierReference>,
}

/// What whoever asked heard.
pub enum Heard<'a> {
    /// Nothing.
    Nothing,
    /// This.
    Reply(&'a Reply<PriceAnswer>),
}

/// All questions that were asked.
#[derive(Default)]
pub struct Questions {
    asked: BTreeMap<QuestionOf, Asked>,
    ill: BTreeSet<ProviderName>,
}

/// A question that was asked.
struct Asked {
    state: State,
    life: Arc<Life>,
    /// Until when whoever asked has the slice to itself.
    alone_until: Option<Timestamp>,
    has_failed: bool,
}

enum State {
    UnderWay,
    Unheard,
    ToldToRetry {
        not_before: Timestamp,
    },
    Pending {
        id: CarrierReference,
        not_before: Timestamp,
        at: Timestamp,
    },
    Answered {
        at: Timestamp,
    },
}

impl Questions {
    /// Whether an answer to it was a failure, or never came.
    #[must_use]
    pub fn has_failed(&self, question: &QuestionOf) -> bool {
        let asked = self.asked.get(question);
        asked.is_some_and(|asked| asked.has_failed || matches!(asked.state, State::Unheard))
    }

    /// Whether a carrier has failed so that it may be left alone.
    #[must_use]
    pub fn is_ill(&self, carrier: &ProviderName) -> bool {
        self.ill.contains(carrier)
    }

    /// A carrier is asked; why it may be, by what is remembered of the question.
    ///
    /// # Errors
    /// [`Invariant::AskedOnce`] where it may not.
    pub fn asked(
        &mut self,
        question: &QuestionOf,
        asking: &Asking<'_>,
        book: &Book,
    ) -> Result<Happening, Broken> {
        let (line, alone_until) = stored(question, book);
        let before = self.asked.get(question);
        let verdict = may_ask(question, asking, before, line);
        let has_failed = before.is_some_and(|asked| asked.has_failed);
        let asked = Asked {
            state: State::UnderWay,
            life: Arc::clone(asking.life),
            alone_until,
            has_failed,
        };
        self.asked.insert(question.clone(), asked);
        verdict
    }

    /// A call is over.
    pub fn heard(&mut self, question: &QuestionOf, heard: &Heard<'_>, now: Timestamp) {
        let Some(asked) = self.asked.get_mut(question) else {
            return;
        };
        let reply = match heard {
            Heard::Nothing => {
                asked.has_failed = true;
                asked.state = State::Unheard;
                self.ill.insert(question.carrier.clone());
                return;
            }
            Heard::Reply(reply) => reply,
        };
        asked.state = match reply {
            Reply::Pending(pending) => State::Pending {
                id: pending.id.clone(),
                not_before: pending.ask_again_at,
                at: now,
            },
            Reply::Answered(answer) => {
                let answers = || answer.terms.iter().map(|(_, answer)| answer);
                if answers().any(is_to_be_tried_again) {
                    asked.has_failed = true;
                    self.ill.insert(question.carrier.clone());
                    let waits = answers().filter_map(|answer| match answer.retry() {
                        Retry::After(wait) => Some(wait),
                        Retry::No => None,
                    });
                    let wait = waits.max().unwrap_or_default();
                    State::ToldToRetry {
                        not_before: now.saturating_add(wait).unwrap_or(now),
                    }
                } else {
                    State::Answered { at: now }
                }
            }
        };
    }

    /// Asking on failed: what was begun goes on.
    pub fn goes_on(
        &mut self,
        question: &QuestionOf,
        id: &CarrierReference,
        not_before: Timestamp,
        now: Timestamp,
    ) {
        if let Some(asked) = self.asked.get_mut(question) {
            asked.has_failed = true;
            asked.state = State::Pending {
                id: id.clone(),
                not_before,
                at: now,
            };
            self.ill.insert(question.carrier.clone());
        }
    }
}

/// How the line of a question stands in the store, and until when somebody has its slice to itself.
fn stored<'a>(question: &QuestionOf, book: &'a Book) -> (Option<&'a Line>, Option<Timestamp>) {
    let Some((quote, location)) = book.quote_of(question.house) else {
        return (None, None);
    };
    let (number, in_slice) = lastmile_model::quote::request::slice_of(location);
    let grid = &quote.head.grid;
    let key = (number, question.carrier.clone());
    let slice: Option<&Slice> = if grid.providers.contains(&question.carrier) {
        quote.own.get(&key)
    } else {
        quote.supply.get(&key)
    };
    let mut services = grid.services.iter();
    let service = services.position(|service| service.down.0 == question.kbps);
    let line = service.zip(slice).and_then(|(service, slice)| {
        let position = in_slice * grid.services.len() + service;
        slice.lines.get(position)
    });
    (line, slice.and_then(|slice| slice.asked_until))
}

fn may_ask(
    question: &QuestionOf,
    asking: &Asking<'_>,
    before: Option<&Asked>,
    line: Option<&Line>,
) -> Result<Happening, Broken> {
    let rule = Invariant::AskedOnce;
    let named = |what: &str| {
        let QuestionOf {
            carrier,
            house,
            kbps,
        } = question;
        let now = asking.now;
        format!(
            "{} at {house} for {kbps} at {now}: {what}",
            carrier.as_str()
        )
    };
    rule.unless(line.is_some_and(Line::is_asked), || {
        named("it is asked what is not to be asked, or has been answered")
    })?;
    let Some(before) = before else {
        return Ok(Happening::Asked);
    };
    let was_lost = |since| before.life.was_harmed_since(since);
    let is_alone = before.alone_until.is_some_and(|until| asking.now < until);
    match &before.state {
        State::UnderWay => {
            rule.unless(before.life.is_dead(), || {
                named("it is asked while somebody else asks it")
            })?;
            Ok(Happening::AskedAgainUnheard)
        }
        State::Unheard => Ok(Happening::AskedAgainUnheard),
        State::ToldToRetry { not_before } => {
            rule.unless(asking.now >= *not_before, || {
                named(&format!(
                    "it said not to be asked again before {not_before}"
                ))
            })?;
            Ok(Happening::AskedAgainAsTold)
        }
        State::Pending {
            id,
            not_before,
            at: _,
        } if asking.on == Some(id) => {
            rule.unless(asking.now >= *not_before, || {
                named(&format!("it said not to be asked on before {not_before}"))
            })?;
            Ok(Happening::AskedOn)
        }
        State::Pending { at, .. } | State::Answered { at } => {
            rule.unless(was_lost(*at), || {
                named("it is asked what it answered, and nothing was lost")
            })?;
            rule.unless(!is_alone, || {
                named("it is asked what it answered, while somebody else has the slice")
            })?;
            Ok(Happening::AskedAgainUnheard)
        }
    }
}

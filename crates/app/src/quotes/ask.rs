//! Asking one carrier about one slice.
//!
//! Whoever asks first writes down that it does, so that a message that comes twice does not ask twice. The
//! carrier is called outside of any transaction; what it answered is one conditional write.

mod repeated;

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{join, join_all};
use jiff::Timestamp;
use lastmile_model::carrier::{
    AskPersonReason, CarrierReference, FailureReason, NotServedReason, Pending, PriceAnswer,
    PriceQuestion, Reply, Term, TermAnswer,
};
use lastmile_model::quote::line::ask_again;
use lastmile_model::quote::request::Asked;
use lastmile_model::quote::{Cell, Line, QuoteHead, Slice, Source};
use lastmile_providers::{Call, Watched, Way};
use lastmile_store::key::{Key, Noticed, QuoteKey, SlicePart};
use lastmile_store::message::Ask;
use lastmile_store::record::quotes::{
    Places, SliceOf, StoredErrand, read_places, read_slice_item, slice_item,
};
use lastmile_store::record::unchanged_since;
use lastmile_store::{StoreError, TransactError, TransactWrite, Transaction};

use self::repeated::Repeated;
use super::commit::{Change, Committed, commit, plan_of, strong};
use super::limits::{
    ASK_AGAIN_MAX, ASK_AGAIN_MIN, ASKED_ALONE, ASKED_ALONE_RENEWED, COMMIT_TRIES_MAX,
    CROWDS_BEFORE_DEADLINE, FAILURES_MAX, NOTICED_AGAIN, TRY_AGAIN_MAX,
};
use super::notice::note_waits;
use super::read::head_of;
use super::{Quotes, coverage};

/// What is left to do about a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing.
    Nothing,
    /// The carrier needs time, or nobody asked it because it is left alone for a while: ask on then. It is not a failure.
    AskOn(Duration),
    /// The carrier failed: try again then.
    TryAgain(Duration),
}

/// How a message is worked on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    /// The queue will not give it out again: a carrier that fails now has failed.
    pub(super) is_last_try: bool,
    /// How long carriers may take now; as long as the quote has, where that is not said.
    pub(super) within: Option<Duration>,
}

/// Who is asked about what, as it is read from the store.
struct Asking<'a> {
    quotes: &'a Quotes,
    ask: &'a Ask,
    head: QuoteHead,
    turn: Turn,
    /// Whether it buys lines where it has none.
    buys: bool,
}

/// When a carrier has had its time.
#[derive(Clone, Copy, Debug)]
struct End {
    after: Duration,
    /// Or else it may be asked again.
    is_deadline: bool,
}

/// How a turn ended for the slice as a whole.
#[derive(Clone, Copy, Debug, Default)]
struct Turned {
    /// Nobody asks before this time.
    asked_until: Option<Timestamp>,
    /// The carrier was asked, and failed.
    has_failed: bool,
}

/// What became of a line.
enum Heard {
    /// It is as it is to be written.
    Line(Line),
    /// The carrier failed, and may be asked again after a while.
    Failed {
        after: Duration,
        /// What is written where it is not asked again.
        line: Line,
        /// What it has answered for good, and is not asked about again.
        settled: Vec<(Term, TermAnswer)>,
        /// Or else nobody asked, because it is left alone for a while.
        was_asked: bool,
    },
}

impl Heard {
    /// Whether the carrier was asked, and failed.
    const fn is_failure(&self) -> bool {
        matches!(
            self,
            Self::Failed {
                was_asked: true,
                ..
            }
        )
    }
}

/// Asks, and writes down what was answered. On the last try a failure is an answer.
pub(super) async fn ask(quotes: &Quotes, ask: &Ask, turn: Turn) -> Result<Rest, StoreError> {
    let Some(asking) = Asking::begin(quotes, ask, turn).await? else {
        return Ok(Rest::Nothing);
    };
    let context = &quotes.availability.context;
    let slice = asking.slice().await?;
    let now = context.clock.now();
    if !slice.is_asked() {
        return Ok(Rest::Nothing);
    }
    let repeated = asking.repeated(&slice, now).await?;
    if now >= asking.head.deadline {
        let mut ended = repeated.copied_into(&slice);
        ended.end_asked(asking.terms(), &Cell::Expired, now);
        let heard = changed_lines(&slice, &ended);
        let turned = Turned::default();
        asking.write(&slice, &slice.lines, &heard, turned).await?;
        return Ok(Rest::Nothing);
    }
    // Before anything that rests or asks: what is known already needs nobody.
    let Some(slice) = asking.with_copies(slice, &repeated).await? else {
        return Ok(Rest::AskOn(ASK_AGAIN_MIN));
    };
    if !slice.is_asked() {
        return Ok(Rest::Nothing);
    }
    if let Some(until) = not_yet(&slice, &repeated, now) {
        return Ok(Rest::AskOn(asking.rest(now, until)));
    }
    if let Some(rest) = asking.rest_of_crowd(now) {
        let until = later(now, rest).unwrap_or(now);
        return Ok(Rest::AskOn(asking.rest(now, until)));
    }
    let Some(claimed) = asking.claim(slice, now).await? else {
        return Ok(Rest::AskOn(ASK_AGAIN_MIN));
    };
    let asked = claimed.lines.clone();
    let hearing = asking.hear(&claimed, &repeated, now);
    let Some((held, heard)) = asking.hear_alone(claimed.clone(), hearing).await? else {
        return Ok(Rest::AskOn(ASK_AGAIN_MIN));
    };
    let has_failed = heard.iter().any(|(_, heard)| heard.is_failure());
    let gives_up = turn.is_last_try || held.failures + u32::from(has_failed) >= FAILURES_MAX;
    let (mut lines, wait) = settled(heard, gives_up);
    repeated.copy_heard(&mut lines);
    let now = context.clock.now();
    // What the carrier said is kept, so that no other message of the slice asks before that time either.
    let rest = wait.map(|wait| asking.until_again(now, wait));
    let asked_until = rest.and_then(|rest| later(now, rest));
    let turned = Turned {
        asked_until,
        has_failed,
    };
    let written = asking.write(&held, &asked, &lines, turned).await?;
    Ok(match (written, rest) {
        (Some(slice), Some(rest)) if slice.is_asked() && has_failed && !gives_up => {
            Rest::TryAgain(rest.min(TRY_AGAIN_MAX))
        }
        (Some(slice), _) if slice.is_asked() => {
            let now = context.clock.now();
            let until = not_yet(&slice, &repeated, now).unwrap_or(now);
            Rest::AskOn(asking.rest(now, until))
        }
        (Some(_) | None, _) => Rest::Nothing,
    })
}

/// The lines as they are to be written, and for how long the carrier is to be left alone, where it is asked again.
fn settled(heard: Vec<(usize, Heard)>, gives_up: bool) -> (Vec<(usize, Line)>, Option<Duration>) {
    let mut wait = None;
    let lines = heard.into_iter().map(|(position, heard)| match heard {
        Heard::Line(line) => (position, line),
        Heard::Failed {
            line,
            was_asked: true,
            ..
        } if gives_up => (position, line),
        Heard::Failed { after, settled, .. } => {
            wait = wait.max(Some(after));
            let line = if settled.is_empty() {
                Line::Waiting
            } else {
                Line::Partly(settled)
            };
            (position, line)
        }
    });
    (lines.collect(), wait)
}

/// Asks on at once about what the carrier called back about, whenever it was to be asked on. What is left is left to
/// the message by which it is asked on anyway, and so is what somebody else is asking just now: whoever writes down
/// that the carrier still needs time sees that it has called. Gives how long to rest where it is not written down yet
/// what the carrier has begun.
pub(super) async fn ask_on(
    quotes: &Quotes,
    stored: &StoredErrand,
    noticed: &Noticed,
    turn: Turn,
) -> Result<Option<Duration>, StoreError> {
    let Noticed {
        slice,
        carrier,
        as_supplier,
        reference,
    } = noticed;
    let asked = Ask {
        tenant: stored.tenant.clone(),
        quote: stored.id,
        slice: *slice,
        carrier: carrier.clone(),
        as_supplier: *as_supplier,
    };
    let Some(asking) = Asking::begin(quotes, &asked, turn).await? else {
        return Ok(None);
    };
    if asking.make_due(reference).await? {
        asking.until_nothing_is_due().await?;
        return Ok(None);
    }
    let now = quotes.availability.context.clock.now();
    let left = asking.slice().await?;
    let is_claimed = |until: &Timestamp| *until > now && until.duration_since(now) <= ASKED_ALONE;
    let is_begun = left.asked_until.is_some_and(|until| is_claimed(&until)) && left.is_asked();
    Ok(is_begun.then_some(NOTICED_AGAIN))
}

/// A line as it is to be written where it is `stored` so by now, and was `asked` about as it was then: one that the carrier
/// called back about meanwhile stays due, though the carrier said before that it needs time.
fn still_due(line: &Line, stored: &Line, asked: Option<&Line>) -> Line {
    match (line, stored, asked) {
        (Line::Pending(line), Line::Pending(stored), Some(Line::Pending(asked)))
            if line.id == stored.id && stored.ask_again_at != asked.ask_again_at =>
        {
            Line::Pending(Pending {
                ask_again_at: line.ask_again_at.min(stored.ask_again_at),
                ..line.clone()
            })
        }
        _ => line.clone(),
    }
}

fn later(now: Timestamp, wait: Duration) -> Option<Timestamp> {
    now.saturating_add(wait).ok()
}

/// Whether the provider buys lines where it has none. One that had no suppliers when the quote was made buys
/// nothing for it: its slices have no plan, so that nobody would roll up what it bought.
async fn buys(quotes: &Quotes, ask: &Ask, quote: QuoteKey<'_>) -> Result<bool, StoreError> {
    if ask.as_supplier || quotes.panel.off_net(&ask.carrier).is_none() {
        return Ok(false);
    }
    Ok(plan_of(quotes, quote, ask.slice).await?.is_some())
}

/// Until when there is nothing to ask: somebody else asks, or every line that is left is pending or waits for an answer to
/// an earlier one.
fn not_yet(slice: &Slice, repeated: &Repeated, now: Timestamp) -> Option<Timestamp> {
    let asked_until = slice.asked_until.filter(|until| *until > now);
    asked_until.or_else(|| repeated.nothing_due_before(slice, now))
}

fn changed_lines(before: &Slice, after: &Slice) -> Vec<(usize, Line)> {
    let both = before.lines.iter().zip(&after.lines).enumerate();
    both.filter(|(_, (before, after))| before != after)
        .map(|(position, (_, after))| (position, after.clone()))
        .collect()
}

impl<'a> Asking<'a> {
    /// Reads who is asked about what; `None` where the quote has ended, or is gone.
    async fn begin(
        quotes: &'a Quotes,
        ask: &'a Ask,
        turn: Turn,
    ) -> Result<Option<Self>, StoreError> {
        let quote = QuoteKey {
            tenant: &ask.tenant,
            id: ask.quote,
        };
        let head = head_of(&quotes.availability.context, quote).await?;
        let Some(head) = head.filter(|head| head.state.is_open()) else {
            return Ok(None);
        };
        Ok(Some(Self {
            quotes,
            ask,
            head,
            turn,
            buys: buys(quotes, ask, quote).await?,
        }))
    }

    fn quote(&self) -> QuoteKey<'a> {
        QuoteKey {
            tenant: &self.ask.tenant,
            id: self.ask.quote,
        }
    }

    fn of(&self) -> SliceOf<'a> {
        if self.ask.as_supplier {
            SliceOf::Supplier(&self.ask.carrier)
        } else {
            SliceOf::Provider(&self.ask.carrier)
        }
    }

    fn key(&self, slice: u32, part: SlicePart<'a>) -> Key<'a> {
        Key::QuoteSlice {
            quote: self.quote(),
            slice,
            part,
        }
    }

    fn terms(&self) -> &[Term] {
        &self.head.grid.terms
    }

    /// How long to rest while too many wait for the carrier's answers already: this message would take the place of
    /// one about a carrier that has nothing to do. Half of the time that they take, so that there is always somebody;
    /// where that is less than the shortest rest, or the deadline is near, it waits with the others.
    fn rest_of_crowd(&self, now: Timestamp) -> Option<Duration> {
        let Way::Live(carrier) = self.quotes.panel.way(&self.ask.carrier) else {
            return None;
        };
        let time = carrier.crowd()?;
        let left = Duration::try_from(self.head.deadline.duration_since(now)).unwrap_or_default();
        let rest = time / 2;
        (rest >= ASK_AGAIN_MIN && time * CROWDS_BEFORE_DEADLINE <= left).then_some(rest)
    }

    /// How long to rest until then, the deadline being one of the times to look.
    fn rest(&self, now: Timestamp, until: Timestamp) -> Duration {
        let until = until.min(self.head.deadline);
        let left = until.duration_since(now).unsigned_abs();
        let left = if until <= now { Duration::ZERO } else { left };
        left.clamp(ASK_AGAIN_MIN, ASK_AGAIN_MAX)
    }

    /// What is asked about.
    async fn places(&self) -> Result<Places, StoreError> {
        let item = strong(self.quotes, &self.key(self.ask.slice, SlicePart::Places)).await?;
        Ok(item
            .as_ref()
            .map(read_places)
            .transpose()?
            .unwrap_or_default())
    }

    /// The slice as it is stored, or as it is before anybody answered.
    async fn slice(&self) -> Result<Slice, StoreError> {
        let number = self.ask.slice;
        if let Some(item) = strong(self.quotes, &self.key(number, self.of().part())).await? {
            return read_slice_item(&item);
        }
        let locations = self.head.grid.locations_in(number);
        let services = self.head.grid.services.len();
        if !self.ask.as_supplier {
            return Ok(Slice::waiting(locations, services));
        }
        let plan = plan_of(self.quotes, self.quote(), number).await?;
        Ok(plan.map_or_else(
            || Slice::waiting(0, services),
            |plan| plan.slice_of(&self.ask.carrier, locations, services),
        ))
    }

    /// Writes down that this one asks; `None` where somebody else was faster.
    async fn claim(&self, mut slice: Slice, now: Timestamp) -> Result<Option<Slice>, StoreError> {
        slice.asked_until = now.saturating_add(ASKED_ALONE).ok();
        self.put(slice).await
    }

    /// Has the carrier asked on about this at once, whoever asks next; whether it is doing this at all.
    async fn make_due(&self, reference: &CarrierReference) -> Result<bool, StoreError> {
        for _ in 0..COMMIT_TRIES_MAX {
            let now = self.quotes.availability.context.clock.now();
            let mut slice = self.slice().await?;
            let pending = slice.lines.iter_mut().filter_map(|line| match line {
                Line::Pending(pending) if pending.id == *reference => Some(pending),
                _ => None,
            });
            let mut is_found = false;
            for pending in pending {
                // Also where it is due already: whoever asks just now is to see it.
                pending.ask_again_at = now;
                is_found = true;
            }
            if !is_found || self.put(slice).await?.is_some() {
                return Ok(is_found);
            }
        }
        Err(StoreError::Throttled)
    }

    /// Asks, and asks again about what became due meanwhile: others who were told so saw that somebody is asking, and
    /// left it to this one. Ends where somebody else asks, who then does the same, or the carrier is to be left alone.
    async fn until_nothing_is_due(&self) -> Result<(), StoreError> {
        for _ in 0..COMMIT_TRIES_MAX {
            // What rest there is to be is the business of the message by which the carrier is asked on anyway; a longer
            // one says that nothing is due.
            let rest = ask(self.quotes, self.ask, self.turn).await?;
            if matches!(rest, Rest::AskOn(wait) if wait > ASK_AGAIN_MIN) {
                return Ok(());
            }
            let now = self.quotes.availability.context.clock.now();
            let left = self.slice().await?;
            let is_crowded = self.rest_of_crowd(now).is_some();
            if is_crowded || not_yet(&left, &Repeated::default(), now).is_some() || !left.is_asked()
            {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Writes a slice of which no count changes; gives it as it is then, and `None` where somebody else was faster.
    async fn put(&self, mut slice: Slice) -> Result<Option<Slice>, StoreError> {
        let before = slice.revision;
        slice.revision += 1;
        let item = slice_item(self.quote(), self.ask.slice, self.of(), &slice);
        let transaction = Transaction {
            writes: vec![TransactWrite::Put {
                item,
                condition: unchanged_since(before),
            }],
            token: None,
        };
        let store = &self.quotes.availability.context.store;
        match store.transact(transaction).await {
            Ok(_) => Ok(Some(slice)),
            Err(TransactError::ConditionFailed { .. } | TransactError::TokenReused) => Ok(None),
            Err(TransactError::Store(error)) => Err(error),
        }
    }

    /// How long to leave a carrier alone that failed, the deadline being one of the times to look.
    fn until_again(&self, now: Timestamp, wait: Duration) -> Duration {
        let left = self.head.deadline.duration_since(now);
        let left = Duration::try_from(left).unwrap_or_default();
        wait.min(left).max(ASK_AGAIN_MIN)
    }

    /// Writes lines into the slice, and how the turn ended. If somebody changed the slice meanwhile, the lines go into the
    /// newer one, and who asks there goes on. Gives the slice as it is then, and nothing where the quote has ended.
    async fn write(
        &self,
        read: &Slice,
        asked: &[Line],
        lines: &[(usize, Line)],
        turned: Turned,
    ) -> Result<Option<Slice>, StoreError> {
        let mut before = read.clone();
        loop {
            let mut after = before.clone();
            if self.is_ours(read, &before) {
                after.asked_until = turned.asked_until;
            }
            after.failures += u32::from(turned.has_failed);
            for (position, line) in lines {
                if let Some(place) = after
                    .lines
                    .get_mut(*position)
                    .filter(|line| line.is_asked())
                {
                    *place = still_due(line, place, asked.get(*position));
                }
            }
            let change = Change {
                quote: self.quote(),
                number: self.ask.slice,
                of: self.of(),
                before: &before,
                after,
            };
            match commit(self.quotes, &change).await? {
                Committed::Written => return Ok(Some(change.after)),
                Committed::Ended => return Ok(None),
                Committed::Stale => before = self.slice().await?,
            }
        }
    }

    /// At once, because the carrier may be done before it has answered everything else. Without it the carrier is
    /// asked on later, and no sooner: so it may fail.
    async fn note_waits<'p>(&self, begun: impl Iterator<Item = &'p Reply<PriceAnswer>>) {
        let begun = begun.filter_map(|reply| match reply {
            Reply::Pending(pending) => Some(pending),
            Reply::Answered(_) => None,
        });
        let until = self.head.deadline;
        if let Err(error) = note_waits(self.quotes, self.ask, begun.collect(), until).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a carrier will call back in vain"
            );
        }
    }

    /// Asks, and keeps the slice to itself as long as that takes; gives it as it is then. `None` where somebody else has
    /// taken it over.
    async fn hear_alone(
        &self,
        mut held: Slice,
        hearing: impl Future<Output = Result<Vec<(usize, Heard)>, StoreError>>,
    ) -> Result<Option<(Slice, Vec<(usize, Heard)>)>, StoreError> {
        let mut hearing = pin!(hearing);
        loop {
            tokio::select! {
                biased;
                heard = &mut hearing => match heard {
                    Ok(heard) => return Ok(Some((held, heard))),
                    Err(error) => {
                        // Nobody was asked; whoever tries again need not wait.
                        self.write(&held, &[], &[], Turned::default()).await?;
                        return Err(error);
                    }
                },
                () = tokio::time::sleep(ASKED_ALONE_RENEWED) => {}
            }
            match self.renewed(&held).await {
                Ok(Some(renewed)) => held = renewed,
                Ok(None) => return Ok(None),
                Err(error) => tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a carrier that takes long may be asked a second time"
                ),
            }
        }
    }

    /// Takes the slice for longer, also if its lines were changed meanwhile; `None` where somebody else has it.
    async fn renewed(&self, held: &Slice) -> Result<Option<Slice>, StoreError> {
        let mut newest = held.clone();
        for _ in 0..COMMIT_TRIES_MAX {
            let now = self.quotes.availability.context.clock.now();
            if let Some(renewed) = self.claim(newest, now).await? {
                return Ok(Some(renewed));
            }
            newest = self.slice().await?;
            if !self.is_ours(held, &newest) {
                return Ok(None);
            }
        }
        Err(StoreError::Throttled)
    }

    /// Whether whoever held the slice still has it: nobody takes it before its time is over.
    fn is_ours(&self, held: &Slice, newest: &Slice) -> bool {
        let now = self.quotes.availability.context.clock.now();
        let microsecond = |slice: &Slice| slice.asked_until.map(Timestamp::as_microsecond);
        held.asked_until.is_some_and(|until| now < until)
            || microsecond(held) == microsecond(newest)
    }

    /// Asks about every line that is due, but for those that are answered or asked about in an earlier place.
    async fn hear(
        &self,
        slice: &Slice,
        repeated: &Repeated,
        now: Timestamp,
    ) -> Result<Vec<(usize, Heard)>, StoreError> {
        let places = self.places().await?.asked;
        let questions: Vec<(usize, PriceQuestion)> = slice
            .lines
            .iter()
            .enumerate()
            .filter(|(position, line)| line.is_due(now) && !repeated.has(*position))
            .filter_map(|(position, line)| {
                Some((position, self.question(position, line, &places)?))
            })
            .collect();
        match self.quotes.panel.way(&self.ask.carrier) {
            Way::Live(carrier) => Ok(self.live(&*carrier, slice, questions).await),
            Way::Coverage => {
                let (positions, questions): (Vec<usize>, Vec<PriceQuestion>) =
                    questions.into_iter().unzip();
                let answers = coverage::price(self.quotes, &questions).await?;
                let heard = positions.into_iter().zip(answers);
                let heard = heard.map(|(position, answer)| {
                    let line = &slice.lines[position];
                    (position, self.heard(line, answer, &Source::RateCard))
                });
                Ok(heard.collect())
            }
            Way::Person => {
                let by_person = Cell::IcbPending(Some(AskPersonReason::ByPersonOnly));
                let heard = |(position, _): (usize, _)| {
                    let line =
                        slice.lines[position].ended(self.terms(), |_| by_person.clone(), now);
                    (position, Heard::Line(line))
                };
                Ok(questions.into_iter().map(heard).collect())
            }
        }
    }

    /// What is asked about a line: the terms of it that are not settled.
    fn question(&self, position: usize, line: &Line, places: &[Asked]) -> Option<PriceQuestion> {
        let terms = self.terms().iter().copied();
        let grid = &self.head.grid;
        let services = grid.services.len();
        let asked = places.get(position / services)?;
        Some(PriceQuestion {
            provider: self.ask.carrier.clone(),
            location: asked.location.clone(),
            service: grid.services[position % services],
            terms: terms.filter(|term| !line.is_settled(*term)).collect(),
            firmness: self.head.firmness,
        })
    }

    /// Calls the carrier: as many questions in one call as it takes, everything else at once. What has not come by
    /// the deadline has not come; what has not come within this turn may come in the next one.
    async fn live(
        &self,
        carrier: &dyn Watched,
        slice: &Slice,
        questions: Vec<(usize, PriceQuestion)>,
    ) -> Vec<(usize, Heard)> {
        let now = self.quotes.availability.context.clock.now();
        let end = self.end_of_turn(now);
        let (pending, new): (Vec<_>, Vec<_>) = questions
            .into_iter()
            .partition(|(position, _)| matches!(slice.lines[*position], Line::Pending(_)));
        let in_one_call = carrier.shape(Call::Price).questions_max.max(1);
        let calls = new.chunks(in_one_call).map(async |some| {
            let asked: Vec<PriceQuestion> = some.iter().map(|(_, one)| one.clone()).collect();
            let replies = in_time(end.after, carrier.price(&asked)).await;
            let replies = replies.unwrap_or_default();
            self.note_waits(replies.iter()).await;
            let mut replies = replies.into_iter();
            some.iter()
                .map(|(position, question)| {
                    let line = &slice.lines[*position];
                    (*position, self.replied(line, question, replies.next(), end))
                })
                .collect::<Vec<_>>()
        });
        let continued = pending.iter().map(async |(position, question)| {
            let line = &slice.lines[*position];
            let Line::Pending(begun) = line else {
                return (*position, self.replied(line, question, None, end));
            };
            let reply = in_time(end.after, carrier.continue_price(question, begun)).await;
            let is_new = |reply: &&Reply<PriceAnswer>| match reply {
                Reply::Pending(now) => (now.step, &now.id) != (begun.step, &begun.id),
                Reply::Answered(_) => false,
            };
            self.note_waits(reply.iter().filter(is_new)).await;
            let heard = match reply {
                // The carrier goes on with what it has begun, whether this one waits for it or not.
                None if !end.is_deadline => Heard::Line(self.still_pending(begun)),
                reply => self.replied(line, question, reply, end),
            };
            (*position, heard)
        });
        let (called, mut heard) = join(join_all(calls), join_all(continued)).await;
        heard.extend(called.into_iter().flatten());
        heard
    }

    /// What the carrier is doing, to be asked about again soon.
    fn still_pending(&self, begun: &Pending) -> Line {
        let now = self.quotes.availability.context.clock.now();
        Line::Pending(Pending {
            ask_again_at: later(now, ASK_AGAIN_MIN).unwrap_or(now),
            ..begun.clone()
        })
    }

    /// When the carrier has had its time.
    fn end_of_turn(&self, now: Timestamp) -> End {
        let by_deadline = self.head.deadline.duration_since(now);
        let by_deadline = Duration::try_from(by_deadline).unwrap_or_default();
        match self.turn.within.filter(|within| *within < by_deadline) {
            Some(after) => End {
                after,
                is_deadline: false,
            },
            None => End {
                after: by_deadline,
                is_deadline: true,
            },
        }
    }

    fn replied(
        &self,
        line: &Line,
        question: &PriceQuestion,
        reply: Option<Reply<PriceAnswer>>,
        end: End,
    ) -> Heard {
        let now = self.quotes.availability.context.clock.now();
        match reply {
            Some(Reply::Answered(answer)) => self.heard(line, answer, &Source::Carrier),
            Some(Reply::Pending(mut pending)) => {
                pending.settled.extend_from_slice(line.settled());
                Heard::Line(Line::Pending(pending))
            }
            None if end.is_deadline => {
                Heard::Line(line.ended(self.terms(), |_| Cell::Expired, now))
            }
            None => {
                let too_slow = TermAnswer::failed(FailureReason::TimedOut);
                let answer = PriceAnswer::same(&question.terms, &too_slow, now);
                self.heard(line, answer, &Source::Carrier)
            }
        }
    }

    /// The line of an answer to what of it was not settled before. A provider that cannot deliver by itself buys, if
    /// it has suppliers.
    fn heard(&self, line: &Line, answer: PriceAnswer, source: &Source) -> Heard {
        let wait = ask_again(answer.terms.iter().map(|(_, answer)| answer));
        let answers = || answer.terms.iter().map(|(_, answer)| answer);
        let was_asked = answers().any(says_that_it_was_asked);
        let before = line.settled();
        let is_settled_off_net = before.iter().all(|(_, answer)| is_off_net(answer));
        if self.buys && is_settled_off_net && answers().all(is_off_net) {
            return Heard::Line(Line::OffNet);
        }
        let cell_of = |term| {
            let answered = answer.terms.iter().find(|(asked, _)| *asked == term);
            answered.map_or(Cell::Failed(FailureReason::NotUnderstood), |(_, answer)| {
                Cell::of(answer.clone(), source.clone())
            })
        };
        let ended = line.ended(self.terms(), cell_of, answer.answered_at);
        match wait {
            Some(after) => Heard::Failed {
                after,
                line: ended,
                settled: before.iter().cloned().chain(answer.settled()).collect(),
                was_asked,
            },
            None => Heard::Line(ended),
        }
    }
}

/// What has come by then. A call that waits for its turn does not begin afterwards, because the time is looked at first.
async fn in_time<T>(left: Duration, call: impl Future<Output = T>) -> Option<T> {
    if left.is_zero() {
        return None;
    }
    tokio::select! {
        biased;
        () = tokio::time::sleep(left) => None,
        reply = call => Some(reply),
    }
}

fn says_that_it_was_asked(answer: &TermAnswer) -> bool {
    match answer {
        TermAnswer::Failed { why, .. } => why.reason != FailureReason::BreakerOpen,
        TermAnswer::Priced(_)
        | TermAnswer::NotServed(_)
        | TermAnswer::IndividualCase { .. }
        | TermAnswer::AddressUnknown { .. }
        | TermAnswer::AskPerson(_) => true,
    }
}

fn is_off_net(answer: &TermAnswer) -> bool {
    match answer {
        TermAnswer::NotServed(why) => why.reason == NotServedReason::CannotDeliver,
        TermAnswer::Priced(_)
        | TermAnswer::IndividualCase { .. }
        | TermAnswer::AddressUnknown { .. }
        | TermAnswer::AskPerson(_)
        | TermAnswer::Failed { .. } => false,
    }
}

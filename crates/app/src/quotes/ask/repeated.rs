//! A location that stands in a quote more than once: a carrier is asked about the first one, and what it answered there
//! is the answer for the others.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lastmile_model::quote::request::slice_of;
use lastmile_model::quote::{Line, Slice};
use lastmile_providers::Way;
use lastmile_store::StoreError;
use lastmile_store::record::quotes::read_slice_item;

use super::super::commit::{Change, Committed, commit, plan_of, strong};
use super::super::limits::{REPEATED_AGAIN, REPEATED_AGES};
use super::Asking;

/// Lines that are not asked about, by their positions in the slice.
#[derive(Debug, Default)]
pub(super) struct Repeated(BTreeMap<usize, Earlier>);

/// The line by which the carrier is asked.
#[derive(Debug)]
struct Earlier {
    /// Where it lies, if in the same slice.
    here: Option<usize>,
    known: Known,
}

/// What is known of an earlier line.
#[derive(Debug)]
enum Known {
    /// It became this.
    Answered(Line),
    /// It is not answered; it is looked again then.
    LookAgain(Timestamp),
}

/// The slice of an earlier line, as far as it is written down.
enum EarlierSlice<'a> {
    /// The one that is to be asked about.
    Own(&'a Slice),
    Stored(Slice),
    /// Nobody has answered or asked anything.
    Untouched,
    /// Nobody needs this supplier for it.
    NotNeeded,
}

impl Repeated {
    /// Whether a line is not asked about.
    pub(super) fn has(&self, position: usize) -> bool {
        self.0.contains_key(&position)
    }

    /// The slice with what is known of its lines.
    pub(super) fn copied_into(&self, slice: &Slice) -> Slice {
        let mut copied = slice.clone();
        for (position, earlier) in &self.0 {
            if let (Some(line), Known::Answered(known)) =
                (copied.lines.get_mut(*position), &earlier.known)
            {
                line.clone_from(known);
            }
        }
        copied
    }

    /// Adds what lines become because earlier ones of the same slice became it just now.
    pub(super) fn copy_heard(&self, lines: &mut Vec<(usize, Line)>) {
        for (position, earlier) in &self.0 {
            let heard = lines
                .iter()
                .find(|(heard, line)| Some(*heard) == earlier.here && !line.is_asked());
            if let Some((_, line)) = heard {
                let line = line.clone();
                lines.push((*position, line));
            }
        }
    }

    /// Until when no line is to be asked about: each one that is left is pending, or waits for an answer to an earlier line.
    pub(super) fn nothing_due_before(&self, slice: &Slice, now: Timestamp) -> Option<Timestamp> {
        let mut until: Option<Timestamp> = None;
        for (position, line) in slice.lines.iter().enumerate() {
            let at = match (line, self.0.get(&position).map(|earlier| &earlier.known)) {
                (line, Some(Known::LookAgain(at))) if line.is_due(now) => *at,
                (line, _) if line.is_due(now) => return None,
                (Line::Pending(pending), _) => pending.ask_again_at,
                _ => continue,
            };
            until = Some(until.map_or(at, |until| until.min(at)));
        }
        until
    }
}

impl Asking<'_> {
    /// Which lines are not to be asked about. A carrier that is a program is asked about every address once; what a list
    /// says costs nothing, and neither does a person's case.
    pub(super) async fn repeated(
        &self,
        slice: &Slice,
        now: Timestamp,
    ) -> Result<Repeated, StoreError> {
        let is_live = matches!(self.quotes.panel.way(&self.ask.carrier), Way::Live(_));
        if !self.head.repeats || !is_live {
            return Ok(Repeated::default());
        }
        let places = self.places().await?;
        let lines = slice.lines.iter().enumerate();
        let waiting = lines.filter(|(_, line)| **line == Line::Waiting);
        let repeats: Vec<(usize, u32, usize)> = waiting
            .filter_map(|(position, _)| {
                let first = places.repeats.get(position / slice.services);
                let (number, in_slice) = slice_of((*first?)?);
                let there = in_slice * slice.services + position % slice.services;
                Some((position, number, there))
            })
            .collect();
        let numbers: BTreeSet<u32> = repeats.iter().map(|(_, number, _)| *number).collect();
        let again = self.look_again(now);
        let mut slices = BTreeMap::new();
        for number in numbers {
            let earlier = if number == self.ask.slice {
                EarlierSlice::Own(slice)
            } else {
                self.earlier_slice(number).await?
            };
            slices.insert(number, earlier);
        }
        let known = repeats.into_iter().filter_map(|(position, number, there)| {
            let earlier = Earlier {
                here: (number == self.ask.slice).then_some(there),
                known: slices.get(&number)?.line(there, self.buys, again)?,
            };
            Some((position, earlier))
        });
        Ok(Repeated(known.collect()))
    }

    /// Writes down what is known of repeated lines; gives the slice as it is then. `None` where somebody else was faster,
    /// or the quote has ended.
    pub(super) async fn with_copies(
        &self,
        slice: Slice,
        repeated: &Repeated,
    ) -> Result<Option<Slice>, StoreError> {
        let copied = repeated.copied_into(&slice);
        if copied.lines == slice.lines {
            return Ok(Some(slice));
        }
        let change = Change {
            quote: self.quote(),
            number: self.ask.slice,
            of: self.of(),
            before: &slice,
            after: copied,
        };
        Ok(match commit(self.quotes, &change).await? {
            Committed::Written => Some(Slice {
                revision: slice.revision + 1,
                ..change.after
            }),
            Committed::Stale | Committed::Ended => None,
        })
    }

    /// When to look again what became of an earlier line: the longer the quote has taken, the later, because each look
    /// is a message, and a message that comes twice goes on as two.
    fn look_again(&self, now: Timestamp) -> Timestamp {
        let age = now.duration_since(self.head.id.created());
        let wait = (age / REPEATED_AGES).max(REPEATED_AGAIN);
        now.saturating_add(wait).unwrap_or(now)
    }

    async fn earlier_slice(&self, number: u32) -> Result<EarlierSlice<'static>, StoreError> {
        if let Some(item) = strong(self.quotes, &self.key(number, self.of().part())).await? {
            return Ok(EarlierSlice::Stored(read_slice_item(&item)?));
        }
        if !self.ask.as_supplier {
            return Ok(EarlierSlice::Untouched);
        }
        let plan = plan_of(self.quotes, self.quote(), number).await?;
        let is_needed = plan.is_some_and(|plan| {
            let mut asked = plan.asked();
            // As long as some provider has not answered, it may still need the supplier.
            plan.own_left > 0 || asked.any(|(supplier, _)| *supplier == self.ask.carrier)
        });
        Ok(if is_needed {
            EarlierSlice::Untouched
        } else {
            EarlierSlice::NotNeeded
        })
    }
}

impl EarlierSlice<'_> {
    /// What is known of a line; `None` where nobody asks about it, so that the later one has to be asked about.
    fn line(&self, position: usize, buys: bool, again: Timestamp) -> Option<Known> {
        let line = match self {
            Self::Own(slice) => slice.lines.get(position)?,
            Self::Stored(slice) => slice.lines.get(position)?,
            Self::Untouched => &Line::Waiting,
            Self::NotNeeded => return None,
        };
        match line {
            Line::Answered { .. } => Some(Known::Answered(line.clone())),
            // One that buys no more, because its settings changed, would wait for ever for what it bought.
            Line::OffNet => buys.then(|| Known::Answered(line.clone())),
            Line::Waiting | Line::Partly(_) => Some(Known::LookAgain(again)),
            Line::Pending(pending) => Some(Known::LookAgain(pending.ask_again_at.max(again))),
            Line::NotAsked => None,
        }
    }
}

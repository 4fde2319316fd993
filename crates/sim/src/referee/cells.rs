//! Lines and cells: each ends once, and in what is true.

use jiff::{SignedDuration, Timestamp};
use lastmile_model::carrier::{FailureReason, Term, TermAnswer};
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::request::{first_location, slice_of};
use lastmile_model::quote::{Cell, Line, Priced, QuoteState, Slice, Source};

use super::book::{QuoteBook, Seen};
use super::broken::{Broken, Invariant};
use super::questions::{QuestionOf, Questions};
use crate::happening::Happening;
use crate::plan::{Manner, Plan};
use crate::truth;

/// A slice that is written, and what is known of it.
pub(super) struct Answers<'a> {
    pub(super) plan: &'a Plan,
    pub(super) quote: &'a QuoteBook,
    pub(super) questions: &'a Questions,
    pub(super) now: Timestamp,
    pub(super) number: u32,
    pub(super) whose: &'a ProviderName,
    pub(super) is_supply: bool,
}

/// How long a worker may take from reading one slice to writing another one.
const COPIED_WITHIN: SignedDuration = SignedDuration::from_mins(1);

/// Where a line stands.
#[derive(Clone, Copy)]
struct At {
    position: usize,
    house: u32,
    kbps: u64,
}

impl Answers<'_> {
    /// Follows from what the slice was to what it is.
    pub(super) fn follow(&self, after: &Slice, seen: &mut Seen) -> Result<(), Broken> {
        let grid = &self.quote.head.grid;
        let waiting = || Slice::waiting(grid.locations_in(self.number), grid.services.len());
        let key = (self.number, self.whose.clone());
        let before = if self.is_supply {
            let plan = self.quote.supplies.get(&self.number);
            let before = self.quote.supply.get(&key).cloned();
            before.or_else(|| {
                let services = grid.services.len();
                let locations = grid.locations_in(self.number);
                plan.map(|plan| plan.slice_of(self.whose, locations, services))
            })
        } else {
            self.quote.own.get(&key).cloned()
        };
        let before = before.unwrap_or_else(waiting);
        self.tell(&before, after, seen);
        let rule = Invariant::CellsEndOnce;
        rule.unless(before.lines.len() == after.lines.len(), || {
            format!("{} has another number of lines", self.named())
        })?;
        let lines = before.lines.iter().zip(&after.lines).enumerate();
        for (position, (before, after)) in lines {
            if before != after {
                self.line(self.at(position), before, after, seen)?;
            }
        }
        Ok(())
    }

    fn tell(&self, before: &Slice, after: &Slice, seen: &mut Seen) {
        let lines = before.lines.iter().zip(&after.lines);
        let changed = lines.filter(|(before, after)| before != after).count();
        let until = after.asked_until.map(|until| until.to_string());
        seen.lines.push(format!(
            "{}: {changed} lines change, revision {}, asked until {}",
            self.named(),
            after.revision,
            until.as_deref().unwrap_or("nothing")
        ));
    }

    fn named(&self) -> String {
        let whose = if self.is_supply { "supply" } else { "own" };
        format!("{} {whose} slice {}", self.whose.as_str(), self.number)
    }

    fn at(&self, position: usize) -> At {
        let services = &self.quote.head.grid.services;
        let in_slice = u32::try_from(position / services.len()).unwrap_or(u32::MAX);
        At {
            position,
            house: self
                .quote
                .plan
                .house_of(first_location(self.number) + in_slice),
            kbps: services[position % services.len()].down.0,
        }
    }

    fn line(&self, at: At, before: &Line, after: &Line, seen: &mut Seen) -> Result<(), Broken> {
        let named = || {
            format!(
                "{} at {}: {before:?} becomes {after:?}",
                self.named(),
                at.house
            )
        };
        match (before, after) {
            (
                Line::Waiting | Line::Partly(_) | Line::Pending(_),
                Line::Waiting | Line::Partly(_) | Line::Pending(_),
            ) => {
                let kept = after.settled();
                let is_kept = |settled| kept.contains(settled);
                Invariant::CellsEndOnce.unless(before.settled().iter().all(is_kept), named)
            }
            (Line::Waiting | Line::Partly(_) | Line::Pending(_), Line::OffNet) => {
                let buys = self.plan.market.party(self.whose);
                let buys = buys.is_some_and(|party| party.off_net.is_some());
                Invariant::AnswersAreTrue.unless(buys && !self.is_supply, named)
            }
            (
                Line::Waiting | Line::Partly(_) | Line::Pending(_),
                Line::Answered { cells, at: _ },
            ) => {
                let terms = &self.quote.head.grid.terms;
                Invariant::CellsEndOnce.unless(cells.len() == terms.len(), named)?;
                let is_kept = |(term, answer): &(Term, TermAnswer)| {
                    let position = terms.iter().position(|asked| asked == term);
                    let cell = position.and_then(|position| cells.get(position));
                    cell == Some(&Cell::of(answer.clone(), Source::Carrier))
                };
                Invariant::CellsEndOnce.unless(before.settled().iter().all(is_kept), named)?;
                let is_repeated = self.is_repeated(at, cells);
                Invariant::AnswersAreTrue.unless(!self.is_forgotten(at, cells), named)?;
                for (cell, term) in cells.iter().zip(terms) {
                    self.count(cell, seen);
                    let may_be = is_repeated || self.may_be(at, term.months(), cell);
                    Invariant::AnswersAreTrue.unless(may_be, || {
                        let (whose, months) = (self.named(), term.months());
                        format!("{whose} at {} for {months}: {cell:?}", at.house)
                    })?;
                }
                Ok(())
            }
            (Line::OffNet, Line::Answered { cells, at: _ }) => {
                for (term, cell) in cells.iter().enumerate() {
                    self.count(cell, seen);
                    Invariant::AnswersAreTrue.unless(self.may_be_bought(at, term, cell), named)?;
                }
                Ok(())
            }
            (Line::Answered { cells: before, .. }, Line::Answered { cells: after, .. }) => {
                let mut cells = before.iter().zip(after);
                let by_person =
                    cells.all(|(before, after)| before == after || is_of_person(before, after));
                seen.happened.push(Happening::PersonAnswered);
                Invariant::CellsEndOnce.unless(by_person && before.len() == after.len(), named)
            }
            _ => Err(Invariant::CellsEndOnce.by(named())),
        }
    }

    fn count(&self, cell: &Cell, seen: &mut Seen) {
        if self.is_supply {
            return;
        }
        seen.happened.extend(match cell {
            Cell::Priced(priced) if matches!(priced.source, Source::Supplier(_)) => {
                Some(Happening::Bought)
            }
            Cell::Priced(_) => Some(Happening::Priced),
            Cell::IcbPending(_) => Some(Happening::WaitsForPerson),
            Cell::Failed(_) => Some(Happening::Failed),
            Cell::Expired => Some(Happening::Expired),
            Cell::NotServed(_) | Cell::AddressUnknown(_) => None,
        });
    }

    /// The line of the same house at an earlier location of the quote.
    fn earlier_line(&self, at: At) -> Option<&Line> {
        let services = self.quote.head.grid.services.len();
        let (number, in_slice) = slice_of(self.quote.plan.location_of(at.house)?);
        let there = in_slice * services + at.position % services;
        if (number, there) == (self.number, at.position) {
            return None;
        }
        let key = (number, self.whose.clone());
        let slices = if self.is_supply {
            &self.quote.supply
        } else {
            &self.quote.own
        };
        slices.get(&key)?.lines.get(there)
    }

    /// Whether this is what became of the same house at an earlier location of the quote, by whomever.
    fn is_repeated(&self, at: At, cells: &[Cell]) -> bool {
        self.earlier_line(at).is_some_and(|line| {
            // A person may have given a price after it was looked at.
            let mut pairs = line.cells().iter().zip(cells);
            line.cells().len() == cells.len()
                && pairs.all(|(first, cell)| first == cell || is_of_person(cell, first))
        })
    }

    /// Whether there is no answer here though the same house got one at an earlier location long ago.
    fn is_forgotten(&self, at: At, cells: &[Cell]) -> bool {
        let party = self.plan.market.party(self.whose);
        let is_live = party.is_some_and(|party| matches!(party.manner, Manner::Live(_)));
        match self.earlier_line(at) {
            Some(Line::Answered { cells: first, at }) if is_live => {
                let long_ago = self.now.duration_since(*at) > COPIED_WITHIN;
                long_ago && cells.contains(&Cell::Expired) && !first.contains(&Cell::Expired)
            }
            _ => false,
        }
    }

    /// Whether a program may have answered this.
    fn may_be(&self, at: At, months: u16, cell: &Cell) -> bool {
        if *cell == Cell::Expired {
            return self.now >= self.quote.head.deadline;
        }
        match self
            .plan
            .market
            .party(self.whose)
            .map(|party| &party.manner)
        {
            Some(Manner::Person) => matches!(cell, Cell::IcbPending(_)),
            Some(Manner::List) => self.may_be_listed(at, cell),
            Some(Manner::Live(_)) => self.may_be_answered(at, months, cell),
            None => false,
        }
    }

    fn may_be_answered(&self, at: At, months: u16, cell: &Cell) -> bool {
        let terms = &self.quote.head.grid.terms;
        let Some(term) = terms.iter().find(|term| term.months() == months) else {
            return false;
        };
        let seed = self.plan.seed;
        let truth = truth::term_answer(seed, self.whose, at.house, at.kbps, *term);
        let truth = Cell::of(truth, Source::Carrier);
        let Cell::Failed(reason) = cell else {
            return *cell == truth;
        };
        let question = QuestionOf {
            carrier: self.whose.clone(),
            house: at.house,
            kbps: at.kbps,
        };
        *cell == truth
            || self.questions.has_failed(&question)
            || (*reason == FailureReason::BreakerOpen && self.questions.is_ill(self.whose))
    }

    fn may_be_listed(&self, at: At, cell: &Cell) -> bool {
        let listed = truth::listed(self.plan.seed, self.whose, at.house);
        match (listed, cell) {
            (Some(Some(mrc)), Cell::Priced(priced)) => {
                priced.source == Source::RateCard && priced.price.mrc == mrc
            }
            (Some(None), Cell::IcbPending(_)) => true,
            // Whether the building is known depends on what others have there.
            (None, Cell::NotServed(_) | Cell::AddressUnknown(_)) => true,
            _ => false,
        }
    }

    /// Whether this is what the suppliers' answers come to. A supplier that is in the quote itself may have got a
    /// person's price after its answers were read; that one counts or not.
    fn may_be_bought(&self, at: At, term: usize, cell: &Cell) -> bool {
        let party = self.plan.market.party(self.whose);
        let Some(off_net) = party.and_then(|party| party.off_net.as_ref()) else {
            return false;
        };
        let prices = off_net.suppliers.iter().filter_map(|supplier| {
            let priced = self.supplied(supplier, at.position, term)?.priced()?;
            let minor = off_net.margin.on(priced.price.mrc).minor;
            Some((minor, supplier, priced.source == Source::Person))
        });
        let certain = prices.clone().filter(|(.., by_person)| !by_person);
        let cheapest = certain.map(|(minor, ..)| minor).min();
        match cell {
            Cell::Priced(priced) => {
                let Priced { price, source, .. } = &**priced;
                let minor = price.mrc.minor;
                let mut prices = prices;
                let is_one = prices.any(|(offered, supplier, _)| {
                    offered == minor && *source == Source::Supplier(supplier.clone())
                });
                is_one && cheapest.is_none_or(|cheapest| minor <= cheapest)
            }
            _ => cheapest.is_none(),
        }
    }

    /// What a supplier answered; what it buys itself it does not sell on.
    fn supplied(&self, supplier: &ProviderName, position: usize, term: usize) -> Option<&Cell> {
        let key = (self.number, supplier.clone());
        let slice = self.quote.supply.get(&key);
        let slice = slice.or_else(|| self.quote.own.get(&key))?;
        let cells = slice.lines.get(position)?.cells();
        let is_bought = |cell: &Cell| {
            let priced = cell.priced();
            priced.is_some_and(|priced| matches!(priced.source, Source::Supplier(_)))
        };
        let cell = cells.get(term)?;
        (!cells.iter().any(is_bought)).then_some(cell)
    }
}

fn is_of_person(before: &Cell, after: &Cell) -> bool {
    let said = match after {
        Cell::Priced(priced) => priced.source == Source::Person,
        Cell::NotServed(None) => true,
        _ => false,
    };
    said && matches!(before, Cell::IcbPending(_))
}

/// Whether an approved quote holds as long as its first price that ends.
pub(super) fn holds_until(quote: &QuoteBook, rule: Invariant) -> Result<(), Broken> {
    let QuoteState::Approved { valid_until } = quote.head.state else {
        return Ok(());
    };
    let ends = quote.own.values().filter_map(Slice::valid_until).min();
    rule.unless(ends.is_none_or(|end| valid_until <= end), || {
        format!("a quote holds until {valid_until}, and a price of it until {ends:?} only")
    })
}

/// Whether the carrier says to try again.
pub(super) fn is_to_be_tried_again(answer: &TermAnswer) -> bool {
    answer.retry() != lastmile_model::carrier::Retry::No
}

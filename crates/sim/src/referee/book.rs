//! What is stored of quotes, followed transaction by transaction.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::{
    CellCounts, ProviderProgress, QuoteHead, QuoteId, QuoteState, Slice, SupplyPlan,
};
use lastmile_store::key::{Errand, ReadSlicePart, read_errand, read_slice};
use lastmile_store::record::quotes::{
    read_case, read_head, read_progress_item, read_slice_item, read_supplies,
};
use lastmile_store::{Item, PrimaryKey, TransactWrite};

use super::broken::{Broken, Invariant};
use super::cells::{self, Answers};
use super::questions::Questions;
use crate::happening::Happening;
use crate::plan::{Plan, QuotePlan};

/// Everything that is stored of all quotes.
pub struct Book {
    plan: Plan,
    quotes: BTreeMap<QuoteId, QuoteBook>,
    open_errands: BTreeSet<PrimaryKey>,
}

/// What is stored of one quote.
pub struct QuoteBook {
    /// Which of the run's quotes it is.
    pub plan: QuotePlan,
    /// Its head.
    pub head: QuoteHead,
    /// What each provider's counts say, by its place in the head.
    pub progress: BTreeMap<u8, ProviderProgress>,
    /// What each provider answered for each slice.
    pub own: BTreeMap<(u32, ProviderName), Slice>,
    /// What each supplier answered for each slice.
    pub supply: BTreeMap<(u32, ProviderName), Slice>,
    /// Open cases of persons, and of how many cells.
    pub cases: BTreeMap<(u32, ProviderName), u32>,
    /// Who is to be asked for each slice.
    pub supplies: BTreeMap<u32, SupplyPlan>,
    errands: Vec<Errand>,
}

/// What the referee saw of a transaction.
pub struct Seen {
    /// For the trace.
    pub lines: Vec<String>,
    /// To be counted.
    pub happened: Vec<Happening>,
    /// Whether all rules hold.
    pub verdict: Result<(), Broken>,
}

impl Book {
    /// An empty one.
    #[must_use]
    pub const fn new(plan: Plan) -> Self {
        Self {
            plan,
            quotes: BTreeMap::new(),
            open_errands: BTreeSet::new(),
        }
    }

    /// The quotes that are stored.
    pub fn quotes(&self) -> impl Iterator<Item = &QuoteBook> {
        self.quotes.values()
    }

    /// The quote that a house is in.
    #[must_use]
    pub fn quote_of(&self, house: u32) -> Option<(&QuoteBook, u32)> {
        self.quotes
            .values()
            .find_map(|quote| Some((quote, quote.plan.location_of(house)?)))
    }

    /// How many errands are not done.
    #[must_use]
    pub fn open_errands(&self) -> usize {
        self.open_errands.len()
    }

    /// Follows a transaction, and looks whether all rules hold after it.
    pub fn committed(
        &mut self,
        now: Timestamp,
        writes: &[TransactWrite],
        questions: &Questions,
    ) -> Seen {
        let mut seen = Seen {
            lines: Vec::new(),
            happened: Vec::new(),
            verdict: Ok(()),
        };
        let mut touched = BTreeSet::new();
        for write in writes {
            let followed = self.follow(now, write, questions, &mut seen);
            match followed {
                Ok(quote) => touched.extend(quote),
                Err(found) => seen.verdict = Err(found),
            }
        }
        for id in touched {
            if seen.verdict.is_ok()
                && let Some(quote) = self.quotes.get(&id)
            {
                seen.verdict = quote.is_consistent();
            }
        }
        seen
    }

    /// Follows one write; gives back the quote that it belongs to.
    fn follow(
        &mut self,
        now: Timestamp,
        write: &TransactWrite,
        questions: &Questions,
        seen: &mut Seen,
    ) -> Result<Option<QuoteId>, Broken> {
        match write {
            TransactWrite::Put { item, condition: _ } => self.put(now, item, questions, seen),
            TransactWrite::Delete { key, condition: _ } => Ok(self.delete(key)),
            TransactWrite::Update { .. } | TransactWrite::Check { .. } => Ok(None),
        }
    }

    fn put(
        &mut self,
        now: Timestamp,
        item: &Item,
        questions: &Questions,
        seen: &mut Seen,
    ) -> Result<Option<QuoteId>, Broken> {
        if let Some((id, errand)) = read_errand(&item.key) {
            self.open_errands.insert(item.key.clone());
            seen.lines.push(format!("errand {errand:?} is to be done"));
            let Some(quote) = self.quotes.get_mut(&id) else {
                return Ok(None);
            };
            let is_new = !quote.errands.contains(&errand);
            quote.errands.push(errand.clone());
            return Invariant::EndsOnce
                .unless(is_new, || format!("{errand:?} is to be done a second time"))
                .map(|()| Some(id));
        }
        if let Some((_, id, number, part)) = read_slice(&item.key) {
            let Some(quote) = self.quotes.get_mut(&id) else {
                return Ok(None);
            };
            quote.put_part(now, number, part, item, &self.plan, questions, seen)?;
            return Ok(Some(id));
        }
        if let Ok(head) = read_head(item) {
            return self.put_head(head, seen).map(Some);
        }
        if let Ok((place, progress)) = read_progress_item(item) {
            let quote = self
                .quotes
                .values_mut()
                .find(|quote| item.key.pk.ends_with(&quote.head.id.to_string()));
            return Ok(quote.map(|quote| {
                quote.progress.insert(place, progress);
                quote.head.id
            }));
        }
        Ok(None)
    }

    fn put_head(&mut self, head: QuoteHead, seen: &mut Seen) -> Result<QuoteId, Broken> {
        let id = head.id;
        if let Some(quote) = self.quotes.get_mut(&id) {
            quote.put_head(head, seen)?;
            return Ok(id);
        }
        let known = self.quotes.values().map(|quote| quote.plan.first_house);
        let known: BTreeSet<u32> = known.collect();
        let is_like = |plan: &&QuotePlan| {
            plan.locations == head.grid.locations && !known.contains(&plan.first_house)
        };
        let Some(plan) = self.plan.quotes.iter().find(is_like) else {
            return Err(Invariant::EndsOnce.by("a quote is taken in that nobody asked for"));
        };
        seen.lines.push(format!("takes in quote {id}"));
        let quote = QuoteBook {
            plan: plan.clone(),
            head,
            progress: BTreeMap::new(),
            own: BTreeMap::new(),
            supply: BTreeMap::new(),
            cases: BTreeMap::new(),
            supplies: BTreeMap::new(),
            errands: Vec::new(),
        };
        self.quotes.insert(id, quote);
        Ok(id)
    }

    fn delete(&mut self, key: &PrimaryKey) -> Option<QuoteId> {
        self.open_errands.remove(key);
        let (_, id, number, part) = read_slice(key)?;
        if let ReadSlicePart::Case(provider) = part {
            self.quotes.get_mut(&id)?.cases.remove(&(number, provider));
        }
        Some(id)
    }
}

impl QuoteBook {
    #[expect(
        clippy::too_many_arguments,
        reason = "one write, and all that is looked at for it"
    )]
    fn put_part(
        &mut self,
        now: Timestamp,
        number: u32,
        part: ReadSlicePart,
        item: &Item,
        plan: &Plan,
        questions: &Questions,
        seen: &mut Seen,
    ) -> Result<(), Broken> {
        let unreadable = |_| Invariant::CellsEndOnce.by(format!("{} cannot be read", item.key.sk));
        let mut follow = |whose: &ProviderName, is_supply| {
            let after = read_slice_item(item).map_err(unreadable)?;
            let answers = Answers {
                plan,
                quote: self,
                questions,
                now,
                number,
                whose,
                is_supply,
            };
            answers.follow(&after, seen)?;
            Ok(after)
        };
        match part {
            ReadSlicePart::Places => {}
            ReadSlicePart::Supplies => {
                let supplies = read_supplies(item).map_err(unreadable)?;
                self.supplies.insert(number, supplies);
            }
            ReadSlicePart::Case(provider) => {
                let case = read_case(item).map_err(unreadable)?;
                self.cases.insert((number, provider), case.cells);
            }
            ReadSlicePart::Own(provider) => {
                let after = follow(&provider, false)?;
                self.own.insert((number, provider), after);
            }
            ReadSlicePart::Supply(supplier) => {
                let after = follow(&supplier, true)?;
                self.supply.insert((number, supplier), after);
            }
        }
        Ok(())
    }

    fn put_head(&mut self, after: QuoteHead, seen: &mut Seen) -> Result<(), Broken> {
        let before = self.head.state;
        let to = after.state;
        if before != to {
            seen.lines.push(format!(
                "quote {} goes from {} to {}",
                after.id,
                before.as_str(),
                to.as_str()
            ));
        }
        let may_be = match (before, to) {
            (QuoteState::InProgress | QuoteState::Pending, QuoteState::Cancelled { .. }) => {
                seen.happened.push(Happening::Cancelled);
                true
            }
            (QuoteState::InProgress, QuoteState::InProgress)
            | (QuoteState::InProgress | QuoteState::Pending, QuoteState::Pending) => true,
            (
                QuoteState::InProgress | QuoteState::Pending,
                QuoteState::Approved { .. } | QuoteState::Rejected { .. },
            ) => {
                seen.happened.push(Happening::Settled);
                true
            }
            (QuoteState::Approved { .. }, QuoteState::Accepted { .. }) => {
                seen.happened.push(Happening::Accepted);
                true
            }
            (QuoteState::Approved { .. }, QuoteState::Rejected { .. }) => {
                seen.happened.push(Happening::Rejected);
                true
            }
            _ => false,
        };
        self.head = after;
        Invariant::EndsOnce.unless(may_be, || format!("a quote goes from {before:?} to {to:?}"))
    }

    /// Whether everything that is said of the cells equals the cells.
    fn is_consistent(&self) -> Result<(), Broken> {
        let rule = Invariant::CountersEqualCells;
        let grid = &self.head.grid;
        for (place, provider) in (0..).zip(&grid.providers) {
            let Some(progress) = self.progress.get(&place) else {
                continue;
            };
            let slices = self.slices_of(provider);
            let cells = slices.clone().map(Slice::counts);
            let cells = cells.fold(CellCounts::default(), |all, some| all + some);
            rule.unless(progress.counts == cells, || {
                let counts = progress.counts;
                format!("{} counts {counts:?} and has {cells:?}", provider.as_str())
            })?;
            let closed = slices.filter(|slice| !slice.is_open()).count();
            let left = grid.slices() - u32::try_from(closed).unwrap_or(u32::MAX);
            rule.unless(progress.slices_left == left, || {
                let counted = progress.slices_left;
                format!(
                    "{} counts {counted} slices and has {left}",
                    provider.as_str()
                )
            })?;
        }
        let left = self
            .progress
            .values()
            .filter(|progress| progress.slices_left > 0);
        let (left, counted) = (left.count(), self.head.providers_left);
        rule.unless(u32::try_from(left) == Ok(counted), || {
            format!("the head counts {counted} providers where {left} are left")
        })?;
        self.cases_are_open_cells()?;
        self.supplies_are_right()?;
        self.is_settled_rightly()
    }

    fn slices_of<'a>(
        &'a self,
        provider: &'a ProviderName,
    ) -> impl Iterator<Item = &'a Slice> + Clone {
        let all = self.own.iter();
        all.filter(move |((_, name), _)| name == provider)
            .map(|(_, slice)| slice)
    }

    fn cases_are_open_cells(&self) -> Result<(), Broken> {
        let waiting = self.own.iter().filter_map(|(key, slice)| {
            let cells = u32::try_from(slice.counts().icb_pending).unwrap_or(u32::MAX);
            (cells > 0).then_some((key, cells))
        });
        let cases = self.cases.iter().map(|(key, cells)| (key, *cells));
        Invariant::CountersEqualCells.unless(waiting.eq(cases), || {
            format!(
                "the open cases are {:?}, which the cells are not",
                self.cases
            )
        })
    }

    fn supplies_are_right(&self) -> Result<(), Broken> {
        let rule = Invariant::CountersEqualCells;
        let providers = &self.head.grid.providers;
        for (number, plan) in &self.supplies {
            let is_asked = |slice: Option<&Slice>| slice.is_none_or(Slice::is_asked);
            let left = providers
                .iter()
                .filter(|provider| is_asked(self.own.get(&(*number, (*provider).clone()))));
            let left = u32::try_from(left.count());
            rule.unless(left == Ok(plan.own_left), || {
                let counted = plan.own_left;
                format!("the plan of slice {number} counts {counted} providers, not {left:?}")
            })?;
            if plan.own_left > 0 {
                continue;
            }
            let left = plan
                .asked()
                .filter(|(supplier, _)| is_asked(self.supply.get(&(*number, (*supplier).clone()))));
            let left = u32::try_from(left.count());
            rule.unless(left == Ok(plan.suppliers_left), || {
                let counted = plan.suppliers_left;
                format!("the plan of slice {number} counts {counted} suppliers, not {left:?}")
            })?;
        }
        Ok(())
    }

    /// Whether the state of the quote is what its cells come to.
    fn is_settled_rightly(&self) -> Result<(), Broken> {
        let rule = Invariant::EndsOnce;
        let counts = self.progress.values().map(|progress| progress.counts);
        let counts = counts.fold(CellCounts::default(), |all, some| all + some);
        let is_over = self.head.providers_left == 0;
        let holds = match self.head.state {
            QuoteState::Cancelled { .. } => true,
            QuoteState::InProgress => !is_over,
            QuoteState::Pending => is_over && counts.icb_pending > 0,
            QuoteState::Approved { .. } | QuoteState::Accepted { .. } => {
                is_over && counts.icb_pending == 0 && counts.priced > 0
            }
            QuoteState::Rejected { .. } => is_over && counts.icb_pending == 0,
        };
        rule.unless(holds, || {
            let state = self.head.state.as_str();
            let left = self.head.providers_left;
            format!("a quote is {state} with {left} providers left and {counts:?}")
        })?;
        cells::holds_until(self, rule)
    }
}

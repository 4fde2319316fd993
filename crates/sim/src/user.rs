//! Whoever asks for a quote: looks at it, cancels it, takes it or not, and answers as a person where one must.

use std::sync::Arc;
use std::time::Duration;

use lastmile_app::idempotency::Once;
use lastmile_app::quotes::limits::CASES_PAGE_MAX;
use lastmile_app::quotes::moves::{self, Move};
use lastmile_app::quotes::person::{self, CaseCell, Said};
use lastmile_app::quotes::read::{self, QuoteProgress};
use lastmile_app::quotes::{CreateError, QuoteError, Quotes, create};
use lastmile_model::idempotency::IdempotencyKey;
use lastmile_model::identity::TenantId;
use lastmile_model::money::{Currency, Money};
use lastmile_model::quote::{Cell, QuoteId, QuoteState};
use tokio::time::sleep;

use crate::dice::Dice;
use crate::gate::Life;
use crate::happening::Happening;
use crate::limits::{AFTER_ALL, USER_TRIES_MAX};
use crate::plan::{QuotePlan, Wish};
use crate::process;
use crate::referee::{Broken, Invariant};
use crate::world::World;

/// What it waits at most between two things that it does.
const PAUSE_MAX: Duration = Duration::from_secs(40);
/// How many cases a person answers before it looks at something else.
const CASES_AT_ONCE: usize = 8;

/// One who asks for a quote, until it has what it wants.
struct User {
    world: Arc<World>,
    name: String,
    quotes: Quotes,
    tenant: TenantId,
    plan: QuotePlan,
    dice: Dice,
    /// As it was seen last.
    seen: Option<QuoteProgress>,
}

/// Asks for the quote of this number, and goes through its life with it.
pub async fn run(world: Arc<World>, number: usize) {
    let name = format!("user{number}");
    let life = Arc::new(Life::immortal(name.clone()));
    let Ok(tenant) = TenantId::new("north") else {
        return;
    };
    let mut user = User {
        quotes: process::quotes(&world, &life),
        tenant,
        plan: world.plan.quotes[number].clone(),
        dice: world.plan.dice(&name),
        seen: None,
        name,
        world,
    };
    sleep(user.plan.begins).await;
    if let Some(id) = user.asks(number).await {
        user.goes_on(id).await;
    }
}

impl User {
    /// Asks until it is told that it was heard: the same request each time, which counts once. `None` where that took
    /// longer than the quote itself may.
    async fn asks(&self, number: usize) -> Option<QuoteId> {
        let request = self.plan.request(self.world.now());
        let key = IdempotencyKey::new(&format!("quote-{number}")).ok()?;
        let once = Once::new(&self.tenant, "quotes", &key, &[&request.document]);
        for _ in 0..USER_TRIES_MAX {
            let created = create(&self.quotes, &self.tenant, request.clone(), Some(once)).await;
            match created {
                Ok(head) => return Some(head.id),
                Err(CreateError::Refused(why)) => {
                    self.tells(format_args!("is refused: {why}"));
                    self.world.count(Happening::Refused);
                    return None;
                }
                Err(_) => self.pauses().await,
            }
        }
        None
    }

    async fn pauses(&self) {
        sleep(Duration::from_millis(1) + self.dice.up_to(PAUSE_MAX)).await;
    }

    async fn goes_on(&mut self, id: QuoteId) {
        let began = self.world.time.passed();
        while self.world.time.passed() < began + self.plan.deadline + AFTER_ALL {
            self.pauses().await;
            self.cancels(id, began).await;
            let Ok(progress) = read::progress(&self.quotes, &self.tenant, id).await else {
                continue;
            };
            let progress = progress.value;
            self.world.judge(self.looks(&progress));
            let state = progress.head.state;
            self.seen = Some(progress);
            if self.is_content(state) {
                return;
            }
            self.moves(id, state).await;
            let answers = self.plan.answers_all || self.dice.permille(300);
            if state.is_open() && answers {
                self.answers().await;
            }
        }
    }

    /// Whether there is nothing more that it wants of a quote in this state.
    fn is_content(&self, state: QuoteState) -> bool {
        match state {
            QuoteState::InProgress => false,
            QuoteState::Pending => {
                !self.plan.answers_all && !matches!(self.plan.wish, Wish::Cancel(_))
            }
            QuoteState::Approved { .. } => !matches!(self.plan.wish, Wish::Accept | Wish::Reject),
            QuoteState::Accepted { .. }
            | QuoteState::Rejected { .. }
            | QuoteState::Cancelled { .. } => true,
        }
    }

    /// Compares what is read with what was read before.
    fn looks(&self, progress: &QuoteProgress) -> Result<(), Broken> {
        let counts = progress.counts();
        let rule = Invariant::CountsNeverGoBack;
        rule.unless(counts.total() <= progress.head.grid.cells(), || {
            format!("{counts:?} of {} cells", progress.head.grid.cells())
        })?;
        let Some(before) = &self.seen else {
            return Ok(());
        };
        let total_before = before.counts().total();
        rule.unless(counts.total() >= total_before, || {
            format!("{total_before} cells had ended, and now {counts:?}")
        })?;
        let (was, is) = (before.head.state, progress.head.state);
        let stays = match was {
            QuoteState::Cancelled { .. }
            | QuoteState::Accepted { .. }
            | QuoteState::Rejected { .. } => was == is,
            QuoteState::InProgress | QuoteState::Pending | QuoteState::Approved { .. } => true,
        };
        Invariant::EndsOnce.unless(stays, || format!("it was {was:?} and is {is:?}"))
    }

    async fn cancels(&self, id: QuoteId, began: Duration) {
        let Wish::Cancel(after) = self.plan.wish else {
            return;
        };
        let is_time = self.world.time.passed() >= began + after;
        let is_open = self
            .seen
            .as_ref()
            .is_none_or(|seen| seen.head.state.is_open());
        if is_time && is_open {
            self.makes(id, Move::Cancel).await;
        }
    }

    async fn moves(&self, id: QuoteId, state: QuoteState) {
        if !matches!(state, QuoteState::Approved { .. }) {
            return;
        }
        match self.plan.wish {
            Wish::Accept => self.makes(id, Move::Accept).await,
            Wish::Reject => self.makes(id, Move::Reject).await,
            Wish::Watch | Wish::Cancel(_) => {}
        }
    }

    async fn makes(&self, id: QuoteId, wanted: Move) {
        let made = moves::make(&self.quotes, &self.tenant, id, wanted).await;
        let made = made.map(|head| head.state.as_str());
        self.tells(format_args!("{wanted:?}: {}", told(&made)));
    }

    /// Answers some cells that wait for a person.
    async fn answers(&self) {
        let open = person::cases(&self.quotes, &self.tenant, None, 0, CASES_PAGE_MAX);
        let Ok(cases) = open.await else {
            return;
        };
        let locations = self.plan.locations;
        let mut left = CASES_AT_ONCE;
        for case in cases.page {
            let Ok(Some(open)) = person::case(&self.quotes, case).await else {
                continue;
            };
            let is_own = open.grid.locations == locations;
            let first = open.answers.first_location();
            let provider = open.case.provider.clone();
            let answered = open.answers.providers.iter();
            let slice = answered
                .filter(|(name, _)| *name == provider)
                .map(|(_, slice)| slice);
            let lines = slice.flat_map(|slice| slice.lines.iter().enumerate());
            for (position, line) in lines.filter(|_| is_own) {
                let services = open.grid.services.len();
                let location = first + u32::try_from(position / services).unwrap_or_default();
                for (cell, term) in line.cells().iter().zip(&open.grid.terms) {
                    if left == 0 || !matches!(cell, Cell::IcbPending(_)) {
                        continue;
                    }
                    left -= 1;
                    let cell = CaseCell {
                        quote: open.case.id,
                        provider: provider.clone(),
                        location,
                        service: position % services,
                        term: *term,
                    };
                    self.says(&cell).await;
                }
            }
        }
    }

    async fn says(&self, cell: &CaseCell) {
        let usd = |minor: u64| Money {
            minor: i64::try_from(minor).unwrap_or_default(),
            currency: Currency::Usd,
        };
        let said = if self.dice.permille(300) {
            Said::NotServed
        } else {
            Said::Price {
                mrc: usd(self.dice.between(1, 90_000)),
                nrc: usd(0),
                install_interval_days: None,
                valid_until: None,
                note: None,
            }
        };
        let answered = person::answer(&self.quotes, &self.tenant, cell, &said).await;
        let answered = answered.map(|head| head.state.as_str());
        let (whose, location) = (cell.provider.as_str(), cell.location);
        self.tells(format_args!(
            "answers {whose} {location}: {}",
            told(&answered)
        ));
    }

    fn tells(&self, what: std::fmt::Arguments<'_>) {
        self.world.tell(&self.name, what);
    }
}

fn told(outcome: &Result<&'static str, QuoteError>) -> String {
    match outcome {
        Ok(state) => (*state).to_owned(),
        Err(error) => error.to_string(),
    }
}

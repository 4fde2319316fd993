//! What must be when all is calm and nothing is left to be done.

use lastmile_model::quote::{Line, QuoteState};

use super::book::{Book, QuoteBook};
use super::broken::{Broken, Invariant};

impl Book {
    /// Whether every quote came to its end, and nothing was lost.
    ///
    /// # Errors
    /// [`Invariant::NothingIsLost`].
    pub fn is_finished(&self, quotes: usize) -> Result<(), Broken> {
        let rule = Invariant::NothingIsLost;
        rule.unless(self.quotes().count() == quotes, || {
            format!("{} quotes are stored of {quotes}", self.quotes().count())
        })?;
        let errands = self.open_errands();
        rule.unless(errands == 0, || format!("{errands} errands are not done"))?;
        self.quotes().try_for_each(QuoteBook::is_finished)
    }
}

impl QuoteBook {
    fn is_finished(&self) -> Result<(), Broken> {
        let rule = Invariant::NothingIsLost;
        let state = self.head.state;
        if matches!(state, QuoteState::Cancelled { .. }) {
            return Ok(());
        }
        rule.unless(state != QuoteState::InProgress, || {
            format!("quote {} is in progress for ever", self.head.id)
        })?;
        let grid = &self.head.grid;
        for provider in &grid.providers {
            for number in 0..grid.slices() {
                let slice = self.own.get(&(number, provider.clone()));
                let lines = slice.map_or(&[][..], |slice| &slice.lines);
                let expected = grid.locations_in(number) * grid.services.len();
                let ended = lines
                    .iter()
                    .filter(|line| matches!(line, Line::Answered { .. }));
                rule.unless(ended.count() == expected, || {
                    format!(
                        "{} slice {number} has cells without an end",
                        provider.as_str()
                    )
                })?;
            }
        }
        let is_open = self.cases.is_empty();
        rule.unless(!self.plan.answers_all || is_open, || {
            format!(
                "cases are left of which all were to be answered: {:?}",
                self.cases
            )
        })
    }
}

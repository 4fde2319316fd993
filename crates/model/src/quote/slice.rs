//! The lines of one provider for some locations: asked by one message, kept as one item, counted at once.

use jiff::Timestamp;

use super::{Cell, CellCounts, Line};
use crate::carrier::Term;

/// The lines of one provider for the locations of one slice: location by location, service by service.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// How many services each location has.
    pub services: usize,
    /// Line of location `l` and service `s` at `l * services + s`.
    pub lines: Vec<Line>,
    /// Whoever asks says so beforehand, so that nobody else asks the same: not before this time.
    pub asked_until: Option<Timestamp>,
    /// In how many turns the provider was asked and failed.
    pub failures: u32,
    /// Rises with every change; 0 for a slice that is not stored yet.
    pub revision: u32,
}

impl Slice {
    /// A slice to which nothing was answered yet.
    #[must_use]
    pub fn waiting(locations: usize, services: usize) -> Self {
        Self {
            services,
            lines: vec![Line::Waiting; locations * services],
            asked_until: None,
            failures: 0,
            revision: 0,
        }
    }

    /// The lines of a location, counted from the beginning of the slice.
    #[must_use]
    pub fn of_location(&self, location: usize) -> &[Line] {
        let start = location * self.services;
        self.lines
            .get(start..start + self.services)
            .unwrap_or_default()
    }

    /// Whether a program has still to answer a line.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.lines.iter().any(Line::is_open)
    }

    /// Whether the provider itself has still to answer a line.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.lines.iter().any(Line::is_asked)
    }

    /// Whether the provider's suppliers have still to answer a line.
    #[must_use]
    pub fn is_off_net(&self) -> bool {
        self.lines.contains(&Line::OffNet)
    }

    /// What its cells come to.
    #[must_use]
    pub fn counts(&self) -> CellCounts {
        let mut counts = CellCounts::default();
        for cell in self.cells() {
            counts.count(cell.outcome());
        }
        counts
    }

    /// The first moment at which one of its prices ends; `None` where no price has an end.
    #[must_use]
    pub fn valid_until(&self) -> Option<Timestamp> {
        let ends = self
            .cells()
            .filter_map(|cell| cell.priced()?.price.valid_until);
        ends.min()
    }

    /// Ends every line that the provider itself has still to answer; what is settled of it stays.
    pub fn end_asked(&mut self, terms: &[Term], cell: &Cell, at: Timestamp) {
        for line in &mut self.lines {
            if line.is_asked() {
                *line = line.ended(terms, |_| cell.clone(), at);
            }
        }
    }

    fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.lines.iter().flat_map(Line::cells)
    }
}

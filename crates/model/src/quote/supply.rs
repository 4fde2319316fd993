//! Which supplier is asked about which lines of a slice.
//!
//! Providers that have no line of their own at a place ask their suppliers, and many of them have the same
//! ones. So the suppliers of a slice are asked when all of the quote's providers have answered for it:
//! then it is known which lines somebody needs from whom, and each of them is asked about once.

use std::collections::BTreeMap;

use crate::identity::ProviderName;

use super::{Line, Slice};

/// Some lines of a slice, by their positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LineSet(u128);

impl LineSet {
    /// From the bits of a number; the lowest is the first line.
    #[must_use]
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// As the bits of a number.
    #[must_use]
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// The lines of a slice that its provider has to buy.
    #[must_use]
    pub fn off_net(slice: &Slice) -> Self {
        let off_net = slice
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| **line == Line::OffNet);
        Self(off_net.fold(0, |bits, (position, _)| bits | (1 << position)))
    }

    /// Whether a line is one of them.
    #[must_use]
    pub const fn has(self, position: usize) -> bool {
        self.0 & (1 << position) != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// How far the suppliers of one slice are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplyPlan {
    /// Providers of the quote that have lines in the slice which wait for their own answer.
    pub own_left: u32,
    /// Which lines somebody needs from whom.
    pub wanted: BTreeMap<ProviderName, LineSet>,
    /// Suppliers that have not answered; counted from when they are asked.
    pub suppliers_left: u32,
    /// Rises with every change; 0 for a plan that is not stored yet.
    pub revision: u32,
}

/// What is to be done next about a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NextStep {
    /// Nothing, others are to answer first.
    Wait,
    /// Nobody needs a supplier.
    Nothing,
    /// The suppliers are to be asked.
    AskSuppliers,
    /// What they answered is to be rolled up.
    RollUp,
}

impl SupplyPlan {
    /// Nobody has answered.
    #[must_use]
    pub const fn new(providers: u32) -> Self {
        Self {
            own_left: providers,
            wanted: BTreeMap::new(),
            suppliers_left: 0,
            revision: 0,
        }
    }

    /// A provider has answered for its own lines, and buys some lines from whichever of its suppliers is
    /// cheapest. A supplier that is one of the quote's `providers` is not asked again.
    #[must_use]
    pub fn own_answered(
        mut self,
        bought: LineSet,
        suppliers: &[ProviderName],
        providers: &[ProviderName],
    ) -> (Self, NextStep) {
        self.own_left = self.own_left.saturating_sub(1);
        self.revision += 1;
        if !bought.is_empty() {
            for supplier in suppliers {
                // Also for those that are not asked: the entry says that there is something to roll up.
                let wanted = self.wanted.entry(supplier.clone()).or_default();
                if !providers.contains(supplier) {
                    *wanted = wanted.and(bought);
                }
            }
        }
        if self.own_left > 0 {
            return (self, NextStep::Wait);
        }
        let asked = self.asked().count();
        self.suppliers_left = u32::try_from(asked).unwrap_or(u32::MAX);
        let next = match (self.wanted.is_empty(), asked) {
            (true, _) => NextStep::Nothing,
            (false, 0) => NextStep::RollUp,
            (false, _) => NextStep::AskSuppliers,
        };
        (self, next)
    }

    /// A supplier has answered.
    #[must_use]
    pub fn supplier_answered(mut self) -> (Self, NextStep) {
        self.suppliers_left = self.suppliers_left.saturating_sub(1);
        self.revision += 1;
        let next = if self.suppliers_left == 0 {
            NextStep::RollUp
        } else {
            NextStep::Wait
        };
        (self, next)
    }

    /// The suppliers that are asked, and about which lines.
    pub fn asked(&self) -> impl Iterator<Item = (&ProviderName, LineSet)> {
        self.wanted
            .iter()
            .map(|(supplier, lines)| (supplier, *lines))
            .filter(|(_, lines)| !lines.is_empty())
    }

    /// What a supplier has to answer: a slice in which the lines wait that somebody needs.
    #[must_use]
    pub fn slice_of(&self, supplier: &ProviderName, locations: usize, services: usize) -> Slice {
        let wanted = self.wanted.get(supplier).copied().unwrap_or_default();
        let mut slice = Slice::waiting(locations, services);
        for (position, line) in slice.lines.iter_mut().enumerate() {
            if !wanted.has(position) {
                *line = Line::NotAsked;
            }
        }
        slice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<ProviderName> {
        names
            .iter()
            .map(|name| ProviderName::new(name).unwrap())
            .collect()
    }

    #[test]
    fn each_supplier_is_asked_once_for_what_all_need() {
        let providers = names(&["A", "B", "C"]);
        let suppliers = names(&["C", "S", "T"]);
        let plan = SupplyPlan::new(3);
        let (plan, next) = plan.own_answered(LineSet(0b001), &suppliers[..2], &providers);
        assert_eq!(next, NextStep::Wait);
        let (plan, next) = plan.own_answered(LineSet(0b110), &suppliers[1..], &providers);
        assert_eq!(next, NextStep::Wait);
        let (plan, next) = plan.own_answered(LineSet(0), &suppliers, &providers);
        assert_eq!(next, NextStep::AskSuppliers);
        let asked: Vec<_> = plan
            .asked()
            .map(|(name, lines)| (name.as_str(), lines.0))
            .collect();
        assert_eq!(asked, [("S", 0b111), ("T", 0b110)]);
        let slice = plan.slice_of(&suppliers[2], 3, 1);
        assert_eq!(slice.lines, [Line::NotAsked, Line::Waiting, Line::Waiting]);
        let (plan, next) = plan.supplier_answered();
        assert_eq!(next, NextStep::Wait);
        assert_eq!(plan.supplier_answered().1, NextStep::RollUp);
    }

    #[test]
    fn nobody_is_asked_for_what_nobody_needs() {
        let providers = names(&["A", "B"]);
        let plan = SupplyPlan::new(1);
        let (_, next) = plan.own_answered(LineSet(0), &providers, &providers);
        assert_eq!(next, NextStep::Nothing);
        // The only supplier is in the quote itself: its answer is there already.
        let plan = SupplyPlan::new(1);
        let (_, next) = plan.own_answered(LineSet(1), &providers[1..], &providers);
        assert_eq!(next, NextStep::RollUp);
    }

    #[test]
    fn the_lines_of_a_slice_fit() {
        use crate::quote::request::{SERVICES_MAX, SLICE_LOCATIONS};
        const { assert!(SERVICES_MAX * SLICE_LOCATIONS <= 128) };
        let mut slice = Slice::waiting(SLICE_LOCATIONS, SERVICES_MAX);
        *slice.lines.last_mut().unwrap() = Line::OffNet;
        let set = LineSet::off_net(&slice);
        assert!(set.has(79) && !set.has(78) && !set.is_empty());
        assert_eq!(LineSet::from_bits(set.bits()), set);
    }
}

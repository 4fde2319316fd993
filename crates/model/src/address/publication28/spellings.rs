//! A table from every spelling to its standard form, built by the compiler.

/// One row of a table: the full name, the standard abbreviation, and the other spellings of it.
pub type Row = (&'static str, &'static str, &'static [&'static str]);

/// Longest spelling of any table, in bytes (`FEDERATED STATES OF MICRONESIA`).
const SPELLING_MAX_BYTES: usize = 30;

/// An open-addressed hash table with linear probing; an empty spelling marks a free slot.
///
/// `SLOTS` is a power of two, at least one and a half times the number of spellings.
pub(super) struct Spellings<const SLOTS: usize> {
    slots: [(&'static str, &'static str); SLOTS],
}

impl<const SLOTS: usize> Spellings<SLOTS> {
    /// Builds the table. Two rows that claim one spelling for two standard forms do not compile.
    pub(super) const fn of(rows: &[Row]) -> Self {
        Self {
            slots: [("", ""); SLOTS],
        }
        .and(rows)
    }

    /// The table with more rows in it.
    pub(super) const fn and(mut self, rows: &[Row]) -> Self {
        let mut row = 0;
        while row < rows.len() {
            let (name, standard, others) = rows[row];
            self.insert(name, standard);
            self.insert(standard, standard);
            let mut other = 0;
            while other < others.len() {
                self.insert(others[other], standard);
                other += 1;
            }
            row += 1;
        }
        self
    }

    const fn insert(&mut self, spelling: &'static str, standard: &'static str) {
        assert!(SLOTS.is_power_of_two() && spelling.len() <= SPELLING_MAX_BYTES);
        let mut slot = hash(spelling.as_bytes()) & (SLOTS - 1);
        while !self.slots[slot].0.is_empty() {
            if self.slots[slot].0.eq_ignore_ascii_case(spelling) {
                assert!(
                    self.slots[slot].1.eq_ignore_ascii_case(standard),
                    "one spelling has two standard forms"
                );
                return;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        self.slots[slot] = (spelling, standard);
    }

    /// The standard form of a spelling in any letter case.
    pub(super) fn get(&self, spelling: &str) -> Option<&'static str> {
        if spelling.is_empty() || spelling.len() > SPELLING_MAX_BYTES {
            return None;
        }
        let mut slot = hash(spelling.as_bytes()) & (SLOTS - 1);
        // Ends: at least a third of the slots are free.
        loop {
            let (known, standard) = self.slots[slot];
            if known.is_empty() {
                return None;
            }
            if known.eq_ignore_ascii_case(spelling) {
                return Some(standard);
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
    }
}

/// FNV-1a over the upper-case bytes.
const fn hash(bytes: &[u8]) -> usize {
    let mut state: u32 = 0x811c_9dc5;
    let mut position = 0;
    while position < bytes.len() {
        state = (state ^ bytes[position].to_ascii_uppercase() as u32).wrapping_mul(0x0100_0193);
        position += 1;
    }
    (state ^ (state >> 15)) as usize
}

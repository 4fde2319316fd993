//! A made-up city and the lists its providers give: the same seed, size and day give the same bytes.
//!
//! The city is called Port Alden, New Hampshire, and its ZIP codes (03611 to 03735) are not in use.
//! Its six providers write their lists in six ways, with the dirt that real lists have: other
//! spellings, lost leading zeros, rows that cannot be used, rows said twice, a list out of date. Two of
//! them give a rate card as well.

pub mod city;
pub mod lists;
mod spelling;

pub use city::{Building, City};
pub use lists::{ListFile, WriteError, plain_offers, write_lists, write_rate_cards};
pub use spelling::spellings;

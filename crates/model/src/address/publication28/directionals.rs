//! Directionals (section 233), with the abbreviations people write.

use super::spellings::{Row, Spellings};

/// The eight directionals.
pub const DIRECTIONALS: &[Row] = &[
    ("NORTH", "N", &["NO", "NRTH", "NROTH", "NOTH", "NORHT"]),
    ("EAST", "E", &[]),
    ("SOUTH", "S", &["SO", "SOUHT", "SUOTH", "SOTUH"]),
    ("WEST", "W", &[]),
    ("NORTHEAST", "NE", &["NORTH-EAST", "NEAST"]),
    ("NORTHWEST", "NW", &["NORTH-WEST", "NWEST"]),
    ("SOUTHEAST", "SE", &["SOUTH-EAST", "SEAST"]),
    ("SOUTHWEST", "SW", &["SOUTH-WEST", "SWEST"]),
];

pub(super) static TABLE: Spellings<64> = Spellings::of(DIRECTIONALS);

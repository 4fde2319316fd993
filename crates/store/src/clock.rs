//! The clock is a door: whoever needs the time is given one.

pub use lastmile_model::door::Clock;

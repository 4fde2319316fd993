//! What tests need: contract suites, the in-memory store, faults, sample data.

pub mod front_door;
pub mod reference_data;
pub mod store;

//! What tests need: contract suites, the store and the queue in memory, faults, sample data.

pub mod carrier;
pub mod chance;
pub mod crew;
pub mod files;
pub mod front_door;
pub mod killed;
pub mod queue;
pub mod reference_data;
pub mod store;
pub mod virtual_time;

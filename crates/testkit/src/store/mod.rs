//! The store in memory, the store that fails, and what every store must do.

pub mod clock;
pub mod contract;
pub mod fault;
pub mod memory;
pub mod model;

pub use clock::ManualClock;
pub use fault::{Fault, FaultStore, Faults, InjectedFault};
pub use memory::MemoryStore;

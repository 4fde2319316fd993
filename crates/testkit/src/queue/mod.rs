//! The queue in memory, the queue that fails, and what every queue must do.

pub mod contract;
pub mod fault;
pub mod memory;
pub mod model;
pub mod passing;

pub use fault::FaultQueue;
pub use memory::MemoryQueue;
pub use passing::Passing;

//! Files for tests.

pub mod contract;
pub mod memory;

pub use memory::MemoryFiles;

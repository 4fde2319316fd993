//! Is this address real, and which building is it.
//!
//! An address is real where an active list has its building; the id of an address is its building's key.

pub mod find;
pub mod list;
pub mod validate;

pub use find::{AddressId, get};
pub use list::{ListError, ListedAddresses, list};
pub use validate::validate;

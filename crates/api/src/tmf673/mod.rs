//! TMF673 Geographic Address v4: is this address real, and which building is it.
//!
//! `geographicAddress` holds the buildings that at least one active list knows; its id is the building key.
//! `geographicSubAddress` holds the units that lists name; its id is the unit key. What a
//! `geographicAddressValidation` answers is:
//!
//! | verdict | `validationResult` | `validGeographicAddress` | `alternateGeographicAddress` |
//! |---|---|---|---|
//! | a building that a list knows | `success` | it | - |
//! | such a building after a correction, or with a unit that no list names | `partial` | it | - |
//! | none | `fail` | - | those like it, where `provideAlternative` is true |
//!
//! Extensions: `corrections` and `unitUnknown` say what is partial, `unknownBecause` why it failed.
//! `instantSyncValidation: true` answers at once (200), as TMF645's `instantSyncQualification` does.
//!
//! The documents of addresses are in [`crate::address`].

pub mod validation;

pub use crate::address::{GeographicAddress, GeographicSubAddress};

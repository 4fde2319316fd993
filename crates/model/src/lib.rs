//! What is true of an address, a claim or a list, whoever asks and wherever it is kept.
//!
//! Pure functions, structs and enums: no async, no SDK, no storage codec, no clock, no randomness.

pub mod address;

//! Imports by messages come to what imports on one machine come to.

mod arrivals;
mod crew;
mod differences;
mod interruptions;
mod sweeps;

//! Availability and address services through their front door: a store with lists in it, and the calls
//! that HTTP and the command line make.

mod addresses;
mod batches;
mod checks;
mod lookups;
mod tasks;
mod town;

//! Availability and address services through their front door: a store with lists in it, and the calls
//! that HTTP and the command line make.

mod access_patterns;
mod addresses;
mod batches;
mod checks;
mod embedded;
mod lookups;
mod never;
mod observed;
mod tasks;
mod town;

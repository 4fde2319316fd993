//! Availability and address services through their front door: a store with lists in it, and the calls
//! that HTTP and the command line make.

mod lookups;
mod town;

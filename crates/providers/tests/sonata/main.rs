//! The Sonata client against simulated sellers: over loopback, and in virtual time.

mod deferred;
mod distance;
mod faults;
mod outcomes;
mod published;
mod quirks;
mod secrets;
mod world;

//! What the services cost on AWS: measured units times public prices.
//!
//! [`sample`] is a small made-up city in a store of its own, [`measure`] does every operation on it once and
//! counts, the room `prices` has the one table of what AWS asks, [`price_list`] multiplies, [`monthly`] adds up a
//! month beside the same work on servers that always run.

pub(crate) mod carriers;
pub(crate) mod deferred;
#[cfg(test)]
mod deployed;
pub(crate) mod distant;
pub(crate) mod importing;
pub(crate) mod measure;
pub(crate) mod monthly;
pub(crate) mod price_list;
pub(crate) mod quoting;
pub(crate) mod requests;
pub(crate) mod rig;
pub(crate) mod sample;
pub(crate) mod units;

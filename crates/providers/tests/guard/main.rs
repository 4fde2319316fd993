//! The guard around a carrier that does as it is told, in virtual time.

mod breaking;
mod limits;
mod retries;
mod scripted;
mod sharing;

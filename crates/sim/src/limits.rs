//! How much there is in a run, in one place.

use std::time::Duration;

use jiff::SignedDuration;

/// Most providers and suppliers in one run.
pub const PARTIES_MAX: usize = 8;
/// Most providers in one quote.
pub const PROVIDERS_MAX: u64 = 6;
/// Most quotes in one run.
pub const QUOTES_MAX: u64 = 2;
/// Most locations in one quote: three slices.
pub const LOCATIONS_MAX: u64 = 60;
/// Houses of one quote begin so far behind those of the one before.
pub const HOUSES_A_QUOTE: u32 = 100;
/// Most processes at once.
pub const PROCESSES_MAX: u64 = 3;
/// Longest time in which things go wrong.
pub const STORM_MAX: Duration = Duration::from_secs(20 * 60);
/// How much later than its deadline and than the storm a quote must have ended: a message that was in work when its
/// process was killed is hidden for six minutes, and nobody asks meanwhile what it asked; that can happen to several
/// in a row.
pub const AFTER_ALL: Duration = Duration::from_secs(2 * 60 * 60);
/// How often it is looked whether all is done.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often dead letters are given back before a run is said to have lost something.
pub const REDRIVES_MAX: u32 = 3;
/// How often whoever wants something of the service tries it when the service cannot.
pub const USER_TRIES_MAX: u32 = 500;
/// The longest time that a carrier tells anybody to wait: less than the time for which an asker has a slice to itself,
/// because one that dies takes with it what it was told.
pub const TOLD_TO_WAIT_MAX: Duration = Duration::from_secs(5 * 60);
/// The last price in a run ends so long after its begin.
pub const PRICE_ENDS_MAX: SignedDuration = SignedDuration::from_hours(60 * 24);
/// How many of the last lines of a trace are kept unless all are.
pub const TRACE_KEPT: usize = 60;

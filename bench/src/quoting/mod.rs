//! What is measured of quotes: one deal of many locations, providers and suppliers, asked of the one binary
//! as a client asks it, with carriers that are simulated in the bench's own process.

pub(crate) mod deal;
pub(crate) mod metered;
pub(crate) mod run;
pub(crate) mod sellers;

/// Where quotes are asked for.
pub(crate) const QUOTES: &str = "/tmf-api/quoteManagement/v4/quote";

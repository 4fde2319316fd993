//! A quote: a grid of locations, providers, services and terms, filled in cell by cell.
//!
//! 1. [`request`] is what is asked, with its limits.
//! 2. [`state`] is the life of the quote as a whole.
//! 3. [`mod@line`] is one location, provider and service with all its terms: what one carrier's response answers.
//! 4. [`mod@slice`] is the lines of one provider for some locations: the unit that is asked, written and counted at once.
//! 5. [`progress`] counts cells by what became of them.
//! 6. [`supply`] is the plan which supplier is asked about which lines of a slice, each line once.
//! 7. [`off_net`] rolls suppliers' prices up into the price of the provider that buys from them.
//! 8. [`recommendation`] compares what was offered.

pub mod line;
pub mod off_net;
pub mod progress;
pub mod recommendation;
pub mod request;
pub mod slice;
pub mod state;
pub mod supply;

pub use line::{Cell, Line, Priced, Source};
pub use off_net::{Margin, OffNet, roll_up};
pub use progress::{CellCounts, CellOutcome, ProviderProgress};
pub use recommendation::{Recommendation, recommend};
pub use request::{Grid, QuoteHead, QuoteId, QuoteRequest, RequestRefused};
pub use slice::Slice;
pub use state::{MoveRefused, QuoteState, Settled};
pub use supply::{LineSet, SupplyPlan};

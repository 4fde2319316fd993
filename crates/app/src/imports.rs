//! Lists on their way in: load, look at, take back, clean up.
//!
//! - [`load()`] reads a file into the store and shows it to readers when it is complete.
//! - [`ImportDesk`] does that for lists that arrive as a stream of bytes, in the background.
//! - [`list()`] and [`get()`] say what was imported, and how far a running import is.
//! - [`undo()`] goes back to the import before.
//! - [`recover()`] finds what was interrupted; [`sweep()`] removes claims that nobody sees any more.
//! - [`active`] is what readers ask: which import of each list they see.

pub mod active;
pub mod desk;
pub mod load;
pub mod look;
pub mod recover;
pub mod source;
pub mod sweep;
pub mod undo;

pub use desk::{Begun, ImportDesk, ReceiveError, Upload};
pub use load::{LoadError, LoadRequest, Summary, load};
pub use look::{LookError, get, list};
pub use recover::{Recovery, recover};
pub use source::{FileSource, Observer, Phase, Progress, Reject, RowSource, RowWarning};
pub use sweep::{SweepError, sweep};
pub use undo::{UndoError, undo};

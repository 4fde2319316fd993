//! Lists on their way in: load, look at, take back, clean up.
//!
//! - [`load()`] reads a file into the store and shows it to readers when it is complete.
//! - [`ImportDesk`] has that done for lists that arrive as a stream of bytes: [`LocalDesk`] in the background
//!   of the same process, [`QueuedDesk`] by messages, slice after slice, wherever workers are.
//! - [`list()`] and [`get()`] say what was imported, and how far a running import is.
//! - [`undo()`] goes back to the import before.
//! - [`recover()`] finds what was interrupted; [`sweep()`] removes claims that nobody sees any more.
//! - [`active`] is what readers ask: which import of each list they see.

pub mod active;
mod begin;
pub mod column_map;
pub mod desk;
mod drive;
mod examine;
pub mod limits;
pub mod load;
pub mod local_desk;
pub mod look;
mod parsed;
mod past;
mod providers;
pub mod queued;
pub mod recover;
pub mod rejects;
mod retry;
mod rows;
pub mod source;
pub mod sweep;
pub mod undo;
mod worker;
mod write;

pub use column_map::{BadMapping, Mapping};
pub use desk::{Begun, ImportDesk, ReceiveError, RejectRows, Upload};
pub use limits::IMPORTS_LISTED_MAX;
pub use load::{LoadError, LoadRequest, Summary, load};
pub use local_desk::LocalDesk;
pub use look::{ListedImports, LookError, get, list, tenant_of};
pub use providers::ClaimsOf;
pub use queued::{QueuedDesk, Stint, WorkError, Worked};
pub use recover::{Recovery, recover};
pub use rejects::RejectsWriter;
pub use source::{
    FileSource, Observer, Phase, Progress, Reject, RowSource, RowWarning, Unobserved,
};
pub use sweep::{SweepError, sweep};
pub use undo::{UndoError, Undone, undo};

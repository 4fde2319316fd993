//! What a client may send and will receive, per version, with every error code.
//!
//! * [`version`]: which versions of which APIs are served, and under which paths.
//! * [`error`]: every error code, its status, and the body that carries it.
//! * [`tmf645`], [`tmf648`], [`tmf673`]: the documents of the TM Forum's APIs, to and from the model.
//! * [`lookup`], [`imports`], [`providers`]: the documents of our own APIs.
//! * [`resource`]: the documents of the table of kinds, to and from the model.
//! * [`names`]: every enum as it is spelt on the wire.

pub mod address;
pub mod carriers;
pub mod document;
pub mod error;
pub mod imports;
mod json_object;
pub mod lookup;
pub mod names;
pub mod providers;
pub mod resource;
pub mod shown;
pub mod task;
pub mod tmf645;
pub mod tmf648;
pub mod tmf673;
pub mod version;

pub use document::{Document, DocumentError, Problem};
pub use error::{ErrorBody, ErrorCode};

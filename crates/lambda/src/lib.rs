//! Starts our routers and workers inside Lambda. No decisions are made here.
//!
//! Each binary in `src/bin` is one function: a service behind the API gateway ([`service`]), the
//! gateway's [`authorizer`], the [`relay`] from the table's stream to the queues, a worker that is given
//! the messages of a queue ([`worker`]). Who is asked for quotes stands in a file that the table
//! holds ([`providers_file`]).
//!
//! Nothing is read and no connection is made before the first event: a function that starts is a function
//! that somebody waits for.

pub mod authorizer;
pub mod gateway;
pub mod metrics;
pub mod providers_file;
pub mod relay;
pub mod service;
pub mod settings;
mod spans;
pub mod start;
pub mod stream_image;
pub mod worker;

/// What every part of a function may use.
pub use start::Parts;

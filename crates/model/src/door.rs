//! The shapes of the doors by which time and chance come in.
//!
//! Only the shapes: nothing here tells the time. The machine's own clock, chance and waiting are in the
//! room `doors`, those of tests and of the simulation in the test kit.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// Gives random bytes.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// A wait that is under way.
pub type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Lets time pass, by the same time that its [`Clock`] tells.
pub trait Timer: Send + Sync + 'static {
    /// Is ready when so much time has passed since the call.
    fn wait(&self, length: Duration) -> Wait;
}

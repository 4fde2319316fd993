//! The only room that talks to carriers.
//!
//! [`Carrier`] is what every carrier can do; [`sonata`] does it over MEF LSO Sonata. [`guard`] stands around
//! each one, [`Carriers`] has all of them, and [`settings`] is the file that names them; by [`callback`] they
//! reach us.

pub mod callback;
pub mod carrier;
pub mod carriers;
pub mod doors;
pub mod exchange;
pub mod guard;
pub mod secret;
pub mod settings;
pub mod sonata;

pub use callback::{CALL_BACK_PATH, CallBack};
pub use carrier::{Call, CallShape, Carrier, Subscriptions};
pub use carriers::{Carriers, Way};
pub use doors::Doors;
pub use guard::{Guarded, Watched};
pub use secret::{Secret, SecretSource};
pub use sonata::notification;

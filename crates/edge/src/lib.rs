//! What an API gateway does, for everywhere else: it knows who asks.
//!
//! A client shows an API key; [`Keys`] says whose it is. The rest of the program sees only the
//! [`Caller`](lastmile_model::identity::Caller).

pub mod keys;
pub mod secret;

pub use keys::{CreateKeyError, CreatedKey, KeyChangeError, Keys, NewKey};
pub use secret::{ENTROPY_BYTES, Entropy, KeyText};

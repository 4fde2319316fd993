//! The documents' names: read leniently, written as documented. Nothing outside of `sonata` sees them.

pub(crate) mod answers;
pub(crate) mod lenient;
pub(crate) mod spelling;

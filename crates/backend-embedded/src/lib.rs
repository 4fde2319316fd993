//! The store contract on local disk.

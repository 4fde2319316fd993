//! Stored items as codecs of the domain's types.

pub mod api_key;

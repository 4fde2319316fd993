//! Stored items as codecs of the domain's types.

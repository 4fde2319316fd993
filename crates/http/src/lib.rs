//! Bytes into one app call, one outcome into bytes.

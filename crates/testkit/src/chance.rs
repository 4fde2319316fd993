//! Chance that is the same each time.

use std::sync::atomic::{AtomicU64, Ordering};

use lastmile_app::Random;

/// Random bytes that count: each filling has the next number at its end.
#[derive(Debug, Default)]
pub struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.fill(0);
        let length = bytes.len();
        bytes[length - count.len()..].copy_from_slice(&count);
    }
}

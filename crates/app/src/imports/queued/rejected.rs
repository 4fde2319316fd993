//! The rows of a slice that cannot be used, on their way to their file; and the end of a worker's stint.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;
use lastmile_store::Clock;
use lastmile_store::files::FILE_PUT_MAX_BYTES;

use crate::imports::rejects::RejectsWriter;
use crate::imports::source::{Observer, Reject};

/// A slice ends when its rejected rows are so long, so that they fit into memory and into one file.
const REJECTED_MAX_BYTES: usize = 16 * 1024 * 1024;

/// Watches one slice.
pub(super) struct SliceWatch {
    clock: Arc<dyn Clock>,
    until: Timestamp,
    rejected: Mutex<Vec<u8>>,
}

impl SliceWatch {
    pub(super) fn new(clock: Arc<dyn Clock>, until: Timestamp) -> Self {
        Self {
            clock,
            until,
            rejected: Mutex::default(),
        }
    }

    /// The rows that were rejected so far, without a header.
    pub(super) fn rejected(&self) -> Bytes {
        let mut rejected = self.rejected.lock().unwrap_or_else(PoisonError::into_inner);
        Bytes::from(std::mem::take(&mut *rejected))
    }
}

impl Observer for SliceWatch {
    fn rejected(&self, reject: &Reject) {
        let mut rejected = self.rejected.lock().unwrap_or_else(PoisonError::into_inner);
        let mut row = RejectsWriter::without_header(Vec::new());
        let written = row.write(reject).and_then(|()| row.finish());
        let row = written.expect("writing to memory does not fail");
        // One chunk of long rows alone can be too much; of those the file holds what it can.
        if rejected.len() + row.len() <= FILE_PUT_MAX_BYTES {
            rejected.extend_from_slice(&row);
        } else {
            tracing::warn!(row.line = reject.line, "a rejected row is not kept");
        }
    }

    fn is_cancelled(&self) -> bool {
        let rejected = self.rejected.lock().unwrap_or_else(PoisonError::into_inner);
        rejected.len() >= REJECTED_MAX_BYTES || self.clock.now() >= self.until
    }
}

#[cfg(test)]
mod tests {
    use lastmile_model::listing::row::RejectReason;

    use super::*;

    struct Stopped;

    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }
    }

    #[test]
    fn a_slice_ends_with_its_time_or_when_its_rejected_rows_are_long() {
        let watch = |until| SliceWatch::new(Arc::new(Stopped), until);
        assert!(watch(Timestamp::UNIX_EPOCH).is_cancelled());
        let watch = watch(Timestamp::MAX);
        let reject = Reject {
            line: 2,
            reason: RejectReason::NotText,
            raw: "x".repeat(REJECTED_MAX_BYTES / 4),
        };
        for _ in 0..4 {
            assert!(!watch.is_cancelled());
            Observer::rejected(&watch, &reject);
        }
        assert!(watch.is_cancelled());
        assert!(watch.rejected().len() > REJECTED_MAX_BYTES);
    }
}

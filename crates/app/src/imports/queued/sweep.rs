//! A list is swept, some chunks for each message.

use lastmile_model::identity::ImportNumber;
use lastmile_store::message::{Message, Sweep};

use super::{QueuedDesk, Stint, WorkError, Worked};
use crate::imports::limits::{SWEEP_CHUNKS, WRITING_CHUNKS};
use crate::imports::look::read_list;
use crate::imports::retry::retrying;
use crate::imports::sweep::{chunks_begun, mark_swept, no_longer_needed, sweep_chunks};

/// Chunks that are swept before the time is looked at.
const STEP: u32 = WRITING_CHUNKS as u32;

impl QueuedDesk {
    /// Removes the claims of the list's imports that nobody sees any more, as many as one message may.
    pub(super) async fn sweep_list(
        &self,
        sweep: &Sweep,
        stint: Stint,
    ) -> Result<Worked, WorkError> {
        let context = &self.context;
        let Some(stored) = retrying(|| read_list(context, &sweep.list)).await? else {
            return Ok(Worked::Done);
        };
        let mut left = SWEEP_CHUNKS;
        for stored in no_longer_needed(context, &stored.list).await? {
            let number = stored.import.id.number;
            let end = chunks_begun(&stored.import);
            let mut at = match sweep.from {
                Some((import, chunk)) if import == number => chunk,
                _ => 0,
            };
            while at < end {
                if left == 0 {
                    return self.go_on(sweep, number, at).await;
                }
                let step = end.min(at.saturating_add(STEP));
                sweep_chunks(context, &stored.import, at..step).await?;
                at = step;
                left = if self.is_over(stint) {
                    0
                } else {
                    left.saturating_sub(STEP)
                };
            }
            mark_swept(context, stored).await?;
        }
        Ok(Worked::Done)
    }

    async fn go_on(
        &self,
        sweep: &Sweep,
        import: ImportNumber,
        chunk: u32,
    ) -> Result<Worked, WorkError> {
        let rest = Sweep {
            from: Some((import, chunk)),
            ..sweep.clone()
        };
        self.send(&Message::SweepList(rest)).await?;
        Ok(Worked::Done)
    }
}

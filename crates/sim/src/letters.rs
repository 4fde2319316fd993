//! Dead letters, and whether the run explains them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::gate::Life;

/// Who had a message for the last time.
#[derive(Default)]
pub struct Letters {
    by_body: BTreeMap<String, Vec<LastTry>>,
}

struct LastTry {
    life: Arc<Life>,
    at: Timestamp,
    again: bool,
}

impl Letters {
    /// A message is given out for the last time; `again` says that it will be found dead while it is in work.
    pub fn last_try(&mut self, body: &str, life: &Arc<Life>, at: Timestamp, again: bool) {
        let life = Arc::clone(life);
        let tries = self.by_body.entry(body.to_owned()).or_default();
        tries.push(LastTry { life, at, again });
    }

    /// Whether something went wrong for whoever had it last, so that it could not be done.
    #[must_use]
    pub fn explains(&self, body: &str) -> bool {
        let tries = self.by_body.get(body).into_iter().flatten();
        tries
            .into_iter()
            .any(|last| last.again || last.life.was_harmed_since(last.at))
    }
}

//! Progress for people: on a terminal only, and on standard error, so that output stays clean.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often a bar is drawn while nothing else happens.
const TICK: Duration = Duration::from_millis(200);

/// A bar over the bytes of a file; without a known length, a moving sign.
pub(crate) fn bytes(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            "{msg} {wide_bar} {bytes}/{total_bytes} {eta}",
        ),
        None => (ProgressBar::new_spinner(), "{spinner} {msg} {bytes}"),
    };
    bar.set_style(ProgressStyle::with_template(template).expect("a fixed template is right"));
    bar.enable_steady_tick(TICK);
    bar
}

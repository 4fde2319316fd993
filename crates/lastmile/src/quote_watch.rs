//! A quote that is being filled, looked at until it is settled: bars on a terminal, lines elsewhere.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use jiff::{SignedDuration, Timestamp};
use lastmile_app::Clock as _;
use lastmile_doors::SystemClock;
use serde_json::Value;
use thiserror::Error;

use crate::api::{Api, Refused};
use crate::ending::Failure;
use crate::output;
use crate::quote_document::{OfProvider, Progress, Quote};
use crate::runtime::Stop;
use crate::stopwatch::Stopwatch;

/// Shortest pause between two looks.
const LOOK_AGAIN_MIN: Duration = Duration::from_millis(50);
/// Longest pause between two looks.
const LOOK_AGAIN_MAX: Duration = Duration::from_secs(1);
/// How many looks in a row may fail because a server is busy.
const LOOKS_FAILED_MAX: u32 = 30;
/// How long after its deadline a quote is looked at that nobody has ended.
const ENDED_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// Seconds between two lines where there is no terminal.
const LINE_EVERY_S: f64 = 5.0;
/// Most providers with a bar of their own.
const PROVIDERS_SHOWN_MAX: usize = 12;

/// What became of a quote that was looked at.
pub(crate) enum Watched {
    /// It is no longer in progress; its document.
    Settled(Value),
    /// The user does not want to look any longer; the quote is as it is.
    Interrupted,
}

/// Nobody fills the quote.
#[derive(Debug, Error)]
#[error(
    "the deadline of quote {id} has passed and nobody has ended it: start `lastmile serve` on this data, or look at \
     `lastmile queues`"
)]
struct NobodyWorks {
    id: String,
}

/// Looks until the quote is settled, or the user does not want to look any longer.
pub(crate) async fn watch(api: &Api, href: &str, stop: &Stop) -> Result<Watched, Failure> {
    let mut view = View::new();
    let watched = look(api, href, stop, &mut view).await;
    view.finish();
    watched
}

async fn look(api: &Api, href: &str, stop: &Stop, view: &mut View) -> Result<Watched, Failure> {
    let mut pause = LOOK_AGAIN_MIN;
    let mut failed = 0;
    loop {
        match api.get::<Value>(href).await {
            Ok(document) => {
                failed = 0;
                let quote = serde_json::from_value(document.clone())?;
                view.show(&quote)?;
                if !quote.is_in_progress() {
                    return Ok(Watched::Settled(document));
                }
                if is_left_alone(&quote) {
                    return Err(NobodyWorks { id: quote.id }.into());
                }
            }
            Err(failure) if failed < LOOKS_FAILED_MAX && is_passing(&failure) => failed += 1,
            Err(failure) => return Err(failure),
        }
        tokio::select! {
            () = stop.asked() => return Ok(Watched::Interrupted),
            () = tokio::time::sleep(pause) => {}
        }
        pause = LOOK_AGAIN_MAX.min(pause * 2);
    }
}

fn is_passing(failure: &Failure) -> bool {
    let refused = failure.downcast_ref::<Refused>();
    refused.is_some_and(Refused::is_passing)
}

fn is_left_alone(quote: &Quote) -> bool {
    let deadline: Option<Timestamp> = quote.requested_quote_completion_date.parse().ok();
    let end = deadline.and_then(|deadline| deadline.checked_add(ENDED_AFTER).ok());
    end.is_some_and(|end| SystemClock.now() > end)
}

/// How it is shown; always on standard error.
enum View {
    Bars(Box<Bars>),
    Lines(Lines),
}

struct Bars {
    area: MultiProgress,
    all: ProgressBar,
    /// One for each provider, once it is known who they are.
    providers: Vec<ProgressBar>,
}

struct Lines {
    since: Stopwatch,
    said: Option<(f64, String)>,
}

impl View {
    fn new() -> Self {
        if !io::stderr().is_terminal() {
            return Self::Lines(Lines {
                since: Stopwatch::start(),
                said: None,
            });
        }
        let area = MultiProgress::new();
        let all = area.add(bar(
            "{spinner} {wide_bar} {pos}/{len} cells {elapsed}\n  {msg}",
        ));
        Self::Bars(Box::new(Bars {
            area,
            all,
            providers: Vec::new(),
        }))
    }

    fn show(&mut self, quote: &Quote) -> io::Result<()> {
        let Some(progress) = &quote.progress else {
            return Ok(());
        };
        match self {
            Self::Bars(bars) => {
                bars.show(progress);
                Ok(())
            }
            Self::Lines(lines) => lines.show(quote, progress),
        }
    }

    fn finish(&self) {
        if let Self::Bars(bars) = self {
            // What cannot be drawn over stays, which harms nobody.
            let _ = bars.area.clear();
        }
    }
}

impl Bars {
    fn show(&mut self, progress: &Progress) {
        let Progress { all, provider } = progress;
        self.all.set_length(all.cells);
        self.all.set_position(all.answered());
        self.all.set_message(all.words());
        if self.providers.is_empty() {
            let shown = provider.iter().take(PROVIDERS_SHOWN_MAX);
            let bars = shown.map(|of| {
                let bar = bar("  {prefix:24!} {bar:20} {pos}/{len} {msg}");
                self.area.add(bar.with_prefix(of.provider.clone()))
            });
            self.providers = bars.collect();
            let more = provider.len().saturating_sub(PROVIDERS_SHOWN_MAX);
            if more > 0 {
                let rest = self.area.add(bar("  {msg}"));
                rest.set_message(format!("and {more} more providers"));
            }
        }
        for (
            bar,
            OfProvider {
                provider: _,
                counts,
            },
        ) in self.providers.iter().zip(provider)
        {
            bar.set_length(counts.cells);
            bar.set_position(counts.answered());
            bar.set_message(counts.words());
        }
    }
}

fn bar(template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).expect("a fixed template is right");
    ProgressBar::new(0).with_style(style)
}

impl Lines {
    /// Says what has changed, but not so often that nobody could read it.
    fn show(&mut self, quote: &Quote, progress: &Progress) -> io::Result<()> {
        let now = self.since.seconds();
        let counts = progress.all;
        let line = format!(
            "quote {}: {} of {} cells answered: {}",
            quote.id,
            counts.answered(),
            counts.cells,
            counts.words()
        );
        let is_due = match &self.said {
            None => true,
            Some((_, said)) if *said == line => false,
            Some((at, _)) => now - at >= LINE_EVERY_S || !quote.is_in_progress(),
        };
        if is_due {
            output::note(&line)?;
            self.said = Some((now, line));
        }
        Ok(())
    }
}

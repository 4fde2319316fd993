//! `lastmile queues`: what waits to be done, what could not be done, and trying that again.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use comfy_table::{Table, presets};
use lastmile_app::work::Queues;
use lastmile_store::QueueName;
use lastmile_store::queue::{DEAD_LOOK_MAX, DeadLetter, LetterId, QueueDepth};
use serde::Serialize;
use thiserror::Error;

use crate::data_folder::DataError;
use crate::dead_letter::Shown;
use crate::ending::{Ending, Failure};
use crate::home::Home;
use crate::{output, runtime};

/// Dead letters that are shown unless more are asked for.
const SHOWN_DEFAULT: usize = 20;

/// Show what waits in the queues, look at dead letters, and have them done again
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  lastmile queues\n  lastmile queues dead tasks")]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Option<Action>,
    /// Write one JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show how many messages each queue has
    #[command(after_help = "Example:\n  lastmile queues list --json")]
    List {
        /// Write one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Look at what could not be done; it stays where it is
    #[command(after_help = "Example:\n  lastmile queues dead tasks --limit 100 --json")]
    Dead(Dead),
    /// Have dead letters done again, as if they were sent anew
    #[command(after_help = "Examples:\n  lastmile queues redrive tasks 17 18\n  \
                            lastmile queues redrive imports --all")]
    Redrive(Redrive),
}

#[derive(Debug, Args)]
struct Dead {
    /// Which queue
    #[arg(value_name = "QUEUE", value_enum)]
    name: QueueChoice,
    /// Show so many at most
    #[arg(long, value_name = "N", default_value_t = SHOWN_DEFAULT, value_parser = limit)]
    limit: usize,
    /// Write one JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).args(["ids", "all"]))]
struct Redrive {
    /// Which queue
    #[arg(value_name = "QUEUE", value_enum)]
    name: QueueChoice,
    /// Which dead letters, by their ids as `queues dead` shows them
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// All of the queue's dead letters
    #[arg(long)]
    all: bool,
    /// Write one JSON object
    #[arg(long)]
    json: bool,
}

/// A queue, as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum QueueChoice {
    /// Slices of lists to be loaded, and lists to be swept
    Imports,
    /// Carriers to be asked for quotes
    Quotes,
    /// Deferred questions to be answered
    Tasks,
}

impl From<QueueChoice> for QueueName {
    fn from(choice: QueueChoice) -> Self {
        match choice {
            QueueChoice::Imports => Self::Imports,
            QueueChoice::Quotes => Self::Quotes,
            QueueChoice::Tasks => Self::Tasks,
        }
    }
}

fn limit(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(limit) if (1..=DEAD_LOOK_MAX).contains(&limit) => Ok(limit),
        _ => Err(format!("give a number from 1 to {DEAD_LOOK_MAX}")),
    }
}

/// A server has the data open, and nothing of its API shows queues.
#[derive(Debug, Error)]
#[error(
    "the server at http://{address} has the data in {} open, and its API does not show the queues; stop \
     it (Ctrl-C, or SIGTERM), give this command again, and start the server: what waits is kept meanwhile",
    .folder.display()
)]
struct ServerRuns {
    address: std::net::SocketAddr,
    folder: PathBuf,
}

/// Some of the dead letters that were named are not there.
#[derive(Debug, Error)]
#[error(
    "{missing} of {named} ids name no dead letter of the queue {queue}; `lastmile queues dead {queue}` \
     shows those that are there"
)]
struct NotThere {
    missing: usize,
    named: usize,
    queue: &'static str,
}

/// Runs the command.
pub(crate) fn run(options: Options, home: &Home) -> Result<Ending, Failure> {
    let opened = home.open_existing().map_err(what_to_do)?;
    let Options { action, json } = options;
    runtime::block_on(async {
        let queues = opened.queues_made().await?;
        match action {
            None => list(&queues, json).await,
            Some(Action::List { json }) => list(&queues, json).await,
            Some(Action::Dead(options)) => dead(&queues, &options).await,
            Some(Action::Redrive(options)) => redrive(&queues, options).await,
        }
    })
}

/// The same failure, but not the hint to use an API that does not have this.
fn what_to_do(failure: Failure) -> Failure {
    match failure.downcast::<DataError>() {
        Ok(error) => match *error {
            DataError::ServerRuns { note, folder } => ServerRuns {
                address: note.address,
                folder,
            }
            .into(),
            other => other.into(),
        },
        Err(failure) => failure,
    }
}

async fn list(queues: &Queues, json: bool) -> Result<Ending, Failure> {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["queue", "waiting", "delayed", "in work", "dead"]);
    for name in QueueName::ALL {
        let depth = queues.named(name).depth().await?;
        let shown = ShownDepth::of(name, depth);
        if json {
            output::json(&shown)?;
            continue;
        }
        let ShownDepth {
            queue,
            waiting,
            delayed,
            in_work,
            dead,
        } = shown;
        let numbers = [waiting, delayed, in_work, dead].map(|number| number.to_string());
        table.add_row([queue.to_owned()].into_iter().chain(numbers));
    }
    if !json {
        output::line(table)?;
    }
    Ok(Ending::Done)
}

async fn dead(queues: &Queues, options: &Dead) -> Result<Ending, Failure> {
    let Dead { name, limit, json } = *options;
    let name = QueueName::from(name);
    let letters = queues.named(name).dead_letters(limit).await?;
    if letters.len() == limit {
        output::note(format_args!(
            "the first {limit} dead letters; there may be more, which --limit shows"
        ))?;
    }
    if json {
        for letter in &letters {
            output::json(&Shown::of(letter))?;
        }
        return Ok(Ending::Done);
    }
    if letters.is_empty() {
        output::note(format_args!(
            "the queue {} has no dead letters",
            name.as_str()
        ))?;
        return Ok(Ending::Done);
    }
    output::line(table_of(&letters))?;
    Ok(Ending::Done)
}

fn table_of(letters: &[DeadLetter]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["id", "work", "tenant", "of", "tries", "sent"]);
    for letter in letters {
        let Shown {
            id,
            work,
            tenant,
            of,
            tries,
            sent_at,
        } = Shown::of(letter);
        let tenant = tenant.unwrap_or_default();
        table.add_row([
            id.to_owned(),
            work.to_owned(),
            tenant,
            of.join(", "),
            tries.to_string(),
            sent_at,
        ]);
    }
    table
}

async fn redrive(queues: &Queues, options: Redrive) -> Result<Ending, Failure> {
    let Redrive {
        name,
        ids,
        all,
        json,
    } = options;
    let name = QueueName::from(name);
    let queue = queues.named(name);
    let named = ids.len();
    let moved = if all {
        queue.redrive(usize::MAX).await?
    } else {
        let ids: Vec<LetterId> = ids.into_iter().map(LetterId::from_text).collect();
        queue.redrive_these(&ids).await?.len()
    };
    if json {
        output::json(&ShownRedriven { redriven: moved })?;
    } else {
        output::line(format_args!(
            "{moved} messages wait in the queue {} again",
            name.as_str()
        ))?;
    }
    if moved < named {
        return Err(NotThere {
            missing: named - moved,
            named,
            queue: name.as_str(),
        }
        .into());
    }
    Ok(Ending::Done)
}

#[derive(Serialize)]
struct ShownDepth {
    queue: &'static str,
    waiting: u64,
    delayed: u64,
    in_work: u64,
    dead: u64,
}

impl ShownDepth {
    const fn of(name: QueueName, depth: QueueDepth) -> Self {
        let QueueDepth {
            waiting,
            delayed,
            in_work,
            dead,
        } = depth;
        Self {
            queue: name.as_str(),
            waiting,
            delayed,
            in_work,
            dead,
        }
    }
}

#[derive(Serialize)]
struct ShownRedriven {
    redriven: usize,
}

//! Where everything is kept: a folder of this machine, or the services of AWS.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use lastmile_app::Context;
use lastmile_app::imports::Recovery;
use lastmile_app::work::Queues;
use lastmile_app::work::relay::Seating;
use lastmile_backend_embedded::EmbeddedStore;
use lastmile_store::QueueName;
use thiserror::Error;

use crate::data_folder;
use crate::ending::Failure;

#[cfg(feature = "aws")]
mod aws;

/// Where data is kept unless `--data` says otherwise.
pub(crate) const DATA_FOLDER: &str = "lastmile-data";

/// What the command line says of the place.
#[derive(Debug, Args)]
pub(crate) struct Home {
    /// Folder in which everything is kept; made when it is not there
    #[arg(long, global = true, value_name = "DIR", default_value = DATA_FOLDER, env = "LASTMILE_DATA")]
    pub(crate) data: PathBuf,
    /// What keeps the data
    #[arg(long, global = true, value_enum, default_value_t = StoreKind::Embedded, env = "LASTMILE_STORE", hide_env = true)]
    store: StoreKind,
    /// What hands work on [default: what fits the store]
    #[arg(
        long,
        global = true,
        value_enum,
        env = "LASTMILE_QUEUE",
        hide_env = true
    )]
    queue: Option<QueueKind>,
    /// The table, with `--store dynamodb`
    #[arg(
        long,
        global = true,
        default_value = "lastmile",
        env = "LASTMILE_TABLE",
        hide_env = true
    )]
    table: String,
    /// How the names of the queues begin, with `--queue sqs`
    #[arg(
        long,
        global = true,
        default_value = "lastmile",
        env = "LASTMILE_QUEUES",
        hide_env = true
    )]
    queues: String,
}

/// What keeps the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoreKind {
    /// A file in the data folder; one process has it open at a time
    Embedded,
    /// A DynamoDB table, for any number of processes; `serve` makes it when it is not there
    Dynamodb,
}

/// What hands work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum QueueKind {
    /// The same file
    Embedded,
    /// SQS, for any number of processes; `serve` makes them when they are not there
    Sqs,
}

/// The place cannot be used as it was said.
#[derive(Debug, Error)]
pub(crate) enum HomeError {
    /// The store and the queue do not go together.
    #[error(
        "the store and the queue do not go together: use --store embedded --queue embedded, or --store \
         dynamodb --queue sqs"
    )]
    Mixed,
    /// The services of AWS are not in this build.
    #[cfg(not(feature = "aws"))]
    #[error(
        "this build has no backends for AWS: build it with `cargo build --profile dist --features aws`"
    )]
    NotBuilt,
}

/// An open store, and the way to the queues beside it.
pub(crate) struct Opened {
    /// The doors of the real world.
    pub(crate) context: Context,
    queues: QueuePlace,
}

enum QueuePlace {
    Embedded(Arc<EmbeddedStore>),
    #[cfg(feature = "aws")]
    Sqs(aws::Sqs),
}

impl Home {
    /// The data folder: on AWS too it has what belongs to this machine alone.
    pub(crate) fn folder(&self) -> &Path {
        &self.data
    }

    /// Opens the store.
    pub(crate) fn open(&self) -> Result<Opened, Failure> {
        match self.store_kind()? {
            StoreKind::Embedded => Ok(embedded(data_folder::open(&self.data)?)),
            #[cfg(feature = "aws")]
            StoreKind::Dynamodb => aws::open(&self.table, &self.queues),
            #[cfg(not(feature = "aws"))]
            StoreKind::Dynamodb => Err(HomeError::NotBuilt.into()),
        }
    }

    /// [`Home::open`] for one who only reads, or changes what is there: what is not there is not made.
    pub(crate) fn open_existing(&self) -> Result<Opened, Failure> {
        match self.store_kind()? {
            StoreKind::Embedded => Ok(embedded(data_folder::open_existing(&self.data)?)),
            StoreKind::Dynamodb => self.open(),
        }
    }

    /// [`Home::open`] for one who writes a whole list once and reads little.
    pub(crate) fn open_for_loading(&self) -> Result<Opened, Failure> {
        match self.store_kind()? {
            StoreKind::Embedded => Ok(embedded(data_folder::open_for_loading(&self.data)?)),
            StoreKind::Dynamodb => self.open(),
        }
    }

    /// What keeps the data, where that and the queue go together.
    pub(crate) fn store_kind(&self) -> Result<StoreKind, HomeError> {
        match (self.store, self.queue) {
            (StoreKind::Embedded, None | Some(QueueKind::Embedded))
            | (StoreKind::Dynamodb, None | Some(QueueKind::Sqs)) => Ok(self.store),
            (StoreKind::Embedded, Some(QueueKind::Sqs))
            | (StoreKind::Dynamodb, Some(QueueKind::Embedded)) => Err(HomeError::Mixed),
        }
    }
}

fn embedded(store: EmbeddedStore) -> Opened {
    let store = Arc::new(store);
    Opened {
        context: data_folder::context(Arc::clone(&store) as Arc<_>),
        queues: QueuePlace::Embedded(store),
    }
}

fn queues_of(store: &Arc<EmbeddedStore>) -> Queues {
    Queues {
        imports: Arc::new(store.queue(QueueName::Imports)),
        quotes: Arc::new(store.queue(QueueName::Quotes)),
        tasks: Arc::new(store.queue(QueueName::Tasks)),
    }
}

impl Opened {
    /// The queues; those that are missing are made.
    pub(crate) async fn queues(&self) -> Result<Queues, Failure> {
        match &self.queues {
            QueuePlace::Embedded(store) => Ok(queues_of(store)),
            #[cfg(feature = "aws")]
            QueuePlace::Sqs(sqs) => sqs.queues().await,
        }
    }

    /// The queues, for one who only looks at what is there.
    pub(crate) async fn queues_made(&self) -> Result<Queues, Failure> {
        match &self.queues {
            QueuePlace::Embedded(store) => Ok(queues_of(store)),
            #[cfg(feature = "aws")]
            QueuePlace::Sqs(sqs) => sqs.queues_made().await,
        }
    }

    /// Makes what is missing of a place that other processes share; the embedded store has it already.
    pub(crate) async fn prepare(&self) -> Result<(), Failure> {
        match &self.queues {
            QueuePlace::Embedded(_) => Ok(()),
            #[cfg(feature = "aws")]
            QueuePlace::Sqs(sqs) => sqs.prepare().await,
        }
    }

    /// What an interrupted import of an earlier process is taken for.
    pub(crate) const fn recovery(&self) -> Recovery {
        match self.queues {
            QueuePlace::Embedded(_) => Recovery::SoleProcess,
            #[cfg(feature = "aws")]
            QueuePlace::Sqs(_) => Recovery::LapsedLeases,
        }
    }

    /// Who else may relay.
    pub(crate) const fn seating(&self) -> Seating {
        match self.queues {
            QueuePlace::Embedded(_) => Seating::SoleProcess,
            #[cfg(feature = "aws")]
            QueuePlace::Sqs(_) => Seating::OneOfMany,
        }
    }
}

//! `lastmile serve`: the APIs.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::ending::{Ending, Failure};
use crate::home::Home;
use crate::output;
use crate::panel;
use crate::runtime::{self, Stop};
use crate::server::{self, DEFAULT_LISTEN, Server};

/// Serve the APIs
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lastmile serve\n  \
    lastmile serve --listen 0.0.0.0:8080 --data /var/lib/lastmile\n\n\
    Requests need an API key: `lastmile keys create`. The key in the file local-key of the data \
    folder is this machine's own. LASTMILE_LOG sets what is logged (error, warn, info, debug), \
    LASTMILE_LOG_FORMAT=json how.")]
pub(crate) struct Options {
    /// Address and port; port 0 takes a free one
    #[arg(long, default_value = DEFAULT_LISTEN)]
    listen: SocketAddr,
    /// Who is asked for quotes, and how: a TOML file (docs/providers.md)
    ///
    /// A provider that is not in it is answered from its lists. With --store dynamodb, the file of all who share the
    /// table is used where none is named (`lastmile providers put`).
    #[arg(long, value_name = "FILE")]
    providers: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(options: &Options, home: &Home) -> Result<Ending, Failure> {
    let _spans = server::log()?;
    runtime::block_on(async {
        let stop = Stop::listen()?;
        // A file that cannot be used is said before anything is made.
        let own = options
            .providers
            .as_deref()
            .map(|file| panel::read(Some(file)));
        let own = own.transpose()?;
        let opened = home.open()?;
        opened.prepare().await?;
        let panel = match own {
            Some(panel) => panel,
            None => panel::shared(opened.context.store.as_ref()).await?,
        };
        let server = Server::start(opened, home.folder(), options.listen, panel).await?;
        output::line(format_args!("listening on http://{}", server.address))?;
        server.run(&stop).await?;
        output::note("stopped")?;
        Ok(Ending::Done)
    })
}

//! The command line as a whole; each command's own arguments stand in its file.

use clap::{Parser, Subcommand};

use crate::command::{
    address, cases, check, cost, demo, import, imports, keys, openapi, providers, queues, quote,
    quotes, serve,
};
use crate::home::Home;

/// Which providers can serve a US address, with what, how sure, and why.
#[derive(Debug, Parser)]
#[command(
    name = "lastmile",
    version,
    after_help = "Examples:\n  lastmile demo\n  \
                  lastmile import offers.csv --provider \"Alden Telephone\"\n  \
                  lastmile check \"133 N Main St, Port Alden, NH 03611\"\n  \
                  lastmile quote locations.csv --terms 12,36\n\n\
                  Exit codes: 0 done, 1 failed, 2 bad command line, 3 nobody can serve the address \
                  or it is not known, or nobody has a price, 130 stopped by Ctrl-C."
)]
pub(crate) struct Arguments {
    /// Where everything is kept.
    #[command(flatten)]
    pub(crate) home: Home,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Address(address::Options),
    Cases(cases::Options),
    Check(check::Options),
    Cost(cost::Options),
    Demo(demo::Options),
    Import(import::Options),
    Imports(imports::Options),
    Keys(keys::Options),
    Openapi(openapi::Options),
    Providers(providers::Options),
    Queues(queues::Options),
    Quote(quote::Options),
    Quotes(quotes::Options),
    Serve(serve::Options),
}

/// Reads the command line; leaves with code 2 when it cannot be read.
pub(crate) fn read() -> Arguments {
    Arguments::parse()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        let mut command = Arguments::command();
        command.build();
        for command in all(&command) {
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(
                help.contains("Example"),
                "`{}` has no example",
                command.get_name()
            );
        }
    }

    fn all(command: &clap::Command) -> Vec<&clap::Command> {
        let mut commands = vec![command];
        let below = command
            .get_subcommands()
            .filter(|command| command.get_name() != "help");
        commands.extend(below.flat_map(all));
        commands
    }
}

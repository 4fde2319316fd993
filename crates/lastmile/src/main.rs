//! The whole of Lastmile in one process, and its command line.

use std::process::ExitCode;

mod answer_row;
mod arguments;
mod command;
mod data_folder;
mod doors;
mod ending;
mod output;
mod path_identity;
mod progress;
mod remote;
mod runtime;
mod server;
mod server_note;

fn main() -> ExitCode {
    let arguments = arguments::read();
    ending::report(command::run(arguments))
}

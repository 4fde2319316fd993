//! The whole of Lastmile in one process, and its command line.

use std::process::ExitCode;

mod answer_row;
mod api;
mod arguments;
mod blank_lines;
mod command;
mod cost;
mod data_folder;
mod dead_letter;
mod ending;
mod home;
mod output;
mod panel;
mod path_identity;
mod progress;
mod quote_document;
mod quote_table;
mod quote_watch;
mod remote;
mod runtime;
mod server;
mod server_note;
mod spans;
mod stopwatch;

/// Because a quarter of a lookup's instructions were the system's allocator (docs/decisions/0010-allocator.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = arguments::read();
    ending::report(command::run(arguments))
}

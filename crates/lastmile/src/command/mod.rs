//! One command, one file.

use crate::arguments::{Arguments, Command};
use crate::ending::{Ending, Failure};

pub(crate) mod address;
pub(crate) mod cases;
pub(crate) mod check;
mod check_batch;
pub(crate) mod cost;
pub(crate) mod demo;
pub(crate) mod import;
mod import_watch;
pub(crate) mod imports;
pub(crate) mod keys;
pub(crate) mod openapi;
pub(crate) mod providers;
pub(crate) mod queues;
pub(crate) mod quote;
pub(crate) mod quotes;
pub(crate) mod serve;

/// Does what the command line says.
pub(crate) fn run(arguments: Arguments) -> Result<Ending, Failure> {
    let Arguments { home, command } = arguments;
    match command {
        Command::Address(options) => address::run(&options),
        Command::Cases(options) => cases::run(options, &home),
        Command::Check(options) => check::run(options, &home),
        Command::Cost(options) => cost::run(&options),
        Command::Demo(options) => demo::run(&options, &home),
        Command::Import(options) => import::run(options, &home),
        Command::Imports(options) => imports::run(options, &home),
        Command::Keys(options) => keys::run(options, &home),
        Command::Openapi(options) => openapi::run(&options),
        Command::Providers(options) => providers::run(&options, &home),
        Command::Queues(options) => queues::run(options, &home),
        Command::Quote(options) => quote::run(&options, &home),
        Command::Quotes(options) => quotes::run(options, &home),
        Command::Serve(options) => serve::run(&options, &home),
    }
}

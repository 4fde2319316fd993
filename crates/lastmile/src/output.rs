//! Standard output, for people and for programs.

use std::io::{self, BufWriter, Stdout, Write};

use serde::Serialize;

/// Standard output, buffered; flushed when it is dropped or told to.
pub(crate) fn stdout() -> BufWriter<Stdout> {
    BufWriter::new(io::stdout())
}

/// Writes one line for people.
pub(crate) fn line(text: impl std::fmt::Display) -> io::Result<()> {
    let mut out = stdout();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Writes one JSON object on one line.
pub(crate) fn json(value: &impl Serialize) -> io::Result<()> {
    let mut out = stdout();
    serde_json::to_writer(&mut out, value)?;
    writeln!(out)?;
    out.flush()
}

/// Says something beside the output, on standard error.
pub(crate) fn note(text: impl std::fmt::Display) -> io::Result<()> {
    writeln!(io::stderr(), "{text}")
}

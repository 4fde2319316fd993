//! `lastmile address`: an address into its parts, its standard form and its keys. Needs no data.

use std::io::{self, BufRead, BufReader, Read, Write};

use clap::Args;
use comfy_table::{Table, presets};
use lastmile_model::address::{Address, NormalAddress, Parts, parse};
use serde::Serialize;

use crate::ending::{Ending, Failure};
use crate::output;

/// Longest line that is read as one address, in bytes; the rest of an overlong line is left out.
const LINE_MAX_BYTES: u64 = 4096;
/// Bytes read from standard input at once.
const READ_BYTES: usize = 256 * 1024;

/// Take addresses apart: parts as written, standard form, building and unit keys
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lastmile address \"303 E 26th Street Apt 4, Cheyenne, WY 82001\"\n  \
    lastmile address --json < addresses.txt > parts.jsonl")]
pub(crate) struct Options {
    /// One address; without it, addresses are read from standard input, one a line
    address: Option<String>,
    /// Write one JSON object a line
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<Ending, Failure> {
    let mut out = output::stdout();
    match &options.address {
        Some(text) => write(text, options.json, &mut out)?,
        None => each_line(options.json, &mut out)?,
    }
    out.flush()?;
    Ok(Ending::Done)
}

/// Answers line by line. The output is flushed whenever no more input is at hand, so that a program
/// that asks one line at a time gets its answer.
fn each_line(as_json: bool, out: &mut impl Write) -> io::Result<()> {
    let mut input = BufReader::with_capacity(READ_BYTES, io::stdin());
    let mut line = Vec::new();
    while read_line(&mut input, &mut line)? {
        write(&String::from_utf8_lossy(&line), as_json, out)?;
        if input.buffer().is_empty() {
            out.flush()?;
        }
    }
    Ok(())
}

/// Reads one line without its end; `false` at the end of the input.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let read = input
        .by_ref()
        .take(LINE_MAX_BYTES)
        .read_until(b'\n', line)?;
    if line.ends_with(b"\n") {
        line.pop();
        if line.ends_with(b"\r") {
            line.pop();
        }
    } else if u64::try_from(read) == Ok(LINE_MAX_BYTES) {
        input.skip_until(b'\n')?;
    }
    Ok(read > 0)
}

fn write(text: &str, as_json: bool, out: &mut impl Write) -> io::Result<()> {
    let address = parse(text);
    let normal = NormalAddress::of(&address);
    if as_json {
        serde_json::to_writer(&mut *out, &Shown::of(&address, &normal))?;
        return out.write_all(b"\n");
    }
    writeln!(out, "{}", table(&address, &normal))
}

/// The fixed shape of one line of `--json`. Absent parts are null.
#[derive(Serialize)]
struct Shown<'a> {
    number: Option<&'a str>,
    predirectional: Option<&'a str>,
    street: Option<&'a str>,
    suffix: Option<&'a str>,
    postdirectional: Option<&'a str>,
    unit_type: Option<&'a str>,
    unit: Option<&'a str>,
    city: Option<&'a str>,
    state: Option<&'a str>,
    zip: Option<&'a str>,
    zip4: Option<&'a str>,
    building_key: Option<String>,
    unit_key: Option<String>,
    kind: &'static str,
    unparsed: Vec<ShownUnparsed<'a>>,
    normalized: String,
}

#[derive(Serialize)]
struct ShownUnparsed<'a> {
    text: &'a str,
    reason: &'static str,
}

impl<'a> Shown<'a> {
    fn of(address: &'a Address, normal: &NormalAddress) -> Self {
        let Address {
            kind,
            parts,
            unparsed,
        } = address;
        let Parts {
            number,
            predirectional,
            street,
            suffix,
            postdirectional,
            unit_type,
            unit,
            city,
            state,
            zip,
            zip4,
        } = parts;
        Self {
            number: number.as_deref(),
            predirectional: predirectional.as_deref(),
            street: street.as_deref(),
            suffix: suffix.as_deref(),
            postdirectional: postdirectional.as_deref(),
            unit_type: unit_type.as_deref(),
            unit: unit.as_deref(),
            city: city.as_deref(),
            state: state.as_deref(),
            zip: zip.as_deref(),
            zip4: zip4.as_deref(),
            building_key: normal.building_key().map(|key| key.to_string()),
            unit_key: normal.unit_key().map(|key| key.to_string()),
            kind: kind.as_str(),
            unparsed: unparsed
                .iter()
                .map(|piece| ShownUnparsed {
                    text: &piece.text,
                    reason: piece.reason.as_str(),
                })
                .collect(),
            normalized: normal.one_line(),
        }
    }
}

/// The same for people; absent parts are left out.
fn table(address: &Address, normal: &NormalAddress) -> Table {
    let shown = Shown::of(address, normal);
    let parts = [
        ("number", shown.number),
        ("predirectional", shown.predirectional),
        ("street", shown.street),
        ("suffix", shown.suffix),
        ("postdirectional", shown.postdirectional),
        ("unit type", shown.unit_type),
        ("unit", shown.unit),
        ("city", shown.city),
        ("state", shown.state),
        ("zip", shown.zip),
        ("zip4", shown.zip4),
        ("building key", shown.building_key.as_deref()),
        ("unit key", shown.unit_key.as_deref()),
        ("kind", Some(shown.kind)),
        ("standard form", Some(shown.normalized.as_str())),
    ];
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    for (name, value) in parts {
        if let Some(value) = value {
            table.add_row([name, value]);
        }
    }
    for piece in &shown.unparsed {
        table.add_row(["not used", &format!("{} ({})", piece.text, piece.reason)]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<Vec<u8>> {
        let mut input = input;
        let mut line = Vec::new();
        let mut lines = Vec::new();
        while read_line(&mut input, &mut line).expect("memory is readable") {
            lines.push(line.clone());
        }
        lines
    }

    #[test]
    fn lines_end_in_every_way() {
        let expected: [&[u8]; 4] = [b"one", b"two", b"", b"four"];
        assert_eq!(lines(b"one\r\ntwo\n\nfour"), expected);
        assert_eq!(lines(b""), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn an_overlong_line_is_cut_and_the_next_is_whole() {
        let mut input = vec![b'x'; 10_000];
        input.extend_from_slice(b"\nnext\n");
        let lines = lines(&input);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].len(), 4096);
        assert_eq!(lines[1], b"next");
    }
}

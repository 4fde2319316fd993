//! CSV in which a blank line is a row of one empty cell.
//!
//! CSV readers pass blank lines over. A batch must not: its rows are numbered, and each has its answer.

use std::io::{self, BufRead, BufReader, Read};

/// A row of one empty cell, which a CSV reader does not pass over.
const EMPTY_ROW: &[u8] = b"\"\"";

/// A byte-order mark, which stands before the first row and is no part of it.
const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// Reads CSV and fills its blank lines. Those before the header stay: they are no rows.
pub(crate) struct BlankLinesFilled<R> {
    input: BufReader<R>,
    filled: Vec<u8>,
    given: usize,
    at: At,
    has_header: bool,
}

/// Where in the CSV the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// At the beginning of a row.
    Row,
    /// Behind the `\r` that ended a row; a `\n` belongs to it.
    Return,
    /// At the beginning of a cell.
    Cell,
    /// Within a cell without quotes, or behind its closing quote.
    Plain,
    /// Within quotes.
    Quoted,
    /// Behind a quote within quotes: doubled, or the closing one.
    Quote,
}

impl<R: Read> BlankLinesFilled<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input: BufReader::new(input),
            filled: Vec::new(),
            given: 0,
            at: At::Row,
            has_header: false,
        }
    }

    /// Reads on, where there is more, and fills it.
    fn fill(&mut self) -> io::Result<()> {
        self.filled.clear();
        self.given = 0;
        let bytes = self.input.fill_buf()?;
        for byte in bytes {
            let is_row_start = matches!(self.at, At::Row | At::Return);
            let is_end = *byte == b'\r' || (*byte == b'\n' && self.at != At::Return);
            if is_row_start && is_end && self.has_header {
                self.filled.extend_from_slice(EMPTY_ROW);
            }
            self.filled.push(*byte);
            let is_mark = !self.has_header && MARK.contains(byte);
            if !is_mark {
                self.at = self.at.after(*byte);
                self.has_header |= !matches!(self.at, At::Row | At::Return);
            }
        }
        let read = bytes.len();
        self.input.consume(read);
        Ok(())
    }
}

impl At {
    const fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::Quote,
            (Self::Quoted, _) | (Self::Quote, b'"') => Self::Quoted,
            (Self::Row | Self::Return | Self::Cell, b'"') => Self::Quoted,
            (_, b'\r') => Self::Return,
            (_, b'\n') => Self::Row,
            (_, b',') => Self::Cell,
            (_, _) => Self::Plain,
        }
    }
}

impl<R: Read> Read for BlankLinesFilled<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.filled.len() {
            self.fill()?;
        }
        let read = (&self.filled[self.given..]).read(into)?;
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first cells of the rows of a CSV text, the header left out.
    fn cells(text: &str) -> Vec<String> {
        let mut rows = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(BlankLinesFilled::new(text.as_bytes()));
        let rows = rows.records();
        rows.map(|row| row.unwrap()[0].to_owned()).collect()
    }

    #[test]
    fn a_blank_line_is_a_row_whatever_ends_it() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["address", "a", "", "b", "", "", "c", ""].join(end);
            assert_eq!(cells(&text), ["a", "", "b", "", "", "c"], "{end:?}");
        }
        assert_eq!(cells("address\na\n\n"), ["a", ""]);
    }

    #[test]
    fn a_blank_line_within_quotes_is_part_of_its_cell() {
        let text = "address,x\n\"a\n\n\"\"b\"\"\n\n\",1\n\nc,2\n";
        assert_eq!(cells(text), ["a\n\n\"b\"\n\n", "", "c"]);
        assert_eq!(cells("x\na\"b\n\nc\n"), ["a\"b", "", "c"]);
    }

    #[test]
    fn lines_before_the_header_are_no_rows() {
        assert_eq!(cells("\u{feff}\n\naddress\n\na\n"), ["", "a"]);
        assert_eq!(cells(""), Vec::<String>::new());
    }
}

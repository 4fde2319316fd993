//! A file into chunks of rows, whatever is in it.
//!
//! Memory is bounded by [`ROW_MAX_BYTES`] and the size of a chunk. A row that is too long, or that runs
//! over several lines without having the header's width, most likely has a quote that is not closed:
//! its first line is given out as a defect and reading goes on at the second, so that one bad quote
//! costs one line.

use std::io::{self, BufReader, Read};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use csv_core::ReadRecordResult;
use flate2::read::MultiGzDecoder;
use lastmile_model::listing::header::Cells;
use lastmile_model::listing::life::TextPosition;
use lastmile_model::listing::row::RejectReason;
use sha2::{Digest as _, Sha256};

use super::limits::{READ_BYTES, ROW_MAX_BYTES, ROW_MAX_CELLS};
use super::source::RowSource;

/// First bytes of a gzip file (RFC 1952).
const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];

/// A row, or what is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RowSpan {
    /// Line on which it begins, from 1.
    pub(super) line: u64,
    /// Where it is in [`RawChunk::raw`].
    raw: Range<usize>,
    body: Result<CellsSpan, RejectReason>,
}

#[derive(Clone, Debug, PartialEq)]
struct CellsSpan {
    /// Where its cells' text begins in [`RawChunk::text`].
    start: usize,
    /// Where the ends of its cells are in [`RawChunk::ends`].
    ends: Range<usize>,
}

/// Rows that are worked on together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RawChunk {
    /// From 0.
    pub(super) number: u32,
    pub(super) rows: Vec<RowSpan>,
    /// Bytes of the file, as it lies there, that were read when the chunk was complete.
    pub(super) bytes: u64,
    /// Where the next chunk begins.
    pub(super) end: TextPosition,
    raw: Vec<u8>,
    text: String,
    ends: Vec<usize>,
}

/// The cells of one row.
pub(super) struct RowCells<'c> {
    text: &'c str,
    ends: &'c [usize],
}

impl Cells for RowCells<'_> {
    fn cell(&self, column: usize) -> &str {
        let Some(end) = self.ends.get(column) else {
            return "";
        };
        let start = column.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text[start..*end].trim()
    }

    fn width(&self) -> usize {
        self.ends.len()
    }
}

impl RawChunk {
    /// The cells of a row, or what is wrong with it.
    pub(super) fn cells(&self, row: &RowSpan) -> Result<RowCells<'_>, RejectReason> {
        let span = row.body.as_ref().map_err(Clone::clone)?;
        Ok(RowCells {
            text: &self.text[span.start..],
            ends: &self.ends[span.ends.clone()],
        })
    }

    /// The row as it is in the file, at most `max_bytes` of it.
    pub(super) fn raw(&self, row: &RowSpan, max_bytes: usize) -> String {
        let raw = &self.raw[row.raw.clone()];
        let raw = &raw[..raw.len().min(max_bytes)];
        String::from_utf8_lossy(raw).trim_end().to_owned()
    }
}

/// What the rows of a file look like.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowsShape {
    /// Between two cells.
    pub(super) delimiter: u8,
    /// Rows before the first data row.
    pub(super) header_rows: usize,
    /// Which of them names the columns, from 1.
    pub(super) names_row: usize,
}

/// Where a chunk begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChunkStart {
    /// Its number.
    pub(super) chunk: u32,
    pub(super) position: TextPosition,
}

/// Reads a file row by row.
pub(super) struct RowReader {
    input: Box<dyn Read + Send>,
    compressed: bool,
    passed: Passed,
    core: csv_core::Reader,
    buffer: Vec<u8>,
    /// Bytes of the text before the buffer.
    before_buffer: u64,
    start: usize,
    at_end: bool,
    line: u64,
    width: usize,
    output: Vec<u8>,
    ends: Vec<usize>,
    chunks: u32,
}

/// Counts and digests what is read beneath the decompression.
struct Counted {
    input: Box<dyn Read + Send>,
    passed: Passed,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(into)?;
        let mut tally = self.passed.tally();
        tally.bytes += read as u64;
        tally.hasher.update(&into[..read]);
        Ok(read)
    }
}

/// What was read of the file so far; shared with the reader that stands beneath the decompression.
#[derive(Clone, Default)]
struct Passed(Arc<Mutex<Tally>>);

#[derive(Default)]
struct Tally {
    bytes: u64,
    hasher: Sha256,
}

impl Passed {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One record as the parser found it.
enum Found {
    Row {
        raw: Range<usize>,
        output: usize,
        cells: usize,
    },
    TooLong,
    End,
}

impl RowReader {
    /// Opens a file and reads its header; gives back the names of its columns, none where it is empty.
    pub(super) fn open(
        source: &dyn RowSource,
        shape: RowsShape,
    ) -> io::Result<(Self, Result<Vec<String>, NotText>)> {
        let passed = Passed::default();
        let mut counted = BufReader::with_capacity(
            READ_BYTES,
            Counted {
                input: source.open()?,
                passed: passed.clone(),
            },
        );
        let compressed = io::BufRead::fill_buf(&mut counted)?.starts_with(&GZIP_MAGIC);
        let input: Box<dyn Read + Send> = if compressed {
            Box::new(MultiGzDecoder::new(counted))
        } else {
            Box::new(counted)
        };
        let mut reader = Self {
            input,
            compressed,
            passed,
            core: csv_core::ReaderBuilder::new()
                .delimiter(shape.delimiter)
                .build(),
            buffer: Vec::with_capacity(READ_BYTES),
            before_buffer: 0,
            start: 0,
            at_end: false,
            line: 1,
            width: 0,
            output: vec![0; 4096],
            ends: vec![0; 64],
            chunks: 0,
        };
        let names = reader.header(shape)?;
        Ok((reader, names))
    }

    /// Goes on where an earlier reader of the same file ended a chunk, behind the header. What lies before
    /// is passed over; of a compressed file it must be read for that.
    pub(super) fn go_to(&mut self, source: &dyn RowSource, start: ChunkStart) -> io::Result<()> {
        let ChunkStart {
            chunk,
            position: TextPosition { offset, line },
        } = start;
        if !self.compressed && offset > self.buffered() {
            if source.length_bytes().is_some_and(|length| length < offset) {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.passed.tally().bytes = offset;
            self.input = Box::new(Counted {
                input: source.open_at(offset)?,
                passed: self.passed.clone(),
            });
            self.buffer.clear();
            self.before_buffer = offset;
            self.start = 0;
        }
        while offset > self.buffered() && !self.at_end {
            self.start = self.buffer.len();
            self.fill()?;
        }
        if offset > self.buffered() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.start = usize::try_from(offset - self.before_buffer).expect("it is in the buffer");
        self.line = line;
        self.chunks = chunk;
        self.forget_record();
        Ok(())
    }

    /// Bytes of the text up to the end of the buffer.
    const fn buffered(&self) -> u64 {
        self.before_buffer + self.buffer.len() as u64
    }

    /// Lets the parser begin a record anew. A parser that has read nothing passes over a byte-order mark,
    /// which only the beginning of a file can have, so it is given a line end to read.
    fn forget_record(&mut self) {
        self.core.reset();
        let mut nothing = ([0], [0]);
        self.core.read_record(b"\n", &mut nothing.0, &mut nothing.1);
    }

    fn header(&mut self, shape: RowsShape) -> io::Result<Result<Vec<String>, NotText>> {
        let mut names = Vec::new();
        for row in 1..=shape.header_rows {
            match self.record()? {
                Found::End => return Ok(Ok(Vec::new())),
                Found::TooLong => return Ok(Err(NotText)),
                Found::Row { raw, output, cells } => {
                    self.line += lines(&self.buffer[raw]);
                    let Ok(text) = str::from_utf8(&self.output[..output]) else {
                        return Ok(Err(NotText));
                    };
                    if text.contains('\0') {
                        return Ok(Err(NotText));
                    }
                    if row == shape.names_row {
                        let cells = RowCells {
                            text,
                            ends: &self.ends[..cells],
                        };
                        names = (0..cells.width())
                            .map(|column| cells.cell(column).to_owned())
                            .collect();
                        self.width = names.len();
                    }
                }
            }
        }
        Ok(Ok(names))
    }

    /// The next chunk of up to `rows` rows; `None` at the end of the file.
    pub(super) fn chunk(&mut self, rows: usize) -> io::Result<Option<RawChunk>> {
        let mut chunk = RawChunk {
            number: self.chunks,
            rows: Vec::with_capacity(rows),
            bytes: 0,
            end: self.position(),
            raw: Vec::new(),
            text: String::new(),
            ends: Vec::new(),
        };
        while chunk.rows.len() < rows {
            match self.record()? {
                Found::End => break,
                Found::TooLong => self.give_up_line(
                    &mut chunk,
                    RejectReason::TooLong {
                        limit: ROW_MAX_BYTES,
                    },
                )?,
                Found::Row { raw, output, cells } => self.take(&mut chunk, raw, output, cells)?,
            }
        }
        chunk.bytes = self.passed.tally().bytes;
        chunk.end = self.position();
        self.chunks += 1;
        Ok((!chunk.rows.is_empty()).then_some(chunk))
    }

    const fn position(&self) -> TextPosition {
        TextPosition {
            offset: self.before_buffer + self.start as u64,
            line: self.line,
        }
    }

    /// SHA-256 of the file as it lies there; true once [`RowReader::chunk`] gave `None`, unless something
    /// was passed over.
    pub(super) fn digest(&self) -> [u8; 32] {
        self.passed.tally().hasher.clone().finalize().into()
    }

    fn take(
        &mut self,
        chunk: &mut RawChunk,
        raw: Range<usize>,
        output: usize,
        cells: usize,
    ) -> io::Result<()> {
        let width = self.used_width(cells);
        let bytes = &self.buffer[raw.clone()];
        let blank_lines = leading_lines(bytes);
        let body = if width != self.width {
            if has_inner_line(bytes) {
                // Taken apart: the rest may be good rows behind a quote that is not closed.
                self.start = raw.start;
                let reason = RejectReason::WrongWidth {
                    expected: self.width,
                    found: cells,
                };
                return self.give_up_line(chunk, reason);
            }
            Err(RejectReason::WrongWidth {
                expected: self.width,
                found: cells,
            })
        } else if let Ok(text) = str::from_utf8(&self.output[..output]) {
            let span = CellsSpan {
                start: chunk.text.len(),
                ends: chunk.ends.len()..chunk.ends.len() + width,
            };
            chunk.text.push_str(text);
            chunk.ends.extend_from_slice(&self.ends[..width]);
            Ok(span)
        } else {
            Err(RejectReason::NotText)
        };
        push_row(chunk, self.line + blank_lines, bytes, body);
        self.line += lines(bytes);
        Ok(())
    }

    /// Cells without the empty ones that stand beyond the header's width.
    fn used_width(&self, cells: usize) -> usize {
        let mut width = cells;
        while width > self.width && self.ends[width - 1] == self.ends[width - 2] {
            width -= 1;
        }
        width
    }

    /// Gives the first line of the window out as a defect and begins anew after it.
    fn give_up_line(&mut self, chunk: &mut RawChunk, reason: RejectReason) -> io::Result<()> {
        self.forget_record();
        let window = &self.buffer[self.start..];
        let begin = window
            .iter()
            .position(|byte| *byte != b'\n' && *byte != b'\r')
            .unwrap_or(0);
        let blank_lines = leading_lines(window);
        let end = window[begin..].iter().position(|byte| *byte == b'\n');
        let length = end.map_or(window.len(), |end| begin + end + 1);
        let line = &window[..length];
        push_row(chunk, self.line + blank_lines, line, Err(reason));
        self.line += lines(line);
        self.start += length;
        if end.is_none() {
            self.skip_line()?;
        }
        Ok(())
    }

    /// Passes over the rest of a line that is longer than the window.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(end) = self.buffer[self.start..]
                .iter()
                .position(|byte| *byte == b'\n')
            {
                self.start += end + 1;
                self.line += 1;
                return Ok(());
            }
            self.start = self.buffer.len();
            if self.at_end {
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Parses the next record out of the window. `self.start` moves behind it, or stays where the
    /// record is too long.
    fn record(&mut self) -> io::Result<Found> {
        let mut at = self.start;
        let mut output = 0;
        let mut cells = 0;
        loop {
            // To the parser no input means the end of the file.
            if at == self.buffer.len() && !self.at_end {
                if at - self.start > ROW_MAX_BYTES {
                    return Ok(Found::TooLong);
                }
                at -= self.start;
                self.fill()?;
                continue;
            }
            let (result, read, written, ended) = self.core.read_record(
                &self.buffer[at..],
                &mut self.output[output..],
                &mut self.ends[cells..],
            );
            at += read;
            output += written;
            cells += ended;
            match result {
                ReadRecordResult::Record => {
                    let raw = self.start..at;
                    self.start = at;
                    return Ok(Found::Row { raw, output, cells });
                }
                ReadRecordResult::End => return Ok(Found::End),
                ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if self.ends.len() < ROW_MAX_CELLS => {
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                ReadRecordResult::OutputEndsFull => return Ok(Found::TooLong),
                ReadRecordResult::InputEmpty => {}
            }
        }
    }

    /// Moves the window to the front of the buffer and reads on behind it.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.start);
        self.before_buffer += self.start as u64;
        self.start = 0;
        let filled = self.buffer.len();
        self.buffer.resize(filled + READ_BYTES, 0);
        let read = loop {
            match self.input.read(&mut self.buffer[filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.buffer.truncate(filled + *read.as_ref().unwrap_or(&0));
        self.at_end = read? == 0;
        Ok(())
    }
}

/// The file is not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotText;

fn push_row(chunk: &mut RawChunk, line: u64, raw: &[u8], body: Result<CellsSpan, RejectReason>) {
    let start = chunk.raw.len();
    let blank = raw
        .iter()
        .position(|byte| *byte != b'\n' && *byte != b'\r')
        .unwrap_or(raw.len());
    // Only defects and rejects are shown raw, but which rows are rejected is not known yet.
    chunk.raw.extend_from_slice(&raw[blank..]);
    chunk.rows.push(RowSpan {
        line,
        raw: start..chunk.raw.len(),
        body,
    });
}

fn lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Line ends before the first other byte (the parser leaves the `\n` of `\r\n` to the next record).
fn leading_lines(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .take_while(|byte| **byte == b'\n' || **byte == b'\r')
        .filter(|byte| **byte == b'\n')
        .count() as u64
}

/// Whether a line ends within the record, apart from its own end.
fn has_inner_line(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii();
    text.contains(&b'\n')
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    struct Text(Vec<u8>);

    impl RowSource for Text {
        fn open(&self) -> io::Result<Box<dyn Read + Send>> {
            Ok(Box::new(Cursor::new(self.0.clone())))
        }

        fn length_bytes(&self) -> Option<u64> {
            Some(self.0.len() as u64)
        }
    }

    const SHAPE: RowsShape = RowsShape {
        delimiter: b',',
        header_rows: 1,
        names_row: 1,
    };

    /// Cells, or the code of the defect with the raw row.
    type RowRead = Result<Vec<String>, (&'static str, String)>;

    /// Rows with their lines.
    fn read(text: &[u8]) -> Vec<(u64, RowRead)> {
        let (mut reader, names) = RowReader::open(&Text(text.to_vec()), SHAPE).expect("memory");
        assert!(names.is_ok());
        let mut all = Vec::new();
        while let Some(chunk) = reader.chunk(3).expect("memory") {
            for row in &chunk.rows {
                let cells = chunk
                    .cells(row)
                    .map(|cells| {
                        (0..cells.width())
                            .map(|column| cells.cell(column).to_owned())
                            .collect()
                    })
                    .map_err(|reason| (reason.code(), chunk.raw(row, 100)));
                all.push((row.line, cells));
            }
        }
        all
    }

    fn good(cells: &[&str]) -> RowRead {
        Ok(cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn rows_have_their_lines_and_cells() {
        let rows = read(b"a,b\n1,2\n\n \"x\"\"y\" , 4 \n\"two\nlines\",5\r\n6,7\r\n8,9");
        assert_eq!(
            rows,
            [
                (2, good(&["1", "2"])),
                (4, good(&["\"x\"\"y\"", "4"])),
                (5, good(&["two\nlines", "5"])),
                (7, good(&["6", "7"])),
                (8, good(&["8", "9"])),
            ]
        );
    }

    #[test]
    fn a_quote_that_is_not_closed_costs_one_line() {
        let rows = read(b"a,b\n\"1,2\n3,4\n5,\"6\"\n7,8\n");
        assert_eq!(
            rows,
            [
                (2, Err(("wrong_width", "\"1,2".to_owned()))),
                (3, good(&["3", "4"])),
                (4, good(&["5", "6"])),
                (5, good(&["7", "8"])),
            ]
        );
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_one_line_however_long_the_file() {
        let mut text = b"a,b\n\"1,2\n".to_vec();
        for row in 0..200_000 {
            text.extend_from_slice(format!("{row},x\n").as_bytes());
        }
        let rows = read(&text);
        assert_eq!(rows.len(), 200_001);
        assert_eq!(rows[0], (2, Err(("too_long", "\"1,2".to_owned()))));
        assert_eq!(rows[200_000], (200_002, good(&["199999", "x"])));
    }

    #[test]
    fn rows_that_are_not_rows_are_defects() {
        let mut text = b"a,b\n1\n1,2,3\n1,2,,\n\xff\xfe,2\n".to_vec();
        text.extend(std::iter::repeat_n(b'z', ROW_MAX_BYTES * 3));
        text.extend_from_slice(b"\n5,6\n");
        let rows = read(&text);
        let codes: Vec<_> = rows
            .iter()
            .map(|(line, row)| (*line, row.as_ref().err().map(|(code, _)| *code)))
            .collect();
        assert_eq!(
            codes,
            [
                (2, Some("wrong_width")),
                (3, Some("wrong_width")),
                (4, None),
                (5, Some("not_text")),
                (6, Some("too_long")),
                (7, None),
            ]
        );
    }

    #[test]
    fn a_compressed_file_of_several_members_is_one_file() {
        use std::io::Write as _;
        let gz = |text: &[u8]| {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(text).expect("memory");
            encoder.finish().expect("memory")
        };
        let file = [gz(b"a,b\n1,2\n"), gz(b"3,4\n")].concat();
        assert_eq!(
            read(&file),
            [(2, good(&["1", "2"])), (3, good(&["3", "4"]))]
        );
    }

    #[test]
    fn a_file_that_is_no_text_is_said_to_be_none() {
        for bytes in [&b"\xff\xfea\0,\0b\0\n\0"[..], b"PK\x03\x04\0\0\xf0\n"] {
            let (_, names) = RowReader::open(&Text(bytes.to_vec()), SHAPE).expect("memory");
            assert_eq!(names, Err(NotText));
        }
    }

    /// Text with everything that a place between two rows can stand in: quotes that are not closed, line
    /// ends of both kinds, blank lines, a byte-order mark that is none, rows that are too long.
    fn uneven(rows: u32) -> Vec<u8> {
        let mut text = b"\xef\xbb\xbfa,b\r\n".to_vec();
        for row in 0..rows {
            let line: &[u8] = match row % 11 {
                3 => b"\"open,1\n",
                4 => b"\xef\xbb\xbf\"mark\",2\n",
                5 => b"\r\n\n\"two\nlines\",3\r\n",
                7 => b"1,2,3\n",
                9 => b"\xff,2\r\n",
                _ => b"x,y\n",
            };
            text.extend_from_slice(line);
        }
        text.extend(std::iter::repeat_n(b'z', ROW_MAX_BYTES * 2));
        text.extend_from_slice(b"\nlast,row");
        text
    }

    fn all_chunks(reader: &mut RowReader, rows: usize) -> Vec<RawChunk> {
        std::iter::from_fn(|| reader.chunk(rows).expect("memory")).collect()
    }

    #[test]
    fn reading_goes_on_at_the_end_of_any_chunk_as_if_it_had_not_stopped() {
        use std::io::Write as _;
        let plain = uneven(33);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&plain).expect("memory");
        let packed = packed.finish().expect("memory");
        for (file, compressed) in [(Text(plain), false), (Text(packed), true)] {
            for rows in [1, 4] {
                let (mut whole, _) = RowReader::open(&file, SHAPE).expect("memory");
                let chunks = all_chunks(&mut whole, rows);
                for (at, before) in chunks.iter().enumerate() {
                    let (mut reader, _) = RowReader::open(&file, SHAPE).expect("memory");
                    let start = ChunkStart {
                        chunk: before.number + 1,
                        position: before.end,
                    };
                    reader.go_to(&file, start).expect("memory");
                    let mut rest = all_chunks(&mut reader, rows);
                    if !compressed {
                        // How far the file was read ahead is not the same.
                        for (chunk, whole) in rest.iter_mut().zip(&chunks[at + 1..]) {
                            chunk.bytes = whole.bytes;
                        }
                    }
                    assert_eq!(rest, chunks[at + 1..], "behind chunk {at} of {rows} rows");
                }
            }
        }
    }

    #[test]
    fn a_place_behind_the_end_of_the_file_is_an_error() {
        let file = Text(b"a,b\n1,2\n".to_vec());
        let (mut reader, _) = RowReader::open(&file, SHAPE).expect("memory");
        let start = ChunkStart {
            chunk: 1,
            position: TextPosition {
                offset: 100,
                line: 9,
            },
        };
        let error = reader.go_to(&file, start).expect_err("no such place");
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}

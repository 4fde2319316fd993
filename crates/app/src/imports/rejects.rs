//! The rejects file: every row that could not be used, with the reason.

use std::io::{self, Write};

use super::source::Reject;

/// Columns of the file that the command line writes.
const HEADER: [&str; 5] = ["line", "reason", "column", "message", "raw"];
/// The same columns, as clients of the HTTP surface know them.
const HEADER_FOR_CLIENTS: [&str; 5] = ["line", "code", "column", "reason", "row"];

/// Writes rejects as CSV: line, reason code, column at fault, message, the raw row.
pub struct RejectsWriter<W: Write> {
    rows: csv::Writer<W>,
}

impl<W: Write> RejectsWriter<W> {
    /// Begins a file with its header.
    ///
    /// # Errors
    /// Whatever the writer says.
    pub fn new(out: W) -> io::Result<Self> {
        let mut rows = csv::Writer::from_writer(out);
        rows.write_record(HEADER)?;
        Ok(Self { rows })
    }

    /// Begins a file for clients of the HTTP surface with its header.
    ///
    /// # Errors
    /// Whatever the writer says.
    pub fn for_clients(out: W) -> io::Result<Self> {
        let mut rows = csv::Writer::from_writer(out);
        rows.write_record(HEADER_FOR_CLIENTS)?;
        Ok(Self { rows })
    }

    /// Goes on with a file that has its header.
    pub fn without_header(out: W) -> Self {
        let rows = csv::Writer::from_writer(out);
        Self { rows }
    }

    /// Writes one reject.
    ///
    /// # Errors
    /// Whatever the writer says.
    pub fn write(&mut self, reject: &Reject) -> io::Result<()> {
        let Reject { line, reason, raw } = reject;
        self.rows.write_record([
            line.to_string().as_str(),
            reason.code(),
            reason.column().unwrap_or_default(),
            reason.to_string().as_str(),
            raw,
        ])?;
        Ok(())
    }

    /// Hands everything on to the writer.
    ///
    /// # Errors
    /// Whatever the writer says.
    pub fn flush(&mut self) -> io::Result<()> {
        self.rows.flush()
    }

    /// Hands everything on to the writer, and gives it back.
    ///
    /// # Errors
    /// Whatever the writer says.
    pub fn finish(self) -> io::Result<W> {
        self.rows
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }
}

#[cfg(test)]
mod tests {
    use lastmile_model::listing::row::RejectReason;

    use super::*;

    #[test]
    fn a_reject_is_a_row_whatever_is_in_it() {
        let mut file = RejectsWriter::new(Vec::new()).expect("memory");
        let reject = Reject {
            line: 7,
            reason: RejectReason::Missing {
                column: "Zip, Code".to_owned(),
            },
            raw: "1,\"MAIN\nST\"".to_owned(),
        };
        file.write(&reject).expect("memory");
        let text = String::from_utf8(file.finish().expect("memory")).expect("text");
        assert_eq!(
            text,
            "line,reason,column,message,raw\n\
             7,missing,\"Zip, Code\",\"column \"\"Zip, Code\"\" is empty\",\"1,\"\"MAIN\nST\"\"\"\n"
        );
    }
}

//! Tables of text, read line by line, so that a bad line spoils nothing but itself.

use std::fmt;
use std::io;
use std::path::PathBuf;

use csv::{ByteRecord, ReaderBuilder, StringRecord, Trim};

use crate::orders::ORDERS;

/// Why there is nothing to run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// A file or folder that cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file in another layout.
    #[error("{file} has no column `{column}`")]
    NoColumn {
        /// Which.
        file: &'static str,
        /// What it lacks.
        column: &'static str,
    },
}

/// What is to be said about one row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowNote {
    /// The file.
    pub(crate) file: &'static str,
    /// The line, counted from 1, which is the header.
    pub(crate) line: u64,
    /// What is to be said.
    pub(crate) reason: String,
}

impl RowNote {
    /// By file and line, orders first.
    pub(crate) fn sort(notes: &mut [Self]) {
        notes.sort_by_key(|note| (note.file != ORDERS, note.file, note.line));
    }
}

impl fmt::Display for RowNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

/// A file with a header.
pub(crate) struct Table<'a> {
    header: StringRecord,
    body: Vec<(u64, &'a [u8])>,
}

/// One row under the header.
pub(crate) struct Row<'t> {
    /// Its line.
    pub(crate) line: u64,
    /// What is wrong with the row as a whole.
    pub(crate) fault: Option<String>,
    header: &'t StringRecord,
    fields: StringRecord,
}

impl<'a> Table<'a> {
    /// Reads the header.
    ///
    /// # Errors
    /// [`ReadError::NoColumn`] where one of the columns is not there.
    pub(crate) fn open(file: &'static str, bytes: &'a [u8], needed: &[&'static str]) -> Result<Self, ReadError> {
        let mut lines = (1..).zip(bytes.split(|byte| *byte == b'\n')).filter(|(_, line)| !line.trim_ascii().is_empty());
        let (header, _) = parse(lines.next().map_or(b"", |(_, line)| line));
        match needed.iter().find(|column| !header.iter().any(|known| known == **column)) {
            Some(column) => Err(ReadError::NoColumn { file, column }),
            None => Ok(Self { header, body: lines.collect() }),
        }
    }

    /// The rows, in the order of the file.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.body.iter().map(|(line, text)| {
            let (fields, fault) = parse(text);
            let (found, expected) = (fields.len(), self.header.len());
            let uneven = || format!("{found} fields where the header has {expected}");
            let fault = fault.or_else(|| (found != expected).then(uneven));
            Row { line: *line, fault, header: &self.header, fields }
        })
    }
}

impl Row<'_> {
    /// What stands in a column; nothing where the column or the field is not there.
    pub(crate) fn field(&self, column: &str) -> &str {
        let place = self.header.iter().position(|known| known == column);
        place.and_then(|place| self.fields.get(place)).unwrap_or_default()
    }
}

/// The fields of one line, as far as they can be read, and what is wrong with the line.
// The published tables hold no line breaks inside of quotes, so each line stands for itself: a quote that is never closed
// cannot swallow the rows after it.
fn parse(line: &[u8]) -> (StringRecord, Option<String>) {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).trim(Trim::All).from_reader(line);
    let mut fields = ByteRecord::new();
    let read = reader.read_byte_record(&mut fields);
    let quotes = line.iter().filter(|byte| **byte == b'"').count();
    let fault = match read {
        Err(error) => Some(error.to_string()),
        Ok(_) if quotes.checked_rem(2) != Some(0) => Some("a quote that is not closed".to_owned()),
        Ok(_) => None,
    };
    match StringRecord::from_byte_record(fields) {
        Ok(fields) => (fields, fault),
        Err(error) => {
            let fields = StringRecord::from_byte_record_lossy(error.into_byte_record());
            (fields, Some("text that is not UTF-8".to_owned()))
        }
    }
}

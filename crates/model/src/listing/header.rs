//! The names of a file's columns, found without regard to case, blanks and punctuation.

/// The columns of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    names: Vec<String>,
    folded: Vec<String>,
}

/// The cells of one row; a cell that is not there is empty.
pub trait Cells {
    /// The cell of a column, from 0, without surrounding blanks.
    fn cell(&self, column: usize) -> &str;
    /// How many there are.
    fn width(&self) -> usize;
}

impl Cells for [&str] {
    fn cell(&self, column: usize) -> &str {
        self.get(column).map_or("", |cell| cell.trim())
    }

    fn width(&self) -> usize {
        self.len()
    }
}

/// Mark that some programs write before a text file.
const BYTE_ORDER_MARK: char = '\u{feff}';

impl Header {
    /// Takes the cells of the row that names the columns.
    #[must_use]
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let names: Vec<String> = names
            .into_iter()
            .map(|name| name.trim_start_matches(BYTE_ORDER_MARK).trim().to_owned())
            .collect();
        Self {
            folded: names.iter().map(|name| folded(name)).collect(),
            names,
        }
    }

    /// The names as they are in the file.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many columns there are.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.names.len()
    }

    /// The first column that has one of these names.
    #[must_use]
    pub fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let wanted = folded(name);
            self.folded.iter().position(|column| *column == wanted)
        })
    }

    /// Columns and the start of their names, for those whose folded name ends so.
    pub(super) fn ending<'h>(&'h self, end: &'h str) -> impl Iterator<Item = (usize, &'h str)> {
        self.folded
            .iter()
            .enumerate()
            .filter_map(move |(column, name)| Some((column, name.strip_suffix(end)?)))
    }
}

/// Letters and figures only, lower case: `Zip Code`, `zip_code` and `ZIPCODE` are one name.
pub(crate) fn folded(name: &str) -> String {
    name.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_however_they_are_spelt() {
        let header = Header::new(["\u{feff}Address Full", " zip_code ", "CITY"]);
        assert_eq!(header.find(&["address_full"]), Some(0));
        assert_eq!(header.find(&["postal code", "Zip Code"]), Some(1));
        assert_eq!(header.find(&["city"]), Some(2));
        assert_eq!(header.find(&["state"]), None);
        assert_eq!(header.names(), ["Address Full", "zip_code", "CITY"]);
    }
}

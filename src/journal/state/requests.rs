use crate::journal::index::Index;
use crate::journal::table::Table;
use crate::journal::{Digest, RequestRow};

/// Every remembered request by its name. The rows lie apart from the index, which stays small and grows fast.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    index: Index<Digest, u32>,
    rows: Table<RequestRow>,
}

impl Requests {
    pub(crate) fn get(&self, name: Digest) -> Option<&RequestRow> {
        self.rows.get(*self.index.get(&name)?)
    }

    /// Remembers a request, in the place of an earlier one of the same name.
    pub(crate) fn put(&mut self, row: &RequestRow) {
        match self.index.claim(row.name, self.rows.len()) {
            Some(place) => {
                if let Some(known) = self.rows.get_mut(*place) {
                    *known = *row;
                }
            }
            None => {
                self.rows.push(*row);
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    /// Every row, by name.
    pub(crate) fn sorted(&self) -> Vec<&RequestRow> {
        let mut all: Vec<&RequestRow> = self.rows.iter().collect();
        all.sort_unstable_by_key(|row| row.name);
        all
    }
}

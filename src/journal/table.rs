//! Rows in the order in which they came.

const CHUNK: usize = 2048;

/// A list that grows in chunks: adding a row never moves the others, and never stops the program to do so.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    chunks: Vec<Vec<T>>,
    len: u32,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T> Table<T> {
    /// The number of rows, which is the number that the next row gets.
    pub(crate) const fn len(&self) -> u32 {
        self.len
    }

    fn place(row: u32) -> (usize, usize) {
        let row = usize::try_from(row).unwrap_or(usize::MAX);
        (row.checked_div(CHUNK).unwrap_or_default(), row.checked_rem(CHUNK).unwrap_or_default())
    }

    /// Adds a row and tells its number.
    pub(crate) fn push(&mut self, value: T) -> u32 {
        let row = self.len;
        match self.chunks.last_mut().filter(|chunk| chunk.len() < CHUNK) {
            Some(chunk) => chunk.push(value),
            None => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(value);
                self.chunks.push(chunk);
            }
        }
        // INVARIANT: rows are dozens of bytes, so memory runs out long before row numbers do.
        self.len = row.saturating_add(1);
        row
    }

    pub(crate) fn get(&self, row: u32) -> Option<&T> {
        let (chunk, place) = Self::place(row);
        self.chunks.get(chunk)?.get(place)
    }

    pub(crate) fn get_mut(&mut self, row: u32) -> Option<&mut T> {
        let (chunk, place) = Self::place(row);
        self.chunks.get_mut(chunk)?.get_mut(place)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.chunks.iter().flatten()
    }

    /// The `count` rows from `first` on.
    pub(crate) fn range(&self, first: u32, count: u32) -> impl Iterator<Item = &T> {
        (first..first.saturating_add(count)).filter_map(|row| self.get(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_numbers_across_chunks() {
        let mut table = Table::default();
        for row in 0..5_000_u32 {
            assert_eq!(table.push(row), row);
        }
        *table.get_mut(2_048).unwrap() = 7;
        assert_eq!((table.get(2_047), table.get(2_048), table.get(5_000)), (Some(&2_047), Some(&7), None));
        assert_eq!(table.iter().count(), 5_000);
        assert_eq!(table.range(2_046, 3).copied().collect::<Vec<_>>(), [2_046, 2_047, 7]);
    }
}

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

    /// Adds rows and tells the number of the first.
    pub(crate) fn extend(&mut self, mut values: &[T]) -> u32
    where
        T: Copy,
    {
        let first = self.len;
        if let Some(chunk) = self.chunks.last_mut().filter(|chunk| chunk.len().saturating_add(values.len()) <= CHUNK) {
            chunk.extend_from_slice(values);
            self.len = first.saturating_add(u32::try_from(values.len()).unwrap_or(u32::MAX));
            return first;
        }
        while !values.is_empty() {
            let room = self.chunks.last().map_or(0, |chunk| CHUNK.saturating_sub(chunk.len()));
            if room == 0 {
                self.chunks.push(Vec::with_capacity(CHUNK));
                continue;
            }
            let (now, later) = values.split_at_checked(room).unwrap_or((values, &[]));
            if let Some(chunk) = self.chunks.last_mut() {
                chunk.extend_from_slice(now);
            }
            self.len = self.len.saturating_add(u32::try_from(now.len()).unwrap_or(u32::MAX));
            values = later;
        }
        first
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
        assert_eq!((table.extend(&[8; 3_000]), table.extend(&[9])), (5_000, 8_000));
        assert_eq!((table.len(), table.get(7_999), table.get(8_000)), (8_001, Some(&8), Some(&9)));
        assert_eq!(table.range(2_046, 3).copied().collect::<Vec<_>>(), [2_046, 2_047, 7]);
    }
}

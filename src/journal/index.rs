//! Look-up by key, in an order that nobody can see.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

const SHARDS: usize = 64;
const SEED: u64 = 0x66_75_6e_64_72_6f_75_74;

/// A hash table that cannot be iterated, except sorted: hash order never reaches a result.
///
/// It is split into shards that grow one by one, so that no single insertion stops the program for long.
#[derive(Clone, Debug)]
pub(crate) struct Index<K, V> {
    shards: Vec<HashTable<(K, V)>>,
    hasher: FixedState,
}

impl<K, V> Default for Index<K, V> {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| HashTable::new()).collect(), hasher: FixedState::with_seed(SEED) }
    }
}

impl<K: Hash + Eq, V> Index<K, V> {
    fn locate(&self, key: &K) -> (u64, usize) {
        let hash = self.hasher.hash_one(key);
        // The table uses the topmost seven bits and the lowest ones; these lie between.
        let shard = usize::try_from((hash >> 40) & 0x3f).unwrap_or_default();
        (hash, shard)
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let (hash, shard) = self.locate(key);
        self.shards.get(shard)?.find(hash, |(known, _)| known == key).map(|(_, value)| value)
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// Puts a value in the place of an earlier one, if any.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        let (hash, shard) = self.locate(&key);
        let hasher = &self.hasher;
        let Some(table) = self.shards.get_mut(shard) else { return };
        match table.entry(hash, |(known, _)| *known == key, |(key, _)| hasher.hash_one(key)) {
            Entry::Occupied(mut present) => present.get_mut().1 = value,
            Entry::Vacant(place) => {
                place.insert((key, value));
            }
        }
    }

    /// Puts a value where there is none yet; tells the one that is there already.
    pub(crate) fn claim(&mut self, key: K, value: V) -> Option<&mut V> {
        let (hash, shard) = self.locate(&key);
        let hasher = &self.hasher;
        match self.shards.get_mut(shard)?.entry(hash, |(known, _)| *known == key, |(key, _)| hasher.hash_one(key)) {
            Entry::Occupied(present) => Some(&mut present.into_mut().1),
            Entry::Vacant(place) => {
                place.insert((key, value));
                None
            }
        }
    }

    /// The value of a key, which is made if there is none.
    pub(crate) fn value(&mut self, key: K) -> Option<&mut V>
    where
        V: Default,
    {
        let (hash, shard) = self.locate(&key);
        let hasher = &self.hasher;
        let table = self.shards.get_mut(shard)?;
        let place = table.entry(hash, |(known, _)| *known == key, |(key, _)| hasher.hash_one(key));
        Some(&mut place.or_insert_with(|| (key, V::default())).into_mut().1)
    }

    /// Takes a key out.
    pub(crate) fn remove(&mut self, key: &K) {
        let (hash, shard) = self.locate(key);
        let Some(table) = self.shards.get_mut(shard) else { return };
        if let Ok(present) = table.find_entry(hash, |(known, _)| known == key) {
            present.remove();
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(HashTable::len).sum()
    }

    /// Everything in it, by key.
    pub(crate) fn sorted(&self) -> Vec<(&K, &V)>
    where
        K: Ord,
    {
        let mut all: Vec<(&K, &V)> =
            self.shards.iter().flat_map(HashTable::iter).map(|(key, value)| (key, value)).collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_the_last_value_of_each_key_and_lists_them_sorted() {
        let mut index = Index::default();
        for key in (0_u64..10_000).rev() {
            index.insert(key, key);
            index.insert(key, key * 2);
        }
        assert_eq!(index.len(), 10_000);
        assert_eq!(index.get(&77), Some(&154));
        assert!(!index.contains(&10_000));
        assert_eq!(index.claim(77, 5).copied(), Some(154));
        assert_eq!(index.claim(10_000, 5), None);
        assert_eq!(index.value(10_000).copied(), Some(5));
        index.remove(&10_000);
        assert_eq!(index.len(), 10_000);
        *index.value(77).unwrap() = 1;
        assert_eq!(index.get(&77), Some(&1));
        let keys: Vec<u64> = index.sorted().into_iter().map(|(key, _)| *key).collect();
        assert!(keys.is_sorted() && keys.len() == 10_000);
    }

    #[test]
    fn sequential_keys_spread_over_the_shards() {
        let mut index = Index::default();
        for key in 0_u64..64_000 {
            index.insert(key, ());
        }
        let fullest = index.shards.iter().map(HashTable::len).max().unwrap();
        assert!(fullest < 2_000, "{fullest}");
    }
}

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a host writes on an object for itself: keys and values that mean nothing to this crate.
///
/// It stands in the journal, so it is no place for data about persons.
///
/// ```
/// use fundroute::accounts::{Metadata, MetadataError};
///
/// let notes = Metadata::new().set("ledger", "4711").set("opened_by", "import");
/// assert_eq!(notes.get("ledger"), Some("4711"));
/// assert_eq!(notes.check(), Ok(()));
/// assert_eq!(Metadata::new().set("k".repeat(41), "v").check(), Err(MetadataError::Key));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata(BTreeMap<Box<str>, Box<str>>);

/// Why metadata was refused.
// RULE: 50 keys of at most 40 characters without square brackets, values of at most 500 (docs.stripe.com/api/metadata, 2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum MetadataError {
    /// A key is empty, too long, or holds a square bracket.
    #[error("a metadata key has 1 to 40 characters and no square brackets")]
    Key,
    /// A value is too long.
    #[error("a metadata value has at most 500 characters")]
    Value,
    /// There are too many keys.
    #[error("an object has at most 50 metadata keys")]
    TooMany,
}

impl Metadata {
    /// The most keys of one object.
    pub const MOST_KEYS: usize = 50;
    /// The longest key, in characters.
    pub const LONGEST_KEY: usize = 40;
    /// The longest value, in characters.
    pub const LONGEST_VALUE: usize = 500;

    /// No keys.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The same, with one key more, or another value for it. In an update an empty value removes the key.
    #[must_use]
    pub fn set(mut self, key: impl Into<Box<str>>, value: impl Into<Box<str>>) -> Self {
        self.0.insert(key.into(), value.into());
        self
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|value| &**value)
    }

    /// Every key with its value, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (&**key, &**value))
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// That an object may have it.
    ///
    /// # Errors
    /// The first [`MetadataError`].
    pub fn check(&self) -> Result<(), MetadataError> {
        for (key, value) in self.iter() {
            if key.is_empty() || key.chars().count() > Self::LONGEST_KEY || key.contains(['[', ']']) {
                return Err(MetadataError::Key);
            }
            if value.chars().count() > Self::LONGEST_VALUE {
                return Err(MetadataError::Value);
            }
        }
        if self.0.len() > Self::MOST_KEYS { Err(MetadataError::TooMany) } else { Ok(()) }
    }

    /// What it is after an update: keys that the update does not name stay, those that it names with nothing go.
    pub(crate) fn updated(&self, update: &Self) -> Self {
        let mut next = self.clone();
        for (key, value) in &update.0 {
            if value.is_empty() {
                next.0.remove(key);
            } else {
                next.0.insert(key.clone(), value.clone());
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_count_characters_and_stand_at_the_documented_edges() {
        let of = |key: usize, value: usize| Metadata::new().set("ä".repeat(key), "ö".repeat(value)).check();
        assert_eq!((of(40, 500), of(1, 0)), (Ok(()), Ok(())));
        assert_eq!(of(41, 1), Err(MetadataError::Key));
        assert_eq!(of(0, 1), Err(MetadataError::Key));
        assert_eq!(of(1, 501), Err(MetadataError::Value));
        assert_eq!(Metadata::new().set("a[b]", "").check(), Err(MetadataError::Key));
        let many = |count: u32| (0..count).fold(Metadata::new(), |all, key| all.set(key.to_string(), "x")).check();
        assert_eq!((many(50), many(51)), (Ok(()), Err(MetadataError::TooMany)));
    }

    #[test]
    fn an_update_sets_removes_and_leaves_the_rest() {
        let before = Metadata::new().set("a", "1").set("b", "2").set("c", "3");
        let after = before.updated(&Metadata::new().set("b", "").set("c", "4").set("d", "5").set("e", ""));
        assert_eq!(after, Metadata::new().set("a", "1").set("c", "4").set("d", "5"));
    }
}

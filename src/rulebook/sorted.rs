//! Rules in the order of what they are about.

/// Rules by key. They are read far more often than changed, so the keys lie side by side and are halved down to the right one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sorted<K, V> {
    /// INVARIANT: in order, none twice, and as many as there are rules.
    keys: Vec<K>,
    rules: Vec<V>,
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self { keys: Vec::new(), rules: Vec::new() }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Sorted<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(rules: I) -> Self {
        let mut sorted = Self::default();
        sorted.extend(rules);
        sorted
    }
}

impl<K: Ord, V> Sorted<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        let place = self.keys.binary_search(key).ok()?;
        self.rules.get(place)
    }

    /// Puts a rule in the place of the one that has this key, if there is one.
    pub(super) fn insert(&mut self, key: K, rule: V) {
        match self.keys.binary_search(&key) {
            Ok(place) => {
                if let Some(known) = self.rules.get_mut(place) {
                    *known = rule;
                }
            }
            Err(place) => {
                self.keys.insert(place, key);
                self.rules.insert(place, rule);
            }
        }
    }

    pub(super) fn extend(&mut self, rules: impl IntoIterator<Item = (K, V)>) {
        for (key, rule) in rules {
            self.insert(key, rule);
        }
    }

    /// Every rule, in the order of the keys.
    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        self.rules.iter()
    }

    #[cfg(test)]
    pub(super) const fn len(&self) -> usize {
        self.keys.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_found_by_key_and_listed_in_order() {
        let mut rules = Sorted::default();
        rules.extend([(3, 'c'), (1, 'x'), (2, 'b'), (1, 'a')]);
        assert_eq!(rules.values().collect::<String>(), "abc");
        assert_eq!(rules.len(), 3);
        assert_eq!(rules.get(&2), Some(&'b'));
        assert_eq!(rules.get(&4), None);
    }
}

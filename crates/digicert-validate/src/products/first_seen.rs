//! [`FEW`], how many are few, and [`FirstSeen`], where each of many keys stood first. What is done
//! with a key that comes again is for the rules.

use std::collections::HashMap;
use std::hash::Hash;

/// Up to so many are compared one by one, which allocates nothing; no price list of the
/// documentation comes near.
pub(crate) const FEW: usize = 16;

/// Where each key stood first.
///
/// It allocates nothing for a few keys, and does not become slow with many.
#[derive(Debug)]
pub(crate) struct FirstSeen<K> {
    few: [Option<(K, usize)>; FEW],
    count: usize,
    /// Every key, as soon as there are more than a few; empty before.
    many: HashMap<K, usize>,
}

impl<K: Copy + Eq + Hash> FirstSeen<K> {
    pub(crate) fn new() -> Self {
        Self {
            few: [None; FEW],
            count: 0,
            many: HashMap::new(),
        }
    }

    /// Where the key stood first, if it did; else remembers that it stands here.
    pub(crate) fn insert(&mut self, key: K, index: usize) -> Option<usize> {
        let first = self.get(key);
        if first.is_some() {
            return first;
        }
        if let Some(free) = self.few.get_mut(self.count) {
            *free = Some((key, index));
            self.count += 1;
            return None;
        }
        if self.many.is_empty() {
            self.many.extend(self.few.iter().flatten().copied());
        }
        self.many.insert(key, index);
        None
    }

    /// Where the key stood first.
    pub(crate) fn get(&self, key: K) -> Option<usize> {
        if !self.many.is_empty() {
            return self.many.get(&key).copied();
        }
        let mut seen = self.few.iter().take(self.count).flatten();
        seen.find(|(seen, _)| *seen == key).map(|(_, index)| *index)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::hash::Hasher;

    use super::*;

    thread_local! {
        static COMPARISONS: Cell<usize> = const { Cell::new(0) };
    }

    /// A key that counts how often it is compared.
    #[derive(Clone, Copy, Debug, Eq)]
    struct Counting(usize);

    impl PartialEq for Counting {
        fn eq(&self, other: &Self) -> bool {
            COMPARISONS.set(COMPARISONS.get() + 1);
            self.0 == other.0
        }
    }

    impl Hash for Counting {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }

    #[test]
    fn it_finds_the_first_of_few_and_of_many() {
        for count in [1, FEW - 1, FEW, FEW + 1, 1_000] {
            let mut seen = FirstSeen::new();
            for key in 0..count {
                assert_eq!(seen.insert(key, key + 7), None, "{key} of {count}");
            }
            for key in 0..count {
                assert_eq!(seen.insert(key, 0), Some(key + 7), "{key} of {count}");
                assert_eq!(seen.get(key), Some(key + 7), "{key} of {count}");
            }
            assert_eq!(seen.get(count), None);
        }
    }

    #[test]
    fn i10_many_keys_take_a_few_comparisons_each() {
        const MANY: usize = 100_000;
        let mut seen = FirstSeen::new();
        for round in 0..2 {
            for key in 0..MANY {
                assert_eq!(seen.insert(Counting(key), key).is_some(), round == 1);
            }
        }
        let each = COMPARISONS.get() / MANY;
        assert!(each < 8, "{each} comparisons for each key");
    }
}

//! CertCentral keys: who a key belongs to, and making up new ones.
//!
//! How a key arrives in a request is for `authentication`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};

use digicert_types::CertCentralApiKey;

/// The account that a CertCentral key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum KeyOwner {
    /// The seeded parent account.
    Parent,
    /// The managed subaccount with this ID.
    Subaccount(i64),
}

/// All CertCentral keys in force.
///
/// Keys are found by a hash that is seeded at random, so the time it takes tells nothing about
/// them, and then compared by [`CertCentralApiKey`], which takes the same time wherever two keys
/// differ. So it neither leaks a key nor slows down with their number.
#[derive(Debug, Default)]
pub(crate) struct KeyRing {
    hasher: RandomState,
    by_hash: HashMap<u64, Vec<(CertCentralApiKey, KeyOwner)>>,
}

impl KeyRing {
    pub(crate) fn add(&mut self, key: CertCentralApiKey, owner: KeyOwner) {
        let entries = self.by_hash.entry(self.hash(&key)).or_default();
        entries.push((key, owner));
    }

    pub(crate) fn owner(&self, key: &CertCentralApiKey) -> Option<KeyOwner> {
        let entries = self.by_hash.get(&self.hash(key))?;
        let found = entries.iter().find(|(known, _)| known == key);
        found.map(|(_, owner)| *owner)
    }

    fn hash(&self, key: &CertCentralApiKey) -> u64 {
        self.hasher.hash_one(key.expose_secret())
    }
}

/// Makes up the text of a key: what it is for, and 32 random digits. The beginning shows that no
/// service has ever issued it.
pub(crate) fn made_up(purpose: &str) -> Result<String, getrandom::Error> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)?;
    let mut key = format!("sandbox-{purpose}-");
    for byte in random {
        // Writing to a `String` cannot fail.
        let _ = write!(key, "{byte:02x}");
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_among_many() {
        let mut ring = KeyRing::default();
        ring.add(CertCentralApiKey::new("parent"), KeyOwner::Parent);
        for id in 0..1000 {
            let key = CertCentralApiKey::new(format!("key-{id}"));
            ring.add(key, KeyOwner::Subaccount(id));
        }
        let owner = |text: &str| ring.owner(&CertCentralApiKey::new(text));
        assert_eq!(owner("parent"), Some(KeyOwner::Parent));
        assert_eq!(owner("key-77"), Some(KeyOwner::Subaccount(77)));
        for unknown in ["key-1000", "key-7 ", "KEY-7", "paren", "parentt", ""] {
            assert_eq!(owner(unknown), None, "{unknown:?}");
        }
    }

    #[test]
    fn made_up_keys_differ_and_look_fake() {
        let (one, other) = (made_up("partner").unwrap(), made_up("partner").unwrap());
        assert_ne!(one, other);
        let digits = one.strip_prefix("sandbox-partner-").unwrap();
        assert_eq!(digits.len(), 32);
        assert!(digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    }

    #[test]
    fn i2_debug_of_the_ring_shows_no_key() {
        let mut ring = KeyRing::default();
        ring.add(CertCentralApiKey::new("made-up-secret"), KeyOwner::Parent);
        assert!(!format!("{ring:?}").contains("made-up-secret"));
    }
}

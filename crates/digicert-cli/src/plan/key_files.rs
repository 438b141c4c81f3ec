//! The partner keys in files that the ledger names, each read once: to compare them, and for nothing else.
//! They are never shown and never written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use digicert_types::PartnerApiKey;

use crate::service::{KeySource, PARTNER};

/// By their files; `None` where there is none that can be read.
#[derive(Debug, Default)]
pub(super) struct KeyFiles(Mutex<BTreeMap<PathBuf, Option<PartnerApiKey>>>);

impl KeyFiles {
    /// Whether two files have the same key, if both can be read.
    pub(super) fn are_equal(&self, one: &Path, other: &Path) -> Option<bool> {
        let one = self.key(one)?;
        self.has(other, &one)
    }

    /// Whether a file has this key, if it can be read.
    pub(super) fn has(&self, file: &Path, key: &PartnerApiKey) -> Option<bool> {
        self.key(file).map(|other| other == *key)
    }

    fn key(&self, file: &Path) -> Option<PartnerApiKey> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains_key(file) {
            known.insert(file.to_owned(), read(file));
        }
        known.get(file)?.clone()
    }
}

/// Who reads a pipe would wait for somebody, or take a key away from somebody.
fn read(file: &Path) -> Option<PartnerApiKey> {
    let is_file = fs::metadata(file).is_ok_and(|file| file.is_file());
    let key = is_file.then(|| KeySource::file(&PARTNER, file).read());
    key?.ok().map(PartnerApiKey::from)
}

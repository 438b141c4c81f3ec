//! Creations of manifests that are there already, and of which the ledger does not say that they
//! ended well: a plan that has nothing to do for them must not make anybody forget the key. Of one that
//! somebody has settled, mostly no process has seen the key; then it has to be where it was to go.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Spot;
use crate::advised_command;
use crate::custodian::KeyFate;
use crate::ledger::{Action, EndingKind, Entry, EntryId, Filter, KnownFrom, Ledger, LedgerError};

/// A subaccount that is there without its key, as far as the ledger knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyInDoubt {
    pub(crate) at: Spot,
    pub(crate) name: String,
    pub(crate) subaccount_id: i64,
    /// The entry of the ledger that leaves it open.
    pub(crate) entry: EntryId,
    /// Whether the creation itself is open; otherwise its answer had no key that could be kept, or
    /// none is in the file that is missing.
    pub(crate) is_open: bool,
    /// The file that the key was to go to, if somebody has settled the creation since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) missing: Option<PathBuf>,
}

/// Why a key is in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Open,
    NotKept,
    /// It was settled by somebody, and its file is not there or empty.
    NotSeen,
}

/// What the ledger has of the creations at one service, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct CreationsInLedger {
    entries: Vec<Entry>,
    /// Those that somebody is at work on.
    under_way: Vec<EntryId>,
}

impl CreationsInLedger {
    pub(crate) fn read(ledger: &Ledger, origin: &str) -> Result<Self, LedgerError> {
        let mut entries = ledger.entries(&Filter {
            action: Some(Action::CreateSubaccount),
            origin: Some(origin.to_owned()),
            ..Filter::default()
        })?;
        let mut under_way = Vec::new();
        for entry in &mut entries {
            let (now, is_under_way) = ledger.as_it_stands(entry.clone())?;
            *entry = now;
            if is_under_way {
                under_way.push(entry.id);
            }
        }
        Ok(Self { entries, under_way })
    }

    /// Without those of another account. An entry may not say whose it is; then it counts.
    pub(crate) fn keep_account(&mut self, account_id: Option<i64>) {
        let is_same = |known: i64| account_id.is_none_or(|id| id == known);
        self.entries
            .retain(|entry| entry.account_id.is_none_or(is_same));
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether a request was begun.
    pub(crate) fn has(&self, request_sha256: &str) -> bool {
        let mut fingerprints = self
            .entries
            .iter()
            .map(|entry| entry.fingerprint.as_deref());
        fingerprints.any(|fingerprint| fingerprint == Some(request_sha256))
    }

    /// The entry of a request that somebody is at work on.
    pub(super) fn under_way(&self, request_sha256: &str) -> Option<EntryId> {
        let mut entries = self.entries.iter();
        let entry = entries.rfind(|entry| {
            let is_it = entry.fingerprint.as_deref() == Some(request_sha256);
            is_it && self.under_way.contains(&entry.id)
        });
        entry.map(|entry| entry.id)
    }

    /// The subaccount that a request has made, if its entry says which one.
    pub(super) fn made(&self, request_sha256: &str) -> Option<(EntryId, i64)> {
        let is_it = |entry: &&Entry| {
            let is_done = entry.ending() == Some(EndingKind::Done);
            is_done && entry.fingerprint.as_deref() == Some(request_sha256)
        };
        let entry = self.entries.iter().rfind(is_it)?;
        Some((entry.id, entry.subaccount_id?))
    }

    /// The last entry of a request, unless it ended well or came to nothing.
    pub(super) fn in_doubt(
        &self,
        request_sha256: &str,
        key_out: Option<&Path>,
    ) -> Option<(EntryId, Why)> {
        let mut of_request = self
            .entries
            .iter()
            .filter(|entry| entry.fingerprint.as_deref() == Some(request_sha256));
        let last = of_request.next_back()?;
        if last.is_unfinished() {
            return Some((last.id, Why::Open));
        }
        let ended = last.ended.as_ref()?;
        if ended.kind != EndingKind::Done {
            return None;
        }
        let is_missing = |path: &Path| !fs::metadata(path).is_ok_and(|file| file.len() > 0);
        let is_settled = ended.known_from == KnownFrom::User;
        let why = match KeyFate::of(&ended.detail) {
            KeyFate::Lost { .. } | KeyFate::Missing { .. } => Why::NotKept,
            KeyFate::None if is_settled && key_out.is_some_and(is_missing) => Why::NotSeen,
            // The process that had it says where it is; who settles the rest takes nothing of that back.
            KeyFate::None | KeyFate::Kept { .. } | KeyFate::Rescued { .. } => return None,
        };
        Some((last.id, why))
    }
}

impl fmt::Display for KeyInDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            subaccount_id,
            entry,
            missing,
            ..
        } = self;
        write!(f, "{name} is there as subaccount {subaccount_id}, but ")?;
        if let Some(path) = missing {
            write!(
                f,
                "no key is in {}; its creation was settled by hand (entry {entry}), and nothing says \
                 where the key is: put it there if you have it; if not, only DigiCert's support can \
                 provide another one",
                path.display()
            )
        } else if self.is_open {
            let unfinished = advised_command::on_ledger("history --unfinished");
            let settle = advised_command::on_ledger(&format!(
                "history settle {entry} --created {subaccount_id}"
            ));
            write!(
                f,
                "its creation is open (entry {entry}), and if it has a key, nobody knows where: \
                 `{unfinished}` says what is known, and `{settle}` closes it, once you know that it is \
                 the one"
            )
        } else {
            write!(
                f,
                "its key was not kept (entry {entry}); only DigiCert's support can provide another \
                 one"
            )
        }
    }
}

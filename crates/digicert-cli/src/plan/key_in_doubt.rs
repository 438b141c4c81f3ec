//! Creations of manifests that are there already, and of which the ledger does not say that they
//! ended well: a plan that has nothing to do for them must not make anybody forget the key.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Spot;
use crate::advised_command;
use crate::custodian::Key;
use crate::ledger::{Action, EndingKind, Entry, EntryId, Filter, Ledger, LedgerError};

/// A subaccount that is there without its key, as far as the ledger knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyInDoubt {
    pub(crate) at: Spot,
    pub(crate) name: String,
    pub(crate) subaccount_id: i64,
    /// The entry of the ledger that leaves it open.
    pub(crate) entry: EntryId,
    /// Whether the creation itself is open; otherwise its answer had no key that could be kept.
    pub(crate) is_open: bool,
}

/// What the ledger has of the creations at one service, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct CreationsInLedger(Vec<Entry>);

impl CreationsInLedger {
    pub(crate) fn read(ledger: &Ledger, origin: &str) -> Result<Self, LedgerError> {
        let entries = ledger.entries(&Filter {
            action: Some(Action::CreateSubaccount),
            origin: Some(origin.to_owned()),
            ..Filter::default()
        });
        entries.map(Self)
    }

    /// Whether a request was begun.
    pub(crate) fn has(&self, request_sha256: &str) -> bool {
        let mut fingerprints = self.0.iter().map(|entry| entry.fingerprint.as_deref());
        fingerprints.any(|fingerprint| fingerprint == Some(request_sha256))
    }

    /// The last entry of a request, and whether it is open, unless it ended well or came to nothing.
    pub(crate) fn in_doubt(&self, request_sha256: &str) -> Option<(EntryId, bool)> {
        let mut of_request = self
            .0
            .iter()
            .filter(|entry| entry.fingerprint.as_deref() == Some(request_sha256));
        let last = of_request.next_back()?;
        if last.is_unfinished() {
            return Some((last.id, true));
        }
        let ended = last.ended.as_ref()?;
        let has_none = matches!(
            Key::of(&ended.detail),
            Key::Lost { .. } | Key::Missing { .. }
        );
        (ended.kind == EndingKind::Done && has_none).then_some((last.id, false))
    }
}

impl fmt::Display for KeyInDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            subaccount_id,
            entry,
            ..
        } = self;
        write!(f, "{name} is there as subaccount {subaccount_id}, but ")?;
        if self.is_open {
            let unfinished = advised_command::on_ledger("history --unfinished");
            let settle = advised_command::on_ledger(&format!("history settle {entry}"));
            write!(
                f,
                "its creation is open (entry {entry}), and if it has a key, nobody knows where: \
                 `{unfinished}` says what is known, and `{settle}` closes it"
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

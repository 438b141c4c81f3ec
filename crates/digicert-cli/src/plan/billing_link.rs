//! Billing links: which account pays, and which links were made before. The service tells of none
//! that is made, and of no partner account; so the ledger has to, by the files of the keys and by
//! the account that pays. A file alone says nothing: another key may be in it by now.

use std::fmt;
use std::path::{Path, PathBuf};

use digicert_client::certcentral::Client;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Spot;
use crate::failure::Failure;
use crate::ledger::{Action, EndingKind, Entry, EntryId, Filter, Ledger, LedgerError};
use crate::manifest::{BillingLink, hex};

/// The account that pays by a billing link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payer {
    pub(crate) id: i64,
    pub(crate) name: Option<String>,
}

/// A billing link that is left out because it was made before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LinkedBefore {
    pub(crate) at: Spot,
    pub(crate) partner_api_key_file: PathBuf,
    pub(crate) api_key_file: PathBuf,
    pub(crate) pays: Payer,
    /// The entry of the ledger that says so.
    pub(crate) entry: EntryId,
}

/// What the ledger has of the billing links at one service, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct LinksInLedger(Vec<Entry>);

impl Payer {
    /// In the detail of an entry.
    pub(crate) const DETAIL: &str = "paying_account";

    /// The account of the key of a client.
    pub(crate) async fn of(client: &Client) -> Result<Self, Failure> {
        let account = client.get_account().await.map_err(|error| {
            let failure = Failure::from(error);
            let message = format!("the account that would pay cannot be read: {failure}");
            Failure::ending(failure.outcome(), message)
        })?;
        let Some(id) = account.id else {
            return Err(Failure::new(
                "the account that would pay is not known: the service names no ID",
            ));
        };
        Ok(Self {
            id,
            name: account.primary_organization_name,
        })
    }

    /// Whether it pays by the link of an entry.
    pub(crate) fn is_in(&self, entry: &Entry) -> bool {
        entry.detail.integer(Self::DETAIL) == Some(self.id)
    }
}

impl fmt::Display for Payer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "account {} ({name})", self.id),
            None => write!(f, "account {}", self.id),
        }
    }
}

impl LinksInLedger {
    pub(crate) fn read(ledger: &Ledger, origin: &str) -> Result<Self, LedgerError> {
        let entries = ledger.entries(&Filter {
            action: Some(Action::LinkBillingAccount),
            origin: Some(origin.to_owned()),
            ..Filter::default()
        });
        entries.map(Self)
    }

    /// Those from the files of a link.
    pub(crate) fn of_files(&self, link: &BillingLink) -> impl DoubleEndedIterator<Item = &Entry> {
        let fingerprint = link_fingerprint(link);
        let is_of = move |entry: &&Entry| entry.fingerprint.as_deref() == Some(&*fingerprint);
        self.0.iter().filter(is_of)
    }

    /// The entry that says that a link is made: the last one from its files, if this account pays.
    pub(crate) fn made(&self, link: &BillingLink, payer: &Payer) -> Option<EntryId> {
        let mut done = self
            .of_files(link)
            .filter(|entry| entry.ending() == Some(EndingKind::Done));
        let last = done.next_back().filter(|entry| payer.is_in(entry))?;
        Some(last.id)
    }
}

/// The files of the keys of a link.
pub(crate) fn link_fingerprint(link: &BillingLink) -> String {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or(path.to_owned());
    let mut digest = Sha256::new();
    for path in [&link.partner_api_key_file, &link.api_key_file] {
        digest.update(absolute(path).as_os_str().as_encoded_bytes());
        digest.update([0]);
    }
    hex(&digest.finalize())
}

//! Which billing links were made before, by whatever command. The service tells of none that is made,
//! and of no partner account; so the ledger has to, by the partner key and by the account that pays. The
//! ledger has no keys, but the files that they were in: two files are of one partner account if the same
//! key is in both, and of two if there are two. Of a file that cannot be read nobody knows. The file of
//! the other key says nothing: another key may be in it by now.
//!
//! What was linked last holds. So an entry that cannot be told to be of another partner account, and
//! by which somebody else pays, takes from all earlier ones that they are still in force: making a link
//! once more does no harm, leaving one out does.

use std::path::{Path, PathBuf};

use digicert_types::PartnerApiKey;
use sha2::{Digest as _, Sha256};

use super::key_files::KeyFiles;
use super::{PaidBefore, Payer};
use crate::ledger::{
    Action, AsRead, Detail, EndingKind, Entry, EntryId, Filter, Ledger, LedgerError,
    PARTNER_KEY_FILE,
};
use crate::manifest::{BillingLink, hex, is_same_file};

/// What the ledger has of the billing links at one service, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct LinksInLedger {
    entries: Vec<Entry>,
    key_files: KeyFiles,
}

/// Where a partner key comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PartnerKeyFrom<'a> {
    File(&'a Path),
    /// A variable or standard input, in words.
    Elsewhere(&'a str),
}

/// Whether an entry is of the partner account of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    This,
    Unknown,
    Other,
}

impl LinksInLedger {
    pub(crate) fn read(ledger: &Ledger, origin: &str) -> Result<Self, LedgerError> {
        let entries = ledger.entries(&Filter {
            action: Some(Action::LinkBillingAccount),
            origin: Some(origin.to_owned()),
            ..Filter::default()
        });
        entries.map(|entries| Self {
            entries,
            key_files: KeyFiles::default(),
        })
    }

    /// The entry that says that a link is made and still in force.
    pub(crate) fn made(&self, link: &BillingLink, payer: &Payer) -> Option<EntryId> {
        for entry in self.in_force() {
            let is_done = entry.ending() == Some(EndingKind::Done);
            match (self.of_link(link, entry), payer.is_in(entry)) {
                (Whose::This, true) if is_done => return Some(entry.id),
                (Whose::This | Whose::Unknown, false) => return None,
                _ => {}
            }
        }
        None
    }

    /// Those of the same partner account and payer that have no known end.
    pub(crate) fn open(&self, link: &BillingLink, payer: &Payer) -> impl Iterator<Item = AsRead> {
        let is_it =
            move |entry: &&Entry| self.of_link(link, entry) == Whose::This && payer.is_in(entry);
        let entries = self.entries.iter().filter(|entry| entry.is_unfinished());
        entries.filter(is_it).map(Entry::as_read)
    }

    /// Who else has paid, or may have, until this link is made.
    pub(crate) fn paid_before(
        &self,
        link: &BillingLink,
        payer: Option<&Payer>,
    ) -> Option<PaidBefore> {
        self.other_payer(payer, |entry| self.of_link(link, entry))
    }

    /// The same for a link that no manifest has.
    pub(crate) fn paid_before_by(
        &self,
        partner_key: &PartnerApiKey,
        from: PartnerKeyFrom<'_>,
        payer: Option<&Payer>,
    ) -> Option<PaidBefore> {
        self.other_payer(payer, |entry| self.of_key(partner_key, from, entry))
    }

    fn other_payer(
        &self,
        payer: Option<&Payer>,
        whose: impl Fn(&Entry) -> Whose,
    ) -> Option<PaidBefore> {
        for entry in self.in_force() {
            let whose = whose(entry);
            let is_same = payer.is_some_and(|payer| payer.is_in(entry));
            match (whose, is_same) {
                (Whose::This, true) => return None,
                (Whose::This | Whose::Unknown, false) => {
                    let is_done = entry.ending() == Some(EndingKind::Done);
                    return Some(PaidBefore {
                        pays: Payer::in_entry(entry)?,
                        entry: entry.id,
                        is_known: whose == Whose::This && is_done,
                    });
                }
                _ => {}
            }
        }
        None
    }

    /// What was carried out, or may have been, the newest first.
    fn in_force(&self) -> impl Iterator<Item = &Entry> {
        let may_hold =
            |entry: &&Entry| entry.is_unfinished() || entry.ending() == Some(EndingKind::Done);
        self.entries.iter().rev().filter(may_hold)
    }
}

impl PartnerKeyFrom<'_> {
    const ELSEWHERE: &'static str = "partner_key_from";

    /// As an entry of the ledger has it: a file by its absolute path.
    pub(crate) fn written_to(self, detail: Detail) -> Detail {
        match self {
            Self::File(path) => detail.with(PARTNER_KEY_FILE, absolute(path).display().to_string()),
            Self::Elsewhere(place) => detail.with(Self::ELSEWHERE, place),
        }
    }
}

impl LinksInLedger {
    /// An entry of earlier versions has a relative path, and the hash of the absolute ones.
    fn of_link(&self, link: &BillingLink, entry: &Entry) -> Whose {
        let own = &link.partner_api_key_file;
        if entry.fingerprint.as_deref() == Some(&*link_fingerprint(link)) {
            return Whose::This;
        }
        match partner_key_file(entry) {
            Some(other) if is_same_file(own, other) => Whose::This,
            Some(other) => Whose::of(self.key_files.are_equal(own, other)),
            None => Whose::Unknown,
        }
    }

    fn of_key(&self, key: &PartnerApiKey, from: PartnerKeyFrom<'_>, entry: &Entry) -> Whose {
        match (from, partner_key_file(entry)) {
            (PartnerKeyFrom::File(own), Some(other)) if is_same_file(own, other) => Whose::This,
            (_, Some(other)) => Whose::of(self.key_files.has(other, key)),
            (_, None) => Whose::Unknown,
        }
    }
}

impl Whose {
    /// Whether two keys are equal, if both are known.
    fn of(are_equal: Option<bool>) -> Self {
        match are_equal {
            Some(true) => Self::This,
            Some(false) => Self::Other,
            None => Self::Unknown,
        }
    }
}

/// The file that the partner key of an entry was in. A relative path does not say in which folder.
fn partner_key_file(entry: &Entry) -> Option<&Path> {
    let place = entry.detail.text(PartnerKeyFrom::ELSEWHERE);
    let path = entry.detail.text(PARTNER_KEY_FILE);
    let path = path.or(place.and_then(|place| place.strip_prefix("the file ")));
    path.map(Path::new).filter(|path| path.is_absolute())
}

/// The files of the keys of a link.
pub(crate) fn link_fingerprint(link: &BillingLink) -> String {
    let mut digest = Sha256::new();
    for path in [&link.partner_api_key_file, &link.api_key_file] {
        digest.update(absolute(path).as_os_str().as_encoded_bytes());
        digest.update([0]);
    }
    hex(&digest.finalize())
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or(path.to_owned())
}

//! Which billing links were made before, by whatever command. The service tells of none that is made,
//! and of no partner account; so the ledger has to, by the file of the partner key and by the account
//! that pays. The file of the other key says nothing: another key may be in it by now.
//!
//! What was linked last holds. So an entry that cannot be told to be of another partner account, and
//! by which somebody else pays, takes from all earlier ones that they are still in force: making a link
//! once more does no harm, leaving one out does.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{PaidBefore, Payer};
use crate::ledger::{
    Action, AsRead, Detail, EndingKind, Entry, EntryId, Filter, Ledger, LedgerError,
    PARTNER_KEY_FILE,
};
use crate::manifest::{BillingLink, hex, is_same_file};

/// What the ledger has of the billing links at one service, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct LinksInLedger(Vec<Entry>);

/// Where a partner key comes from, which is all that says whose it is.
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
        entries.map(Self)
    }

    /// The entry that says that a link is made and still in force.
    pub(crate) fn made(&self, link: &BillingLink, payer: &Payer) -> Option<EntryId> {
        for entry in self.in_force() {
            let is_done = entry.ending() == Some(EndingKind::Done);
            match (PartnerKeyFrom::of_link(link, entry), payer.is_in(entry)) {
                (Whose::This, true) if is_done => return Some(entry.id),
                (Whose::This | Whose::Unknown, false) => return None,
                _ => {}
            }
        }
        None
    }

    /// Those of the same partner account and payer that have no known end.
    pub(crate) fn open(&self, link: &BillingLink, payer: &Payer) -> impl Iterator<Item = AsRead> {
        let is_it = move |entry: &&Entry| {
            PartnerKeyFrom::of_link(link, entry) == Whose::This && payer.is_in(entry)
        };
        let entries = self.0.iter().filter(|entry| entry.is_unfinished());
        entries.filter(is_it).map(Entry::as_read)
    }

    /// Who else has paid, or may have, until this link is made.
    pub(crate) fn paid_before(
        &self,
        link: &BillingLink,
        payer: Option<&Payer>,
    ) -> Option<PaidBefore> {
        self.other_payer(payer, |entry| PartnerKeyFrom::of_link(link, entry))
    }

    /// The same for a link that no manifest has.
    pub(crate) fn paid_before_by(
        &self,
        partner_key: PartnerKeyFrom<'_>,
        payer: Option<&Payer>,
    ) -> Option<PaidBefore> {
        self.other_payer(payer, |entry| partner_key.of(entry))
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
        self.0.iter().rev().filter(may_hold)
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

    /// An entry of earlier versions has a relative path, and the hash of the absolute ones.
    fn of_link(link: &BillingLink, entry: &Entry) -> Whose {
        if entry.fingerprint.as_deref() == Some(&*link_fingerprint(link)) {
            return Whose::This;
        }
        PartnerKeyFrom::File(&link.partner_api_key_file).of(entry)
    }

    fn of(self, entry: &Entry) -> Whose {
        let place = entry.detail.text(Self::ELSEWHERE);
        let path = entry.detail.text(PARTNER_KEY_FILE);
        let path = path.or(place.and_then(|place| place.strip_prefix("the file ")));
        match (self, path, place) {
            (Self::File(own), Some(other), _) => of_files(own, Path::new(other)),
            (Self::File(_), None, _) => Whose::Unknown,
            (Self::Elsewhere(own), None, Some(other)) if own == other => Whose::Unknown,
            (Self::Elsewhere(_), ..) => Whose::Other,
        }
    }
}

/// A file that is gone was in another checkout, perhaps, or the entry does not say in which folder it
/// was. Then the name decides whether it may be the same.
fn of_files(own: &Path, other: &Path) -> Whose {
    let is_moved = || !other.is_absolute() || (own.exists() && !other.exists());
    if other.is_absolute() && is_same_file(own, other) {
        Whose::This
    } else if own.file_name() == other.file_name() && is_moved() {
        Whose::Unknown
    } else {
        Whose::Other
    }
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

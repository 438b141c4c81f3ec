//! What goes to the custodian, and what comes back.

use std::path::PathBuf;
use std::time::Duration;

use digicert_types::CertCentralApiKey;
use digicert_types::certcentral::CreateSubaccountRequest;
use serde::{Deserialize, Serialize};

use super::key_fate::KeyFate;
use crate::ledger::{EndingKind, Entry, EntryId};

/// One creation. Holds a key: it is written to the pipe and nowhere else.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    /// The version of the program, which both sides share.
    pub(crate) program: String,
    pub(crate) ledger: PathBuf,
    /// The run of the program that asks, as the ledger knows it.
    pub(crate) run: String,
    pub(crate) part_of: Option<String>,
    pub(crate) origin: String,
    pub(crate) account_id: Option<i64>,
    pub(crate) summary: String,
    pub(crate) request: CreateSubaccountRequest,
    pub(crate) fingerprint: String,
    pub(crate) key_place: KeyDestination,
    /// The newest entry with the same document that the user has been told about. If there is a
    /// newer one, nothing is sent.
    pub(crate) newest_known: Option<EntryId>,
    /// How it looks for itself before it sends; not at all if one more is wanted in any case.
    pub(crate) last_look: Option<LastLook>,
    pub(crate) api_key: CertCentralApiKey,
}

/// The last look for a subaccount that is there already.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct LastLook {
    /// Those of the organization that the program has looked at right before.
    pub(crate) seen: Vec<i64>,
    /// How many requests their list took.
    pub(crate) lists: usize,
    /// Whether others of its type are no obstacle to one without a name.
    pub(crate) is_nameless_allowed: bool,
}

/// How many requests more a last look may take than the list took before: a page, and some new
/// subaccounts that are looked at.
const SPARE: usize = 3;

impl LastLook {
    /// How many requests it may take.
    pub(super) fn requests(&self) -> usize {
        self.lists + SPARE
    }
}

impl Job {
    /// How many requests the custodian may send.
    pub(super) fn requests(&self) -> usize {
        1 + self.last_look.as_ref().map_or(0, LastLook::requests)
    }
}

/// Where a one-time key is to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum KeyDestination {
    /// No key is expected. One that comes all the same is rescued.
    None,
    /// A new file.
    File(PathBuf),
    /// A program that reads it from standard input.
    Command(PathBuf),
}

/// What the custodian says, a line each.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Report {
    /// Nothing was sent, and nothing will be.
    NotSent(NotSent),
    /// The entry is in the ledger; with leave it looks, and sends.
    Begun(EntryId),
    /// The request goes out now.
    Sending,
    Ended(CreationEnd),
}

/// Why nothing was sent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct NotSent {
    pub(super) message: String,
    pub(super) why: WhyNot,
    /// What the service or the way there has to do with it.
    pub(super) answer: Option<FailedLook>,
}

/// A look that failed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FailedLook {
    /// How long the service asks to wait before the next request.
    pub(super) retry_after: Option<Duration>,
    pub(super) is_access_denied: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WhyNot {
    Unusable,
    /// The service refused the look.
    Refused,
    /// Somebody else is creating the same, or has since been.
    Taken,
    /// The service has these already.
    Exists(Vec<i64>),
    /// What the service has cannot be told.
    Untold,
    /// It is not wanted any more.
    Stopped,
}

/// How a creation ended.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CreationEnd {
    pub(crate) entry: EntryId,
    pub(crate) kind: EndingKind,
    pub(crate) subaccount_id: Option<i64>,
    pub(crate) message: Option<String>,
    pub(crate) key: KeyFate,
    /// Why the ending is not in the ledger.
    pub(crate) ledger_trouble: Option<String>,
    /// How long the service asks to wait before the next request.
    pub(crate) retry_after: Option<Duration>,
    /// How many requests it took.
    pub(crate) requests: usize,
}

impl CreationEnd {
    /// What the ledger says, if it has an ending.
    pub(super) fn of(entry: &Entry) -> Option<Self> {
        let ended = entry.ended.as_ref()?;
        Some(Self {
            entry: entry.id,
            kind: ended.kind,
            subaccount_id: entry.subaccount_id,
            message: ended.message.clone(),
            key: KeyFate::of(&ended.detail),
            ledger_trouble: None,
            retry_after: None,
            requests: 0,
        })
    }
}

//! An earlier creation, as the ledger has it: whether it is still going on, whether its request was sent
//! and an answer came (`facts`), which subaccounts it may have made (`candidates`), how its key settles it
//! (`settling`), and what of keys waits to be moved away (`left_behind`).
//!
//! Nothing here creates anything, and what cannot be told is said to be unknown (I1).

mod candidates;
mod facts;
mod left_behind;
mod settling;

use digicert_types::certcentral::{CreateSubaccountRequest, SubaccountType};

pub(crate) use candidates::{
    candidates, keep_type, listed, settled_as_created, speaks_against, table,
};
pub(crate) use facts::Facts;
pub(crate) use left_behind::{LeftBehind, left_behind};
pub(crate) use settling::{after_the_custodian, settle_by_its_key};

use crate::custodian::{ANSWER_IN, KeyFate};
use crate::failure::Failure;
use crate::ledger::{Action, EndingKind, Entry, Filter, Ledger};

/// The entries of creations from this document for an account, the oldest first. One that was refused or not sent
/// is no obstacle to another.
pub(crate) fn of_document(
    ledger: &Ledger,
    origin: &str,
    account_id: Option<i64>,
    fingerprint: &str,
) -> Result<Vec<Entry>, Failure> {
    let entries = ledger.entries(&Filter {
        action: Some(Action::CreateSubaccount),
        origin: Some(origin.to_owned()),
        account_id,
        fingerprint: Some(fingerprint.to_owned()),
        ..Filter::default()
    })?;
    Ok(entries)
}

/// The creation from this document that this run has begun, as far as the ledger can be read.
pub(crate) fn of_this_run(ledger: &Ledger, fingerprint: &str) -> Option<Entry> {
    let entries = ledger.entries(&Filter {
        fingerprint: Some(fingerprint.to_owned()),
        ..Filter::default()
    });
    let mut entries = entries.ok()?.into_iter();
    entries.rfind(|entry| entry.run == ledger.run())
}

/// The body of the request, as the ledger has it.
pub(crate) fn request(entry: &Entry) -> Option<CreateSubaccountRequest> {
    serde_json::from_str(entry.request.as_deref()?).ok()
}

fn made_by_others(ledger: &Ledger, entry: &Entry) -> Result<Vec<i64>, Failure> {
    let creations = ledger.entries(&Filter {
        action: Some(Action::CreateSubaccount),
        origin: Some(entry.origin.clone()),
        ..Filter::default()
    })?;
    let others = creations
        .into_iter()
        .filter(|other| other.id != entry.id && other.ending() == Some(EndingKind::Done));
    Ok(others.filter_map(|other| other.subaccount_id).collect())
}

/// Where the key of a creation is, as far as the ledger has it. A managed subaccount has one: if
/// nobody wrote down where, it is missing.
pub(crate) fn key(entry: &Entry) -> KeyFate {
    let written = entry.ended.as_ref().map(|ended| KeyFate::of(&ended.detail));
    match written {
        Some(KeyFate::None) | None if is_managed(entry) => KeyFate::Missing {
            answer: answer_file(entry),
        },
        written => written.unwrap_or(KeyFate::None),
    }
}

fn is_managed(entry: &Entry) -> bool {
    request(entry).is_some_and(|request| request.account_type == SubaccountType::Managed)
}

fn answer_file(entry: &Entry) -> Option<String> {
    let detail = &entry.ended.as_ref()?.detail;
    detail.text(ANSWER_IN).map(str::to_owned)
}

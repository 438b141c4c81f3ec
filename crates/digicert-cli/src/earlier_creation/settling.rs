//! Waiting for the process that has a creation in hand, and settling one by the key that it left.

use std::fs;
use std::path::Path;
use std::time::Duration;

use digicert_types::CertCentralApiKey;
use digicert_types::certcentral::{Account, SubaccountType};
use zeroize::Zeroizing;

use super::{made_by_others, request};
use crate::custodian::{KEY_IN, KEY_OUT, KeyFate, account_of};
use crate::failure::Failure;
use crate::ledger::{Ending, Entry, Exclusive, KnownFrom, Ledger, wait_for};
use crate::subaccount_name::is_same;

/// How long a custodian that is still at work is waited for: longer than it may take for the request,
/// for a program that puts the key away, and for asking the key whose it is.
const OTHER_RUN_ENDS_WITHIN: Duration = Duration::from_secs(600);

/// A key has a few dozen characters.
const LONGEST_KEY: u64 = 8 * 1024;

/// Waits while a custodian has the creation in hand, and gives the entry as it is then.
pub(crate) async fn after_the_custodian(ledger: &Ledger, entry: Entry) -> Result<Entry, Failure> {
    if entry.ended.is_some() {
        return Ok(entry);
    }
    let fingerprint = entry.fingerprint.as_deref().unwrap_or_default();
    // If it takes too long, the facts say that it is under way.
    wait_for(
        ledger.path(),
        Exclusive::Creating(fingerprint),
        OTHER_RUN_ENDS_WITHIN,
    )
    .await?;
    let now = ledger.entry(entry.id)?;
    Ok(now.unwrap_or(entry))
}

/// Asks the key that was kept whose it is. If it says so, the creation is settled, or its key is not
/// missing any more. The file may have been moved away since, and hold the key of another creation:
/// a subaccount that another entry made, or of another organization, settles nothing.
pub(crate) async fn settle_by_its_key(
    ledger: &Ledger,
    entry: &Entry,
) -> Result<Option<i64>, Failure> {
    let written = entry.ended.as_ref().map(|ended| &ended.detail);
    let was_kept = written.and_then(|detail| detail.text(KEY_IN));
    let Some(path) = was_kept.or(entry.detail.text(KEY_OUT)) else {
        return Ok(None);
    };
    let Some(key) = key_in(Path::new(path)) else {
        return Ok(None);
    };
    let Some(account) = account_of(&entry.origin, &key).await else {
        return Ok(None);
    };
    let Some(id) = account.id.filter(|_| may_be_made_by(entry, &account)) else {
        return Ok(None);
    };
    let is_another = entry.subaccount_id.is_some_and(|known| known != id);
    if is_another || made_by_others(ledger, entry)?.contains(&id) {
        return Ok(None);
    }
    let detail = match written.filter(|_| was_kept.is_some()) {
        Some(detail) => detail.clone(),
        None => KeyFate::Kept {
            place: path.to_owned(),
        }
        .detail(),
    };
    let ending = Ending::done()
        .known_from(KnownFrom::Lookup)
        .subaccount(Some(id))
        .because("found by its key")
        .detail(detail);
    ledger.end(entry.id, &ending)?;
    Ok(Some(id))
}

/// Only a managed subaccount gets a key, and it is of the organization that was asked for.
fn may_be_made_by(entry: &Entry, account: &Account) -> bool {
    let Some(request) = request(entry) else {
        return false;
    };
    let organization = account.primary_organization_name.as_deref();
    account.id != entry.account_id
        && request.account_type == SubaccountType::Managed
        && organization.is_none_or(|name| is_same(name, &request.organization.name))
}

fn key_in(path: &Path) -> Option<CertCentralApiKey> {
    let length = fs::metadata(path).ok().filter(fs::Metadata::is_file)?.len();
    if !(1..=LONGEST_KEY).contains(&length) {
        return None;
    }
    let text = Zeroizing::new(fs::read_to_string(path).ok()?);
    Some(text.trim().into())
}

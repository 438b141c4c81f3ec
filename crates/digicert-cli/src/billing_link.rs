//! Making one billing link, entered in the ledger before and after. What is shown and asked before,
//! and said afterwards, is for the commands.

use digicert_client::partner;
use digicert_types::CertCentralApiKey;

use crate::failure::Failure;
use crate::ledger::{Ending, EntryId, Ledger, LedgerError, Lock, NewEntry, Once};
use crate::outcome::Outcome;
use crate::stop::Stop;

/// A link that was sent, and what was written down of it.
#[derive(Debug)]
pub(crate) struct Linked {
    pub(crate) entry: EntryId,
    pub(crate) result: Result<(), Failure>,
    /// Why the ledger does not have the end. It has the beginning.
    pub(crate) unrecorded: Option<LedgerError>,
}

/// Takes a link, so that nobody else with the same ledger makes one with the same partner key, and what
/// the ledger has last is what holds.
pub(crate) async fn take(ledger: &Ledger, entry: &NewEntry, stop: &Stop) -> Result<Lock, Failure> {
    let once = Once::linking(&entry.origin, &entry.detail, ledger.run());
    stop.before_anything(ledger.take(once)).await
}

/// Links the billing account of a key. A failure says that nothing was sent. Whoever calls it has taken
/// this link, and keeps it until it is over.
pub(crate) async fn make(
    client: &partner::Client,
    key: &CertCentralApiKey,
    ledger: &Ledger,
    entry: &NewEntry,
    _mine: &Lock,
    stop: &Stop,
) -> Result<Linked, LedgerError> {
    let entry = ledger.begin(entry)?;
    let result = match stop.outcome(client.link_billing_account(key)).await {
        Some(result) => result.map_err(Failure::from),
        None => Err(Failure::ending(
            Outcome::Unknown,
            "Ctrl-C ended the wait for the answer, and it may have been linked",
        )),
    };
    Ok(Linked {
        entry,
        // What has happened has happened, whether it can be written down or not.
        unrecorded: ledger.end(entry, &ending(&result)).err(),
        result,
    })
}

fn ending(result: &Result<(), Failure>) -> Ending {
    let Err(failure) = result else {
        return Ending::done();
    };
    let why = failure.to_string();
    match failure.outcome() {
        Outcome::Refused => Ending::refused(why),
        Outcome::Unknown => Ending::unknown(why),
        _ => Ending::not_sent(why),
    }
}

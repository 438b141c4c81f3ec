//! Making one billing link, entered in the ledger before and after. What is shown and asked before,
//! and said afterwards, is for the commands.
//!
//! What is sure about a link is the account that pays, so it is looked at right before each attempt: after
//! the entry, for which a ledger may have to be waited for, and after the limits. The client that sends
//! must not repeat anything by itself: who asks it to stop would wait for all of that.

use std::time::Duration;

use digicert_client::partner;
use digicert_types::CertCentralApiKey;

use crate::failure::Failure;
use crate::ledger::{Ending, EntryId, Exclusive, Ledger, LedgerError, Lock, NewEntry};
use crate::outcome::Outcome;
use crate::requested_wait;
use crate::sent_again::{Attempts, refuse_longer, stopped};
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
    let once = Exclusive::linking(&entry.origin, &entry.detail, ledger.run());
    stop.before_anything(ledger.take(once)).await
}

/// A link that is to be made. `L` says whether it still is as it was shown; a failure says why not.
pub(crate) struct Linking<'a, L> {
    pub(crate) client: &'a partner::Client,
    /// The key of the account that pays.
    pub(crate) key: &'a CertCentralApiKey,
    pub(crate) last_look: L,
    pub(crate) stop: &'a Stop,
    /// The longest wait before another try. The service may ask for any; what is longer is not waited
    /// for.
    pub(crate) patience: Duration,
}

impl<L: AsyncFn() -> Result<(), Failure>> Linking<'_, L> {
    /// Links. A failure says that nothing was sent. Whoever calls it has taken this link, and keeps it
    /// until it is over.
    pub(crate) async fn make(
        &self,
        ledger: &Ledger,
        entry: &NewEntry,
        _mine: &Lock,
    ) -> Result<Linked, LedgerError> {
        let entry = ledger.begin(entry)?;
        let result = self.attempts().await;
        Ok(Linked {
            entry,
            // What has happened has happened, whether it can be written down or not.
            unrecorded: ledger.end(entry, &ending(&result)).err(),
            result,
        })
    }

    /// Sends the request until the service takes or refuses it, three times at most.
    async fn attempts(&self) -> Result<(), Failure> {
        let mut attempts = Attempts::three();
        let mut open = None;
        let mut client = self.stop.before_anything(self.look()).await?;
        // The ledger may have been waited for.
        if self.stop.asked_by().is_some() {
            return Err(self.stop.nothing_was_changed());
        }
        loop {
            let put = client.link_billing_account(self.key);
            let error = match self.stop.outcome(put).await {
                Some(Ok(())) => return Ok(()),
                Some(Err(error)) => error,
                None => return Err(left_open()),
            };
            let wait = attempts.wait_after(&error);
            let failure = Failure::from(error);
            let why = match self.before_another(wait).await {
                Ok(next) => {
                    if failure.outcome() == Outcome::Unknown {
                        open = Some(failure);
                    }
                    client = next;
                    continue;
                }
                Err(why) => why,
            };
            return Err(
                match open.filter(|_| failure.outcome() != Outcome::Unknown) {
                    None => failure.with_end(&why),
                    Some(open) => {
                        open.with_end(&format!("; when it was sent again, {failure}{why}"))
                    }
                },
            );
        }
    }

    /// Looks, and gives the client that may link at once.
    async fn look(&self) -> Result<partner::Client, Failure> {
        let client = self.client.reserve(1).await;
        (self.last_look)().await?;
        Ok(client)
    }

    /// Waits and looks; else the end of a sentence that says why nothing is sent again. Nothing is under
    /// way, so it can be stopped at any time.
    async fn before_another(&self, wait: Option<Duration>) -> Result<partner::Client, String> {
        let wait = wait.ok_or_else(String::new)?;
        refuse_longer(wait, self.patience)?;
        let look = async {
            requested_wait::wait(wait, "before another try to link").await;
            self.look().await
        };
        match self.stop.unless_asked(look).await {
            Some(looked) => looked.map_err(|why| format!("; it was not sent again: {why}")),
            None => Err(stopped(self.stop)),
        }
    }
}

/// Nobody waits for the answer any more.
fn left_open() -> Failure {
    Failure::ending(
        Outcome::Unknown,
        "Ctrl-C ended the wait for the answer, and it may have been linked",
    )
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

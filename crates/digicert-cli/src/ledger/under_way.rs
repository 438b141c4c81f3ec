//! What is under way: which entry somebody is at work on right now.
//!
//! Whoever changes something holds the lock of that from before the entry until after its ending. So
//! an entry without an ending whose lock is free was interrupted, and nobody ends it any more who has
//! seen the answer.

use super::{Action, Entry, Exclusive, Filter, Ledger, LedgerError, Lock};
use crate::failure::Failure;

/// The word for programs when somebody else is at work on the same.
pub(crate) const TAKEN: &str = "taken";

/// What is said of an entry that somebody is at work on.
pub(crate) const UNDER_WAY: &str =
    "It is still under way: the process that sends the request is at work.";

impl Ledger {
    /// Takes a change, for as long as the lock is kept. A failure says who is at work on the same.
    pub(crate) async fn take(&self, once: Exclusive<'_>) -> Result<Lock, Failure> {
        let taken = Lock::try_take(&self.path, once).await?;
        taken.ok_or_else(|| self.taken(once))
    }

    fn taken(&self, once: Exclusive<'_>) -> Failure {
        // If it cannot be read, or has nothing yet, it is said without.
        let open = self.newest(once).ok().flatten();
        let open = open.filter(|entry| entry.ended.is_none());
        let which = open.map_or_else(String::new, |entry| {
            format!(
                " (entry {}, begun {} UTC by {})",
                entry.id,
                entry.begun(),
                entry.who
            )
        });
        let message = format!(
            "another process is {once} right now{which}; nothing was changed; once it has ended, run \
             the same command again"
        );
        Failure::unsafe_to_go_on(message).with_result(TAKEN)
    }

    /// Whether somebody is at work on an entry, and the entry as it is: what has ended since it was
    /// read is not taken for interrupted.
    pub(crate) fn as_it_stands(&self, entry: Entry) -> Result<(Entry, bool), LedgerError> {
        if entry.ended.is_some() {
            return Ok((entry, false));
        }
        if self.is_under_way(&entry)? {
            return Ok((entry, true));
        }
        let now = self.entry(entry.id)?;
        Ok((now.unwrap_or(entry), false))
    }

    /// Of the entries that share a lock, it is the newest one that somebody is at work on.
    pub(crate) fn is_under_way(&self, entry: &Entry) -> Result<bool, LedgerError> {
        let Some(once) = Exclusive::of(entry).filter(|_| entry.ended.is_none()) else {
            return Ok(false);
        };
        if !Lock::is_held(&self.path, once)? {
            return Ok(false);
        }
        let newest = self.newest(once)?;
        Ok(newest.is_some_and(|newest| newest.id == entry.id))
    }

    /// The newest entry with this lock.
    fn newest(&self, once: Exclusive<'_>) -> Result<Option<Entry>, LedgerError> {
        let mut filter = Filter::default();
        match once {
            Exclusive::Creating(fingerprint) => {
                filter.action = Some(Action::CreateSubaccount);
                filter.fingerprint = Some(fingerprint.to_owned());
            }
            Exclusive::Setting(origin, subaccount_id) => {
                filter.action = Some(Action::SetProducts);
                filter.origin = Some(origin.to_owned());
                filter.subaccount_id = Some(subaccount_id);
            }
            Exclusive::Linking(origin, _) => {
                filter.action = Some(Action::LinkBillingAccount);
                filter.origin = Some(origin.to_owned());
            }
            Exclusive::Naming(..) | Exclusive::Applying(..) => return Ok(None),
        }
        let mut newest = None;
        self.each(&filter, |entry| {
            if Exclusive::of(&entry) == Some(once) {
                newest = Some(entry);
            }
        })?;
        Ok(newest)
    }
}

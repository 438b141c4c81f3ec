//! Reads of a service that asks to wait. What is sent before the time is over would only be refused as
//! well, so all reads of a run wait together, and whoever looks on sees once for how long.
//!
//! The client waits for a minute by itself. What it does not put up with comes here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use digicert_client::Error;
use tokio::sync::{Mutex, watch};

use crate::requested_wait::{self, NotBefore, OF_LONG_WORK};

/// How often the same is read, when each answer asks to wait.
const TRIES: u32 = 4;

/// The reads of one run. Clones wait together.
#[derive(Clone, Debug, Default)]
pub(crate) struct PatientReads(Arc<Pause>);

/// Until when nothing is read.
#[derive(Debug, Default)]
struct Pause {
    end: watch::Sender<Option<NotBefore>>,
    /// Held by the one who says how long it takes; the others queue behind.
    first: Mutex<()>,
    /// How long it was, in milliseconds.
    waited: AtomicU64,
}

impl PatientReads {
    /// Reads, and once more after a wait if the service asks for one that is not too long. What
    /// another read is told to wait holds here too.
    pub(crate) async fn read<T, R: Future<Output = Result<T, Error>>>(
        &self,
        read: impl Fn() -> R,
    ) -> Result<T, Error> {
        let mut tries = 1;
        loop {
            self.0.is_over().await;
            // It may stand in the queue for the limits, whose pause is shorter.
            let result = tokio::select! {
                biased;
                result = read() => result,
                () = self.0.begins() => continue,
            };
            let wait = result.as_ref().err().and_then(Error::retry_after);
            let wait = wait.filter(|wait| !wait.is_zero() && *wait <= OF_LONG_WORK);
            match wait.filter(|_| tries < TRIES) {
                Some(wait) => self.0.lasts(NotBefore::after(wait)),
                None => return result,
            }
            tries += 1;
        }
    }

    /// How long they have waited since this was asked last.
    pub(crate) fn waited(&self) -> Duration {
        Duration::from_millis(self.0.waited.swap(0, Ordering::Relaxed))
    }
}

impl Pause {
    fn lasts(&self, until: Option<NotBefore>) {
        self.end.send_modify(|end| *end = (*end).max(until));
    }

    async fn begins(&self) {
        let mut end = self.end.subscribe();
        // The sender is here.
        let _ = end.wait_for(|end| lasts_still(*end).is_some()).await;
    }

    async fn is_over(&self) {
        while lasts_still(*self.end.borrow()).is_some() {
            let _first = self.first.lock().await;
            let rest = lasts_still(*self.end.borrow()).map(NotBefore::rest);
            if let Some(rest) = rest {
                requested_wait::wait(rest, "before it is read again").await;
                let milliseconds = u64::try_from(rest.as_millis()).unwrap_or_default();
                self.waited.fetch_add(milliseconds, Ordering::Relaxed);
            }
        }
    }
}

fn lasts_still(end: Option<NotBefore>) -> Option<NotBefore> {
    end.filter(|end| !end.rest().is_zero())
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use digicert_client::certcentral::Client;
    use digicert_client::{RateLimits, RetryPolicy};
    use digicert_sandbox::{Fault, Operation, Sandbox};
    use tokio::time::Instant;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Errors of answers that ask to wait so long.
    async fn errors(seconds: u64, count: usize) -> Vec<Error> {
        let sandbox = Sandbox::start().await.unwrap();
        let busy = Fault::status(503).retry_after(seconds);
        sandbox
            .faults()
            .add(busy.on(Operation::GetAccount))
            .unwrap();
        let client = Client::builder(sandbox.certcentral_key())
            .origin(sandbox.origin())
            .rate_limits(RateLimits::none())
            .retry(RetryPolicy::off())
            .build()
            .unwrap();
        let mut errors = Vec::new();
        for _ in 0..count {
            errors.push(client.get_account().await.unwrap_err());
        }
        errors
    }

    #[tokio::test]
    async fn all_reads_wait_as_long_as_one_is_asked_to_and_then_succeed() {
        let errors = RefCell::new(errors(300, 2).await);
        tokio::time::pause();
        let reads = PatientReads::default();
        let begun = Instant::now();
        // Both are under way when the first one is told.
        let asked = || async {
            tokio::time::sleep(SECOND).await;
            errors.borrow_mut().pop().map_or(Ok(begun.elapsed()), Err)
        };
        let reached = Cell::new(None);
        // It waits for its turn among the limits of the client, which do not wait for so long.
        let queued = || async {
            tokio::time::sleep(60 * SECOND).await;
            reached.set(reached.get().or(Some(begun.elapsed())));
            Ok(begun.elapsed())
        };
        let (first, second, third) =
            tokio::join!(reads.read(asked), reads.read(asked), reads.read(queued));
        for at in [first, second, third] {
            let at = at.unwrap();
            assert!((300 * SECOND..370 * SECOND).contains(&at), "{at:?}");
        }
        assert!(
            (299..=301).contains(&reads.waited().as_secs()),
            "once for all"
        );
        let reached = reached.get().unwrap();
        assert!(reached >= 360 * SECOND, "sent in the pause: {reached:?}");
    }

    #[tokio::test]
    async fn a_wait_that_is_too_long_or_comes_too_often_is_a_failure() {
        for (seconds, count, waited) in [(601, 1, 0), (600, 4, 3 * 600)] {
            let errors = RefCell::new(errors(seconds, count).await);
            tokio::time::pause();
            let begun = Instant::now();
            let asked = || async { errors.borrow_mut().pop().map_or(Ok(()), Err) };
            let result = PatientReads::default().read(asked).await;
            assert!(result.is_err() && errors.borrow().is_empty(), "{seconds}");
            let took = begun.elapsed();
            assert!((waited..waited + 5).contains(&took.as_secs()), "{took:?}");
            tokio::time::resume();
        }
    }
}

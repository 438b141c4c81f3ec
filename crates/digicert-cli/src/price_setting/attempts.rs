//! Sending more than once: after each failure the live state is read again, and only if it still
//! is the one that was shown the request goes out again. The request replaces a whole list; what
//! somebody enables between two attempts must not be switched off by the second one.
//!
//! So the client that sends must not repeat anything by itself.

use std::time::Duration;

use digicert_client::{Error, ErrorKind, RetryPolicy, certcentral};

use super::{Confirmed, End, LOOK_AND_WRITE, PriceSetting, Seen};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::pace;
use crate::price_change::fingerprint;

/// How long to wait before the second and the third attempt, if the service asks for no longer.
const WAITS: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(5)];
/// What the service asks for beyond that is not waited for: it may ask for anything, and whoever looks
/// on would take the program for dead.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

impl PriceSetting<'_> {
    /// Sends the request until the service takes or refuses it, three times at most. What an
    /// attempt without an answer came to is looked up first. The client has looked, and need not wait
    /// for the limits before it writes.
    pub(super) async fn attempts(&self, client: &certcentral::Client) -> End {
        let mut client = client.clone();
        let mut waits = WAITS.into_iter();
        let mut open = None;
        loop {
            let once = client.with_retry(RetryPolicy::off());
            let put = once.set_subaccount_products(self.subaccount_id, self.request);
            let error = match put.await {
                Ok(()) => return End::Taken(self.look(&client, Confirmed::Yes).await),
                Err(error) => error,
            };
            let asked = error.retry_after().unwrap_or_default();
            let own = waits.next().filter(|_| may_pass(&error));
            let wait = own.map(|own| own.max(asked));
            let is_too_long = wait.is_some_and(|wait| wait > LONGEST_WAIT);
            let mut failure = Failure::from(error);
            if is_too_long {
                failure = failure
                    .with_end("; more than a minute is not waited, so it was not sent again");
            }
            if failure.outcome() == Outcome::Unknown {
                open = Some(failure.clone());
            }
            let again = match wait.filter(|_| !is_too_long) {
                Some(wait) => self.stop.unless_asked(self.again(&client, wait)).await,
                None => None,
            };
            let Some(again) = again else {
                return match open {
                    None => End::Not(failure),
                    Some(open) => End::Unknown(open, self.look(&client, Confirmed::No).await),
                };
            };
            client = again;
            let seen = self.look(&client, Confirmed::No).await;
            match (&seen, open.take()) {
                (Seen::Left(_, live), still_open)
                    if fingerprint(live) == fingerprint(self.shown) =>
                {
                    open = still_open;
                }
                (_, Some(open)) => return End::Unknown(open, seen),
                (Seen::Nothing(why), None) => {
                    let end = format!("; the live state cannot be read before another try: {why}");
                    return End::Not(failure.with_end(&end));
                }
                (Seen::Left(..) | Seen::Fulfilled(_), None) => {
                    return End::Not(Failure::unsafe_to_go_on(format!(
                        "{failure}; it was not sent again, because the live state is no longer \
                         the one that was shown"
                    )));
                }
            }
        }
    }

    /// Waits, for the limits as well, and gives the client for the next look and attempt.
    async fn again(&self, client: &certcentral::Client, wait: Duration) -> certcentral::Client {
        if wait > WAITS[1] {
            let (id, seconds) = (self.subaccount_id, wait.as_secs_f64().ceil());
            pace::say(&format!(
                "subaccount {id}: waiting {seconds} s before another try, as the service asks"
            ));
        }
        tokio::time::sleep(wait).await;
        client.reserve(LOOK_AND_WRITE).await
    }
}

/// Whether the same request may come through a moment later.
fn may_pass(error: &Error) -> bool {
    match error.status() {
        Some(status) => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
        None => matches!(error.kind(), ErrorKind::NotSent | ErrorKind::OutcomeUnknown),
    }
}

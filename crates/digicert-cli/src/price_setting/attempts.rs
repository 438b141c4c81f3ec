//! Sending more than once: after each failure the live state is read again, and only if it still
//! is the one that was shown the request goes out again. The request replaces a whole list; what
//! somebody enables between two attempts must not be switched off by the second one.
//!
//! So the client that sends must not repeat anything by itself.

use std::time::Duration;

use digicert_client::{RetryPolicy, certcentral};

use super::{Confirmed, PriceSetting, Seen, SettingEnd};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::requested_wait;
use crate::sent_again::{Attempts, refuse_longer, stopped};

/// What was seen before another attempt.
struct LookedAgain {
    seen: Seen,
    is_shown: bool,
    /// It may write at once.
    client: certcentral::Client,
}

impl PriceSetting<'_> {
    /// Sends the request until the service takes or refuses it, three times at most. What an
    /// attempt without an answer came to is looked up first. The client has looked, and need not wait
    /// for the limits before it writes.
    pub(super) async fn attempts(&self, client: &certcentral::Client) -> SettingEnd {
        let mut client = client.clone();
        let mut attempts = Attempts::three();
        let mut open = None;
        loop {
            let once = client.with_retry(RetryPolicy::off());
            let put = once.set_subaccount_products(self.subaccount_id, self.request);
            let error = match self.stop.outcome(put).await {
                Some(Ok(())) => return SettingEnd::Taken(self.look(&client, Confirmed::Yes).await),
                Some(Err(error)) => error,
                None => return SettingEnd::Unknown(left_open(), Seen::NotLooked),
            };
            let wait = attempts.wait_after(&error);
            let failure = Failure::from(error);
            if failure.outcome() == Outcome::Unknown {
                open = Some(failure.clone());
            }
            let looked = match self.before_another(wait, &client).await {
                Ok(looked) => looked,
                Err(why) => {
                    return match open {
                        None => self.refused(&client, failure.with_end(&why)).await,
                        Some(open) => {
                            let seen = self.look(&client, Confirmed::No).await;
                            SettingEnd::Unknown(open.with_end(&why), seen)
                        }
                    };
                }
            };
            client = looked.client;
            match (looked.is_shown, open.take()) {
                (true, still_open) => open = still_open,
                (false, Some(open)) => return SettingEnd::Unknown(open, looked.seen),
                (false, None) => return SettingEnd::Not(not_sent_again(&failure, &looked.seen)),
            }
        }
    }

    /// Whoever says on the way that it was refused may say so after the service has done it.
    async fn refused(&self, client: &certcentral::Client, failure: Failure) -> SettingEnd {
        let tells_nothing = failure.is_access_denied() || failure.not_before().is_some();
        if failure.outcome() != Outcome::Refused || tells_nothing {
            return SettingEnd::Not(failure);
        }
        match self.look(client, Confirmed::No).await {
            seen @ Seen::Fulfilled(_) => SettingEnd::Unknown(failure, seen),
            _ => SettingEnd::Not(failure),
        }
    }

    /// Waits, and looks at the live state once more; else the end of a sentence that says why nothing
    /// is sent again. Nothing is under way, so it can be stopped at any time.
    async fn before_another(
        &self,
        wait: Option<Duration>,
        client: &certcentral::Client,
    ) -> Result<LookedAgain, String> {
        let Some(wait) = wait else {
            return Err(String::new());
        };
        refuse_longer(wait, self.patience)?;
        let what = format!("before another try for subaccount {}", self.subaccount_id);
        let look = async {
            requested_wait::wait(wait, &what).await;
            match self.last_look(client).await {
                Ok((live, client)) => LookedAgain {
                    is_shown: self.is_shown(&live),
                    seen: self.seen(live.products, Confirmed::No),
                    client,
                },
                Err(failure) => LookedAgain {
                    is_shown: false,
                    seen: Seen::Nothing(failure),
                    client: client.clone(),
                },
            }
        };
        let looked = self.stop.unless_asked(look).await;
        looked.ok_or_else(|| stopped(self.stop))
    }
}

/// Nothing was changed, and the live state is not, or may not be, the one that was shown.
fn not_sent_again(failure: &Failure, seen: &Seen) -> Failure {
    match seen {
        Seen::Nothing(why) => failure.with_end(&format!(
            "; the live state cannot be read before another try: {why}"
        )),
        Seen::NotLooked => failure.with_end("; it was not sent again, because Ctrl-C ended it"),
        Seen::Left(..) | Seen::Fulfilled(_) => Failure::unsafe_to_go_on(format!(
            "{failure}; it was not sent again, because the live state is no longer the one that \
             was shown"
        )),
    }
}

/// Nobody waits for the answer any more.
fn left_open() -> Failure {
    Failure::ending(
        Outcome::Unknown,
        "Ctrl-C ended the wait for the answer, and it may have been set",
    )
}

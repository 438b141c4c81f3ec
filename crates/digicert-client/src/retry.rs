//! Sending again: when it is safe, how long to wait, and when to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::error::{Error, ErrorKind};
use crate::operation::Operation;

/// When and how often a failed call is sent again.
///
/// Reads, and writes that change nothing more when repeated (`PUT`), are sent again after a failed
/// connection, a time-out, a reset, and the statuses 408, 429, 500, 502, 503 and 504.
/// `create_subaccount` makes a second subaccount when it is repeated, so it is sent again only if
/// no connection came about, or the service said 429 and did not look at it.
///
/// ```
/// use std::time::Duration;
/// use digicert_client::RetryPolicy;
///
/// let mut patient = RetryPolicy::default();
/// patient.attempts = 8;
/// patient.max_total = Duration::from_secs(600);
/// assert_eq!(RetryPolicy::off().attempts, 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a call is sent at most, the first time included. 4 by default.
    pub attempts: u32,
    /// The longest wait before the second attempt; it doubles with each. Half a second by default.
    /// The wait is drawn evenly from nothing up to that, so that clients do not come in step.
    pub first_delay: Duration,
    /// The longest wait before any attempt. 20 seconds by default.
    pub max_delay: Duration,
    /// No attempt begins after so much time with attempts and the waits between them. Time in the
    /// queue for the [limits](crate::RateLimits) does not count: a call that waited its turn has
    /// not failed yet. 2 minutes by default.
    pub max_total: Duration,
    /// A `Retry-After` up to this long is waited for; a longer one ends the call at once. One
    /// minute by default.
    pub max_retry_after: Duration,
    /// How many retries in a row the clones of a client have together, so that an outage is not
    /// made worse; ten calls that succeed give one back. 20 by default.
    pub budget: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            first_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(20),
            max_total: Duration::from_secs(120),
            max_retry_after: Duration::from_secs(60),
            budget: 20,
        }
    }
}

impl RetryPolicy {
    /// Every call is sent once.
    #[must_use]
    pub fn off() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// How long to wait before the attempt that follows attempt number `attempt`; `None` is never.
    pub(crate) fn delay(
        &self,
        attempt: u32,
        spent: Duration,
        retry_after: Option<Duration>,
    ) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        let longest = self
            .first_delay
            .saturating_mul(1_u32 << (attempt - 1).min(16))
            .min(self.max_delay);
        let own = longest.mul_f64(fastrand::f64());
        let delay = match retry_after {
            Some(wait) if wait > self.max_retry_after => return None,
            Some(wait) => wait.max(own),
            None => own,
        };
        // The service may name any number of seconds, and the policy may allow it.
        (spent.saturating_add(delay) <= self.max_total).then_some(delay)
    }
}

/// Whether an operation may be sent again after this failure.
pub(crate) fn is_safe(operation: &Operation, error: &Error) -> bool {
    if error.is_set_up_wrongly() {
        return false;
    }
    match (error.kind(), error.status()) {
        (ErrorKind::NotSent, _) | (ErrorKind::Refused, Some(429)) => true,
        // The connection broke inside the body. Only reads need the body.
        (ErrorKind::Unreadable, _) => operation.is_idempotent() && error.is_cut(),
        (ErrorKind::NoAnswer | ErrorKind::OutcomeUnknown, None)
        | (_, Some(408 | 429 | 500 | 502 | 503 | 504)) => operation.is_idempotent(),
        _ => false,
    }
}

/// The retries that the clones of a client have left.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    tenths: Arc<AtomicU32>,
    full: u32,
}

impl Budget {
    const RETRY: u32 = 10;

    pub(crate) fn new(retries: u32) -> Self {
        let full = retries.saturating_mul(Self::RETRY);
        Self {
            tenths: Arc::new(AtomicU32::new(full)),
            full,
        }
    }

    /// Takes one retry, if there is one.
    pub(crate) fn take(&self) -> bool {
        let take = |tenths: u32| tenths.checked_sub(Self::RETRY);
        self.tenths
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .is_ok()
    }

    /// A call succeeded.
    pub(crate) fn give_back(&self) {
        let give = |tenths: u32| (tenths < self.full).then(|| tenths + 1);
        // Nothing to do when it is full.
        let _ = self
            .tenths
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }
}

/// How long the service asks to wait: in seconds, or until a date. What is neither, negative or
/// in the past is no request.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        // More than fits is longer than anybody waits.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    httpdate::parse_http_date(text)
        .ok()?
        .duration_since(now)
        .ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn a_wait_never_exceeds_what_the_policy_says() {
        let policy = RetryPolicy::default();
        for attempt in 1..4 {
            for _ in 0..200 {
                let delay = policy
                    .delay(attempt, Duration::ZERO, None)
                    .expect("one more");
                assert!(delay <= policy.first_delay * (1 << (attempt - 1)));
            }
        }
        assert_eq!(
            policy.delay(4, Duration::ZERO, None),
            None,
            "attempts are bounded"
        );
        assert_eq!(
            policy.delay(1, policy.max_total + Duration::from_secs(1), None),
            None,
            "time is bounded"
        );
        let waits: Vec<_> = (0..50)
            .filter_map(|_| policy.delay(3, Duration::ZERO, None))
            .collect();
        assert!(
            waits.iter().any(|wait| *wait != waits[0]),
            "waits are spread"
        );
    }

    #[test]
    fn a_long_policy_does_not_overflow() {
        let policy = RetryPolicy {
            attempts: u32::MAX,
            max_total: Duration::MAX,
            ..RetryPolicy::default()
        };
        assert!(
            policy
                .delay(4_000_000_000, Duration::ZERO, None)
                .expect("one more")
                <= policy.max_delay
        );
        let policy = RetryPolicy {
            max_retry_after: Duration::MAX,
            ..policy
        };
        let elapsed = Duration::from_secs(3);
        let wait = policy.delay(1, elapsed, Some(Duration::MAX));
        assert_eq!(wait, Some(Duration::MAX));
    }

    #[test]
    fn what_the_service_asks_for_is_waited_for_or_not_at_all() {
        let policy = RetryPolicy::default();
        let seconds = Duration::from_secs;
        assert!(
            policy
                .delay(1, Duration::ZERO, Some(seconds(30)))
                .expect("short enough")
                >= seconds(30)
        );
        assert_eq!(policy.delay(1, Duration::ZERO, Some(seconds(61))), None);
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (text, expected) in [
            ("7", Some(7)),
            (" 7 ", Some(7)),
            ("0", Some(0)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sun, 06 Nov 1994 08:49:27 GMT", None),
            ("-7", None),
            ("7.5", None),
            ("soon", None),
            ("", None),
            ("99999999999999999999999999", Some(u64::MAX)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(text).expect("a value"));
            assert_eq!(
                retry_after(&headers, now),
                expected.map(Duration::from_secs),
                "{text:?}"
            );
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }

    #[test]
    fn an_outage_uses_the_budget_up_and_successes_refill_it() {
        let budget = Budget::new(2);
        let clone = budget.clone();
        assert!(budget.take() && clone.take() && !budget.take());
        for _ in 0..10 {
            clone.give_back();
        }
        assert!(budget.take() && !budget.take());
        for _ in 0..1000 {
            budget.give_back();
        }
        assert!(
            budget.take() && budget.take() && !budget.take(),
            "it never holds more than it did"
        );
    }
}

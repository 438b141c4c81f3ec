//! Waits that the service asks for in `Retry-After`: shown with the time that is left, again every
//! minute. Where the client has the say, it waits for a minute by itself, and for no more.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::pace;

/// The longest wait that work of hours puts up with: it is a small part of that. The service may ask
/// for any.
pub(crate) const OF_LONG_WORK: Duration = Duration::from_secs(600);

/// Who waits a moment asks nobody for patience.
const NOT_WORTH_A_WORD: Duration = Duration::from_secs(5);
const BETWEEN_LINES: Duration = Duration::from_secs(60);
/// Of what comes after that no time of day is told.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Waits; `what` is said with it, such as `before another try`.
pub(crate) async fn wait(wait: Duration, what: &str) {
    if wait <= NOT_WORTH_A_WORD {
        return tokio::time::sleep(wait).await;
    }
    let end = Instant::now() + wait;
    loop {
        let rest = end.saturating_duration_since(Instant::now());
        if rest.is_zero() {
            return;
        }
        let seconds = rest.as_secs_f64().ceil();
        pace::say(&format!("waiting {seconds} s {what}, as the service asks"));
        tokio::time::sleep(rest.min(BETWEEN_LINES)).await;
    }
}

/// Until when the service wants no more requests with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NotBefore(Instant);

impl NotBefore {
    /// From now on. A time that no clock can show is a month.
    pub(crate) fn after(wait: Duration) -> Option<Self> {
        Instant::now().checked_add(wait.min(30 * DAY)).map(Self)
    }

    /// How long that is from now on.
    pub(crate) fn rest(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Why work that would have to wait so long is stopped, and what the same command does later.
    pub(crate) fn too_long(self, later: &str) -> String {
        let rest = self.rest();
        if rest > DAY {
            return format!(
                "the service asks to wait more than a day; the same command after that {later}"
            );
        }
        // A minute begun is waited for.
        let end = SystemTime::now() + rest + Duration::from_secs(59);
        let end = httpdate::fmt_http_date(end);
        // `Wed, 25 Nov 2026 22:35:00 GMT`
        let (day, time) = (
            end.get(5..16).unwrap_or(&end),
            end.get(17..22).unwrap_or_default(),
        );
        format!(
            "the service wants no more requests before {time} UTC on {day}; the same command after \
             that {later}"
        )
    }
}

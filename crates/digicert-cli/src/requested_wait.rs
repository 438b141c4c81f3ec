//! Waits that the service asks for in `Retry-After`: shown with the time that is left, again every
//! minute. Whether one is too long to be waited for is for who has to wait.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::pace;

/// Who waits a moment asks nobody for patience.
const NOT_WORTH_A_WORD: Duration = Duration::from_secs(5);
const BETWEEN_LINES: Duration = Duration::from_secs(60);

/// Waits; `what` is said with it, such as `before the next subaccount`.
pub(crate) async fn wait(wait: Duration, what: &str) {
    let end = Instant::now() + wait;
    if wait <= NOT_WORTH_A_WORD {
        return sleep(wait).await;
    }
    loop {
        let rest = end.saturating_duration_since(Instant::now());
        if rest.is_zero() {
            return;
        }
        let seconds = rest.as_secs_f64().ceil();
        pace::say(&format!("waiting {seconds} s {what}, as the service asks"));
        sleep(rest.min(BETWEEN_LINES)).await;
    }
}

//! Sending a write again that failed: when, and how long to wait before. A client that repeats by itself
//! cannot be told in between that somebody wants it to stop, or that the live state has changed; so the
//! one that writes sends once, and what is around it decides.

use std::time::Duration;

use digicert_client::{Error, ErrorKind};

use crate::stop::{Asked, Stop};

/// How long to wait before the second and the third attempt, if the service asks for no longer.
const WAITS: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(5)];

/// The attempts that are left of three.
#[derive(Debug)]
pub(crate) struct Attempts(std::array::IntoIter<Duration, 2>);

impl Attempts {
    pub(crate) fn three() -> Self {
        Self(WAITS.into_iter())
    }

    /// How long to wait before the next attempt; `None` if there is to be none.
    pub(crate) fn wait_after(&mut self, error: &Error) -> Option<Duration> {
        let own = self.0.next().filter(|_| may_pass(error))?;
        Some(own.max(error.retry_after().unwrap_or_default()))
    }
}

/// Whether the same request may come through a moment later.
fn may_pass(error: &Error) -> bool {
    match error.status() {
        Some(status) => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
        None => matches!(error.kind(), ErrorKind::NotSent | ErrorKind::OutcomeUnknown),
    }
}

/// Why a wait is too long, as the end of a sentence.
pub(crate) fn refuse_longer(wait: Duration, patience: Duration) -> Result<(), String> {
    if wait <= patience {
        return Ok(());
    }
    let minutes = match patience.as_secs() / 60 {
        1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    Err(format!(
        "; more than {minutes} is not waited, so it was not sent again"
    ))
}

/// That somebody wanted it to stop before another attempt, as the end of a sentence.
pub(crate) fn stopped(stop: &Stop) -> String {
    let why = stop.asked_by().map_or("", Asked::as_str);
    format!("; it was not sent again, because {why}")
}

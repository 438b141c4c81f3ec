//! The request limits of the CertCentral API: two rolling windows for each key (limits page).
//!
//! Off unless a sandbox is told otherwise. What time it is, is for `clock`.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::answer::Refusal;
use crate::app::App;
use crate::authentication::certcentral_account;
use crate::keys::KeyOwner;

/// So many requests in so long a time, whenever that time begins.
#[derive(Clone, Copy)]
struct Window {
    requests: usize,
    time: Duration,
}

const SHORT: Window = Window {
    requests: 100,
    time: Duration::from_secs(5),
};

const LONG: Window = Window {
    requests: 1000,
    time: Duration::from_secs(180),
};

/// The requests that count, for each key. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Limits(Option<Arc<Mutex<HashMap<KeyOwner, Counted>>>>);

impl Limits {
    pub(crate) fn on() -> Self {
        Self(Some(Arc::default()))
    }

    /// Whether one more request is within both windows. If it is, it counts from now on.
    fn admit(&self, owner: KeyOwner, now: SystemTime) -> bool {
        let Some(counted) = &self.0 else {
            return true;
        };
        let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
        counted.entry(owner).or_default().admit(now)
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Limits").field(&self.0.is_some()).finish()
    }
}

/// The layer around the operations of the CertCentral API. Requests without a valid key belong to
/// nobody, and are refused by the operation.
pub(crate) async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    if app.limits.0.is_none() {
        return next.run(request).await;
    }
    let owner = certcentral_account(request.headers(), &app.state.read()).ok();
    let is_within = owner.is_none_or(|owner| app.limits.admit(owner, app.clock.now()));
    if is_within {
        next.run(request).await
    } else {
        Refusal::request_limit_exceeded().into_response()
    }
}

/// The times of the requests that may still count, the earliest first.
#[derive(Default)]
struct Counted(VecDeque<SystemTime>);

impl Counted {
    fn admit(&mut self, now: SystemTime) -> bool {
        // A clock that was set back leaves requests of the future behind.
        while self.0.back().is_some_and(|time| *time > now) {
            self.0.pop_back();
        }
        while self.0.front().is_some_and(|time| is_over(*time, LONG, now)) {
            self.0.pop_front();
        }
        let is_within = self.is_within(SHORT, now) && self.is_within(LONG, now);
        if is_within {
            self.0.push_back(now);
        }
        is_within
    }

    /// Whether the window has room, which it has if the request that would have to leave it has.
    fn is_within(&self, window: Window, now: SystemTime) -> bool {
        let index = self.0.len().checked_sub(window.requests);
        let leaving = index.and_then(|index| self.0.get(index));
        leaving.is_none_or(|time| is_over(*time, window, now))
    }
}

/// Whether a request of that time is out of the window.
fn is_over(time: SystemTime, window: Window, now: SystemTime) -> bool {
    now.duration_since(time)
        .is_ok_and(|since| since >= window.time)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn at(milliseconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(1_000_000 + milliseconds)
    }

    /// How many of so many requests at a time are admitted.
    fn admitted(counted: &mut Counted, requests: usize, time: SystemTime) -> usize {
        (0..requests).filter(|_| counted.admit(time)).count()
    }

    #[test]
    fn i6_neither_window_lets_one_more_through() {
        let mut counted = Counted::default();
        for burst in 0..10 {
            let time = at(burst * 5000);
            assert_eq!(admitted(&mut counted, 150, time), 100, "burst {burst}");
            assert_eq!(admitted(&mut counted, 5, time + SHORT.time / 2), 0);
        }
        // The long window is full, whatever the short one says.
        assert_eq!(admitted(&mut counted, 5, at(100_000)), 0);
        assert_eq!(admitted(&mut counted, 5, at(179_999)), 0);
        assert_eq!(admitted(&mut counted, 150, at(180_000)), 100);
        assert_eq!(admitted(&mut counted, 150, at(184_999)), 0);
        assert_eq!(admitted(&mut counted, 150, at(185_000)), 100);
    }

    #[test]
    fn the_windows_roll() {
        let mut counted = Counted::default();
        assert_eq!(admitted(&mut counted, 60, at(0)), 60);
        assert_eq!(admitted(&mut counted, 60, at(3000)), 40);
        // Only the first 60 are out of the window.
        assert_eq!(admitted(&mut counted, 100, at(5000)), 60);
        assert_eq!(admitted(&mut counted, 100, at(8000)), 40);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let mut counted = Counted::default();
        assert_eq!(admitted(&mut counted, 200, at(900_000)), 100);
        assert_eq!(admitted(&mut counted, 200, at(0)), 100);
        assert!(counted.0.len() <= LONG.requests);
    }
}

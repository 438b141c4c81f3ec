//! The service's limits as a setting: how many requests in how long, and how many at once.
//! Keeping them is `limiter.rs`.

use std::time::Duration;

/// At most so many requests in any stretch of time of this length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Window {
    /// How many requests.
    pub requests: usize,
    /// In how long.
    pub per: Duration,
}

impl Window {
    /// So many requests in any stretch of time of this length.
    #[must_use]
    pub const fn new(requests: usize, per: Duration) -> Self {
        Self { requests, per }
    }
}

/// The limits that a client keeps, for each key.
///
/// The default are those that DigiCert documents: 100 requests in 5 seconds, 1000 in 180 seconds,
/// and one at a time, which it advises.
/// (<https://dev.digicert.com/en/certcentral-apis/services-api/rate-limits.html>)
///
/// ```
/// use std::time::Duration;
/// use digicert_client::{RateLimits, Window};
///
/// let mut limits = RateLimits::default();
/// limits.windows.push(Window::new(10_000, Duration::from_secs(24 * 60 * 60)));
/// assert_eq!(limits.at_once, Some(1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RateLimits {
    /// The windows; each of them is kept.
    pub windows: Vec<Window>,
    /// How many requests may be under way at once; `None` is any number, 0 counts as 1.
    pub at_once: Option<usize>,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            windows: vec![
                Window::new(100, Duration::from_secs(5)),
                Window::new(1000, Duration::from_secs(180)),
            ],
            at_once: Some(1),
        }
    }
}

impl RateLimits {
    /// No limits at all, for a sandbox.
    #[must_use]
    pub fn none() -> Self {
        Self {
            windows: Vec::new(),
            at_once: None,
        }
    }
}

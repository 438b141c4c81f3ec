//! The request log: the latest requests with what became of them, without keys.
//!
//! It is bounded in entries and in bytes, and an entry costs little enough to keep one of every
//! request. Taking a request down is for `recording`, what may be kept of it for `redaction`.

mod capture;
mod entry;
mod recording;
mod redaction;
mod requests;

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use self::redaction::Redactor;

pub use self::entry::LoggedRequest;
pub(crate) use self::recording::Recording;
pub(crate) use self::redaction::Redactor as LogRedactor;
pub use self::requests::Requests;

/// At most so many requests are kept.
const ENTRIES: usize = 10_000;

/// At most about so many bytes are kept.
const BYTES: usize = 16 * 1024 * 1024;

/// The log, shared by all connections of a sandbox.
#[derive(Clone)]
pub(crate) struct RequestLog(Arc<Shared>);

struct Shared {
    redactor: Redactor,
    ring: Mutex<Ring>,
    /// The number of the latest entry.
    latest: watch::Sender<u64>,
}

#[derive(Default)]
struct Ring {
    entries: VecDeque<Arc<LoggedRequest>>,
    bytes: usize,
    latest: u64,
    /// How many are not kept any more, since the log was cleared.
    dropped: u64,
}

impl RequestLog {
    pub(crate) fn new(redactor: Redactor) -> Self {
        Self(Arc::new(Shared {
            redactor,
            ring: Mutex::default(),
            latest: watch::Sender::new(0),
        }))
    }

    /// Adds an entry, and gives it its number.
    fn add(&self, mut entry: LoggedRequest) {
        let mut ring = self.lock();
        ring.latest += 1;
        entry.number = ring.latest;
        ring.bytes += entry.size();
        ring.entries.push_back(Arc::new(entry));
        while ring.entries.len() > ENTRIES || ring.bytes > BYTES {
            let Some(oldest) = ring.entries.pop_front() else {
                break;
            };
            ring.bytes = ring.bytes.saturating_sub(oldest.size());
            ring.dropped += 1;
        }
        // While the lock is held, so that the number never goes back.
        self.0.latest.send_replace(ring.latest);
    }

    /// What is kept of the requests after the one with this number.
    pub(crate) fn since(&self, number: u64) -> Requests {
        let ring = self.lock();
        let after = ring
            .entries
            .partition_point(|entry| entry.number() <= number);
        Requests::new(ring.entries.range(after..).cloned().collect(), ring.dropped)
    }

    /// Forgets all requests. Numbers go on.
    pub(crate) fn clear(&self) {
        let mut ring = self.lock();
        *ring = Ring {
            latest: ring.latest,
            ..Ring::default()
        };
    }

    /// Tells the number of the latest entry, whenever there is one.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.0.latest.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.0.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for RequestLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestLog").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;
    use digicert_types::{CertCentralApiKey, PartnerApiKey};

    use super::*;
    use crate::clock::Clock;

    fn log() -> RequestLog {
        let certcentral_key = CertCentralApiKey::new("given-key-1");
        RequestLog::new(Redactor::new(
            certcentral_key,
            PartnerApiKey::new("given-key-2"),
        ))
    }

    fn add(log: &RequestLog, path: &str) {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        drop(Recording::begin(log, &Clock::system(), None, &mut request));
    }

    #[test]
    fn it_is_bounded_in_entries() {
        let log = log();
        for _ in 0..ENTRIES + 7 {
            add(&log, "/");
        }
        let requests = log.since(0);
        assert_eq!((requests.len(), requests.dropped()), (ENTRIES, 7));
        assert_eq!(requests.iter().next().map(LoggedRequest::number), Some(8));
        assert_eq!(log.since(ENTRIES as u64).len(), 7);
        let shown = requests.to_string();
        assert_eq!(shown.lines().count(), 102);
        assert!(shown.contains("… 9900 earlier requests"), "{shown}");
    }

    #[test]
    fn it_is_bounded_in_bytes_and_says_what_it_dropped() {
        let log = log();
        let path = format!("/{}", "x".repeat(60_000));
        for _ in 0..400 {
            add(&log, &path);
        }
        let requests = log.since(0);
        assert_eq!(requests.len() as u64 + requests.dropped(), 400);
        let kept: usize = requests.iter().map(|request| request.path().len()).sum();
        assert!(kept > BYTES / 2 && kept <= BYTES, "{kept}");
        // Then a count would be a guess.
        let panic = std::panic::catch_unwind(|| requests.assert_count(400)).unwrap_err();
        let message = panic.downcast::<String>().unwrap();
        assert!(message.contains("has dropped"), "{message}");
    }
}

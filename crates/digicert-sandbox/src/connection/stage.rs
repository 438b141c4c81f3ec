//! [`Stage`]: how far a connection is with its current request, and for what it waits.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::disconnect::Disconnect;

/// Shared by the stream, the service and the request body of one connection.
#[derive(Clone, Debug)]
pub(super) struct Stage(Arc<Mutex<Progress>>);

#[derive(Debug)]
struct Progress {
    /// Since when a request is arriving. A new connection owes one at once; between requests
    /// nothing is owed.
    arriving_since: Option<Instant>,
    /// Since when the client does not take what it is sent.
    blocked_since: Option<Instant>,
    has_sent: bool,
    is_answering: bool,
    /// Whether the next request began to arrive before this one was answered.
    has_sent_more: bool,
    disconnect: Option<Disconnect>,
}

/// What a client owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overdue {
    /// Anything at all.
    Silent,
    /// The rest of a request.
    Request,
    /// Taking the answer.
    Answer,
}

impl Stage {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Progress {
            arriving_since: Some(Instant::now()),
            blocked_since: None,
            has_sent: false,
            is_answering: false,
            has_sent_more: false,
            disconnect: None,
        })))
    }

    /// Bytes have arrived.
    pub(super) fn received(&self) {
        let mut progress = self.lock();
        progress.has_sent = true;
        if progress.arriving_since.is_some() {
            return;
        }
        if progress.is_answering {
            progress.has_sent_more = true;
        } else {
            progress.arriving_since = Some(Instant::now());
        }
    }

    /// The head of a request has arrived.
    pub(super) fn head_arrived(&self, has_body: bool) {
        let mut progress = self.lock();
        progress.is_answering = true;
        if !has_body {
            progress.arriving_since = None;
        }
    }

    /// The body of the request has arrived, or nobody wants it any more.
    pub(super) fn body_arrived(&self) {
        self.lock().arriving_since = None;
    }

    /// There is an answer to the request.
    pub(super) fn answered(&self) {
        let mut progress = self.lock();
        progress.is_answering = false;
        progress.arriving_since = progress.has_sent_more.then(Instant::now);
        progress.has_sent_more = false;
    }

    /// The client takes what it is sent, or does not.
    pub(super) fn sending(&self, is_blocked: bool) {
        let mut progress = self.lock();
        if !is_blocked {
            progress.blocked_since = None;
        } else if progress.blocked_since.is_none() {
            progress.blocked_since = Some(Instant::now());
        }
    }

    /// What is waited for, and since when.
    pub(super) fn waiting(&self) -> Option<(Overdue, Instant)> {
        let progress = self.lock();
        if let Some(since) = progress.blocked_since {
            return Some((Overdue::Answer, since));
        }
        let overdue = if progress.has_sent {
            Overdue::Request
        } else {
            Overdue::Silent
        };
        progress.arriving_since.map(|since| (overdue, since))
    }

    /// Orders the end of the connection.
    pub(super) fn disconnect(&self, disconnect: Disconnect) {
        self.lock().disconnect = Some(disconnect);
    }

    pub(super) fn ordered_disconnect(&self) -> Option<Disconnect> {
        self.lock().disconnect
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

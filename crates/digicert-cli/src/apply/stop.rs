//! Ctrl-C, the request to end, and the end of the terminal: what is under way is finished, and
//! nothing else is begun.

use std::io::{self};
use std::sync::{Arc, OnceLock};

use tokio::sync::Notify;

use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::standard_error;

/// Whether somebody wants it to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    asked: OnceLock<Asked>,
    notify: Notify,
}

/// How somebody has said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(unix),
    expect(dead_code, reason = "the other two are signals of Unix")
)]
pub(crate) enum Asked {
    /// Ctrl-C.
    Interrupt,
    /// What ends a process in good order, such as a time-out of CI.
    Terminate,
    /// The terminal was closed.
    Hangup,
}

impl Asked {
    /// As the reason why it was not finished.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Interrupt => "it was stopped with Ctrl-C",
            Self::Terminate => "it was asked to end",
            Self::Hangup => "its terminal was closed",
        }
    }
}

impl Stop {
    /// Listens from now on. A second Ctrl-C ends the program at once; the others come in twos
    /// when a session ends, and nobody has meant anything by the second one.
    pub(crate) fn listening() -> Result<Self, Failure> {
        let stop = Self::default();
        let listener = stop.clone();
        let mut signals = Signals::new()
            .map_err(|error| Failure::new(format!("cannot listen for Ctrl-C: {error}")))?;
        tokio::spawn(async move {
            while let Some(asked) = signals.next().await {
                if !listener.is_asked() {
                    listener.ask(asked);
                    standard_error::say(
                        "stopping once the outcome of what is under way is known; Ctrl-C now ends at \
                         once",
                    );
                } else if asked == Asked::Interrupt {
                    std::process::exit(Outcome::Unknown as i32);
                }
            }
        });
        Ok(stop)
    }

    fn ask(&self, asked: Asked) {
        // The first one counts.
        let _ = self.0.asked.set(asked);
        self.0.notify.notify_waiters();
    }

    fn is_asked(&self) -> bool {
        self.asked_by().is_some()
    }

    /// Who wants it to stop.
    pub(crate) fn asked_by(&self) -> Option<Asked> {
        self.0.asked.get().copied()
    }

    /// Ends when somebody wants it to stop.
    async fn asked(&self) {
        // Registered before looking, so that nothing is missed in between.
        let notified = self.0.notify.notified();
        if !self.is_asked() {
            notified.await;
        }
    }

    /// Waits for something that may be given up at any time, such as a read; `None` if it was.
    pub(crate) async fn unless_asked<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.asked() => None,
            done = work => Some(done),
        }
    }
}

/// What asks a program to stop.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Option<Asked> {
        tokio::select! {
            some = self.interrupt.recv() => some.map(|()| Asked::Interrupt),
            some = self.terminate.recv() => some.map(|()| Asked::Terminate),
            some = self.hangup.recv() => some.map(|()| Asked::Hangup),
        }
    }
}

/// Elsewhere there is Ctrl-C.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "as where it can fail")]
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Option<Asked> {
        tokio::signal::ctrl_c()
            .await
            .ok()
            .map(|()| Asked::Interrupt)
    }
}

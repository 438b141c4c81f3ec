//! Ctrl-C, the request to end, and the end of the terminal: what is under way is finished, and
//! nothing else is begun.

use std::io::{self};
use std::sync::{Arc, OnceLock};

#[cfg(unix)]
use tokio::signal::unix::{self, SignalKind};
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
    interrupt: Option<unix::Signal>,
    terminate: Option<unix::Signal>,
    hangup: Option<unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Option<Asked> {
        tokio::select! {
            () = next_of(&mut self.interrupt) => Some(Asked::Interrupt),
            () = next_of(&mut self.terminate) => Some(Asked::Terminate),
            () = next_of(&mut self.hangup) => Some(Asked::Hangup),
        }
    }
}

/// Listens for a signal, unless the program was started so that it ignores it.
#[cfg(unix)]
fn listen(kind: SignalKind) -> io::Result<Option<unix::Signal>> {
    if is_ignored(kind) {
        return Ok(None);
    }
    unix::signal(kind).map(Some)
}

#[cfg(unix)]
async fn next_of(signal: &mut Option<unix::Signal>) {
    let next = match signal {
        Some(signal) => signal.recv().await,
        None => None,
    };
    if next.is_none() {
        std::future::pending::<()>().await;
    }
}

/// Whether whoever started the program lets it ignore a signal, as `nohup` does with the end of the
/// terminal. Listening would undo that.
#[cfg(target_os = "linux")]
fn is_ignored(kind: SignalKind) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = status.lines();
    let ignored = lines.find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let bit = 1_u64.checked_shl(kind.as_raw_value().unsigned_abs() - 1);
    ignored.unwrap_or_default() & bit.unwrap_or_default() != 0
}

/// Elsewhere it cannot be seen without `unsafe`; what is stopped goes on with the same command.
#[cfg(all(unix, not(target_os = "linux")))]
fn is_ignored(_: SignalKind) -> bool {
    false
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

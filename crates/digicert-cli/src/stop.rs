//! Ctrl-C, the request to end, and the end of the terminal. Whatever changes nothing is given up at
//! once. A request that changes something is waited for, so that its outcome is known; a second
//! Ctrl-C ends that as well. Nothing ends the program here: the commands say how far it came.

use std::io;
use std::pin::pin;
use std::sync::{Arc, OnceLock};

#[cfg(unix)]
use tokio::signal::unix::{self, SignalKind};
use tokio::sync::watch;

use crate::failure::Failure;
use crate::pace;

/// What is said when the outcome of a request is waited for.
const FINISHING: &str =
    "stopping once the outcome of what is under way is known; Ctrl-C now ends at once";

/// The result, for programs, of what was given up before it changed anything.
pub(crate) const STOPPED: &str = "stopped";

/// Whether somebody wants it to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop {
    asked: watch::Sender<Option<Asked>>,
    insisted: watch::Sender<bool>,
    was_told: Arc<OnceLock<()>>,
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
    /// Listens from now on. A second Ctrl-C insists; the others come in twos when a session ends,
    /// and nobody has meant anything by the second one.
    pub(crate) fn listening() -> Result<Self, Failure> {
        let mut signals = Signals::new()
            .map_err(|error| Failure::new(format!("cannot listen for Ctrl-C: {error}")))?;
        let stop = Self::default();
        let listener = stop.clone();
        tokio::spawn(async move {
            while let Some(how) = signals.next().await {
                // The first one counts.
                let is_first = listener.asked.send_if_modified(|asked| {
                    let is_first = asked.is_none();
                    asked.get_or_insert(how);
                    is_first
                });
                if !is_first && how == Asked::Interrupt {
                    listener.insisted.send_replace(true);
                }
            }
        });
        Ok(stop)
    }

    /// Who wants it to stop.
    pub(crate) fn asked_by(&self) -> Option<Asked> {
        *self.asked.borrow()
    }

    /// Waits for something that may be given up at any time, such as a read; `None` if it was.
    pub(crate) async fn unless_asked<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut asked = self.asked.subscribe();
        tokio::select! {
            biased;
            _ = asked.wait_for(Option::is_some) => None,
            done = work => Some(done),
        }
    }

    /// The same for what comes before anything was changed; a failure says so.
    pub(crate) fn before_anything<'a, T: 'a, E: 'a>(
        &'a self,
        work: impl Future<Output = Result<T, E>> + 'a,
    ) -> impl Future<Output = Result<T, Failure>> + 'a
    where
        Failure: From<E>,
    {
        // Boxed, or every future around it would be as large as the work.
        let work = self.unless_asked(Box::pin(work));
        async {
            match work.await {
                Some(done) => Ok(done?),
                None => Err(self.nothing_was_changed()),
            }
        }
    }

    /// The failure of a command that was given up before it changed anything.
    pub(crate) fn nothing_was_changed(&self) -> Failure {
        let why = self.asked_by().map_or("", Asked::as_str);
        Failure::unsafe_to_go_on(format!("nothing was changed: {why}")).with_result(STOPPED)
    }

    /// Waits for what became of a request that changes something, also if somebody wants it to stop;
    /// `None` if it was Ctrl-C once more.
    pub(crate) fn outcome<'a, T: 'a>(
        &'a self,
        work: impl Future<Output = T> + 'a,
    ) -> impl Future<Output = Option<T>> + 'a {
        // Boxed as well.
        self.outcome_saying(FINISHING, Box::pin(work))
    }

    /// The same, with words of its own for whoever wants it to stop.
    pub(crate) async fn outcome_saying<T>(
        &self,
        waiting: &str,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let mut work = pin!(work);
        let (mut asked, mut insisted) = (self.asked.subscribe(), self.insisted.subscribe());
        tokio::select! {
            biased;
            done = &mut work => return Some(done),
            _ = asked.wait_for(Option::is_some) => {}
        }
        if self.was_told.set(()).is_ok() {
            pace::say(waiting);
        }
        tokio::select! {
            biased;
            done = &mut work => Some(done),
            _ = insisted.wait_for(|insisted| *insisted) => None,
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

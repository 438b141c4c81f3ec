//! Ctrl-C and the request to end: what is under way is finished, and nothing else is begun.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Whether somebody wants it to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    asked: AtomicBool,
    notify: Notify,
}

impl Stop {
    /// Listens from now on. A second Ctrl-C ends the program at once.
    pub(crate) fn listening() -> Self {
        let stop = Self::default();
        let listener = stop.clone();
        tokio::spawn(async move {
            if signal().await.is_err() {
                return;
            }
            listener.ask();
            // Without standard error there is nobody to tell.
            let _ = writeln!(
                io::stderr(),
                "stopping once the outcome of what is under way is known; Ctrl-C again ends at once"
            );
            if signal().await.is_ok() {
                let code = crate::outcome::Outcome::Unknown as i32;
                std::process::exit(code);
            }
        });
        stop
    }

    pub(crate) fn ask(&self) {
        self.0.asked.store(true, Ordering::SeqCst);
        self.0.notify.notify_waiters();
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.0.asked.load(Ordering::SeqCst)
    }

    /// Ends when somebody wants it to stop.
    pub(crate) async fn asked(&self) {
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

#[cfg(unix)]
async fn signal() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn signal() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

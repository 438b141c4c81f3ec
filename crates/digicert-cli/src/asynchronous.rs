//! Running what talks to the service. Commands that do not are plain functions and start nothing.

use tokio::runtime::Builder;

use crate::failure::Failure;

/// Runs the future on this thread. One request at a time is what the service advises, so more
/// threads would only wait.
pub(crate) fn run<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::new(format!("cannot wait for the network: {error}")))?;
    #[cfg(unix)]
    let _kept = {
        let _inside = runtime.enter();
        outlive_full_files()
    };
    runtime.block_on(future)
}

/// A write over the limit on the size of files becomes an error like that of a full disk. Otherwise the
/// system ends the program with a signal, and what has happened is not told.
#[cfg(unix)]
fn outlive_full_files() -> impl Sized {
    use rustix::process::Signal;
    use tokio::signal::unix::{SignalKind, signal};

    // If it fails, it is as it was.
    signal(SignalKind::from_raw(Signal::XFSZ.as_raw())).ok()
}

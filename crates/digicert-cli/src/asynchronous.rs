//! Running what talks to the service. Commands that do not are plain functions and start nothing.

use tokio::runtime::Builder;

use crate::failure::Failure;

/// Runs the future on this thread. One request at a time is what the service advises, so more
/// threads would only wait.
pub(crate) fn run<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::new(format!("cannot wait for the network: {error}")))?;
    runtime.block_on(future)
}

//! Reads of a service that asks to wait. What is sent beside it before the time is over would only be
//! refused as well, so the read waits, and whoever looks on sees for how long.

use std::time::Duration;

use digicert_client::Error;

use super::Applying;
use crate::requested_wait::{self, OF_LONG_WORK};

/// The client has waited so long by itself.
const WAITED_BY_THE_CLIENT: Duration = Duration::from_secs(60);
const TRIES: u32 = 3;

impl Applying<'_> {
    /// Reads, and once more after a wait if the service asks for one that is not too long; `None` if
    /// somebody wants it to stop.
    pub(super) async fn read<T>(
        &self,
        read: impl AsyncFn() -> Result<T, Error>,
    ) -> Option<Result<T, Error>> {
        let patient = async {
            let mut tries = 1;
            loop {
                let result = read().await;
                let wait = result.as_ref().err().and_then(Error::retry_after);
                let wait = wait.filter(|wait| (WAITED_BY_THE_CLIENT..=OF_LONG_WORK).contains(wait));
                match wait.filter(|_| tries < TRIES) {
                    Some(wait) => requested_wait::wait(wait, "before it is read again").await,
                    None => return result,
                }
                tries += 1;
            }
        };
        self.stop.unless_asked(Box::pin(patient)).await
    }
}

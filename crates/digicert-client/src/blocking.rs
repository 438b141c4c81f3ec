//! The same clients for programs without async. Every method waits until the call is over, with
//! the same retries, limits and errors.
//!
//! ```no_run
//! use digicert_client::blocking::certcentral::Client;
//!
//! # fn main() -> Result<(), digicert_client::Error> {
//! let client = Client::new(digicert_client::certcentral::Client::from_env()?.build()?)?;
//! println!("{:?}", client.get_account()?.id);
//! # Ok(())
//! # }
//! ```

use std::sync::Arc;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::Error;

/// Drives calls to their end on the thread that makes them.
#[derive(Clone, Debug)]
pub(crate) struct Waiter(Arc<Driver>);

#[derive(Debug)]
struct Driver(Option<Runtime>);

impl Drop for Driver {
    fn drop(&mut self) {
        // tokio panics when a runtime is dropped inside async code and has to be waited for.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Waiter {
    fn new() -> Result<Self, Error> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| {
            Error::not_sent("the blocking client cannot be set up").with_source(error)
        })?;
        Ok(Self(Arc::new(Driver(Some(runtime)))))
    }

    pub(crate) fn wait<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        // tokio would panic: a thread that drives other tasks must not wait.
        if Handle::try_current().is_ok() {
            return Err(Error::not_sent(
                "a blocking client cannot be used inside async code; use the async client there",
            ));
        }
        match &self.0.0 {
            Some(runtime) => runtime.block_on(async {
                notice_closed_connections().await;
                call.await
            }),
            None => Err(Error::not_sent("the blocking client is being dropped")),
        }
    }
}

/// Between two calls nobody looks after the connections that are kept. A request on one that the
/// server has closed by then would break, and whether it was applied could not be known.
async fn notice_closed_connections() {
    // The first time the runtime asks the system what has happened, the second time the
    // connections are told, and the third time they are gone.
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
}

/// The CertCentral Services API.
pub mod certcentral {
    use super::{Error, Waiter};
    use crate::retry::RetryPolicy;

    /// [`crate::certcentral::Client`] for programs without async.
    #[derive(Clone, Debug)]
    pub struct Client {
        pub(crate) client: crate::certcentral::Client,
        pub(crate) waiter: Waiter,
    }

    impl Client {
        /// Waits for the calls of that client.
        ///
        /// # Errors
        ///
        /// The operating system gives no means to wait.
        pub fn new(client: crate::certcentral::Client) -> Result<Self, Error> {
            Ok(Self {
                client,
                waiter: Waiter::new()?,
            })
        }

        /// Waits until the limits let so many calls follow each other, and gives a client for these
        /// calls; see [`reserve`](crate::certcentral::Client::reserve).
        ///
        /// # Errors
        ///
        /// It was called inside async code.
        pub fn reserve(&self, calls: usize) -> Result<Self, Error> {
            let reserved = async { Ok(self.client.reserve(calls).await) };
            Ok(Self {
                client: self.waiter.wait(reserved)?,
                waiter: self.waiter.clone(),
            })
        }

        /// The same client with other retries; see
        /// [`with_retry`](crate::certcentral::Client::with_retry).
        #[must_use]
        pub fn with_retry(&self, policy: RetryPolicy) -> Self {
            Self {
                client: self.client.with_retry(policy),
                waiter: self.waiter.clone(),
            }
        }
    }
}

/// The Partner Subscriptions API.
pub mod partner {
    use super::{Error, Waiter};

    /// [`crate::partner::Client`] for programs without async.
    #[derive(Clone, Debug)]
    pub struct Client {
        pub(crate) client: crate::partner::Client,
        pub(crate) waiter: Waiter,
    }

    impl Client {
        /// Waits for the calls of that client.
        ///
        /// # Errors
        ///
        /// The operating system gives no means to wait.
        pub fn new(client: crate::partner::Client) -> Result<Self, Error> {
            Ok(Self {
                client,
                waiter: Waiter::new()?,
            })
        }
    }
}

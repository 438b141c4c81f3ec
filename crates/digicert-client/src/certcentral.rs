//! The client for the CertCentral Services API. Its operations are generated.

use digicert_types::CertCentralApiKey;

use crate::builder::{Api, ClientBuilder, sealed};
use crate::error::Error;
use crate::generated::certcentral::{KEY_HEADER, SERVERS};
use crate::limiter::Turn;
use crate::retry::RetryPolicy;
use crate::runtime::Runtime;

/// A client for the subaccount calls of the CertCentral Services API.
///
/// Cheap to clone; clones share connections. Every method is one documented call.
///
/// ```no_run
/// use digicert_client::certcentral::Client;
/// use digicert_client::types::CertCentralApiKey;
///
/// # async fn run() -> Result<(), digicert_client::Error> {
/// let key = CertCentralApiKey::new(std::env::var("DIGICERT_API_KEY").unwrap_or_default());
/// let client = Client::builder(&key).build()?;
/// println!("{:?}", client.get_account().await?.id);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) runtime: Runtime,
}

impl Client {
    /// Begins a client that sends `key` with every request, in the header `X-DC-DEVKEY`.
    pub fn builder(key: &CertCentralApiKey) -> ClientBuilder<Self> {
        ClientBuilder::new(key.expose_secret())
    }

    /// Begins a client with the key in `DIGICERT_API_KEY` and, if it is set, the origin in
    /// `DIGICERT_ORIGIN`.
    ///
    /// # Errors
    ///
    /// The variable is not set, is empty, or is not UTF-8.
    pub fn from_env() -> Result<ClientBuilder<Self>, Error> {
        ClientBuilder::from_env()
    }

    /// Waits for leave to send one request, as every call does by itself: for a request with the
    /// same key that something else sends, such as another process. Keep the turn until that has
    /// its answer; dropped, it counts as a request that ended (I6). Of calls that are
    /// [reserved](Self::reserve) it is the last one, and the rest comes back.
    ///
    /// ```no_run
    /// # async fn run(client: digicert_client::certcentral::Client) -> std::io::Result<()> {
    /// let turn = client.turn().await;
    /// std::process::Command::new("send-one-request").status()?;
    /// drop(turn);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn turn(&self) -> Turn {
        self.runtime.turn().await
    }

    /// Waits until the limits let so many calls follow each other, and gives a client for these
    /// calls: none of them waits for the limits any more. For what must not come apart, such as a look
    /// and the write that relies on it.
    ///
    /// ```no_run
    /// # use digicert_client::{Error, RetryPolicy, certcentral::Client};
    /// # use digicert_client::types::certcentral::{SetSubaccountProductsRequest, SubaccountProducts};
    /// # fn is_as_shown(live: &SubaccountProducts) -> bool { live.products.is_some() }
    /// # async fn run(client: Client, id: i64, request: SetSubaccountProductsRequest) -> Result<(), Error> {
    /// let both = client.reserve(2).await;
    /// let live = both.list_subaccount_products(id).await?;
    /// if is_as_shown(&live) {
    ///     // Sent once: before it is sent again, somebody has to look again.
    ///     let once = both.with_retry(RetryPolicy::off());
    ///     once.set_subaccount_products(id, &request).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// - The calls are made one after the other, also through clones, which share them.
    /// - A call that is sent again gives back what follows it, and waits until all of it fits once
    ///   more: from its success on, the next one does not wait.
    /// - Once they are made, further calls wait like any others. What was not used comes back when
    ///   the last clone is dropped.
    /// - No more than the smallest window holds can be reserved; calls beyond that wait.
    /// - Until they are made or dropped, they count as [under way](crate::RateLimits::at_once). So do
    ///   not call another client of the same key in between: where one request at a time is allowed, it
    ///   would wait for them for ever.
    pub async fn reserve(&self, calls: usize) -> Self {
        Self {
            runtime: self.runtime.reserve(calls).await,
        }
    }

    /// The same client with other retries; connections, limits and what is reserved are shared, and
    /// so is [the budget](RetryPolicy::budget).
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self {
            runtime: self.runtime.with_retry(policy),
        }
    }
}

impl sealed::Sealed for Client {
    const NAME: &'static str = "CertCentral Services API";
    const SERVERS: &'static [&'static str] = SERVERS;
    const KEY_HEADER: &'static str = KEY_HEADER;
    const KEY_VARIABLE: &'static str = "DIGICERT_API_KEY";

    #[allow(private_interfaces, reason = "the trait is sealed")]
    fn from_runtime(runtime: Runtime) -> Self {
        Self { runtime }
    }
}

impl Api for Client {}

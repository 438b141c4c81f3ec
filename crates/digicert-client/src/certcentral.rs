//! The client for the CertCentral Services API. Its operations are generated.

use digicert_types::CertCentralApiKey;

use crate::builder::{Api, ClientBuilder, sealed};
use crate::error::Error;
use crate::generated::certcentral::{KEY_HEADER, SERVERS};
use crate::limiter::Turn;
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
    /// its answer; dropped, it counts as a request that ended (I6).
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
        self.runtime.limiter.turn().await
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

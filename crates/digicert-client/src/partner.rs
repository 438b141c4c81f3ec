//! The client for the Partner Subscriptions API. Its operations are generated.

use digicert_types::PartnerApiKey;

use crate::builder::{Api, ClientBuilder, sealed};
use crate::error::Error;
use crate::generated::partner::{KEY_HEADER, SERVERS};
use crate::runtime::Runtime;

/// A client for the billing link of the Partner Subscriptions API.
///
/// Cheap to clone; clones share connections. The key of the billing account is an argument of the
/// call and has a type of its own, so that the two secrets cannot be swapped:
///
/// ```no_run
/// use digicert_client::partner::Client;
/// use digicert_client::types::{CertCentralApiKey, PartnerApiKey};
///
/// # async fn run(partner_key: PartnerApiKey, billing_key: CertCentralApiKey) -> Result<(), digicert_client::Error> {
/// let client = Client::builder(&partner_key).build()?;
/// client.link_billing_account(&billing_key).await?;
/// # Ok(())
/// # }
/// ```
///
/// ```compile_fail
/// # use digicert_client::partner::Client;
/// # use digicert_client::types::{CertCentralApiKey, PartnerApiKey};
/// # async fn run(partner_key: PartnerApiKey, billing_key: CertCentralApiKey) -> Result<(), digicert_client::Error> {
/// let client = Client::builder(&billing_key).build()?;
/// client.link_billing_account(&partner_key).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) runtime: Runtime,
}

impl Client {
    /// Begins a client that sends `key` with every request, in the header `X-PARTNER-APIKEY`.
    pub fn builder(key: &PartnerApiKey) -> ClientBuilder<Self> {
        ClientBuilder::new(key.expose_secret())
    }

    /// Begins a client with the key in `DIGICERT_PARTNER_API_KEY` and, if it is set, the origin in
    /// `DIGICERT_ORIGIN`.
    ///
    /// # Errors
    ///
    /// The variable is not set, is empty, or is not UTF-8.
    pub fn from_env() -> Result<ClientBuilder<Self>, Error> {
        ClientBuilder::from_env()
    }

    /// Waits until this many calls may be made at once, and gives a client that makes its next ones
    /// without waiting, as that for [CertCentral](crate::certcentral::Client::reserve) does: what is
    /// looked up in between is not old when the link is sent.
    pub async fn reserve(&self, calls: usize) -> Self {
        Self {
            runtime: self.runtime.reserve(calls).await,
        }
    }
}

impl sealed::Sealed for Client {
    const NAME: &'static str = "Partner Subscriptions API";
    const SERVERS: &'static [&'static str] = SERVERS;
    const KEY_HEADER: &'static str = KEY_HEADER;
    const KEY_VARIABLE: &'static str = "DIGICERT_PARTNER_API_KEY";

    #[allow(private_interfaces, reason = "the trait is sealed")]
    fn from_runtime(runtime: Runtime) -> Self {
        Self { runtime }
    }
}

impl Api for Client {}

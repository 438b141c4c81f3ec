//! Building a client: where it sends, with which key, for how long it waits.

use std::env::VarError;
use std::marker::PhantomData;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Url, redirect};
use zeroize::Zeroizing;

use crate::base_url::{self, Region};
use crate::error::Error;
use crate::limits::RateLimits;
use crate::retry::{Budget, RetryPolicy};
use crate::runtime::Runtime;
use crate::{key, limiters, tls};

type Customize = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder>;

/// An API that this crate has a client for.
pub trait Api: sealed::Sealed {}

pub(crate) mod sealed {
    use crate::runtime::Runtime;

    /// What the shared builder has to know of an API.
    pub trait Sealed: Sized {
        const NAME: &'static str;
        const SERVERS: &'static [&'static str];
        const KEY_HEADER: &'static str;
        /// The environment variable that holds the key.
        const KEY_VARIABLE: &'static str;

        #[allow(private_interfaces, reason = "the trait is sealed")]
        fn from_runtime(runtime: Runtime) -> Self;
    }
}

/// How long a connection may take to come up, unless told otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a call may take in all, unless told otherwise. Generous, because a creation that was
/// given up on leaves open whether the subaccount exists.
const TIMEOUT: Duration = Duration::from_secs(60);

const ORIGIN_VARIABLE: &str = "DIGICERT_ORIGIN";

/// An environment variable; one that is empty counts as not set.
fn read_variable(name: &str) -> Result<Option<String>, Error> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        // The value stays out of the message: it may be a key.
        Err(VarError::NotUnicode(_)) => Err(Error::not_sent(format!(
            "the environment variable {name} is not UTF-8"
        ))),
    }
}

/// Builds a client; from [`certcentral::Client::builder`](crate::certcentral::Client::builder) or
/// [`partner::Client::builder`](crate::partner::Client::builder).
///
/// ```
/// use std::time::Duration;
/// use digicert_client::{Region, certcentral::Client};
/// use digicert_client::types::CertCentralApiKey;
///
/// # fn main() -> Result<(), digicert_client::Error> {
/// let key = CertCentralApiKey::new("not-a-real-key");
/// let europe = Client::builder(&key).region(Region::Eu).build()?;
/// let sandbox = Client::builder(&key)
///     .origin("http://127.0.0.1:8700")
///     .timeout(Duration::from_secs(5))
///     .user_agent("price-list/1.0")
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder<C> {
    key: Result<HeaderValue, Error>,
    region: Region,
    origin: Option<String>,
    connect_timeout: Duration,
    timeout: Duration,
    user_agent: Option<String>,
    retry: RetryPolicy,
    limits: RateLimits,
    customize: Option<Customize>,
    api: PhantomData<fn() -> C>,
}

impl<C> std::fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("region", &self.region)
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl<C: Api> ClientBuilder<C> {
    pub(crate) fn new(secret: &str) -> Self {
        Self {
            key: key::header_value(secret),
            region: Region::default(),
            origin: None,
            connect_timeout: CONNECT_TIMEOUT,
            timeout: TIMEOUT,
            user_agent: None,
            retry: RetryPolicy::default(),
            limits: RateLimits::default(),
            customize: None,
            api: PhantomData,
        }
    }

    /// Begins a client with what the environment says: the key, and `DIGICERT_ORIGIN` if it is set.
    pub(crate) fn from_env() -> Result<Self, Error> {
        let key = read_variable(C::KEY_VARIABLE)?;
        let Some(key) = key.map(Zeroizing::new) else {
            let message = format!(
                "the environment variable {} is not set; it holds the API key",
                C::KEY_VARIABLE
            );
            return Err(Error::not_sent(message));
        };
        let builder = Self::new(&key);
        Ok(match read_variable(ORIGIN_VARIABLE)? {
            Some(origin) => builder.origin(origin),
            None => builder,
        })
    }

    /// Sends to an instance of the service; [`Region::Us`] unless told otherwise.
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Sends to this origin instead of a region, for instance to a sandbox:
    /// `http://127.0.0.1:8700`. The path of the API may follow it or not.
    pub fn origin(mut self, origin: impl Into<String>) -> Self {
        self.origin = Some(origin.into());
        self
    }

    /// How long a connection may take to come up; 10 seconds unless told otherwise.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long an attempt may take, from its first byte to its last; 60 seconds unless told
    /// otherwise. A write that takes longer has an unknown outcome. How late another attempt may
    /// begin is [`RetryPolicy::max_total`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Names the calling program in the header `User-Agent`, before the name of this crate.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// When and how often a failed call is sent again; [`RetryPolicy::off`] is never.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The limits to keep; those that DigiCert documents unless told otherwise. Clients with the
    /// same key, address and limits in one process keep them together.
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Changes how connections are made: a proxy, a TLS of your own, a time-out. What
    /// keeps keys safe is set afterwards and cannot be changed: no redirect is followed, nothing
    /// is sent twice behind our back, and no byte is logged. That is why a finished
    /// `reqwest::Client` is not taken: it might follow a redirect, with the key.
    ///
    /// ```
    /// # use digicert_client::{certcentral::Client, types::CertCentralApiKey};
    /// # let key = CertCentralApiKey::new("not-a-real-key");
    /// let builder = Client::builder(&key).http(|http| http.tcp_nodelay(true));
    /// ```
    pub fn http(
        mut self,
        customize: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + 'static,
    ) -> Self {
        self.customize = Some(Box::new(customize));
        self
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// A key that cannot stand in a header, an origin that could give the key away, a time-out of
    /// zero: the message says what to change. The [kind](crate::ErrorKind) is `NotSent`.
    pub fn build(mut self) -> Result<C, Error> {
        for (name, timeout) in [
            ("connect time-out", self.connect_timeout),
            ("time-out", self.timeout),
        ] {
            if timeout.is_zero() {
                return Err(Error::not_sent(format!(
                    "the {name} is zero, so every call would fail; give it some seconds, or leave it out"
                )));
            }
        }
        let base_url = match &self.origin {
            Some(origin) => base_url::of_origin(origin, C::SERVERS)?,
            None => base_url::of_region(self.region, C::SERVERS, C::NAME)?,
        };
        let http = self.reqwest(&base_url)?;
        let key = self.key?;
        let budget = Budget::new(self.retry.budget);
        Ok(C::from_runtime(Runtime {
            http,
            limiter: limiters::limiter(&base_url, key.as_bytes(), &self.limits),
            reservation: None,
            base_url: base_url.into(),
            key,
            retry: Arc::new(self.retry),
            budget,
            key_header: HeaderName::from_static(C::KEY_HEADER),
        }))
    }

    fn reqwest(&mut self, base_url: &str) -> Result<reqwest::Client, Error> {
        let url = Url::parse(base_url)
            .map_err(|error| Error::not_sent("the base URL is no URL").with_source(error))?;
        let builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            .user_agent(self.user_agent_value()?);
        let builder = tls::configure(builder, url.scheme() == "https")?;
        let builder = match self.customize.take() {
            Some(customize) => customize(builder),
            None => builder,
        };
        let mut builder = builder
            // A redirect would carry the key to whatever host the answer names (I4).
            .redirect(redirect::Policy::none())
            // reqwest would send a request again on its own after a reset (I1).
            .retry(reqwest::retry::never())
            // It would write every byte to the log, the key among them (I2).
            .connection_verbose(false)
            .referer(false);
        if url.scheme() == "http" {
            // The key is in the clear: no proxy may see it, and `localhost` must mean this machine.
            let here = [
                SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
            ];
            builder = builder.no_proxy().resolve_to_addrs("localhost", &here);
        }
        builder
            .build()
            .map_err(|error| Error::not_sent("the HTTP client cannot be built").with_source(error))
    }

    fn user_agent_value(&self) -> Result<HeaderValue, Error> {
        let own = concat!("digicert-rs/", env!("CARGO_PKG_VERSION"));
        let value = match &self.user_agent {
            Some(name) => format!("{name} {own}"),
            None => own.to_owned(),
        };
        HeaderValue::from_str(&value).map_err(|error| {
            Error::not_sent(
                "the user agent holds a character that cannot stand in a header; use ASCII",
            )
            .with_source(error)
        })
    }
}

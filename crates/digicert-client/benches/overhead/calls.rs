//! The calls that are compared: read the products of a subaccount, and set them.
//!
//! By hand means: what a careful program would write for just these calls. The same is
//!
//! - the request: method, path, and the headers `accept`, `user-agent`, the key (marked as
//!   sensitive), for the PUT `content-type`, and the body, serialised from the same typed value;
//! - the connection: the same time-outs, no redirect followed, nothing sent again by reqwest, no
//!   proxy, the same TLS stack (not spoken on loopback), reqwest's defaults for the rest;
//! - the answer: the status looked at, the body read to its end, for the GET into the same type.
//!
//! What only the client does is what it costs: keep the limits, be ready to send again, bound what
//! it reads, have a span, and turn failures into errors.

use std::time::Duration;

use digicert_client::types::certcentral::{SetSubaccountProductsRequest, SubaccountProducts};
use digicert_client::types::{CertCentralApiKey, examples};
use digicert_client::{RateLimits, certcentral};
use reqwest::header::{ACCEPT, HeaderName, HeaderValue};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const KEY_HEADER: HeaderName = HeaderName::from_static("x-dc-devkey");
const SUBACCOUNT: i64 = 1_122_334;

/// How a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    ByHand,
    /// By the client as it is by default, but that the windows hold more than is ever sent: the
    /// log of what was sent is kept and looked at.
    Logged,
    /// By the client without limits, retries on.
    Unlimited,
}

impl Way {
    pub(crate) const ALL: [Self; 3] = [Self::ByHand, Self::Logged, Self::Unlimited];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ByHand => "by-hand",
            Self::Logged => "logged",
            Self::Unlimited => "unlimited",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::ByHand => "by hand",
            Self::Logged => "client, wide windows",
            Self::Unlimited => "client, no limits",
        }
    }

    pub(crate) fn named(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|way| way.name() == name)
            .expect("a way")
    }
}

/// Which call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Get,
    Put,
}

impl Call {
    pub(crate) const ALL: [Self; 2] = [Self::Get, Self::Put];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Get => "GET products",
            Self::Put => "PUT products",
        }
    }

    pub(crate) fn named(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|call| call.name() == name)
            .expect("a call")
    }
}

/// Makes calls one way. Clones share connections.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) way: Way,
    with: With,
    products: SetSubaccountProductsRequest,
}

#[derive(Clone)]
enum With {
    Hand(ByHand),
    Client(certcentral::Client),
}

impl Caller {
    pub(crate) fn new(way: Way, origin: &str) -> Self {
        let sample = examples::find("set_subaccount_products", "request", "sample");
        Self {
            way,
            with: match way {
                Way::ByHand => With::Hand(ByHand::new(origin)),
                Way::Logged => With::Client(client(origin, wide())),
                Way::Unlimited => With::Client(client(origin, RateLimits::none())),
            },
            products: serde_json::from_str(sample.expect("a sample").json).expect("it reads"),
        }
    }

    pub(crate) async fn call(&self, call: Call) {
        match (&self.with, call) {
            (With::Hand(by_hand), Call::Get) => {
                let products = by_hand.list_subaccount_products(SUBACCOUNT).await;
                assert_eq!(
                    products.expect("an answer").products.map(|list| list.len()),
                    Some(5)
                );
            }
            (With::Hand(by_hand), Call::Put) => {
                let done = by_hand
                    .set_subaccount_products(SUBACCOUNT, &self.products)
                    .await;
                done.expect("an answer");
            }
            (With::Client(client), Call::Get) => {
                let products = client.list_subaccount_products(SUBACCOUNT).await;
                assert_eq!(
                    products.expect("an answer").products.map(|list| list.len()),
                    Some(5)
                );
            }
            (With::Client(client), Call::Put) => {
                let done = client
                    .set_subaccount_products(SUBACCOUNT, &self.products)
                    .await;
                done.expect("an answer");
            }
        }
    }
}

fn client(origin: &str, limits: RateLimits) -> certcentral::Client {
    certcentral::Client::builder(&CertCentralApiKey::new(KEY))
        .origin(origin)
        .rate_limits(limits)
        .build()
        .expect("a client")
}

/// The default limits, but that nobody has to wait.
fn wide() -> RateLimits {
    let mut limits = RateLimits::default();
    for window in &mut limits.windows {
        window.requests = 1_000_000;
    }
    limits.at_once = Some(1000);
    limits
}

/// The calls as one would write them for oneself.
#[derive(Clone)]
struct ByHand {
    http: reqwest::Client,
    base_url: String,
    key: HeaderValue,
}

impl ByHand {
    fn new(origin: &str) -> Self {
        let mut key = HeaderValue::from_str(KEY).expect("a header value");
        key.set_sensitive(true);
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(60))
            .user_agent("digicert-rs/0.1.0")
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy();
        Self {
            http: with_tls(http).build().expect("an HTTP client"),
            base_url: format!("{origin}/services/v2"),
            key,
        }
    }

    async fn list_subaccount_products(&self, id: i64) -> reqwest::Result<SubaccountProducts> {
        self.http
            .get(format!(
                "{}/account/subaccount/{id}/products",
                self.base_url
            ))
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(KEY_HEADER, self.key.clone())
            .send()
            .await?
            .error_for_status()?
            .json()
            .await
    }

    async fn set_subaccount_products(
        &self,
        id: i64,
        products: &SetSubaccountProductsRequest,
    ) -> reqwest::Result<()> {
        self.http
            .put(format!(
                "{}/account/subaccount/{id}/products",
                self.base_url
            ))
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(KEY_HEADER, self.key.clone())
            .json(products)
            .send()
            .await?
            .error_for_status()?
            .bytes()
            .await?;
        Ok(())
    }
}

/// The provider that the client takes; reqwest is built without one of its own.
#[cfg(feature = "rustls")]
fn with_tls(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    http.tls_backend_preconfigured(config)
}

#[cfg(not(feature = "rustls"))]
fn with_tls(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    http
}

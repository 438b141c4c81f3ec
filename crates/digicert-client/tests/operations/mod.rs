//! The seven operations, each as one call, with keys that must not be seen again.

#![allow(dead_code, reason = "not every test file uses all of it")]

use std::time::Duration;

use digicert_client::types::certcentral::{
    CreateSubaccountRequest, ListSubaccountsQuery, SetSubaccountProductsRequest,
};
use digicert_client::types::{CertCentralApiKey, PartnerApiKey, examples};
use digicert_client::{Error, RateLimits, RetryPolicy, certcentral, partner};

/// Sent in `X-DC-DEVKEY`.
pub(crate) const CERTCENTRAL_KEY: &str = "canary-certcentral-zq5wxk";
/// Sent in `X-PARTNER-APIKEY`.
pub(crate) const PARTNER_KEY: &str = "canary-partner-vj8rtm";
/// Received as the one-time key of a subaccount.
pub(crate) const ANSWERED_KEY: &str = "canary-answered-hy3npl";

/// Bodies with a new key, `KEY`, under other names than the documented one or under none. `true`: the
/// key can be recovered.
pub(crate) const ODD_KEYS: [(&str, bool); 13] = [
    (r#"{"id":7,"apiKey":"KEY"}"#, true),
    (r#"{"id":7,"API-Key":"KEY"}"#, true),
    (r#"{"id":7,"data":{"apikey":"KEY"}}"#, true),
    (
        r#"{"status":500,"body":"{\"id\":7,\"apiKey\":\"KEY\"}"}"#,
        true,
    ),
    (
        r#"{"errors":[{"code":"x","message":"y"}],"apiKey":"KEY"}"#,
        true,
    ),
    (
        r#"{"errors":[{"code":"x","message":"created: {\"apiKey\":\"KEY\"}"}]}"#,
        true,
    ),
    (
        r#"{"errors":[{"code":"x","message":"API key: KEY"}]}"#,
        false,
    ),
    (
        r#"{"errors":[{"code":"x","message":"its key is KEY"}]}"#,
        false,
    ),
    (r#"{"errors":[{"code":"KEY","message":"KEY"}]}"#, false),
    (r#"{"id":7,"secret":"KEY"}"#, false),
    ("<p>API key: KEY</p>", false),
    ("<tr><td>Key</td><td>KEY</td></tr>", false),
    ("KEY", false),
];

/// Whether a text holds one of the keys, or the beginning or the end of one.
pub(crate) fn holds_a_key(text: &str) -> bool {
    ["canary", "zq5wxk", "vj8rtm", "hy3npl"]
        .iter()
        .any(|part| text.contains(part))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operation {
    GetAccount,
    ListSubaccounts,
    GetSubaccount,
    ListSubaccountProducts,
    SetSubaccountProducts,
    LinkBillingAccount,
    CreateSubaccount,
}

impl Operation {
    pub(crate) const ALL: [Self; 7] = [
        Self::GetAccount,
        Self::ListSubaccounts,
        Self::GetSubaccount,
        Self::ListSubaccountProducts,
        Self::SetSubaccountProducts,
        Self::LinkBillingAccount,
        Self::CreateSubaccount,
    ];

    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::GetAccount => "get_account",
            Self::ListSubaccounts => "list_subaccounts",
            Self::GetSubaccount => "get_subaccount",
            Self::ListSubaccountProducts => "list_subaccount_products",
            Self::SetSubaccountProducts => "set_subaccount_products",
            Self::LinkBillingAccount => "link_billing_account",
            Self::CreateSubaccount => "create_subaccount",
        }
    }

    pub(crate) fn is_create(self) -> bool {
        self == Self::CreateSubaccount
    }

    pub(crate) fn is_write(self) -> bool {
        matches!(
            self,
            Self::CreateSubaccount | Self::SetSubaccountProducts | Self::LinkBillingAccount
        )
    }

    /// The answer to a success as documented.
    pub(crate) fn success(self) -> String {
        match self {
            Self::SetSubaccountProducts | Self::LinkBillingAccount => {
                "HTTP/1.1 204 No Content\r\n\r\n".to_owned()
            }
            _ => crate::raw_server::json(self.status_with_body(), &self.body()),
        }
    }

    /// The status of a success that has a body.
    pub(crate) fn status_with_body(self) -> &'static str {
        if self.is_create() {
            "201 Created"
        } else {
            "200 OK"
        }
    }

    /// A small body of a success. That of a creation ends with its key.
    pub(crate) fn body(self) -> String {
        match self {
            Self::GetAccount => r#"{"id":1122331,"cert_transparency":"embed"}"#.to_owned(),
            Self::ListSubaccounts => {
                r#"{"subaccounts":[{"id":1122334,"account_type":"retail"}]}"#.to_owned()
            }
            Self::GetSubaccount => r#"{"account_id":1122334,"account_type":"reseller"}"#.to_owned(),
            Self::ListSubaccountProducts => {
                r#"{"currency":"USD","products":[{"product_name_id":"ssl_plus"}]}"#.to_owned()
            }
            Self::SetSubaccountProducts | Self::LinkBillingAccount => {
                r#"{"not":"documented"}"#.to_owned()
            }
            Self::CreateSubaccount => {
                format!(r#"{{"id":1122334,"account_type":"managed","api_key":"{ANSWERED_KEY}"}}"#)
            }
        }
    }

    /// Calls it; a result is given back as its `Debug`.
    pub(crate) async fn call(self, clients: &Clients) -> Result<String, Error> {
        let certcentral = || clients.certcentral.as_ref().expect("built");
        match self {
            Self::GetAccount => certcentral().get_account().await.map(show),
            Self::ListSubaccounts => {
                let query = ListSubaccountsQuery::default();
                certcentral().list_subaccounts(&query).await.map(show)
            }
            Self::GetSubaccount => certcentral().get_subaccount(1_122_334).await.map(show),
            Self::ListSubaccountProducts => certcentral()
                .list_subaccount_products(1_122_334)
                .await
                .map(show),
            Self::SetSubaccountProducts => {
                let request: SetSubaccountProductsRequest = sample("set_subaccount_products");
                certcentral()
                    .set_subaccount_products(1_122_334, &request)
                    .await
                    .map(show)
            }
            Self::LinkBillingAccount => {
                let key = CertCentralApiKey::new(CERTCENTRAL_KEY);
                let partner = clients.partner.as_ref().expect("built");
                partner.link_billing_account(&key).await.map(show)
            }
            Self::CreateSubaccount => {
                let request: CreateSubaccountRequest = sample("create_subaccount");
                certcentral().create_subaccount(&request).await.map(show)
            }
        }
    }
}

fn show(value: impl std::fmt::Debug) -> String {
    format!("{value:?} {value:#?}")
}

pub(crate) fn sample<T: serde::de::DeserializeOwned>(operation: &str) -> T {
    let example = examples::find(operation, "request", "sample").expect("a sample");
    serde_json::from_str(example.json).expect("it reads")
}

/// How a pair of clients is set up.
pub(crate) struct Setup {
    pub(crate) origin: String,
    pub(crate) retry: RetryPolicy,
    pub(crate) limits: RateLimits,
    pub(crate) timeout: Duration,
    /// Whether reqwest is asked to log every byte.
    pub(crate) verbose: bool,
}

impl Setup {
    /// Retries at once, waits long, keeps no limits.
    pub(crate) fn new(origin: impl Into<String>) -> Self {
        Self {
            origin: origin.into(),
            retry: quick(),
            limits: RateLimits::none(),
            timeout: Duration::from_secs(60),
            verbose: false,
        }
    }

    pub(crate) fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    pub(crate) fn limits(mut self, limits: RateLimits) -> Self {
        self.limits = limits;
        self
    }

    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    pub(crate) fn verbose(mut self) -> Self {
        self.verbose = true;
        self
    }

    pub(crate) fn clients(self) -> Clients {
        Clients {
            certcentral: Some(self.certcentral()),
            partner: Some(self.partner()),
        }
    }

    /// Only the client that the operation needs: with some kinds of TLS, building one is work.
    pub(crate) fn clients_for(self, operation: Operation) -> Clients {
        let partner = operation == Operation::LinkBillingAccount;
        Clients {
            certcentral: (!partner).then(|| self.certcentral()),
            partner: partner.then(|| self.partner()),
        }
    }

    pub(crate) fn certcentral(&self) -> certcentral::Client {
        let key = CertCentralApiKey::new(CERTCENTRAL_KEY);
        self.finish(certcentral::Client::builder(&key))
    }

    pub(crate) fn partner(&self) -> partner::Client {
        let key = PartnerApiKey::new(PARTNER_KEY);
        self.finish(partner::Client::builder(&key))
    }

    fn finish<C: digicert_client::Api>(&self, builder: digicert_client::ClientBuilder<C>) -> C {
        let verbose = self.verbose;
        builder
            .origin(&*self.origin)
            .retry(self.retry.clone())
            .rate_limits(self.limits.clone())
            .timeout(self.timeout)
            .http(move |http| http.connection_verbose(verbose))
            .build()
            .expect("a client")
    }
}

/// Three attempts with next to no wait between them.
pub(crate) fn quick() -> RetryPolicy {
    let mut policy = RetryPolicy::default();
    policy.attempts = 3;
    policy.first_delay = Duration::from_millis(1);
    policy.max_delay = Duration::from_millis(2);
    policy
}

#[derive(Clone, Debug)]
pub(crate) struct Clients {
    certcentral: Option<certcentral::Client>,
    partner: Option<partner::Client>,
}

/// Everything that a program may print of an error.
pub(crate) fn printed(error: &Error) -> String {
    let own = format!(
        "{error}\n{error:#}\n{error:?}\n{error:#?}\n{}\n{:?}\n{:?}\n{:?}\n{:?}",
        error.excerpt(),
        error.errors(),
        error.remedy(),
        error.operation(),
        error.recovered(),
    );
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(own, |text, cause| {
        format!("{text}\n{cause}\n{cause:?}\n{cause:#?}")
    })
}

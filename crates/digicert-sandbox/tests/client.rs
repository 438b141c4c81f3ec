//! A client of the sandbox, as plain as possible: it sends what it is told, right or wrong.

use std::time::Duration;

use digicert_sandbox::Sandbox;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub(crate) struct Client {
    http: reqwest::Client,
    origin: String,
    certcentral_key: String,
    partner_key: String,
}

/// A client of any kind. In a workspace where another crate gives reqwest a TLS without a provider,
/// reqwest wants one, also for plain HTTP.
pub(crate) fn http() -> reqwest::Client {
    // Fails if there is one already, which is as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

impl Client {
    pub(crate) fn new(sandbox: &Sandbox) -> Self {
        Self {
            http: http(),
            origin: sandbox.origin().to_owned(),
            certcentral_key: sandbox.certcentral_key().expose_secret().to_owned(),
            partner_key: sandbox.partner_key().expose_secret().to_owned(),
        }
    }

    /// The same client with another CertCentral key.
    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self {
            http: self.http.clone(),
            origin: self.origin.clone(),
            certcentral_key: key.to_owned(),
            partner_key: self.partner_key.clone(),
        }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// A request without any key, to a path below the origin.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.origin))
    }

    fn certcentral(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.request(method, &format!("/services/v2{path}"))
            .header("X-DC-DEVKEY", &self.certcentral_key)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.certcentral(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.certcentral(Method::POST, path);
        send(request.header(CONTENT_TYPE, "application/json").body(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.certcentral(Method::PUT, path);
        send(request.header(CONTENT_TYPE, "application/json").body(body)).await
    }

    /// Links the account of the CertCentral key to that of the partner key.
    pub(crate) async fn link(&self) -> Answer {
        let request = self.request(Method::PUT, ACCOUNT_LINK);
        let request = request.header("X-PARTNER-APIKEY", &self.partner_key);
        send(request.header("X-DC-DEVKEY", &self.certcentral_key)).await
    }

    /// Creates a subaccount that must be accepted, and gives the answer.
    pub(crate) async fn create(&self, body: &Value) -> Value {
        let answer = self.post("/account", body.to_string()).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.json()
    }

    /// Sets products that must be accepted.
    pub(crate) async fn set_products(&self, id: i64, body: &Value) {
        let answer = self.put(&products_of(id), body.to_string()).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    }

    /// The products of a subaccount.
    pub(crate) async fn products(&self, id: i64) -> Value {
        self.get(&products_of(id)).await.ok()
    }
}

pub(crate) const ACCOUNT_LINK: &str = "/partner-subscription/api/v1/finance/account-link";

pub(crate) fn products_of(id: i64) -> String {
    format!("/account/subaccount/{id}/products")
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) allow: Option<String>,
    pub(crate) body: String,
}

pub(crate) async fn send(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    Answer {
        status: response.status().as_u16(),
        content_type: header("content-type"),
        allow: header("allow"),
        body: response.text().await.unwrap(),
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The body of an answer that must be a success.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.json()
    }

    /// The codes of an answer that must be a refusal: JSON, and nothing but JSON.
    pub(crate) fn codes(&self) -> Vec<String> {
        assert!(self.status >= 400, "{self:?}");
        assert_eq!(
            self.content_type.as_deref(),
            Some("application/json"),
            "{self:?}"
        );
        let errors = self.json()["errors"].as_array().unwrap().clone();
        assert!(!errors.is_empty(), "{self:?}");
        let code = |error: &Value| {
            let message = error["message"].as_str().unwrap();
            assert!(message.ends_with('.') && message.len() > 10, "{message}");
            error["code"].as_str().unwrap().to_owned()
        };
        errors.iter().map(code).collect()
    }

    #[track_caller]
    pub(crate) fn assert_refused(&self, status: u16, codes: &[&str]) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.codes(), codes, "{self:?}");
    }
}

/// Sends bytes as they are, and gives what comes back until the connection ends.
pub(crate) async fn raw(origin: &str, bytes: &[u8]) -> String {
    let mut stream = connect(origin).await;
    // The sandbox may have hung up before it was sent all.
    let _ = stream.write_all(bytes).await;
    read_to_end(&mut stream).await
}

pub(crate) async fn connect(origin: &str) -> TcpStream {
    let address = origin.strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.unwrap()
}

/// Reads until the connection ends, which it must within a time that is long enough for all that
/// a test can be waiting for.
pub(crate) async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut received = Vec::new();
    let ended = timeout(Duration::from_secs(60), stream.read_to_end(&mut received)).await;
    let received = String::from_utf8_lossy(&received).into_owned();
    // A reset ends a connection, too.
    let _ = ended.unwrap_or_else(|_| panic!("the connection does not end after {received:?}"));
    received
}

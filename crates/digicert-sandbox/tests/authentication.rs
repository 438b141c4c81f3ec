//! Keys: missing, wrong and right ones, and what is checked before and after them.

use digicert_sandbox::{ParentSettings, Sandbox};
use reqwest::Method;
use serde_json::json;

use crate::client::{ACCOUNT_LINK, Client, raw, send};
use crate::samples;

const INVALID_KEY: &str = "access_denied|access_denied_invalid_key";

/// All operations of the CertCentral API, with a subaccount that exists.
const OPERATIONS: [(Method, &str); 6] = [
    (Method::GET, "/services/v2/account"),
    (Method::POST, "/services/v2/account"),
    (Method::GET, "/services/v2/account/subaccount"),
    (Method::GET, "/services/v2/account/subaccount/1122334"),
    (
        Method::GET,
        "/services/v2/account/subaccount/1122334/products",
    ),
    (
        Method::PUT,
        "/services/v2/account/subaccount/1122334/products",
    ),
];

// Recorded answer: `GET /services/v2/account` with an invalid key. That a missing key is
// answered alike is our choice.
#[tokio::test]
async fn a_missing_or_wrong_key_gives_the_recorded_403() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    client.create(&samples::create_request()).await;
    for (method, path) in OPERATIONS {
        let request = || client.request(method.clone(), path);
        let key = sandbox.certcentral_key().expose_secret();
        let partner_key = sandbox.partner_key().expose_secret();
        for request in [
            request(),
            request().header("X-DC-DEVKEY", ""),
            request().header("X-DC-DEVKEY", "wrong"),
            request().header("X-DC-DEVKEY", &key[..key.len() - 1]),
            request().header("X-DC-DEVKEY", format!("{key}0")),
            request().header("X-DC-DEVKEY", key.to_uppercase()),
            request().header("X-DC-DEVKEY", partner_key),
            request().header("X-DC-DEVKEY", b"\xff\xfe".as_slice()),
            request().header("X-PARTNER-APIKEY", key),
            request().header("Authorization", format!("Bearer {key}")),
        ] {
            let answer = send(request).await;
            assert_eq!(answer.status, 403, "{method} {path}");
            assert_eq!(answer.content_type.as_deref(), Some("application/json"));
            assert_eq!(
                answer.json(),
                json!({"errors": [{
                    "code": INVALID_KEY,
                    "message": "Access denied due to access_denied_invalid_key.",
                }]})
            );
        }
    }
}

// Our choice: of two keys neither counts, even if they are the same.
#[tokio::test]
async fn a_key_that_is_sent_twice_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let key = sandbox.certcentral_key().expose_secret();
    let request = format!(
        "GET /services/v2/account HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         X-DC-DEVKEY: {key}\r\nX-DC-DEVKEY: {key}\r\n\r\n"
    );
    let answer = raw(sandbox.origin(), request.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
}

// Authentication page: the header is X-DC-DEVKEY; names of headers have no case.
#[tokio::test]
async fn the_right_key_is_accepted_whatever_the_case_of_the_header_name() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    for name in ["X-DC-DEVKEY", "x-dc-devkey", "X-Dc-Devkey"] {
        let request = client.request(Method::GET, "/services/v2/account");
        let key = sandbox.certcentral_key().expose_secret();
        assert_eq!(send(request.header(name, key)).await.status, 200);
    }
}

#[tokio::test]
async fn keys_of_one_sandbox_are_wrong_in_another() {
    let (one, other) = (
        Sandbox::start().await.unwrap(),
        Sandbox::start().await.unwrap(),
    );
    let stranger = Client::new(&one).with_key(other.certcentral_key().expose_secret());
    stranger
        .get("/account")
        .await
        .assert_refused(403, &[INVALID_KEY]);
}

#[tokio::test]
async fn keys_that_are_given_are_the_keys() {
    let builder = Sandbox::builder()
        .certcentral_key("not-a-real-key")
        .partner_key("not-a-real-partner-key");
    let sandbox = builder.start().await.unwrap();
    assert_eq!(sandbox.certcentral_key().expose_secret(), "not-a-real-key");
    assert_eq!(
        sandbox.partner_key().expose_secret(),
        "not-a-real-partner-key"
    );
    let client = Client::new(&sandbox);
    assert_eq!(client.get("/account").await.status, 200);
    assert_eq!(client.link().await.status, 204);
}

// Create page: 403 with this code unless the account representative has enabled subaccounts.
#[tokio::test]
async fn subaccounts_that_are_not_enabled_cannot_be_created() {
    let parent = ParentSettings::default().subaccounts_enabled(false);
    let sandbox = Sandbox::builder().parent(parent).start().await.unwrap();
    let client = Client::new(&sandbox);
    let sample = samples::create_request().to_string();
    let answer = client.post("/account", sample).await;
    answer.assert_refused(403, &["access_denied|missing_permission"]);
    assert_eq!(client.get("/account").await.status, 200);
    assert_eq!(
        client.get("/account/subaccount").await.ok()["page"]["total"],
        0
    );
}

// Our choice: route and method, then the key, then what it may do, then the body.
#[tokio::test]
async fn checks_are_made_in_a_fixed_order() {
    let parent = ParentSettings::default().subaccounts_enabled(false);
    let sandbox = Sandbox::builder().parent(parent).start().await.unwrap();
    let client = Client::new(&sandbox);
    let stranger = client.with_key("wrong");
    let unknown = "/account/subaccount/1/products";

    stranger
        .get("/nowhere")
        .await
        .assert_refused(404, &["not_found|route"]);
    stranger
        .put("/account", "{")
        .await
        .assert_refused(405, &["method_not_allowed"]);
    stranger
        .post("/account", "{")
        .await
        .assert_refused(403, &[INVALID_KEY]);
    stranger
        .put(unknown, "{")
        .await
        .assert_refused(403, &[INVALID_KEY]);
    stranger
        .get("/account/subaccount?limit=x")
        .await
        .assert_refused(403, &[INVALID_KEY]);

    let missing_permission = ["access_denied|missing_permission"];
    client
        .post("/account", "{")
        .await
        .assert_refused(403, &missing_permission);
    client
        .put(unknown, "{")
        .await
        .assert_refused(404, &["not_found"]);
}

// Errors page: `not_found|route` for an endpoint that does not exist.
#[tokio::test]
async fn paths_that_do_not_exist_are_unknown_routes() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    for path in [
        "/nowhere",
        "/services/v2",
        "/services/v2/",
        "/services/v2/account/",
        "/services/v2/accounts",
        "/services/v2//account",
        "/services/v1/account",
        "/services/v2/account/subaccount/1122334/product-limits",
        "/partner-subscription/api/v1/finance/",
        "/partner-subscription/api/v1/account-link",
        "/account",
    ] {
        let answer = send(client.request(Method::GET, path)).await;
        answer.assert_refused(404, &["not_found|route"]);
    }
}

// Our choice: 405 with the header that HTTP demands for it.
#[tokio::test]
async fn a_wrong_method_is_answered_with_those_that_are_allowed() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    for (method, path, allowed) in [
        (Method::PUT, "/services/v2/account", "GET,HEAD,POST"),
        (
            Method::DELETE,
            "/services/v2/account/subaccount",
            "GET,HEAD",
        ),
        (Method::PUT, "/services/v2/account/subaccount/1", "GET,HEAD"),
        (
            Method::PATCH,
            "/services/v2/account/subaccount/1/products",
            "GET,HEAD,PUT",
        ),
        (
            Method::OPTIONS,
            "/services/v2/account/subaccount/1/products",
            "GET,HEAD,PUT",
        ),
        (Method::TRACE, "/services/v2/account", "GET,HEAD,POST"),
        (Method::GET, ACCOUNT_LINK, "PUT"),
        (Method::POST, ACCOUNT_LINK, "PUT"),
    ] {
        let answer = send(client.request(method, path)).await;
        answer.assert_refused(405, &["method_not_allowed"]);
        assert_eq!(answer.allow.as_deref(), Some(allowed), "{path}");
    }
}

// Overview page, older copy: HEAD is among the methods.
#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let request = client.request(Method::HEAD, "/services/v2/account");
    let key = sandbox.certcentral_key().expose_secret();
    let answer = send(request.header("X-DC-DEVKEY", key)).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.content_type.as_deref(), Some("application/json"));
}

//! The request log: what is in it, what is not, and asserting on it.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, UNIX_EPOCH};

use digicert_sandbox::{Clock, Operation, Requests, Sandbox};
use reqwest::Method;

use crate::client::{Client, products_of, raw, send};
use crate::samples;

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}

#[tokio::test]
async fn each_request_is_there_before_its_answer_arrives() {
    let clock = Clock::frozen_at(UNIX_EPOCH + Duration::from_secs(1_543_456_084));
    let sandbox = Sandbox::builder()
        .clock(clock.clone())
        .start()
        .await
        .unwrap();
    let client = Client::new(&sandbox);
    for number in 1..=50 {
        client.get("/account?x=1").await.ok();
        let requests = sandbox.requests();
        assert_eq!(requests.len(), number);
        let last = requests.last().unwrap();
        assert_eq!(last.number(), number as u64);
        assert_eq!(last.at(), clock.now());
        assert_eq!(
            (last.method(), last.path()),
            ("GET", "/services/v2/account?x=1")
        );
        assert_eq!(
            (last.operation(), last.status()),
            (Some(Operation::GetAccount), Some(200))
        );
        assert!(last.duration() < Duration::from_secs(60));
        assert!(
            last.response_body().contains(r#""id":1122331"#),
            "{}",
            last.response_body()
        );
        assert_eq!((last.request_body(), last.fault()), ("", None));
    }
}

#[tokio::test]
async fn refusals_and_what_is_no_operation_are_in_it() {
    let (sandbox, client) = start().await;
    client.get("/nowhere").await;
    client.put("/account", "{}").await;
    client.with_key("wrong").get("/account").await;
    client.post("/account", "{}").await;
    let requests = sandbox.requests();
    let seen: Vec<_> = requests
        .iter()
        .map(|request| (request.operation(), request.status()))
        .collect();
    assert_eq!(
        seen,
        [
            (None, Some(404)),
            (None, Some(405)),
            (Some(Operation::GetAccount), Some(403)),
            (Some(Operation::CreateSubaccount), Some(400)),
        ]
    );
    let last = requests.last().unwrap();
    assert_eq!(last.request_body(), "{}");
    assert!(last.response_body().contains("required_param:account_type"));
    assert_eq!(last.header("Content-Type"), Some("application/json"));
}

/// All that can be seen of the log.
fn all(requests: &Requests) -> String {
    let json = serde_json::to_string(requests).unwrap();
    format!("{json} {requests} {requests:?}")
}

#[tokio::test]
async fn i2_no_key_is_in_it_wherever_it_was_sent() {
    let sandbox = Sandbox::builder()
        .certcentral_key("made-up-secret-1")
        .partner_key("made-up-secret-2")
        .start()
        .await
        .unwrap();
    let client = Client::new(&sandbox);
    let created = client.create(&samples::managed_request()).await;
    let key = created["api_key"].as_str().unwrap();
    client.with_key(key).get("/account").await.ok();
    assert_eq!(client.link().await.status, 204);
    // Where no key belongs.
    for secret in [key, "made-up-secret-1", "made-up-secret-2"] {
        client.get(&format!("/account?api_key={secret}")).await;
        client.get(&format!("/account/subaccount/{secret}")).await;
        client
            .post("/account", format!("{{\"child_name\":\"{secret}\"}}"))
            .await;
        client.post("/account", secret.to_owned()).await;
        let request = client.request(Method::GET, "/services/v2/account");
        send(
            request
                .header("Authorization", secret)
                .header("User-Agent", secret),
        )
        .await;
        let request = client.request(Method::GET, "/services/v2/account");
        send(
            request
                .header("X-Dc-Devkey", secret)
                .header("X-Dc-Devkey", secret),
        )
        .await;
    }
    // A real key that came here by mistake.
    client
        .with_key("unknown-secret")
        .get("/account?key=unknown-secret")
        .await;
    let body = r#"{"api_key":"unknown-secret"}"#;
    client.post("/account", body).await;
    let requests = sandbox.requests();
    requests.assert_count(23);
    let text = all(&requests);
    assert!(text.contains("[redacted]"));
    for secret in [key, "made-up-secret", "unknown-secret"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(text.contains("Example"), "the rest is there");
}

#[tokio::test]
async fn i10_odd_headers_are_taken_down() {
    let (sandbox, client) = start().await;
    let request = b"GET /services/v2/account HTTP/1.1\r\nHost: localhost\r\nUser-Agent: \xff\xe9t\xc3\xa9\r\n\
        Accept: a\r\nAccept: b\r\nX-Odd: \xfe\r\nConnection: close\r\n\r\n";
    let answer = raw(client.origin(), request).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    let json = serde_json::to_value(sandbox.requests()).unwrap();
    let headers = &json["requests"][0]["request_headers"];
    assert_eq!(headers["accept"], "a, b");
    assert_eq!(headers["x-odd"], "[redacted]");
    assert!(
        headers["user-agent"].as_str().unwrap().ends_with("té"),
        "{headers}"
    );
}

#[tokio::test]
async fn large_bodies_are_cut() {
    let (sandbox, client) = start().await;
    let id = client.create(&samples::create_request()).await["id"]
        .as_i64()
        .unwrap();
    let spaces = " ".repeat(150_000);
    let body = format!(r#"{{"currency":"USD","products":[{spaces}]}}"#);
    assert_eq!(client.put(&products_of(id), body.clone()).await.status, 204);
    let name = "x".repeat(20_000);
    let products = format!(r#"{{"products":[{{"product_name_id":"{name}"}}]}}"#);
    assert_eq!(client.put(&products_of(id), products).await.status, 204);
    client.get(&products_of(id)).await.ok();
    let requests = sandbox.requests();
    let sizes: Vec<_> = requests
        .iter()
        .map(|request| request.request_body().len())
        .collect();
    assert!(sizes[1] > 100_000 && sizes[1] < 140_000, "{sizes:?}");
    let note = format!("[cut, {} bytes in all]", body.len());
    let sent = requests.iter().nth(1).unwrap().request_body();
    assert!(sent.ends_with(&note));
    let answer = requests.last().unwrap().response_body();
    assert!(
        answer.len() < 5_000 && answer.contains("[cut, "),
        "{}",
        answer.len()
    );
}

#[tokio::test]
async fn a_log_that_was_cleared_counts_on() {
    let (sandbox, client) = start().await;
    client.get("/account").await.ok();
    sandbox.clear_requests();
    sandbox.requests().assert_none();
    client.get("/account").await.ok();
    let requests = sandbox.requests();
    assert_eq!(requests.assert_one().number(), 2);
}

fn panic_of(assertion: impl FnOnce()) -> String {
    let panic = std::panic::catch_unwind(AssertUnwindSafe(assertion)).unwrap_err();
    *panic.downcast::<String>().unwrap()
}

#[tokio::test]
async fn an_assertion_that_fails_shows_the_log() {
    let (sandbox, client) = start().await;
    let message = panic_of(|| {
        sandbox.requests().assert_one();
    });
    assert_eq!(
        message,
        "expected 1 request, but there were 0\nthe log is empty"
    );
    client.create(&samples::create_request()).await;
    client.get("/account").await.ok();
    client.get("/nowhere").await;

    let message = panic_of(|| {
        let created = sandbox.requests().of(Operation::CreateSubaccount);
        created.with_status(201).assert_none();
    });
    let expected = [
        "expected 0 requests of create_subaccount with status 201, but there was 1",
        "the log:",
        ">    1  201  create_subaccount         POST /services/v2/account",
        "     2  200  get_account               GET /services/v2/account",
        "     3  404  no operation              GET /services/v2/nowhere",
    ];
    assert_eq!(message.lines().collect::<Vec<_>>(), expected);

    let called = [Operation::CreateSubaccount, Operation::GetAccount];
    let message = panic_of(|| sandbox.requests().assert_operations(&called));
    let expected = "expected requests in this order: create_subaccount, get_account\nthe log:";
    assert!(message.starts_with(expected), "{message}");
    sandbox.clear_requests();
    client.create(&samples::create_request()).await;
    client.get("/account").await.ok();
    sandbox.requests().assert_operations(&called);
}

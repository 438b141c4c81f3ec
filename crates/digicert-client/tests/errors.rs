//! What a caller learns when a call fails, from a server that answers badly.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod raw_server;

use std::time::Duration;

use digicert_client::types::CertCentralApiKey;
use digicert_client::types::certcentral::{
    CreateSubaccountRequest, ListSubaccountsQuery, SetSubaccountProductsRequest,
};
use digicert_client::types::examples;
use digicert_client::{Error, ErrorKind, RetryPolicy, certcentral::Client};
use raw_server::scripted::ClosedPort;
use raw_server::{RawServer, json};

const KEY: &str = "canary-of-the-request";

fn client(origin: &str) -> Client {
    Client::builder(&CertCentralApiKey::new(KEY))
        .origin(origin)
        .retry(RetryPolicy::off())
        .build()
        .expect("a client")
}

async fn read_error(answer: impl Into<Vec<u8>>) -> Error {
    let server = RawServer::start(answer);
    client(&server.origin)
        .get_account()
        .await
        .expect_err("it fails")
}

async fn write_error(answer: impl Into<Vec<u8>>) -> Error {
    let server = RawServer::start(answer);
    let nothing = SetSubaccountProductsRequest::builder().products([]).build();
    client(&server.origin)
        .set_subaccount_products(1, &nothing)
        .await
        .expect_err("it fails")
}

async fn create_error(answer: impl Into<Vec<u8>>) -> Error {
    let server = RawServer::start(answer);
    let sample = examples::find("create_subaccount", "request", "sample").expect("a sample");
    let request: CreateSubaccountRequest = serde_json::from_str(sample.json).expect("it reads");
    client(&server.origin)
        .create_subaccount(&request)
        .await
        .expect_err("it fails")
}

/// Everything that a program may print of an error.
fn printed(error: &Error) -> String {
    let own = format!("{error}\n{error:?}\n{error:#?}\n{}", error.excerpt());
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(own, |text, cause| format!("{text}\n{cause}\n{cause:?}"))
}

#[tokio::test]
async fn every_error_is_kept_with_code_and_sub_code() {
    let body = r#"{"errors":[{"code":"access_denied|missing_permission","message":"No."},{"code":"not_found","message":"Gone."}]}"#;
    let error = read_error(json("403 Forbidden", body)).await;
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(error.status(), Some(403));
    assert_eq!(error.errors().len(), 2);
    assert_eq!(error.errors()[0].base(), "access_denied");
    assert_eq!(error.errors()[0].detail(), Some("missing_permission"));
    assert_eq!(error.errors()[1].code, "not_found");
    assert_eq!(
        error.to_string(),
        "get_account was refused (403 Forbidden): access_denied|missing_permission: No; not_found: Gone; \
         the key may not do this: GET /user/me shows its access_roles, and subaccounts must have \
         been enabled by the account representative"
    );
}

#[tokio::test]
async fn a_body_that_is_not_the_documented_json_still_gives_status_and_excerpt() {
    for (answer, excerpt) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\ncontent-length: 25\r\n\r\n<html>\n<b>No</b>\n</html>\n"
                [..],
            "<html> <b>No</b> </html>",
        ),
        (b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", ""),
        (
            b"HTTP/1.1 400 Bad Request\r\ncontent-length: 9\r\n\r\n{\"errors\"",
            "{\"errors\"",
        ),
        (
            b"HTTP/1.1 400 Bad Request\r\ncontent-length: 90\r\n\r\n{\"errors\"",
            "{\"errors\"",
        ),
        (
            b"HTTP/1.1 400 Bad Request\r\n\r\n\xff\xfe{}",
            "\u{fffd}\u{fffd}{}",
        ),
        (
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\n\r\nNo",
            "No",
        ),
    ] {
        let error = read_error(answer).await;
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Refused, Some(400))
        );
        assert_eq!(error.excerpt(), excerpt);
        assert!(error.errors().is_empty());
        assert!(error.to_string().contains(excerpt), "{error}");
    }
}

#[tokio::test]
async fn errors_as_an_object_are_read() {
    let error = read_error(json(
        "404 Not Found",
        r#"{"errors":{"code":"not_found|route","message":"No."}}"#,
    ))
    .await;
    assert_eq!(error.errors()[0].detail(), Some("route"));
}

#[tokio::test]
async fn a_read_changes_nothing_however_it_fails() {
    let refused = read_error(json("502 Bad Gateway", "{}")).await;
    assert_eq!(
        (refused.kind(), refused.may_have_been_applied()),
        (ErrorKind::Refused, false)
    );
    let cut = read_error("").await;
    assert_eq!(
        (cut.kind(), cut.may_have_been_applied()),
        (ErrorKind::NoAnswer, false)
    );
}

#[tokio::test]
async fn a_write_that_got_no_clear_answer_may_have_been_applied() {
    for answer in [
        "",
        "HTTP/1.1 20",
        "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 303 See Other\r\nlocation: /\r\n\r\n",
    ] {
        let error = write_error(answer).await;
        assert_eq!(
            error.kind(),
            ErrorKind::OutcomeUnknown,
            "{answer:?} gave {error}"
        );
        assert!(error.may_have_been_applied());
    }
    let error = write_error(json("400 Bad Request", "{}")).await;
    assert_eq!(
        (error.kind(), error.may_have_been_applied()),
        (ErrorKind::Refused, false)
    );
}

#[tokio::test]
async fn a_call_that_found_nobody_was_not_sent() {
    let port = ClosedPort::new();
    let error = client(&port.origin)
        .get_account()
        .await
        .expect_err("nobody listens");
    assert_eq!(
        (error.kind(), error.may_have_been_applied()),
        (ErrorKind::NotSent, false)
    );
    assert!(
        std::error::Error::source(&error).is_some(),
        "the cause is kept"
    );
}

#[tokio::test]
async fn attempts_that_reached_nobody_are_not_called_sent() {
    let port = ClosedPort::new();
    let mut policy = RetryPolicy::default();
    policy.attempts = 2;
    let client = Client::builder(&CertCentralApiKey::new(KEY))
        .origin(port.origin.clone())
        .retry(policy)
        .build()
        .expect("a client");
    let error = client.get_account().await.expect_err("nobody listens");
    assert_eq!(
        error.to_string(),
        "get_account was not sent: no connection came about (tried 2 times)"
    );
}

#[tokio::test]
async fn a_request_that_cannot_be_made_does_not_blame_the_connection() {
    let port = ClosedPort::new();
    // More than an address may have.
    let query = ListSubaccountsQuery::builder()
        .filters_search("a".repeat(100_000))
        .build();
    let error = client(&port.origin)
        .list_subaccounts(&query)
        .await
        .expect_err("it is too long");
    assert_eq!(error.kind(), ErrorKind::NotSent);
    assert_eq!(
        error.to_string(),
        "list_subaccounts was not sent: the request cannot be made"
    );
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let client = Client::builder(&CertCentralApiKey::new(KEY))
        .origin(origin)
        // Not shorter, so that also a busy machine sends the request in that time.
        .timeout(Duration::from_secs(3))
        .retry(RetryPolicy::off())
        .build()
        .expect("a client");
    let nothing = SetSubaccountProductsRequest::builder().products([]).build();
    let error = client
        .set_subaccount_products(1, &nothing)
        .await
        .expect_err("nobody answers");
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert!(error.to_string().contains("took too long"), "{error}");
    drop(listener);
}

#[tokio::test]
async fn i3_an_answer_with_a_key_that_cannot_be_read_is_kept_and_not_shown() {
    for body in [
        r#"{"id":1122334,"api_key":"canary-of-the-answer","organization":7}"#,
        r#"{"id":{},"api_key":"canary-of-the-answer"}"#,
        r#"{"api_key":["canary-of-the-answer"]}"#,
        r#"{"api_key":"canary-of-the-answer","#,
        r#""canary-of-the-answer""#,
    ] {
        let error = create_error(json("201 Created", body)).await;
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Unreadable, Some(201)),
            "{body}"
        );
        assert!(error.may_have_been_applied());
        assert_eq!(error.body(), body.as_bytes());
        assert!(!printed(&error).contains("canary"), "{}", printed(&error));
    }
}

#[tokio::test]
async fn i3_an_answer_that_was_cut_is_kept_as_far_as_it_came() {
    let error =
        create_error("HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{\"api_key\":\"canary")
            .await;
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert_eq!(error.body(), br#"{"api_key":"canary"#);
    assert!(!printed(&error).contains("canary"), "{}", printed(&error));
}

#[tokio::test]
async fn i2_no_key_is_in_anything_that_is_printed() {
    let echo = format!("<pre>X-DC-DEVKEY: {KEY}</pre>");
    let entry = format!(
        r#"{{"errors":[{{"code":"x","message":"the key {KEY} is wrong"}}],"api_key":"canary-2"}}"#
    );
    for answer in [
        json("400 Bad Request", &echo),
        json("500 Internal Server Error", &entry),
        json("200 OK", KEY),
        String::new(),
    ] {
        for error in [read_error(answer.clone()).await, create_error(answer).await] {
            assert!(!printed(&error).contains("canary"), "{}", printed(&error));
        }
    }
    let builder = Client::builder(&CertCentralApiKey::new(KEY)).origin("http://127.0.0.1:1");
    assert!(!format!("{builder:?}").contains("canary"));
    assert!(!format!("{:#?}", builder.build().expect("a client")).contains("canary"));
}

#[tokio::test]
async fn i4_a_redirect_is_not_followed() {
    let elsewhere = RawServer::start(json("200 OK", "{}"));
    let host = elsewhere.origin.trim_start_matches("http://");
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let answer = format!(
            "HTTP/1.1 {status}\r\nlocation: http://{host}/services/v2/account\r\ncontent-length: 0\r\n\r\n"
        );
        let error = read_error(answer).await;
        assert_eq!(error.kind(), ErrorKind::Refused);
    }
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn how_long_the_service_asks_to_wait_is_told() {
    let asks = |status: &str, header: &str| {
        format!("HTTP/1.1 {status} X\r\n{header}content-length: 0\r\n\r\n")
    };
    let seconds = Duration::from_secs;
    let told = "; the service asks to wait";
    for (header, expected, words) in [
        (
            "retry-after: 90\r\n",
            Some(seconds(90)),
            "; the service asks to wait 90 s before the next try",
        ),
        ("retry-after: 0\r\n", Some(Duration::ZERO), ""),
        ("retry-after: -1\r\n", None, ""),
        ("retry-after: soon\r\n", None, ""),
        ("", None, ""),
        (
            "retry-after: 99999999999999999999999999\r\n",
            Some(seconds(u64::MAX)),
            "; the service asks to wait more than a day",
        ),
    ] {
        for status in ["429", "503"] {
            for error in [
                read_error(asks(status, header)).await,
                write_error(asks(status, header)).await,
            ] {
                assert_eq!(error.retry_after(), expected, "{status} {header}");
                let text = error.to_string();
                assert!(text.ends_with(words), "{text}");
                assert_eq!(text.contains(told), !words.is_empty(), "{text}");
            }
        }
    }
    let port = ClosedPort::new();
    let error = client(&port.origin).get_account().await;
    assert_eq!(error.expect_err("nobody listens").retry_after(), None);
}

//! What a call shows to `tracing`: names, numbers and no secrets. That no key is in it is proved in
//! `redaction.rs`.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod capture;
mod operations;
mod raw_server;

use std::time::Duration;

use capture::{Capture, Entry};
use digicert_client::{Error, RateLimits, Window};
use operations::{Operation, Setup};
use raw_server::json;
use raw_server::scripted::{ScriptedServer, Step, answer};
use tracing::{Instrument as _, Level, info_span};

/// What one call shows, and what came of it.
async fn shown(
    operation: Operation,
    scripts: Vec<Vec<Step>>,
) -> (Capture, Result<String, Error>, u16) {
    let capture = Capture::new();
    let _guard = tracing::subscriber::set_default(capture.subscriber(Level::TRACE));
    let server = ScriptedServer::start_sequence(scripts).await;
    let clients = Setup::new(&*server.origin).clients();
    let result = operation.call(&clients).await;
    (capture, result, server.address.port())
}

fn busy() -> Vec<Step> {
    answer(json(
        "503 Service Unavailable",
        r#"{"errors":[{"code":"x","message":"body text"}]}"#,
    ))
}

/// The events of attempts. A machine that is busy elsewhere can make a turn that is free take long
/// enough to be called a wait, and that is another event.
fn attempts(capture: &Capture) -> Vec<Entry> {
    let mut events = capture.events();
    events.retain(|event| event.field("attempt").is_some());
    events
}

/// Name and value of every field, sorted; what was never recorded is not there.
fn fields(span: &Entry) -> Vec<(&str, &str)> {
    let mut fields: Vec<_> = span
        .fields
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    fields.sort_unstable();
    fields
}

#[tokio::test]
async fn a_call_is_one_span_with_the_names_of_opentelemetry() {
    for (operation, method, template) in [
        (Operation::GetAccount, "GET", "/services/v2/account"),
        (Operation::CreateSubaccount, "POST", "/services/v2/account"),
        (
            Operation::ListSubaccounts,
            "GET",
            "/services/v2/account/subaccount",
        ),
        (
            Operation::GetSubaccount,
            "GET",
            "/services/v2/account/subaccount/{subaccount_id}",
        ),
        (
            Operation::ListSubaccountProducts,
            "GET",
            "/services/v2/account/subaccount/{subaccount_id}/products",
        ),
        (
            Operation::SetSubaccountProducts,
            "PUT",
            "/services/v2/account/subaccount/{subaccount_id}/products",
        ),
        (
            Operation::LinkBillingAccount,
            "PUT",
            "/partner-subscription/api/v1/finance/account-link",
        ),
    ] {
        let (capture, result, port) = shown(operation, vec![answer(operation.success())]).await;
        result.expect("a success");
        let spans = capture.spans();
        assert_eq!(spans.len(), 1, "{spans:?}");
        let status = &operation.success()["HTTP/1.1 ".len()..][..3];
        let (name, port) = (format!("{method} {template}"), port.to_string());
        assert_eq!(
            fields(&spans[0]),
            [
                ("digicert.operation", operation.id()),
                ("http.request.method", method),
                ("http.response.status_code", status),
                ("otel.kind", "client"),
                ("otel.name", &name),
                ("server.address", "127.0.0.1"),
                ("server.port", &port),
                ("url.template", template),
            ]
        );
        let events = attempts(&capture);
        assert_eq!(events.len(), 1, "{events:?}");
        assert_eq!(events[0].message(), "answered");
        assert_eq!(events[0].field("attempt"), Some("1"));
        assert_eq!(events[0].field("http.response.status_code"), Some(status));
        let span = events[0]
            .within
            .map(|number| capture.entries()[number].name.clone());
        assert_eq!(
            span.as_deref(),
            Some("digicert"),
            "an event is in the span of its call"
        );
    }
}

#[tokio::test]
async fn every_attempt_is_an_event_and_the_span_says_how_it_ended() {
    let (capture, result, _) = shown(Operation::GetAccount, vec![busy()]).await;
    result.expect_err("503");
    let events = attempts(&capture);
    let shown: Vec<_> = events
        .iter()
        .map(|event| {
            let again = event.field("again_in_ms").is_some();
            (
                event.message(),
                event.field("attempt"),
                event.field("error.type"),
                again,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("failed", Some("1"), Some("Refused"), true),
            ("failed", Some("2"), Some("Refused"), true),
            ("failed", Some("3"), Some("Refused"), false),
        ]
    );
    let span = &capture.spans()[0];
    assert_eq!(span.field("http.response.status_code"), Some("503"));
    assert_eq!(span.field("http.request.resend_count"), Some("2"));
    assert_eq!(span.field("error.type"), Some("Refused"));
}

#[tokio::test]
async fn a_call_that_succeeds_in_the_end_is_no_error() {
    let scripts = vec![busy(), answer(Operation::GetAccount.success())];
    let (capture, result, _) = shown(Operation::GetAccount, scripts).await;
    result.expect("200 after 503");
    let span = &capture.spans()[0];
    assert_eq!(span.field("http.response.status_code"), Some("200"));
    assert_eq!(span.field("http.request.resend_count"), Some("1"));
    assert_eq!(span.field("error.type"), None);
    let events = attempts(&capture);
    let messages: Vec<_> = events.iter().map(Entry::message).collect();
    assert_eq!(messages, ["failed", "answered"]);
}

#[tokio::test]
async fn a_call_without_an_answer_shows_no_status() {
    // The status of an earlier attempt is not the status of the call.
    let scripts = vec![busy(), vec![Step::Read, Step::Reset]];
    let (capture, result, _) = shown(Operation::GetAccount, scripts).await;
    result.expect_err("it broke");
    let span = &capture.spans()[0];
    assert_eq!(span.field("http.response.status_code"), None);
    assert_eq!(span.field("error.type"), Some("NoAnswer"));
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_an_error() {
    let script = answer(json("201 Created", "no JSON"));
    let (capture, result, _) = shown(Operation::CreateSubaccount, vec![script]).await;
    result.expect_err("no JSON");
    let span = &capture.spans()[0];
    assert_eq!(span.field("http.response.status_code"), Some("201"));
    assert_eq!(span.field("error.type"), Some("Unreadable"));
    assert_eq!(attempts(&capture)[0].message(), "failed");
}

#[tokio::test]
async fn no_body_is_shown() {
    for script in [
        busy(),
        answer(json("400 Bad Request", "<html>body text</html>")),
        answer(json("200 OK", r#"{"rep_name":"body text"}"#)),
        answer(json("200 OK", r#"{"rep_name":["body text"]}"#)),
    ] {
        let (capture, _, _) = shown(Operation::GetAccount, vec![script]).await;
        assert!(!capture.own().is_empty());
        assert!(!capture.text().contains("body text"), "{}", capture.text());
    }
}

#[tokio::test]
async fn a_wait_for_the_rate_limit_is_visible_and_nothing_else_is_called_one() {
    let capture = Capture::new();
    let _guard = tracing::subscriber::set_default(capture.subscriber(Level::DEBUG));
    let server = ScriptedServer::start(answer(Operation::GetAccount.success())).await;
    let mut limits = RateLimits::none();
    limits.windows = vec![Window::new(1, Duration::from_secs(3))];
    let clients = Setup::new(&*server.origin).limits(limits).clients();
    Operation::GetAccount.call(&clients).await.expect("200");
    Operation::GetAccount.call(&clients).await.expect("200");
    let events = capture.events();
    let waits: Vec<u64> = events
        .iter()
        .filter(|event| event.message() == "waited for the rate limit")
        .map(|event| {
            event
                .field("wait_ms")
                .expect("how long")
                .parse()
                .expect("a number")
        })
        .collect();
    assert!(waits.iter().all(|wait| *wait > 0), "{waits:?}");
    // Less than the seconds of the window: it began with the first call.
    assert!(waits.iter().any(|wait| *wait > 100), "{waits:?}");
}

#[tokio::test]
async fn a_wait_that_the_service_asked_for_is_visible_to_the_other_clones() {
    let capture = Capture::new();
    let _guard = tracing::subscriber::set_default(capture.subscriber(Level::DEBUG));
    let server = ScriptedServer::start_sequence(vec![
        answer("HTTP/1.1 429 X\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n"),
        answer(Operation::GetAccount.success()),
    ])
    .await;
    let clients = Setup::new(&*server.origin).clients();
    let other = async {
        capture.seen("failed").await;
        Operation::GetAccount.call(&clients).await
    };
    let (one, other) = tokio::join!(Operation::GetAccount.call(&clients), other);
    one.expect("200 after 429");
    other.expect("200");
    let other = capture.spans().len();
    assert_eq!(other, 2);
    let entries = capture.entries();
    let waited = entries.iter().any(|entry| {
        let call = entry.within.map(|span| &entries[span]);
        entry.message() == "waited for the rate limit"
            && call.is_some_and(|call| call.field("http.request.resend_count").is_none())
    });
    assert!(waited, "{}", capture.text());
}

#[tokio::test]
async fn a_span_of_the_caller_is_left_alone_when_ours_are_filtered_out() {
    let capture = Capture::new();
    let _guard = tracing::subscriber::set_default(capture.subscriber(Level::INFO));
    let server = ScriptedServer::start(busy()).await;
    let clients = Setup::new(&*server.origin).clients();
    let own = info_span!(
        target: "digicert_client_tests",
        "the caller answers a request",
        http.response.status_code = tracing::field::Empty,
        error.type = tracing::field::Empty,
    );
    let call = Operation::GetAccount.call(&clients).instrument(own);
    call.await.expect_err("503");
    let spans = capture.spans();
    assert_eq!(spans.len(), 1, "{spans:?}");
    assert_eq!(fields(&spans[0]), []);
}

//! The clients for programs without async.

#![cfg(feature = "blocking")]
#![allow(clippy::expect_used, reason = "a test may panic")]

mod raw_server;

use digicert_client::types::{CertCentralApiKey, PartnerApiKey};
use digicert_client::{ErrorKind, RateLimits, RetryPolicy, blocking, certcentral, partner};
use raw_server::{RawServer, json, last_json};

fn client(server: &RawServer) -> blocking::certcentral::Client {
    let client = certcentral::Client::builder(&CertCentralApiKey::new("not-a-real-key"))
        .origin(&*server.origin)
        .rate_limits(RateLimits::none())
        .build();
    blocking::certcentral::Client::new(client.expect("a client")).expect("a blocking client")
}

#[test]
fn calls_are_made_from_any_thread() {
    let server = RawServer::start(last_json("200 OK", r#"{"id":7}"#));
    let client = client(&server);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(client.get_account().expect("200").id, Some(7)));
        }
    });
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn calls_that_were_reserved_are_made_and_then_any_others() {
    let server = RawServer::start(last_json("503 Service Unavailable", "{}"));
    // One at a time, as usual.
    let client = certcentral::Client::builder(&CertCentralApiKey::new("not-a-real-key"))
        .origin(&*server.origin)
        .build();
    let client = blocking::certcentral::Client::new(client.expect("a client"));
    let client = client.expect("a blocking client");
    let client = client.with_retry(RetryPolicy::off());
    let both = client.reserve(2).expect("the limits let them");
    for client in [&both, &both, &both, &client] {
        client.get_account().expect_err("503");
    }
    assert_eq!(server.requests().len(), 4);
}

/// Between two calls nobody looks at the connection; a request on a dead one may have been applied,
/// for all that can be known.
#[test]
fn a_connection_that_was_closed_between_two_calls_is_not_used_again() {
    let server = RawServer::start(json("200 OK", r#"{"id":7}"#));
    for _ in 0..20 {
        let waiting = client(&server).with_retry(RetryPolicy::off());
        waiting.get_account().expect("200");
        // The server closes a connection before it looks at another one.
        client(&server).get_account().expect("200");
        waiting.get_account().expect("200, on a new connection");
    }
}

#[test]
fn the_billing_link_takes_both_keys() {
    let server = RawServer::start("HTTP/1.1 204 No Content\r\n\r\n");
    let client = partner::Client::builder(&PartnerApiKey::new("not-a-real-partner-key"));
    let client = client.origin(&*server.origin).build().expect("a client");
    let client = blocking::partner::Client::new(client).expect("a blocking client");
    client
        .link_billing_account(&CertCentralApiKey::new("not-a-real-key"))
        .expect("204");
    assert!(server.requests()[0].contains("not-a-real-partner-key"));
}

#[tokio::test]
async fn i10_inside_async_code_it_is_an_error_and_not_a_panic() {
    let server = RawServer::start(json("200 OK", "{}"));
    let client = client(&server);
    let error = client.get_account().expect_err("it must not wait here");
    assert_eq!(error.kind(), ErrorKind::NotSent);
    assert!(
        error.to_string().contains("use the async client there"),
        "{error}"
    );
    // Dropping it here must not panic either.
    drop(client);
    assert_eq!(server.requests(), Vec::<String>::new());
}

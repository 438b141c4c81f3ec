//! What a client refuses to be built with, and what about it cannot be switched off. Every origin
//! and every character that is refused are in the tests of `src/base_url.rs` and `src/key.rs`.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod operations;
mod raw_server;

use std::time::Duration;

use digicert_client::types::{CertCentralApiKey, PartnerApiKey};
use digicert_client::{
    Api, ClientBuilder, Error, ErrorKind, RateLimits, Region, RetryPolicy, Window,
};
use digicert_client::{certcentral, partner};
use operations::{CERTCENTRAL_KEY, Operation, PARTNER_KEY, Setup, holds_a_key, printed, quick};
use raw_server::json;
use raw_server::scripted::{ClosedPort, ScriptedServer, Step, answer};

/// Needs no TLS, so that building does not read the trust store.
const HERE: &str = "http://127.0.0.1:1";

fn certcentral() -> ClientBuilder<certcentral::Client> {
    certcentral::Client::builder(&CertCentralApiKey::new(CERTCENTRAL_KEY))
}

fn partner() -> ClientBuilder<partner::Client> {
    partner::Client::builder(&PartnerApiKey::new(PARTNER_KEY))
}

/// Why it is refused, after what holds for every refusal was checked.
fn refused<C: Api>(builder: ClientBuilder<C>, what: &str) -> String {
    let debug = format!("{builder:?} {builder:#?}");
    assert!(!holds_a_key(&debug), "{debug}");
    let error: Error = builder.build().map(drop).expect_err(what);
    assert_eq!(error.kind(), ErrorKind::NotSent);
    assert!(!error.was_sent() && !error.may_have_been_applied());
    assert_eq!((error.attempts(), error.operation()), (0, None));
    assert!(!holds_a_key(&printed(&error)), "{}", printed(&error));
    error.to_string()
}

#[test]
fn a_key_that_cannot_stand_in_a_header_is_refused_with_what_to_look_for() {
    for odd in (0..=32).chain([127, 0x80, 0xa0, 0x2011]) {
        let odd = char::from_u32(odd).expect("a character");
        for key in [
            format!("canary{odd}key"),
            format!("canary{odd}"),
            format!("{odd}canary"),
        ] {
            let builder = certcentral::Client::builder(&CertCentralApiKey::new(&*key));
            let why = refused(builder.origin(HERE), &key);
            assert!(why.contains("look for a blank, a line break"), "{why}");
            let builder = partner::Client::builder(&PartnerApiKey::new(&*key));
            let why = refused(builder.origin(HERE), &key);
            assert!(why.contains("look for a blank, a line break"), "{why}");
        }
    }
    let why = refused(
        partner::Client::builder(&PartnerApiKey::new("")).origin(HERE),
        "no key",
    );
    assert!(why.contains("pass the key as DigiCert shows it"), "{why}");
}

#[tokio::test]
async fn i1_a_billing_key_that_cannot_stand_in_a_header_is_refused_before_anything_is_sent() {
    let server = ScriptedServer::start(answer(Operation::LinkBillingAccount.success())).await;
    let client = Setup::new(&*server.origin).partner();
    for key in ["", "canary\n", "canary key", "canary\u{0}"] {
        let key = CertCentralApiKey::new(key);
        let error = client.link_billing_account(&key).await;
        let error = error.expect_err("it cannot be sent");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 0));
        assert!(!holds_a_key(&printed(&error)), "{}", printed(&error));
    }
    drop(client);
    assert_eq!(server.finish().await, 0);
}

#[test]
fn i4_an_origin_that_could_give_a_key_away_is_refused_by_both_clients() {
    for (origin, remedy) in [
        (
            "https://user:canary@www.digicert.com",
            "keys go through the builder",
        ),
        (
            "https://canary@www.digicert.com",
            "keys go through the builder",
        ),
        ("https://www.digicert.com?key=canary", "leave them out"),
        ("https://www.digicert.com#canary", "leave them out"),
        ("http://www.digicert.com", "use https"),
        ("http://192.0.2.1:8700", "use https"),
        ("http://[2001:db8::1]:8700", "use https"),
        ("ftp://127.0.0.1", "use https"),
        ("https://www.digicert.com/api/", "leave the path out"),
        ("www.digicert.com", "write it like https://host.example"),
    ] {
        let why = refused(certcentral().origin(origin), origin);
        assert!(why.contains(remedy), "{why}");
        let why = refused(partner().origin(origin), origin);
        assert!(why.contains(remedy), "{why}");
    }
}

#[test]
fn a_region_without_the_api_is_refused() {
    let why = refused(partner().region(Region::Eu), "not documented");
    assert!(why.contains("leave the region out"), "{why}");
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    certcentral()
        .region(Region::Eu)
        .build()
        .expect("documented");
}

#[test]
fn a_timeout_of_zero_is_refused_with_what_to_give_instead() {
    for (builder, what) in [
        (certcentral().timeout(Duration::ZERO), "the time-out"),
        (
            certcentral().connect_timeout(Duration::ZERO),
            "the connect time-out",
        ),
    ] {
        let why = refused(builder, what);
        assert!(
            why.contains(what) && why.contains("give it some seconds"),
            "{why}"
        );
    }
}

#[test]
fn a_user_agent_that_cannot_stand_in_a_header_is_refused() {
    for name in ["a\nb", "a\0", "Käse\u{7f}"] {
        let why = refused(certcentral().user_agent(name), name);
        assert!(
            why.contains("user agent") && why.contains("use ASCII"),
            "{why}"
        );
    }
}

#[tokio::test]
async fn i10_settings_out_of_all_proportion_do_not_panic() {
    let most = |retry: &mut RetryPolicy| {
        retry.first_delay = Duration::MAX;
        retry.max_delay = Duration::MAX;
        retry.max_total = Duration::MAX;
        retry.max_retry_after = Duration::MAX;
        retry.attempts = 1;
        retry.budget = u32::MAX;
    };
    let mut least = RetryPolicy::default();
    least.attempts = 0;
    least.first_delay = Duration::ZERO;
    least.max_delay = Duration::ZERO;
    least.max_total = Duration::ZERO;
    least.max_retry_after = Duration::ZERO;
    least.budget = 0;
    let mut large = RetryPolicy::default();
    most(&mut large);
    let mut limits = RateLimits::default();
    limits.windows.extend([
        Window::new(usize::MAX, Duration::MAX),
        Window::new(0, Duration::ZERO),
        Window::new(2, Duration::MAX),
    ]);
    limits.at_once = Some(0);
    for retry in [large, least] {
        // The 429 makes every clone wait for as long as the policy allows, so it comes last.
        let server = ScriptedServer::start_sequence(vec![
            answer(Operation::GetAccount.success()),
            answer(json("429 X", "{}")),
        ])
        .await;
        let setup = Setup::new(&*server.origin)
            .retry(retry)
            .limits(limits.clone())
            .timeout(Duration::MAX);
        let clients = setup.clients();
        Operation::GetAccount.call(&clients).await.expect("200");
        let error = Operation::GetAccount.call(&clients).await;
        assert!(error.expect_err("429").is_rate_limited());
    }
    certcentral()
        .origin(HERE)
        .timeout(Duration::MAX)
        .connect_timeout(Duration::MAX)
        .build()
        .expect("a client");
}

#[tokio::test]
async fn i4_no_proxy_sees_a_key_that_is_not_encrypted() {
    let proxy = ScriptedServer::start(answer(json("200 OK", "{}"))).await;
    let address = proxy.origin.clone();
    let server = ScriptedServer::start(answer(Operation::GetAccount.success())).await;
    let client = certcentral()
        .origin(&*server.origin)
        .http(move |http| http.proxy(reqwest::Proxy::all(address).expect("a proxy")))
        .build()
        .expect("a client");
    client.get_account().await.expect("200");
    drop(client);
    assert_eq!((proxy.finish().await, server.finish().await), (0, 1));
}

#[tokio::test]
async fn i4_redirects_cannot_be_switched_on() {
    let elsewhere = ScriptedServer::start(answer(json("200 OK", "{}"))).await;
    let redirect = format!(
        "HTTP/1.1 307 X\r\nlocation: {}/\r\ncontent-length: 0\r\n\r\n",
        elsewhere.origin
    );
    let server = ScriptedServer::start(answer(redirect)).await;
    let client = certcentral()
        .origin(&*server.origin)
        .http(|http| http.redirect(reqwest::redirect::Policy::limited(5)))
        .build()
        .expect("a client");
    let error = client.get_account().await.expect_err("307");
    assert_eq!(error.status(), Some(307));
    drop(client);
    assert_eq!((elsewhere.finish().await, server.finish().await), (0, 1));
}

#[tokio::test]
async fn i1_retries_behind_our_back_cannot_be_switched_on() {
    let server = ScriptedServer::start(vec![Step::Read, Step::Reset]).await;
    let client = certcentral()
        .origin(&*server.origin)
        .retry(quick())
        .http(|http| {
            let always = reqwest::retry::for_host("127.0.0.1").no_budget();
            http.retry(always.classify_fn(|request| {
                if request.error().is_some() {
                    request.retryable()
                } else {
                    request.success()
                }
            }))
        })
        .build()
        .expect("a client");
    let request = operations::sample("create_subaccount");
    let error = client.create_subaccount(&request).await;
    assert_eq!(
        error.expect_err("it broke").kind(),
        ErrorKind::OutcomeUnknown
    );
    drop(client);
    assert_eq!(server.finish().await, 1);
}

#[tokio::test]
async fn building_sends_nothing() {
    let port = ClosedPort::new();
    certcentral()
        .origin(&*port.origin)
        .build()
        .expect("a client");
    let server = port.open(vec![answer(json("200 OK", "{}"))]);
    let clients = Setup::new(&*server.origin).clients();
    drop(clients);
    assert_eq!(server.finish().await, 0);
}

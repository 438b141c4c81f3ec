//! I2: no key is found in anything that is logged, traced or said in a panic, by any crate, at the
//! most talkative level.
//!
//! Everything that this program says is caught in one place, so all of it is in one file.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod capture;
mod faults;
mod operations;
mod raw_server;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use capture::Capture;
use digicert_client::types::certcentral::{CreateSubaccountRequest, SubaccountType};
use digicert_client::types::{CertCentralApiKey, PartnerApiKey};
use digicert_client::{certcentral, partner};
use operations::{
    ANSWERED_KEY, CERTCENTRAL_KEY, ODD_KEYS, Operation, PARTNER_KEY, Setup, holds_a_key, printed,
    sample,
};
use raw_server::json;
use raw_server::scripted::{ScriptedServer, answer};
use tracing::Level;

/// Everything that is said from the first use on.
static SAID: LazyLock<Capture> = LazyLock::new(|| {
    let capture = Capture::new();
    tracing::subscriber::set_global_default(capture.subscriber(Level::TRACE))
        .expect("the only subscriber");
    log::set_logger(&Logger).expect("the only logger");
    log::set_max_level(log::LevelFilter::Trace);
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        SAID.push("panic", format!("{info} {info:?}"));
        usual(info);
    }));
    capture
});

/// reqwest and rustls speak through `log`.
struct Logger;

impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        SAID.push(record.target(), record.args().to_string());
    }

    fn flush(&self) {}
}

/// The lines in which there is a key.
fn lines_with_a_key() -> Vec<String> {
    let text = SAID.text();
    text.lines()
        .filter(|line| holds_a_key(line))
        .map(str::to_owned)
        .collect()
}

/// The crates that have said something.
fn speakers() -> BTreeSet<String> {
    SAID.entries()
        .into_iter()
        .map(|entry| {
            entry
                .target
                .split("::")
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i2_no_key_is_in_anything_that_is_said() {
    LazyLock::force(&SAID);
    let elsewhere = ScriptedServer::start(answer(json("200 OK", "{}"))).await;
    // reqwest is asked to log every byte, which the client must not let it do.
    let rows = faults::run(&faults::all(&elsewhere.origin), true).await;
    assert_eq!(elsewhere.finish().await, 0, "I4");
    assert!(rows.iter().flatten().all(|cell| !cell.shows_a_key));
    successes().await;
    odd_keys().await;
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    tls().await;
    debug();
    panics().await;

    assert_eq!(lines_with_a_key(), Vec::<String>::new());
    let speakers = speakers();
    for speaker in ["digicert_client", "hyper_util", "reqwest", "panic"] {
        assert!(
            speakers.contains(speaker),
            "{speaker} is not among {speakers:?}"
        );
    }
    #[cfg(feature = "rustls")]
    assert!(speakers.contains("rustls"), "{speakers:?}");
}

/// Every operation as documented, with its result in a span and an event of the caller.
async fn successes() {
    for operation in Operation::ALL {
        let server = ScriptedServer::start(answer(operation.success())).await;
        let clients = Setup::new(&*server.origin).verbose().clients();
        let result = operation.call(&clients).await.expect("a success");
        tracing::trace!(?clients, result);
        drop(clients);
        assert_keys_are_in_their_headers(&server.requests()[0], operation);
    }
}

/// A creation that owes a key, answered with one that is named otherwise, whatever the status.
async fn odd_keys() {
    let mut request: CreateSubaccountRequest = sample("create_subaccount");
    request.account_type = SubaccountType::Managed;
    for status in [
        "302 Found",
        "400 Bad Request",
        "409 Conflict",
        "429 X",
        "500 X",
        "502 X",
    ] {
        for (body, _) in ODD_KEYS {
            let body = body.replace("KEY", ANSWERED_KEY);
            let server = ScriptedServer::start(answer(json(status, &body))).await;
            let setup = Setup::new(&*server.origin).verbose();
            let error = setup.certcentral().create_subaccount(&request).await;
            let error = error.expect_err(status);
            tracing::error!(error = &error as &dyn std::error::Error, ?error, %error);
            assert!(!holds_a_key(&printed(&error)), "{status} {body}: {error:?}");
        }
    }
}

/// Keys are in the header that is theirs and nowhere else: not in the address, not in the body.
fn assert_keys_are_in_their_headers(request: &[u8], operation: Operation) {
    let request = String::from_utf8_lossy(request);
    let with_key: Vec<_> = request.lines().filter(|line| holds_a_key(line)).collect();
    let mut expected = vec![format!("x-dc-devkey: {CERTCENTRAL_KEY}")];
    if operation == Operation::LinkBillingAccount {
        expected.push(format!("x-partner-apikey: {PARTNER_KEY}"));
    }
    assert_eq!(with_key, expected);
}

/// TLS that does not come about: as far as it goes, rustls logs it.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
async fn tls() {
    use raw_server::scripted::Step;

    let server = ScriptedServer::start(vec![Step::ReadSome(5), Step::Close]).await;
    let origin = server.origin.replace("http:", "https:");
    let clients = Setup::new(origin).verbose().clients();
    for operation in Operation::ALL {
        let error = operation.call(&clients).await.expect_err("no TLS");
        tracing::error!(error = &error as &dyn std::error::Error, ?error, %error);
    }
}

/// What holds a key, as a program that looks for a fault prints it.
fn debug() {
    let certcentral_key = CertCentralApiKey::new(CERTCENTRAL_KEY);
    let partner_key = PartnerApiKey::new(PARTNER_KEY);
    let certcentral = certcentral::Client::builder(&certcentral_key)
        .origin(format!("http://127.0.0.1:1/?key={CERTCENTRAL_KEY}"));
    let partner = partner::Client::builder(&partner_key)
        .origin(format!("http://{PARTNER_KEY}:x@127.0.0.1:1"));
    tracing::trace!(?certcentral_key, ?partner_key, ?certcentral, ?partner);
    tracing::trace!(certcentral = ?certcentral.build(), partner = ?partner.build());
    tracing::trace!(clients = ?Setup::new("http://127.0.0.1:1").clients());
    log::error!("{:#?}", Setup::new("http://127.0.0.1:1").clients());
}

/// Panics in tasks that hold a client, keys, an error and what was recovered from it, and say them.
async fn panics() {
    let body = format!(r#"{{"id":7,"api_key":"{ANSWERED_KEY}","organization":7}}"#);
    let server = ScriptedServer::start(answer(json("201 Created", &body))).await;
    let clients = Setup::new(&*server.origin).verbose().clients();
    let result = Operation::CreateSubaccount.call(&clients).await.map(drop);
    let error = result.as_ref().expect_err("it does not read");
    let recovered = error.recovered().expect("the key");
    assert!(recovered.api_key.is_some());
    let key = CertCentralApiKey::new(CERTCENTRAL_KEY);
    let in_task = clients.clone();
    let task = tokio::spawn(async move { panic!("{in_task:?} {key:?} {recovered:#?}") });
    let joined: Result<(), _> = task.await;
    let joined = joined.expect_err("it panics");
    SAID.push("test", format!("{joined} {joined:?}"));
    let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        result.expect("a deliberate panic");
    }));
    assert!(unwound.is_err());
    drop(clients);
}

#[tokio::test]
async fn what_is_said_is_really_searched() {
    // Other words than the keys, so that this does not disturb the test above.
    LazyLock::force(&SAID);
    let span = tracing::trace_span!("s", a = "parrot-1", b = tracing::field::Empty);
    span.record("b", tracing::field::debug("parrot-2"));
    let _inside = span.enter();
    tracing::trace!(c = "parrot-3", d = ?"parrot-4", e = %"parrot-5", "parrot-6");
    let error = std::io::Error::other("parrot-7");
    tracing::trace!(error = &error as &dyn std::error::Error);
    log::trace!(target: "somebody", "{}", "parrot-8");
    let caught = std::panic::catch_unwind(|| panic!("parrot-9"));
    assert!(caught.is_err());
    let thread = std::thread::spawn(|| tracing::trace!("{}", "parrot-10"));
    thread.join().expect("it ends");
    let text = SAID.text();
    for number in 1..=10 {
        assert!(text.contains(&format!("parrot-{number}")), "{number}");
    }
    assert!(holds_a_key(CERTCENTRAL_KEY) && holds_a_key(PARTNER_KEY) && holds_a_key(ANSWERED_KEY));
}

//! What is sent again, how often and when, over real sockets. The arithmetic of the waits is tested
//! in `src/retry.rs`.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod capture;
mod operations;
mod raw_server;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use capture::Capture;
use digicert_client::types::certcentral::CreateSubaccountRequest;
use digicert_client::{Error, ErrorKind, RateLimits, RetryPolicy, Window};
use operations::{Clients, Operation, Setup, quick, sample};
use raw_server::json;
use raw_server::scripted::{ClosedPort, Overlap, ScriptedServer, Step, answer, write};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tracing::Level;

const IDEMPOTENT: [Operation; 6] = [
    Operation::GetAccount,
    Operation::ListSubaccounts,
    Operation::GetSubaccount,
    Operation::ListSubaccountProducts,
    Operation::SetSubaccountProducts,
    Operation::LinkBillingAccount,
];

fn status(status: u16) -> Vec<Step> {
    answer(json(&format!("{status} X"), "{}"))
}

fn status_with(status: u16, header: &str) -> Vec<Step> {
    answer(format!(
        "HTTP/1.1 {status} X\r\n{header}\r\ncontent-length: 0\r\n\r\n"
    ))
}

/// A call to a server that plays one script and then answers as documented.
struct Call {
    operation: Operation,
    clients: Clients,
    server: ScriptedServer,
}

impl Call {
    async fn new(operation: Operation, first: Vec<Step>) -> Self {
        let stalls = first.iter().any(|step| matches!(step, Step::Stall));
        let timeout = Duration::from_secs(if stalls { 3 } else { 60 });
        let server = ScriptedServer::start_sequence(vec![first, answer(operation.success())]).await;
        let setup = Setup::new(&*server.origin).timeout(timeout);
        Self {
            operation,
            clients: setup.clients_for(operation),
            server,
        }
    }

    /// The result, and how many requests there were.
    async fn made(self) -> (Result<String, Error>, usize) {
        let result = self.operation.call(&self.clients).await;
        drop(self.clients);
        (result, self.server.finish().await)
    }
}

async fn once(operation: Operation, first: Vec<Step>) -> (Result<String, Error>, usize) {
    Call::new(operation, first).await.made().await
}

/// Many calls at once, each with a note of what it is about. All are prepared before the first one
/// begins, so that building clients takes no time from those that wait for time to run out.
async fn all<W: Send + 'static>(
    calls: Vec<(W, Operation, Vec<Step>)>,
) -> Vec<(W, Operation, Result<String, Error>, usize)> {
    let mut prepared = Vec::new();
    for (what, operation, script) in calls {
        prepared.push((what, Call::new(operation, script).await));
    }
    let mut made = JoinSet::new();
    for (what, call) in prepared {
        made.spawn(async move {
            let operation = call.operation;
            let (result, requests) = call.made().await;
            (what, operation, result, requests)
        });
    }
    made.join_all().await
}

/// Every way in which a connection can break once bytes of the request have gone out.
fn breaks() -> Vec<(&'static str, Vec<Step>)> {
    vec![
        ("reset, nothing read", vec![Step::Reset]),
        (
            "reset inside the request",
            vec![Step::ReadSome(20), Step::Reset],
        ),
        ("reset after the request", vec![Step::Read, Step::Reset]),
        ("closed after the request", vec![Step::Read, Step::Close]),
        (
            "no status line",
            vec![Step::Read, write("HTTP/1.1 20"), Step::Close],
        ),
        ("no answer in time", vec![Step::Read, Step::Stall]),
    ]
}

#[tokio::test]
async fn what_does_the_same_when_repeated_is_sent_again_after_what_passes() {
    let mut passing = breaks();
    passing.push((
        "a cut body",
        vec![
            Step::Read,
            write("HTTP/1.1 503 X\r\ncontent-length: 9\r\n\r\n{"),
            Step::Reset,
        ],
    ));
    for code in [408, 429, 500, 502, 503, 504] {
        passing.push(("a status", status(code)));
    }
    let calls = IDEMPOTENT.into_iter().flat_map(|operation| {
        let passing = passing.clone().into_iter();
        passing.map(move |(what, script)| (what, operation, script))
    });
    for (what, operation, result, requests) in all(calls.collect()).await {
        let at = format!("{} after {what}", operation.id());
        assert!(result.is_ok(), "{at}: {result:?}");
        assert_eq!(requests, 2, "{at}");
    }
}

#[tokio::test]
async fn a_read_is_sent_again_when_its_answer_breaks_off() {
    for end in [Step::Reset, Step::Close, Step::Stall] {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"id\":";
        let (result, requests) =
            once(Operation::GetAccount, vec![Step::Read, write(head), end]).await;
        assert!(result.is_ok(), "{result:?}");
        assert_eq!(requests, 2);
    }
}

#[tokio::test]
async fn nothing_else_is_sent_again() {
    let codes = [
        301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 413, 415, 422,
        431, 451, 501, 505, 507, 511,
    ];
    let calls = Operation::ALL
        .into_iter()
        .flat_map(|operation| codes.map(|code| (code, operation, status(code))));
    for (code, operation, result, requests) in all(calls.collect()).await {
        let error = result.expect_err("not a success");
        assert_eq!((error.status(), error.attempts()), (Some(code), 1));
        assert_eq!(requests, 1, "{} after {code}", operation.id());
    }
    let (result, requests) = once(Operation::GetAccount, answer(json("200 OK", "[7]"))).await;
    assert_eq!(
        result.expect_err("not an account").kind(),
        ErrorKind::Unreadable
    );
    assert_eq!(requests, 1, "the whole answer came, so it would come again");
}

#[tokio::test]
async fn i1_a_creation_is_never_sent_again_once_a_byte_may_have_arrived() {
    let mut faults = breaks();
    for code in [408, 425, 500, 502, 503, 504] {
        faults.push(("a status", status(code)));
        faults.push(("Retry-After", status_with(code, "retry-after: 0")));
    }
    let head = "HTTP/1.1 201 Created\r\ncontent-length: 50\r\n\r\n{\"id\":7,";
    for end in [Step::Reset, Step::Close, Step::Stall] {
        faults.push(("a cut answer", vec![Step::Read, write(head), end]));
    }
    let calls = faults
        .into_iter()
        .map(|(what, script)| (what, Operation::CreateSubaccount, script));
    for (what, _, result, requests) in all(calls.collect()).await {
        assert!(result.is_err(), "after {what}: {result:?}");
        assert_eq!(requests, 1, "after {what}");
    }
}

#[tokio::test]
async fn i1_a_creation_that_breaks_while_it_is_sent_is_not_sent_again() {
    let mut request: CreateSubaccountRequest = sample("create_subaccount");
    // More than the buffers on the way hold, so that it cannot have gone out whole.
    request.organization.name = "x".repeat(32 * 1024 * 1024);
    for end in [Step::Reset, Step::Close] {
        let server = ScriptedServer::start(vec![Step::ReadSome(1000), end]).await;
        let client = Setup::new(&*server.origin).certcentral();
        let error = client.create_subaccount(&request).await;
        let error = error.expect_err("it broke");
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
        drop(client);
        assert_eq!(server.finish().await, 1);
    }
}

#[tokio::test]
async fn i1_a_creation_on_a_kept_connection_is_not_sent_again_when_that_breaks() {
    // A library that keeps connections is tempted to try once more when a kept one is dead.
    for end in [Step::Reset, Step::Close] {
        let first = answer(Operation::GetAccount.success());
        let server = ScriptedServer::start_sequence(vec![
            first,
            vec![end],
            answer(Operation::CreateSubaccount.success()),
        ])
        .await;
        let clients = Setup::new(&*server.origin).clients();
        Operation::GetAccount.call(&clients).await.expect("200");
        let error = Operation::CreateSubaccount.call(&clients).await;
        assert_eq!(
            error.expect_err("it broke").kind(),
            ErrorKind::OutcomeUnknown
        );
        drop(clients);
        assert_eq!(server.finish().await, 2);
    }
}

#[tokio::test]
async fn i1_what_is_left_of_one_answer_is_not_the_answer_to_the_next_call() {
    let forged = json("201 Created", r#"{"id":666}"#);
    for first in [
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/1.1 304 X\r\n\r\n",
    ] {
        for apart in [false, true] {
            let first = if apart {
                vec![Step::Read, write(first), write(&*forged)]
            } else {
                answer(first.to_owned() + &forged)
            };
            let success = answer(Operation::CreateSubaccount.success());
            let server = ScriptedServer::start_sequence(vec![first, success]).await;
            let client = Setup::new(&*server.origin).certcentral();
            let _ = client.get_account().await;
            let request: CreateSubaccountRequest = sample("create_subaccount");
            let created = client.create_subaccount(&request).await;
            match created {
                Ok(created) => assert_eq!(created.id, Some(1_122_334)),
                Err(error) => assert_eq!(error.kind(), ErrorKind::OutcomeUnknown),
            }
            drop(client);
            assert_eq!(server.finish().await, 2);
        }
    }
}

#[tokio::test]
async fn a_creation_is_sent_again_after_429() {
    let (result, requests) = once(Operation::CreateSubaccount, status(429)).await;
    assert!(result.is_ok(), "{result:?}");
    assert_eq!(requests, 2);
}

#[tokio::test]
async fn a_creation_is_sent_again_after_a_refused_connection() {
    for operation in Operation::ALL {
        let capture = Capture::new();
        let _guard = tracing::subscriber::set_default(capture.subscriber(Level::DEBUG));
        let port = ClosedPort::new();
        let mut patient = quick();
        patient.attempts = u32::MAX;
        patient.budget = u32::MAX;
        let clients = Setup::new(&*port.origin).retry(patient).clients();
        let appear = async {
            capture.seen("failed").await;
            port.open(vec![answer(operation.success())])
        };
        let (result, server) = tokio::join!(operation.call(&clients), appear);
        assert!(result.is_ok(), "{result:?}");
        drop(clients);
        assert_eq!(server.finish().await, 1);
    }
}

/// Names that nobody knows, and TLS that does not come about. Plain HTTP goes to this machine
/// only, so both need https.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod before_a_connection {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use digicert_client::certcentral::Client;
    use digicert_client::types::CertCentralApiKey;
    use operations::{CERTCENTRAL_KEY, holds_a_key};
    use reqwest::dns::{Name, Resolve, Resolving};

    use super::*;

    struct NobodyKnows(Arc<AtomicUsize>);

    impl Resolve for NobodyKnows {
        fn resolve(&self, _: Name) -> Resolving {
            self.0.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Err("nobody knows this name".into()) })
        }
    }

    #[tokio::test]
    async fn a_creation_is_tried_again_when_the_name_is_not_known() {
        let asked = Arc::new(AtomicUsize::new(0));
        let resolver = Arc::new(NobodyKnows(Arc::clone(&asked)));
        let client = Client::builder(&CertCentralApiKey::new(CERTCENTRAL_KEY))
            .origin("https://service.invalid")
            .http(|http| http.no_proxy().dns_resolver(resolver))
            .retry(quick())
            .build()
            .expect("a client");
        let request: CreateSubaccountRequest = sample("create_subaccount");
        let error = client.create_subaccount(&request).await;
        let error = error.expect_err("nobody knows the name");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 3));
        assert_eq!(asked.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn i4_a_creation_is_tried_again_when_tls_does_not_come_about() {
        // Each answers the first message of TLS, which holds no byte of the request.
        for script in [
            vec![Step::Reset],
            vec![Step::ReadSome(5), Step::Close],
            vec![
                Step::ReadSome(5),
                write("HTTP/1.1 400 Bad Request\r\n\r\n"),
                Step::Close,
            ],
        ] {
            let server = ScriptedServer::start(script).await;
            let client = Client::builder(&CertCentralApiKey::new(CERTCENTRAL_KEY))
                .origin(server.origin.replace("http:", "https:"))
                .http(reqwest::ClientBuilder::no_proxy)
                .retry(quick())
                .build()
                .expect("a client");
            let request: CreateSubaccountRequest = sample("create_subaccount");
            let error = client.create_subaccount(&request).await;
            let error = error.expect_err("this is no TLS");
            assert_eq!(
                (error.kind(), error.attempts(), error.was_sent()),
                (ErrorKind::NotSent, 3, false),
                "{error:?}"
            );
            let requests = server.requests();
            assert_eq!(requests.len(), 3);
            for bytes in requests {
                assert!(!holds_a_key(&String::from_utf8_lossy(&bytes)));
            }
        }
    }
}

#[tokio::test]
async fn retry_after_is_waited_for_in_seconds() {
    let (get, create) = (Operation::GetAccount, Operation::CreateSubaccount);
    let mut calls = JoinSet::new();
    for (operation, script) in [
        (get, status_with(429, "retry-after: 1")),
        (get, status_with(503, "Retry-After:  1 ")),
        (create, status_with(429, "retry-after: 1")),
    ] {
        let call = Call::new(operation, script).await;
        calls.spawn(async move {
            let begun = Instant::now();
            let (result, requests) = call.made().await;
            assert!(result.is_ok(), "{result:?}");
            assert_eq!(requests, 2);
            let took = begun.elapsed();
            assert!(took >= Duration::from_secs(1), "{took:?}");
        });
    }
    calls.join_all().await;
}

#[tokio::test]
async fn retry_after_is_waited_for_until_a_date() {
    let (get, create) = (Operation::GetAccount, Operation::CreateSubaccount);
    // A date has whole seconds.
    let text = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3));
    let date = httpdate::parse_http_date(&text).expect("a date");
    let header = format!("retry-after: {text}");
    let mut calls = JoinSet::new();
    for (operation, script) in [
        (get, status_with(503, &header)),
        (create, status_with(429, &header)),
    ] {
        let call = Call::new(operation, script).await;
        calls.spawn(async move {
            let (result, requests) = call.made().await;
            assert!(result.is_ok(), "{result:?}");
            assert_eq!(requests, 2);
            assert!(SystemTime::now() >= date, "too early");
        });
    }
    calls.join_all().await;
}

#[tokio::test]
async fn a_retry_after_beyond_the_cap_ends_the_call_at_once() {
    let late = SystemTime::now() + Duration::from_secs(7200);
    let late = format!("retry-after: {}", httpdate::fmt_http_date(late));
    for header in [
        "retry-after: 61",
        "retry-after: 99999999999999999999999999",
        &late,
    ] {
        let (result, requests) = once(Operation::GetAccount, status_with(429, header)).await;
        let error = result.expect_err("too long to wait for");
        assert!(error.is_rate_limited());
        assert_eq!((requests, error.attempts()), (1, 1), "{header}");
    }
}

#[tokio::test]
async fn i10_whatever_retry_after_says_nothing_panics() {
    let mut endless = quick();
    endless.max_retry_after = Duration::MAX;
    endless.max_total = Duration::MAX;
    for seconds in [
        "9223372036854775808",
        "18446744073709551615",
        "99999999999999999999999",
    ] {
        let capture = Capture::new();
        let _guard = tracing::subscriber::set_default(capture.subscriber(Level::DEBUG));
        let script = status_with(429, &format!("retry-after: {seconds}"));
        let server = ScriptedServer::start(script).await;
        let clients = Setup::new(&*server.origin).retry(endless.clone()).clients();
        // The policy says to wait for ever, so the call does not end; the wait has begun when the
        // attempt is reported.
        tokio::select! {
            biased;
            result = Operation::GetAccount.call(&clients) => panic!("it ended: {result:?}"),
            () = capture.seen("failed") => {}
        }
    }
}

#[tokio::test]
async fn attempts_are_bounded() {
    for attempts in [0, 1, 2, 5] {
        let server = ScriptedServer::start(status(503)).await;
        let mut policy = quick();
        policy.attempts = attempts;
        let clients = Setup::new(&*server.origin).retry(policy).clients();
        let error = Operation::GetAccount.call(&clients).await;
        let error = error.expect_err("503");
        drop(clients);
        let expected = attempts.max(1);
        assert_eq!(error.attempts(), expected);
        assert_eq!(
            server.finish().await,
            usize::try_from(expected).expect("few")
        );
        let tried = format!("(tried {expected} times)");
        assert_eq!(error.to_string().contains(&tried), expected > 1, "{error}");
    }
}

#[tokio::test]
async fn total_time_is_bounded() {
    // With attempts enough for hours, and time for some.
    let server = ScriptedServer::start(status(503)).await;
    let mut policy = quick();
    policy.attempts = u32::MAX;
    policy.budget = u32::MAX;
    policy.first_delay = Duration::from_millis(100);
    policy.max_delay = Duration::from_millis(100);
    policy.max_total = Duration::from_secs(3);
    let clients = Setup::new(&*server.origin).retry(policy.clone()).clients();
    let error = Operation::GetAccount.call(&clients).await;
    assert!(error.expect_err("503").attempts() > 1);
    // A wait that would end too late is not begun.
    let server = ScriptedServer::start(status_with(503, "retry-after: 4")).await;
    let clients = Setup::new(&*server.origin).retry(policy).clients();
    let error = Operation::GetAccount.call(&clients).await;
    assert_eq!(error.expect_err("503").attempts(), 1);
}

#[tokio::test]
async fn the_queue_for_the_limits_takes_nothing_from_the_total_time() {
    let good = || answer(Operation::GetAccount.success());
    let server = ScriptedServer::start_sequence(vec![good(), status(503), good()]).await;
    let mut policy = quick();
    policy.max_total = Duration::from_secs(2);
    let mut limits = RateLimits::default();
    limits.windows = vec![Window::new(
        1,
        policy.max_total + Duration::from_millis(100),
    )];
    let setup = Setup::new(&*server.origin).retry(policy).limits(limits);
    let clients = setup.clients();
    let begun = Instant::now();
    Operation::GetAccount
        .call(&clients)
        .await
        .expect("a success");
    // Twice longer in the queue than all attempts may take together.
    let result = Operation::GetAccount.call(&clients).await;
    result.expect("the second attempt succeeds");
    assert!(
        begun.elapsed() > Duration::from_secs(4),
        "the window was kept"
    );
    drop(clients);
    assert_eq!(server.finish().await, 3);
}

#[tokio::test]
async fn off_is_one_request() {
    let mut calls = JoinSet::new();
    for operation in Operation::ALL {
        for (what, script) in [
            ("429", status_with(429, "retry-after: 0")),
            ("503", status(503)),
            ("reset", vec![Step::Read, Step::Reset]),
        ] {
            calls.spawn(async move {
                let server = ScriptedServer::start(script).await;
                let setup = Setup::new(&*server.origin).retry(RetryPolicy::off());
                let error = operation.call(&setup.clients_for(operation)).await;
                assert_eq!(error.expect_err(what).attempts(), 1);
                assert_eq!(server.finish().await, 1, "{} after {what}", operation.id());
            });
        }
    }
    calls.join_all().await;
}

#[tokio::test]
async fn attempts_are_counted_in_every_kind_of_error() {
    let busy = || status(503);
    let closed = || vec![Step::Read, Step::Close];
    for (operation, scripts, kind) in [
        (
            Operation::GetAccount,
            vec![busy(), status(404)],
            ErrorKind::Refused,
        ),
        (
            Operation::GetAccount,
            vec![busy(), closed()],
            ErrorKind::NoAnswer,
        ),
        (
            Operation::LinkBillingAccount,
            vec![busy(), closed()],
            ErrorKind::OutcomeUnknown,
        ),
        (
            Operation::GetAccount,
            vec![busy(), answer(json("200 OK", "no JSON"))],
            ErrorKind::Unreadable,
        ),
        (
            Operation::CreateSubaccount,
            vec![status(429), answer(json("201 Created", "no JSON"))],
            ErrorKind::Unreadable,
        ),
    ] {
        let server = ScriptedServer::start_sequence(scripts).await;
        let clients = Setup::new(&*server.origin).clients();
        let error = operation.call(&clients).await.expect_err("it fails");
        let expected = if matches!(kind, ErrorKind::NoAnswer | ErrorKind::OutcomeUnknown) {
            3
        } else {
            2
        };
        assert_eq!(
            (error.kind(), error.attempts()),
            (kind, expected),
            "{error}"
        );
        drop(clients);
        assert_eq!(
            server.finish().await,
            usize::try_from(expected).expect("few")
        );
    }
}

#[tokio::test]
async fn a_write_whose_first_attempt_may_have_been_carried_out_is_never_said_not_to_be() {
    let closed = || vec![Step::Read, Step::Close];
    for operation in [
        Operation::SetSubaccountProducts,
        Operation::LinkBillingAccount,
    ] {
        for first in [closed(), status(503)] {
            let server = ScriptedServer::start_sequence(vec![first, status(403)]).await;
            let clients = Setup::new(&*server.origin).clients();
            let error = operation.call(&clients).await.expect_err("403 in the end");
            assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
            assert!(error.may_have_been_applied() && error.was_sent());
            assert!(
                error.is_access_denied(),
                "what the last answer said is kept"
            );
            let said = "an earlier attempt may have been carried out";
            assert!(error.to_string().contains(said), "{error}");
            assert_eq!(error.attempts(), 2);
        }
        // The server is gone when the second attempt comes.
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let gone = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            drop(listener);
            let mut byte = [0];
            // Something of the request has arrived.
            stream.read_exact(&mut byte).await.expect("a byte");
        });
        let clients = Setup::new(origin).clients();
        let error = operation.call(&clients).await.expect_err("nobody is there");
        gone.await.expect("it ends");
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
        assert!(error.may_have_been_applied());
    }
}

#[tokio::test]
async fn an_outage_is_not_amplified_by_many_clones() {
    const CLONES: usize = 10;
    const BUDGET: usize = 4;
    let mut policy = quick();
    policy.budget = 4;
    for fault in [
        status(503),
        vec![Step::Read, Step::Reset],
        status_with(429, "retry-after: 0"),
    ] {
        let server = ScriptedServer::start(fault).await;
        let clients = Setup::new(&*server.origin).retry(policy.clone()).clients();
        let mut calls = JoinSet::new();
        for _ in 0..CLONES {
            let clients = clients.clone();
            calls.spawn(async move { Operation::GetAccount.call(&clients).await.map(drop) });
        }
        let errors = calls
            .join_all()
            .await
            .into_iter()
            .map(|call| call.expect_err("an outage"));
        let attempts: u32 = errors.map(|error| error.attempts()).sum();
        drop(clients);
        let requests = server.finish().await;
        assert_eq!(requests, CLONES + BUDGET, "every call once, and the budget");
        assert_eq!(usize::try_from(attempts).expect("few"), requests);
    }
}

#[tokio::test]
async fn success_refills_the_budget() {
    let mut scripts = vec![status(503); 2];
    scripts.extend(vec![answer(Operation::GetAccount.success()); 10]);
    scripts.push(status(503));
    scripts.push(answer(Operation::GetAccount.success()));
    let server = ScriptedServer::start_sequence(scripts).await;
    let mut policy = quick();
    policy.budget = 1;
    let clients = Setup::new(&*server.origin).retry(policy).clients();
    let error = Operation::GetAccount.call(&clients).await;
    assert_eq!(error.expect_err("503 twice").attempts(), 2);
    for _ in 0..10 {
        Operation::GetAccount.call(&clients).await.expect("200");
    }
    Operation::GetAccount
        .call(&clients)
        .await
        .expect("200 after 503");
    assert_eq!(server.count(), 14);
}

/// Eight calls at once, by clones of one client.
async fn eight_at_once(script: Vec<Step>, limits: RateLimits) {
    let server = ScriptedServer::start(script).await;
    let clients = Setup::new(&*server.origin).limits(limits).clients();
    let mut calls = JoinSet::new();
    for _ in 0..8 {
        let clients = clients.clone();
        calls.spawn(async move { Operation::GetAccount.call(&clients).await.map(drop) });
    }
    for result in calls.join_all().await {
        result.expect("200");
    }
    assert_eq!(server.count(), 8);
}

#[tokio::test]
async fn one_request_at_a_time_unless_told_otherwise() {
    let watched = |overlap: &Arc<Overlap>| {
        vec![
            Step::Read,
            Step::Watch(Arc::clone(overlap)),
            write(Operation::GetAccount.success()),
        ]
    };
    // That nobody else comes within this time is what is tested.
    let overlap = Overlap::new(Duration::from_millis(100));
    eight_at_once(watched(&overlap), RateLimits::default()).await;
    assert_eq!(overlap.most(), 1);
    // The same eyes see it when it happens.
    let overlap = Overlap::new(Duration::from_secs(30));
    eight_at_once(watched(&overlap), RateLimits::none()).await;
    assert!(overlap.most() > 1);
}

#[tokio::test]
async fn any_number_at_once_when_told_so() {
    // Nobody is answered before all eight are there; with a limit this would never end.
    let barrier = Arc::new(Barrier::new(8));
    let script = vec![
        Step::Read,
        Step::Meet(barrier),
        write(Operation::GetAccount.success()),
    ];
    let mut limits = RateLimits::default();
    limits.at_once = None;
    let all = eight_at_once(script, limits);
    let all = tokio::time::timeout(Duration::from_secs(30), all).await;
    assert!(all.is_ok(), "they did not meet");
}

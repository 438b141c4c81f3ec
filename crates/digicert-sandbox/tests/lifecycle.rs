//! Starting and stopping: ports, runtimes, keys, and what is left behind.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use digicert_sandbox::{Sandbox, SandboxBuilder};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::client::{Client, connect, read_to_end};
use crate::samples;

async fn start_use_stop() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    client.create(&samples::managed_request()).await;
    sandbox.stop().await;
}

#[test]
fn it_runs_in_both_kinds_of_runtime() {
    let current_thread = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    current_thread.unwrap().block_on(start_use_stop());
    let multi_thread = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    multi_thread.unwrap().block_on(start_use_stop());
}

#[tokio::test]
async fn it_has_the_paths_of_the_real_service_below_its_origin() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox.local_addr();
    assert!(address.ip().is_loopback() && address.port() != 0);
    let origin = sandbox.origin();
    assert_eq!(origin, format!("http://{address}"));
    assert_eq!(sandbox.certcentral_url(), format!("{origin}/services/v2"));
    assert_eq!(
        sandbox.partner_url(),
        format!("{origin}/partner-subscription/api/v1")
    );
}

#[tokio::test]
async fn many_run_at_once_and_share_nothing() {
    let mut sandboxes = Vec::new();
    for _ in 0..32 {
        sandboxes.push(Sandbox::start().await.unwrap());
    }
    Client::new(&sandboxes[7])
        .create(&samples::create_request())
        .await;
    for (index, sandbox) in sandboxes.iter().enumerate() {
        let list = Client::new(sandbox).get("/account/subaccount").await.ok();
        assert_eq!(list["page"]["total"], usize::from(index == 7));
    }
    let mut keys: Vec<_> = sandboxes
        .iter()
        .flat_map(|sandbox| {
            let partner_key = sandbox.partner_key().expose_secret();
            [sandbox.certcentral_key().expose_secret(), partner_key]
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 64);
    assert!(keys.iter().all(|key| key.starts_with("sandbox-")));
}

#[tokio::test]
async fn a_stopped_sandbox_frees_its_port() {
    // Another test may be given the very port that this one gives back, but hardly five times.
    for _ in 0..5 {
        let sandbox = Sandbox::start().await.unwrap();
        let address = sandbox.local_addr();
        Client::new(&sandbox).get("/account").await.ok();
        sandbox.stop().await;
        if Sandbox::builder().listen(address).start().await.is_ok() {
            return;
        }
    }
    panic!("the port is not free");
}

// Timers run ahead in such a test, so none may end a connection.
#[tokio::test(start_paused = true)]
async fn it_works_in_a_test_that_pauses_the_clock() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    for _ in 0..3 {
        client.create(&samples::create_request()).await;
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
    sandbox.stop().await;
}

/// Lets other tasks go on until something is the case.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !is_so().await {
        assert!(start.elapsed() < Duration::from_secs(60), "it never was");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_dropped_sandbox_leaves_no_task_and_no_listener() {
    let metrics = tokio::runtime::Handle::current().metrics();
    let before = metrics.num_alive_tasks();
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox.local_addr();
    // A client that waits for its next request, one that never finishes its first.
    let mut idle = connect(sandbox.origin()).await;
    let mut stuck = connect(sandbox.origin()).await;
    idle.write_all(b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    stuck.write_all(b"GET / HT").await.unwrap();
    idle.readable().await.unwrap();
    until(async || metrics.num_alive_tasks() == before + 3).await;

    drop(sandbox);
    until(async || metrics.num_alive_tasks() == before).await;
    until(async || TcpListener::bind(address).await.is_ok()).await;
    assert!(read_to_end(&mut idle).await.starts_with("HTTP/1.1 404 "));
    assert!(!read_to_end(&mut stuck).await.starts_with("HTTP/1.1 2"));
}

#[tokio::test]
async fn a_request_that_has_begun_is_answered_before_it_stops() {
    let sandbox = Sandbox::start().await.unwrap();
    let key = sandbox.certcentral_key().expose_secret().to_owned();
    let body = samples::create_request().to_string();
    let mut stream = connect(sandbox.origin()).await;
    // The answer to `Expect` tells that the request has been taken up.
    let head = format!(
        "POST /services/v2/account HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: {key}\r\n\
         Expect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.readable().await.unwrap();
    let (answer, ()) = tokio::join!(
        async {
            stream.write_all(body.as_bytes()).await.unwrap();
            read_to_end(&mut stream).await
        },
        sandbox.stop(),
    );
    assert!(answer.starts_with("HTTP/1.1 100 "), "{answer}");
    assert!(answer.contains("HTTP/1.1 201 "), "{answer}");
}

#[tokio::test]
async fn an_address_in_use_is_named_with_what_to_do() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox.local_addr();
    let error = Sandbox::builder()
        .listen(address)
        .start()
        .await
        .unwrap_err();
    assert!(error.is_address_in_use());
    let message = error.to_string();
    assert!(message.contains(&address.to_string()), "{message}");
    assert!(message.contains("choose another port"), "{message}");

    // Reserved for documentation, so no machine has it.
    let elsewhere: SocketAddr = ([192, 0, 2, 1], 0).into();
    let error = Sandbox::builder()
        .listen(elsewhere)
        .start()
        .await
        .unwrap_err();
    assert!(!error.is_address_in_use());
    assert!(error.to_string().contains("192.0.2.1:0"), "{error}");
}

#[tokio::test]
async fn an_address_that_stands_for_all_is_called_by_loopback() {
    let all = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let sandbox = Sandbox::builder().listen(all).start().await.unwrap();
    assert!(sandbox.local_addr().ip().is_unspecified());
    assert!(sandbox.origin().starts_with("http://127.0.0.1:"));
    Client::new(&sandbox).get("/account").await.ok();
}

#[tokio::test]
async fn i2_a_key_that_fits_no_header_is_refused_and_not_repeated() {
    let refused: [fn(&str) -> SandboxBuilder; 2] = [
        |key| Sandbox::builder().certcentral_key(key),
        |key| Sandbox::builder().partner_key(key),
    ];
    for builder in refused {
        for key in ["", "two words", "line\nbreak", "schlüssel-x"] {
            let error = builder(key).start().await.unwrap_err();
            let message = format!("{error} {error:?}");
            assert!(message.contains("header") || message.contains("UnusableKey"));
            assert!(key.is_empty() || !message.contains(key), "{message}");
        }
    }
}

#[tokio::test]
async fn i2_debug_shows_no_key() {
    let builder = Sandbox::builder()
        .certcentral_key("made-up-secret-1")
        .partner_key("made-up-secret-2");
    let debug = format!("{builder:?}");
    let sandbox = builder.start().await.unwrap();
    let debug = debug + &format!("{sandbox:?} {sandbox:#?}");
    assert!(debug.contains(sandbox.origin()), "{debug}");
    assert!(!debug.contains("made-up-secret"), "{debug}");
}

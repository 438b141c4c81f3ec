//! Clients that stall: each is ended after the time that it has, and nobody else notices.

use std::time::{Duration, Instant};

use digicert_sandbox::{Fault, Operation, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::client::{Client, connect, products_of, read_to_end};
use crate::samples;

/// Not shorter, so that on a busy machine what does not stall arrives within it.
const PATIENCE: Duration = Duration::from_secs(2);
/// Only what hangs takes longer.
const LONG: Duration = Duration::from_secs(60);

async fn start() -> (Sandbox, Client) {
    let builder = Sandbox::builder().request_timeout(PATIENCE);
    let sandbox = builder.start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}

#[tokio::test]
async fn i10_a_request_that_stalls_is_answered_408_and_ended() {
    let (sandbox, client) = start().await;
    let mut stalls = JoinSet::new();
    for sent in [
        "G",
        "GET /services/v2/account HTTP/1.1\r\nHost: localhost\r\n",
        "POST /services/v2/account HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n",
        "POST /services/v2/account HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"a",
        "POST /services/v2/account HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a",
    ] {
        let key = sandbox.certcentral_key().expose_secret();
        let sent = sent.replace(
            "Host: localhost",
            &format!("Host: localhost\r\nX-DC-DEVKEY: {key}"),
        );
        let origin = sandbox.origin().to_owned();
        stalls.spawn(async move {
            let start = Instant::now();
            let mut stream = connect(&origin).await;
            stream.write_all(sent.as_bytes()).await.unwrap();
            let answer = read_to_end(&mut stream).await;
            assert!(start.elapsed() >= PATIENCE, "{sent}");
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            assert!(head.starts_with("HTTP/1.1 408 "), "{answer}");
            let length = format!("content-length: {}", body.len());
            assert!(head.contains(&length), "{answer}");
            let body: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!(body["errors"][0]["code"], "request_timeout");
        });
    }
    stalls.join_all().await;
    // Those whose head had arrived are in the log.
    let requests = sandbox.requests().of(Operation::CreateSubaccount);
    requests.clone().without_answer().assert_count(3);
    requests.assert_count(3);
    client.create(&samples::create_request()).await;
}

#[tokio::test]
async fn i10_a_client_that_drips_gets_no_more_time() {
    let (sandbox, client) = start().await;
    let start = Instant::now();
    let mut stream = connect(sandbox.origin()).await;
    let (mut read, mut write) = stream.split();
    let drip = async {
        loop {
            for byte in b"GET /services/v2/account HTTP/1.1\r\nX: " {
                if write.write_all(&[*byte]).await.is_err() {
                    return;
                }
                sleep(Duration::from_millis(20)).await;
            }
        }
    };
    let mut answer = vec![0; 20];
    tokio::select! {
        () = drip => {}
        read = read.read_exact(&mut answer) => {
            read.unwrap();
            assert!(answer.starts_with(b"HTTP/1.1 408 "), "{answer:?}");
        }
    }
    assert!(start.elapsed() >= PATIENCE);
    assert!(start.elapsed() < LONG);
    client.get("/account").await.ok();
}

#[tokio::test]
async fn i10_a_connection_that_never_says_anything_is_closed() {
    let (sandbox, _client) = start().await;
    let mut stream = connect(sandbox.origin()).await;
    assert_eq!(read_to_end(&mut stream).await, "");
}

#[tokio::test]
async fn a_connection_between_requests_is_kept() {
    let (sandbox, _client) = start().await;
    let mut stream = connect(sandbox.origin()).await;
    for _ in 0..2 {
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n")
            .await
            .unwrap();
        let answer = read_until(&mut stream, "}]}").await;
        assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
        sleep(PATIENCE * 2).await;
    }
}

#[tokio::test]
async fn i10_a_client_that_does_not_read_is_ended() {
    let (sandbox, client) = start().await;
    let id = client.create(&samples::create_request()).await["id"]
        .as_i64()
        .unwrap();
    let name = "x".repeat(900_000);
    let products = format!(r#"{{"products":[{{"product_name_id":"{name}"}}]}}"#);
    assert_eq!(client.put(&products_of(id), products).await.status, 204);

    let metrics = tokio::runtime::Handle::current().metrics();
    let tasks = metrics.num_alive_tasks();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(sandbox.local_addr()).await.unwrap();
    let key = sandbox.certcentral_key().expose_secret();
    let request = format!(
        "GET /services/v2{} HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: {key}\r\n\r\n",
        products_of(id)
    );
    // More than all buffers in between hold.
    for _ in 0..8 {
        stream.write_all(request.as_bytes()).await.unwrap();
    }
    for is_served in [true, false] {
        let start = Instant::now();
        while (metrics.num_alive_tasks() > tasks) != is_served {
            assert!(start.elapsed() < LONG, "{is_served}");
            sleep(Duration::from_millis(5)).await;
        }
    }
    let mut received = Vec::new();
    let ended = stream.read_to_end(&mut received).await;
    assert!(ended.is_err(), "{} bytes", received.len());
    client.get("/account").await.ok();
}

async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut received = String::new();
    while !received.contains(end) {
        let mut part = [0; 4096];
        let read = timeout(LONG, stream.read(&mut part)).await;
        let length = read.unwrap().unwrap();
        assert!(length > 0, "it ends after {received}");
        received.push_str(&String::from_utf8_lossy(&part[..length]));
    }
    received
}

#[tokio::test]
async fn a_listener_for_events_is_none_that_stalls() {
    let (sandbox, client) = start().await;
    let mut stream = connect(sandbox.origin()).await;
    let listen = "GET /_sandbox/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(listen.as_bytes()).await.unwrap();
    read_until(&mut stream, "event: faults").await;
    sleep(PATIENCE * 2).await;
    client.get("/account").await.ok();
    read_until(&mut stream, "event: request").await;
}

#[tokio::test]
async fn a_call_that_takes_long_is_none_that_stalls() {
    let fault = Fault::delay(PATIENCE * 2).on(Operation::CreateSubaccount);
    let builder = Sandbox::builder().request_timeout(PATIENCE).fault(fault);
    let sandbox = builder.start().await.unwrap();
    let client = Client::new(&sandbox);
    client.create(&samples::create_request()).await;
}

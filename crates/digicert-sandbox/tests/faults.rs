//! Faults on demand, each seen from the other end of a real connection: what a client is sent, how
//! the connection ends, and whether the call was carried out.

use std::io;
use std::time::{Duration, Instant};

use digicert_sandbox::{Fault, Operation, Sandbox, SandboxBuilder, When};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::client::{Client, connect, products_of};
use crate::samples;

/// Only what hangs takes longer.
const LONG: Duration = Duration::from_secs(60);

async fn with(fault: impl Into<Fault>) -> (Sandbox, Client) {
    started(Sandbox::builder().fault(fault)).await
}

async fn started(builder: SandboxBuilder) -> (Sandbox, Client) {
    let sandbox = builder.start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}

/// Without faults, so that it does not change what is looked at.
async fn subaccounts(sandbox: &Sandbox, client: &Client) -> u64 {
    sandbox.faults().clear();
    listed(client).await
}

async fn listed(client: &Client) -> u64 {
    let list = client.get("/account/subaccount").await.ok();
    list["page"]["total"].as_u64().unwrap()
}

/// Sends a creation over a bare connection; gives what came back, and how the connection ended.
async fn create_bare(sandbox: &Sandbox) -> (String, io::Result<()>) {
    let body = samples::create_request().to_string();
    let key = sandbox.certcentral_key().expose_secret();
    let request = format!(
        "POST /services/v2/account HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: {key}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = connect(sandbox.origin()).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let ended = stream.read_to_end(&mut received).await.map(drop);
    (String::from_utf8(received).unwrap(), ended)
}

#[tokio::test]
async fn a_status_replaces_the_call_or_its_answer() {
    for (when, created) in [(When::Before, 0), (When::After, 1)] {
        let fault = Fault::status(503)
            .when(when)
            .on(Operation::CreateSubaccount);
        let (sandbox, client) = with(fault).await;
        let answer = client
            .post("/account", samples::create_request().to_string())
            .await;
        answer.assert_refused(503, &["service_unavailable"]);
        client.get("/account").await.ok();
        assert_eq!(subaccounts(&sandbox, &client).await, created, "{when}");
    }
}

#[tokio::test]
async fn a_status_can_have_an_error_of_its_own_and_say_when_to_come_again() {
    let fault = Fault::status(429).error("too_fast", "Slow down, please.");
    let (_sandbox, client) = with(fault.retry_after(7)).await;
    let answer = client.get("/account").await;
    answer.assert_refused(429, &["too_fast"]);
    assert!(answer.body.contains("Slow down, please."), "{answer:?}");
    let response = client.request(reqwest::Method::GET, "/services/v2/account");
    let response = response.send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "7");
}

#[tokio::test]
async fn a_gateway_answers_html() {
    let (_sandbox, client) = with(Fault::status(502).html()).await;
    let answer = client.get("/account").await;
    assert_eq!(answer.status, 502);
    assert_eq!(
        answer.content_type.as_deref(),
        Some("text/html; charset=utf-8")
    );
    assert!(
        answer.body.contains("<h1>502 Bad Gateway</h1>"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_status_without_a_body_has_none() {
    for text in ["*:status=204", "*:status=500,body=empty"] {
        let (_sandbox, client) = with(text.parse::<Fault>().unwrap()).await;
        let answer = client.get("/account").await;
        assert_eq!(
            (answer.body.as_str(), answer.content_type),
            ("", None),
            "{text}"
        );
    }
    let (_sandbox, client) = with(Fault::status(200)).await;
    assert_eq!(client.get("/account").await.ok(), serde_json::json!({}));
}

#[tokio::test]
async fn a_delay_is_waited_for() {
    const DELAY: Duration = Duration::from_millis(150);
    for when in [When::Before, When::After] {
        let (_sandbox, client) = with(Fault::delay(DELAY).when(when)).await;
        let start = Instant::now();
        client.get("/account").await.ok();
        assert!(start.elapsed() >= DELAY, "{when}");
    }
}

// The case that makes creations dangerous to repeat: too late for the client, but done.
#[tokio::test]
async fn a_client_that_does_not_wait_has_or_has_not_changed_something() {
    for (when, created) in [(When::Before, 0), (When::After, 1)] {
        let fault = Fault::delay(Duration::from_secs(600)).when(when);
        let (sandbox, client) = with(fault.on(Operation::CreateSubaccount)).await;
        let request = client
            .request(reqwest::Method::POST, "/services/v2/account")
            .header("X-DC-DEVKEY", sandbox.certcentral_key().expose_secret())
            .body(samples::create_request().to_string());
        let request = tokio::spawn(request.send());
        let struck = async {
            while sandbox.faults().list()[0].fired == 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(LONG, struck).await.unwrap();
        if when == When::After {
            let carried_out = async { while listed(&client).await == 0 {} };
            timeout(LONG, carried_out).await.unwrap();
        }
        request.abort();
        // It is in the log once the sandbox has noticed that nobody waits.
        let noticed = async {
            while sandbox
                .requests()
                .of(Operation::CreateSubaccount)
                .is_empty()
            {
                tokio::task::yield_now().await;
            }
        };
        timeout(LONG, noticed).await.unwrap();
        let requests = sandbox.requests();
        let abandoned = requests.of(Operation::CreateSubaccount).without_answer();
        assert!(abandoned.assert_one().fault().is_some());
        assert_eq!(subaccounts(&sandbox, &client).await, created, "{when}");
    }
}

#[tokio::test]
async fn a_reset_is_one_on_the_wire() {
    for (when, created) in [(When::Before, 0), (When::After, 1)] {
        let fault = Fault::reset(when).on(Operation::CreateSubaccount);
        let (sandbox, client) = with(fault).await;
        let (received, ended) = create_bare(&sandbox).await;
        assert_eq!(received, "");
        let kind = ended.unwrap_err().kind();
        assert_eq!(kind, io::ErrorKind::ConnectionReset, "{when}");

        let request = sandbox.requests();
        let request = request.assert_one();
        assert_eq!((request.status(), request.fault().is_some()), (None, true));
        assert!(
            request.request_body().contains("Example"),
            "it was sent all of it"
        );
        assert_eq!(subaccounts(&sandbox, &client).await, created, "{when}");
    }
}

#[tokio::test]
async fn a_reset_is_an_error_of_the_request_to_a_client() {
    let (sandbox, client) = with(Fault::reset(When::After).times(1)).await;
    let request = client
        .request(reqwest::Method::POST, "/services/v2/account")
        .header("X-DC-DEVKEY", sandbox.certcentral_key().expose_secret())
        .body(samples::create_request().to_string());
    let error = request.send().await.unwrap_err();
    assert!(
        error.is_request() && !error.is_connect() && !error.is_timeout(),
        "{error:?}"
    );
    // No other connection is disturbed.
    client.get("/account").await.ok();
}

#[tokio::test]
async fn a_cut_body_ends_before_its_announced_length() {
    let (sandbox, client) = with(Fault::cut_body()).await;
    let (received, ended) = create_bare(&sandbox).await;
    ended.unwrap();
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 201 "), "{head}");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.unwrap().parse().unwrap();
    assert!(body.starts_with('{') && !body.is_empty(), "{body}");
    assert_eq!(body.len(), length / 2);

    let response = client
        .request(reqwest::Method::GET, "/services/v2/account")
        .send()
        .await
        .unwrap();
    assert!(response.text().await.unwrap_err().is_decode());
    assert_eq!(subaccounts(&sandbox, &client).await, 1);
}

#[tokio::test]
async fn a_cut_answer_without_a_body_is_not_sent_at_all() {
    let (sandbox, client) = started(Sandbox::builder()).await;
    let id = client.create(&samples::create_request()).await["id"]
        .as_i64()
        .unwrap();
    sandbox.faults().add(Fault::cut_body()).unwrap();
    let request = client
        .request(
            reqwest::Method::PUT,
            &format!("/services/v2{}", products_of(id)),
        )
        .header("X-DC-DEVKEY", sandbox.certcentral_key().expose_secret())
        .body(samples::products_request().to_string());
    assert!(request.send().await.unwrap_err().is_request());
    sandbox.faults().clear();
    let products = client.products(id).await;
    assert_eq!(products["products"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn unknown_fields_are_added_and_nothing_is_lost() {
    fn strip(value: &mut Value) -> usize {
        match value {
            Value::Object(fields) => {
                let removed = fields.remove("unknown_to_all_documentation");
                usize::from(removed.is_some()) + fields.values_mut().map(strip).sum::<usize>()
            }
            Value::Array(list) => list.iter_mut().map(strip).sum(),
            _ => 0,
        }
    }
    let (sandbox, client) = started(Sandbox::builder()).await;
    let id = client.create(&samples::create_request()).await["id"]
        .as_i64()
        .unwrap();
    client.set_products(id, &samples::products_request()).await;
    let path = products_of(id);
    let plain = client.get(&path).await.ok();
    sandbox.faults().add(Fault::unknown_fields()).unwrap();
    let mut changed = client.get(&path).await.ok();
    assert!(strip(&mut changed) > 5);
    assert_eq!(changed, plain);
    // An answer without a body has no place for any.
    client.set_products(id, &samples::products_request()).await;
}

#[tokio::test]
async fn a_fault_befalls_its_operation_at_its_call() {
    let fault = Fault::status(500).on(Operation::ListSubaccounts).nth(2);
    let (sandbox, client) = with(fault).await;
    let list = "/account/subaccount";
    client.get(list).await.ok();
    client.get("/account").await.ok();
    assert_eq!(client.get(list).await.status, 500);
    client.get(list).await.ok();
    let active = &sandbox.faults().list()[0];
    assert_eq!((active.calls, active.fired), (3, 1));
    assert_eq!(active.text, "list_subaccounts:status=500,nth=2");
}

#[tokio::test]
async fn what_is_no_operation_is_befallen_by_nothing() {
    let (_sandbox, client) = with(Fault::status(500)).await;
    client
        .get("/nowhere")
        .await
        .assert_refused(404, &["not_found|route"]);
    let answer = client.post("/account/subaccount", "{}").await;
    answer.assert_refused(405, &["method_not_allowed"]);
}

#[tokio::test]
async fn a_seed_picks_the_same_calls_in_each_sandbox() {
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let (_sandbox, client) = with(Fault::status(500).probability(0.4).seed(seed)).await;
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(client.get("/account").await.status);
        }
        assert!(statuses.contains(&500) && statuses.contains(&200));
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

#[tokio::test]
async fn a_fault_that_cannot_be_is_refused_at_the_start() {
    let faults: [(Fault, &str); 3] = [
        (Fault::status(99).into(), "from 200 to 599"),
        (Fault::cut_body().nth(0).into(), "counts from 1"),
        (Fault::cut_body().probability(1.5).into(), "from 0 to 1"),
    ];
    for (fault, expected) in faults {
        let started = Sandbox::builder().fault(fault).start().await;
        let message = started.unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[tokio::test]
async fn a_connection_that_is_kept_survives_the_faults_of_others() {
    let fault = Fault::reset(When::After).on(Operation::CreateSubaccount);
    let (sandbox, client) = with(fault).await;
    client.get("/account").await.ok();
    for _ in 0..20 {
        let (received, ended) = create_bare(&sandbox).await;
        assert!(received.is_empty() && ended.is_err());
        client.get("/account").await.ok();
    }
    assert_eq!(subaccounts(&sandbox, &client).await, 20);
}

//! The control path: faults, the request log, the clock and events over HTTP, and who is let in.

use std::time::Duration;

use digicert_sandbox::{Operation, Sandbox};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::client::{Answer, Client, raw, send};
use crate::samples;

/// A client of the control path of one sandbox.
struct Control {
    client: Client,
}

impl Control {
    async fn start() -> (Sandbox, Self) {
        let sandbox = Sandbox::start().await.unwrap();
        let client = Client::new(&sandbox);
        (sandbox, Self { client })
    }

    async fn send(&self, method: Method, path: &str, body: &str) -> Answer {
        let request = self.client.request(method, &format!("/_sandbox/{path}"));
        send(request.body(body.to_owned())).await
    }

    async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, "").await.ok()
    }
}

#[tokio::test]
async fn faults_are_switched_on_listed_and_switched_off() {
    let (_sandbox, control) = Control::start().await;
    assert_eq!(control.get("faults").await, json!({"faults": []}));
    let as_json = r#"{"operation":"get_account","nth":2,"effect":{"kind":"status","status":503}}"#;
    let added = control.send(Method::POST, "faults", as_json).await;
    assert_eq!(added.status, 201);
    let expected = json!({
        "id": 1, "operation": "get_account", "nth": 2, "calls": 0, "fired": 0,
        "effect": {"kind": "status", "status": 503, "when": "before"},
        "text": "get_account:status=503,nth=2",
    });
    assert_eq!(added.json(), expected);
    let added = control
        .send(Method::POST, "faults", "*:reset=after,nth=100")
        .await;
    assert_eq!(added.json()["id"], 2);

    control.client.get("/account").await.ok();
    assert_eq!(control.client.get("/account").await.status, 503);
    let faults = control.get("faults").await;
    assert_eq!(faults["faults"][0]["fired"], 1);
    assert_eq!(faults["faults"][1]["calls"], 2);

    assert_eq!(
        control.send(Method::DELETE, "faults/1", "").await.status,
        204
    );
    assert_eq!(
        control.get("faults").await["faults"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    for gone in ["faults/1", "faults/3", "faults/x", "faults/-1"] {
        let answer = control.send(Method::DELETE, gone, "").await;
        answer.assert_refused(404, &["not_found"]);
    }
    assert_eq!(control.send(Method::DELETE, "faults", "").await.status, 204);
    assert_eq!(control.get("faults").await, json!({"faults": []}));
}

#[tokio::test]
async fn the_request_log_is_read_from_any_number_and_cleared() {
    let (sandbox, control) = Control::start().await;
    control.client.create(&samples::managed_request()).await;
    sandbox
        .faults()
        .add("*:status=502".parse::<digicert_sandbox::Fault>().unwrap())
        .unwrap();
    control.client.get("/account").await;
    let log = control.get("requests").await;
    assert_eq!(log["dropped"], 0);
    let (created, failed) = (&log["requests"][0], &log["requests"][1]);
    assert_eq!(created["number"], 1);
    assert_eq!(created["operation"], "create_subaccount");
    assert_eq!(
        (&created["method"], &created["path"]),
        (&json!("POST"), &json!("/services/v2/account"))
    );
    assert_eq!(
        (&created["status"], &created["fault"]),
        (&json!(201), &Value::Null)
    );
    assert!(created["duration_us"].is_u64(), "{created}");
    assert!(created["at"].as_str().unwrap().ends_with('Z'), "{created}");
    assert_eq!(created["request_headers"]["x-dc-devkey"], "[redacted]");
    let answer = created["response_body"].as_str().unwrap();
    assert!(answer.contains(r#""api_key":[redacted]"#), "{answer}");
    assert_eq!(
        (&failed["status"], &failed["fault"]),
        (&json!(502), &json!(1))
    );

    let later = control.get("requests?since=1").await;
    assert_eq!(later["requests"].as_array().unwrap().len(), 1);
    let refused = control.send(Method::GET, "requests?since=x", "").await;
    refused.assert_refused(400, &["invalid_value:since"]);
    assert_eq!(
        control.send(Method::DELETE, "requests", "").await.status,
        204
    );
    assert_eq!(control.get("requests").await["requests"], json!([]));
    sandbox.requests().assert_none();
}

#[tokio::test]
async fn the_clock_is_set_and_advanced() {
    let (sandbox, control) = Control::start().await;
    let set = r#"{"now":"2018-11-29T01:00:00Z"}"#;
    let answer = control.send(Method::PUT, "clock", set).await.ok();
    assert!(
        answer["now"]
            .as_str()
            .unwrap()
            .starts_with("2018-11-29T01:"),
        "{answer}"
    );
    assert_eq!(answer["frozen"], false);
    let answer = control
        .send(Method::POST, "clock/advance", r#"{"seconds":86400}"#)
        .await
        .ok();
    assert!(
        answer["now"]
            .as_str()
            .unwrap()
            .starts_with("2018-11-30T01:"),
        "{answer}"
    );
    assert_eq!(control.get("clock").await["frozen"], false);
    let created = control.client.create(&samples::create_request()).await;
    let details = control
        .client
        .get(&format!("/account/subaccount/{}", created["id"]))
        .await
        .ok();
    assert!(details.to_string().contains("2018-11-30 01:"), "{details}");
    drop(sandbox);
}

#[tokio::test]
async fn the_state_is_kept_loaded_elsewhere_and_forgotten() {
    let (sandbox, control) = Control::start().await;
    let created = control.client.create(&samples::managed_request()).await;
    let (id, key) = (
        created["id"].as_i64().unwrap(),
        created["api_key"].as_str().unwrap(),
    );
    control
        .client
        .set_products(id, &samples::products_request())
        .await;
    let products = control.client.products(id).await;
    let kept = control.send(Method::GET, "state", "").await;
    assert_eq!(kept.ok()["format_version"], 1);
    for parent_key in [
        sandbox.certcentral_key().expose_secret(),
        sandbox.partner_key().expose_secret(),
    ] {
        assert!(!kept.body.contains(parent_key));
    }

    let (_other, control) = Control::start().await;
    assert_eq!(
        control.send(Method::PUT, "state", &kept.body).await.status,
        204
    );
    assert_eq!(control.client.products(id).await, products);
    control.client.with_key(key).get("/account").await.ok();
    assert_eq!(control.get("state").await, kept.json());

    // What cannot be loaded changes nothing.
    for (document, expected) in [
        ("", "no state document"),
        ("{}", "format_version"),
        (r#"{"format_version":2}"#, "format_version 2"),
        (&*kept.body.replacen("1122334", "-1", 1), "has an ID"),
    ] {
        let answer = control.send(Method::PUT, "state", document).await;
        answer.assert_refused(400, &["invalid_state"]);
        assert!(answer.body.contains("stays as it was"), "{}", answer.body);
        assert!(answer.body.contains(expected), "{}", answer.body);
        assert!(!answer.body.contains(key), "{}", answer.body);
    }
    assert_eq!(control.get("state").await, kept.json());

    control
        .send(Method::POST, "faults", "list_subaccounts:status=500,nth=9")
        .await;
    assert_eq!(control.send(Method::POST, "reset", "").await.status, 204);
    let list = control.client.get("/account/subaccount").await.ok();
    assert_eq!(list["page"]["total"], 0);
    assert_eq!(
        control.client.with_key(key).get("/account").await.status,
        403
    );
    assert_eq!(
        control.get("faults").await["faults"][0]["calls"],
        1,
        "the faults stay"
    );
}

// Nothing of it is ever sent, so whoever waits for it waits forever.
#[tokio::test]
async fn i10_a_state_of_100_mb_is_refused_unread() {
    let (sandbox, control) = Control::start().await;
    let host = format!("Host: {}", sandbox.local_addr());
    let request = request(
        "PUT /_sandbox/state HTTP/1.1",
        &[&host, "Content-Length: 104857600"],
    );
    let answer = raw(sandbox.origin(), request.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    control.client.get("/account").await.ok();
}

#[tokio::test]
async fn i10_what_cannot_be_is_refused_with_what_is_possible() {
    let (sandbox, control) = Control::start().await;
    for (method, path, body, status, expected) in [
        (Method::POST, "faults", "", 400, "OPERATION:EFFECT"),
        (Method::POST, "faults", "{", 400, "EOF"),
        (
            Method::POST,
            "faults",
            r#"{"effect":{"kind":"x"}}"#,
            400,
            "unknown_fields",
        ),
        (
            Method::POST,
            "faults",
            r#"{"operation":"x","effect":{"kind":"cut_body"}}"#,
            400,
            "create_subaccount",
        ),
        (
            Method::POST,
            "faults",
            r#"{"effect":{"kind":"status","status":1}}"#,
            400,
            "from 200 to 599",
        ),
        (
            Method::POST,
            "faults",
            r#"{"effect":{"kind":"status","status":70000}}"#,
            400,
            "70000",
        ),
        (
            Method::POST,
            "faults",
            r#"{"nth":-1,"effect":{"kind":"cut_body"}}"#,
            400,
            "-1",
        ),
        (Method::PUT, "clock", "", 400, "EOF"),
        (Method::PUT, "clock", "[]", 400, "malformed"),
        (
            Method::PUT,
            "clock",
            r#"{"now":"yesterday"}"#,
            400,
            "2018-11-29T01:48:04Z",
        ),
        (
            Method::PUT,
            "clock",
            r#"{"now":"2018-11-29T01:48:04Z","x":1}"#,
            400,
            "unknown field `x`",
        ),
        (
            Method::POST,
            "clock/advance",
            r#"{"seconds":-1}"#,
            400,
            "at least 0",
        ),
        (
            Method::POST,
            "clock/advance",
            r#"{"seconds":1e300}"#,
            400,
            "at least 0",
        ),
        (
            Method::POST,
            "clock/advance",
            r#"{"minutes":1}"#,
            400,
            "`seconds`",
        ),
        (Method::GET, "nowhere", "", 404, "/_sandbox/requests"),
        (Method::GET, "", "", 404, "/_sandbox/requests"),
        (Method::PUT, "faults", "", 405, "Allow"),
        (Method::POST, "requests", "", 405, "Allow"),
        (Method::POST, "events", "", 405, "Allow"),
        (Method::POST, "state", "", 405, "Allow"),
        (Method::GET, "reset", "", 405, "Allow"),
    ] {
        let answer = control.send(method.clone(), path, body).await;
        assert_eq!(answer.status, status, "{method} {path} {body}: {answer:?}");
        answer.codes();
        assert!(
            answer.body.contains(expected),
            "{method} {path} {body}: {}",
            answer.body
        );
    }
    let large = "x".repeat(100 * 1024);
    let answer = control.send(Method::POST, "faults", &large).await;
    answer.assert_refused(413, &["request_body_too_large"]);
    assert!(sandbox.faults().list().is_empty());
}

#[tokio::test]
async fn the_control_path_is_not_logged_and_nothing_befalls_it() {
    let (sandbox, control) = Control::start().await;
    control.send(Method::POST, "faults", "*:status=500").await;
    control.get("faults").await;
    control.get("clock").await;
    assert_eq!(control.send(Method::GET, "nowhere", "").await.status, 404);
    sandbox.requests().assert_none();
    assert_eq!(sandbox.faults().list()[0].calls, 0);
}

fn request(start: &str, headers: &[&str]) -> String {
    let headers = [&[start], headers, &["Connection: close"]].concat();
    headers.join("\r\n") + "\r\n\r\n"
}

// A web page can make a browser send requests to loopback, by an address or by a name that the
// owner of the page lets lead there.
#[tokio::test]
async fn a_foreign_web_page_is_refused() {
    let (sandbox, _control) = Control::start().await;
    let origin = sandbox.origin();
    let host = format!("Host: {}", sandbox.local_addr());
    let own = format!("Origin: {origin}");
    let port = sandbox.local_addr().port();
    let (local_host, local_origin) = (
        format!("Host: localhost:{port}"),
        format!("Origin: http://localhost:{port}"),
    );
    for (headers, code) in [
        (vec![], "foreign_host"),
        (vec!["Host: sandbox.example.com"], "foreign_host"),
        (vec!["Host: 127.0.0.1.example.com"], "foreign_host"),
        (vec![&*host, "Host: example.com"], "foreign_host"),
        (vec!["Host: \u{fc}"], "foreign_host"),
        (
            vec![&*host, "Origin: https://example.com"],
            "foreign_origin",
        ),
        (vec![&*host, "Origin: null"], "foreign_origin"),
        (vec![&*host, "Origin: http://127.0.0.1:1"], "foreign_origin"),
        (vec![&*host, &*local_origin], "foreign_origin"),
        (
            vec![&*host, &*own, "Origin: https://example.com"],
            "foreign_origin",
        ),
    ] {
        for start in [
            "GET /_sandbox/requests",
            "DELETE /_sandbox/faults",
            "GET /_sandbox/nowhere",
            "GET /",
        ] {
            let answer = raw(
                origin,
                request(&format!("{start} HTTP/1.1"), &headers).as_bytes(),
            )
            .await;
            assert!(
                answer.starts_with("HTTP/1.1 403 "),
                "{start} {headers:?}: {answer}"
            );
            assert!(answer.contains(code), "{start} {headers:?}: {answer}");
            assert!(!answer.contains("access-control"), "{answer}");
        }
    }
    for headers in [
        vec![&*host],
        vec![&*host, &*own],
        vec![&*local_host, &*local_origin],
        vec!["Host: localhost"],
        vec!["Host: [::1]:8700", "Origin: http://[::1]:8700"],
    ] {
        let answer = raw(
            origin,
            request("GET /_sandbox/faults HTTP/1.1", &headers).as_bytes(),
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{headers:?}: {answer}");
    }
    let absolute = request("GET http://example.com/_sandbox/faults HTTP/1.1", &[&*host]);
    let answer = raw(origin, absolute.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    // The real API has no such rule.
    let answer = raw(
        origin,
        request("GET /services/v2/account HTTP/1.1", &["Host: example.com"]).as_bytes(),
    )
    .await;
    assert!(answer.contains("access_denied"), "{answer}");
}

/// Listens to events.
struct Events {
    response: reqwest::Response,
    received: String,
}

impl Events {
    async fn listen(control: &Control, last_event_id: Option<&str>) -> Self {
        let mut request = control.client.request(Method::GET, "/_sandbox/events");
        if let Some(id) = last_event_id {
            request = request.header("Last-Event-ID", id);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            response,
            received: String::new(),
        }
    }

    /// The next event: its kind, its ID and its data. Nothing at the end.
    async fn next(&mut self) -> Option<(String, Option<String>, Value)> {
        while !self.received.contains("\n\n") {
            let chunk = timeout(Duration::from_secs(60), self.response.chunk()).await;
            let chunk = chunk.unwrap().unwrap()?;
            self.received.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        let received = std::mem::take(&mut self.received);
        let (event, rest) = received.split_once("\n\n").unwrap();
        rest.clone_into(&mut self.received);
        let field = |name: &str| {
            event
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .map(str::to_owned)
        };
        let data = serde_json::from_str(&field("data: ").unwrap()).unwrap();
        Some((field("event: ").unwrap(), field("id: "), data))
    }

    async fn next_of(&mut self, kind: &str) -> (Option<String>, Value) {
        loop {
            let (found, id, data) = self.next().await.unwrap();
            if found == kind {
                return (id, data);
            }
        }
    }
}

#[tokio::test]
async fn events_tell_what_happens_as_it_happens() {
    let (sandbox, control) = Control::start().await;
    control.client.get("/account").await.ok();
    let mut events = Events::listen(&control, None).await;
    let (kind, _, data) = events.next().await.unwrap();
    assert_eq!((kind.as_str(), data), ("state", json!({"revision": 0})));
    let (kind, _, data) = events.next().await.unwrap();
    assert_eq!((kind.as_str(), data), ("faults", json!({"faults": []})));

    control.client.create(&samples::create_request()).await;
    let (id, request) = events.next_of("request").await;
    // The first was before anybody listened.
    assert_eq!((id.as_deref(), &request["number"]), (Some("2"), &json!(2)));
    assert_eq!(request["operation"], "create_subaccount");
    control.client.create(&samples::create_request()).await;
    let mut revision = json!(0);
    while revision != json!(2) {
        revision = events.next_of("state").await.1["revision"].clone();
    }
    control.send(Method::POST, "faults", "*:status=500").await;
    let (_, faults) = events.next_of("faults").await;
    assert_eq!(faults["faults"][0]["text"], "*:status=500");
    control.client.get("/account").await;
    let (_, faults) = events.next_of("faults").await;
    assert_eq!(faults["faults"][0]["fired"], 1);

    // Who comes back is told what was missed.
    let mut again = Events::listen(&control, Some("1")).await;
    let (id, _) = again.next_of("request").await;
    assert_eq!(id.as_deref(), Some("2"));
    // A listener keeps nobody from stopping, and its stream ends as it should.
    sandbox.stop().await;
    while events.next().await.is_some() {}
}

#[tokio::test]
async fn i10_thousands_of_requests_do_not_bury_a_listener() {
    let (_sandbox, control) = Control::start().await;
    let mut events = Events::listen(&control, None).await;
    for _ in 0..300 {
        control.client.get("/account").await.ok();
    }
    let mut last = 0;
    while last < 300 {
        let number = events.next_of("request").await.1["number"]
            .as_u64()
            .unwrap();
        assert!(number > last);
        last = number;
    }
}

#[tokio::test]
async fn the_log_of_a_library_and_of_the_control_path_is_one() {
    let (sandbox, control) = Control::start().await;
    control.client.get("/account").await.ok();
    let own = serde_json::to_value(sandbox.requests().of(Operation::GetAccount)).unwrap();
    assert_eq!(own, control.get("requests").await);
}

//! Input that no sane client sends: each gets a clear answer, and the sandbox serves on (I10).

use digicert_sandbox::{Fault, Sandbox};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::{Client, connect, products_of, raw, read_to_end, send};
use crate::samples;

async fn start() -> (Sandbox, Client, i64) {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let id = client.create(&samples::create_request()).await["id"]
        .as_i64()
        .unwrap();
    (sandbox, client, id)
}

/// The sandbox is there, has its state, and takes changes.
async fn assert_serves(client: &Client, id: i64) {
    assert_eq!(client.get("/account").await.status, 200);
    client.set_products(id, &samples::products_request()).await;
    let list = client.get("/account/subaccount").await.ok();
    assert_eq!(list["page"]["total"], 1);
}

/// A request as bytes, with the key and any further header lines.
fn bytes(sandbox: &Sandbox, start: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let key = sandbox.certcentral_key().expose_secret();
    let head =
        format!("{start} HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: {key}\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

// Errors page: `bad_request_format` for a body that is not valid JSON.
#[tokio::test]
async fn i10_bodies_that_are_no_json_object_are_malformed() {
    let (_sandbox, client, id) = start().await;
    let deep_list = "[".repeat(100_000);
    let deep_object = r#"{"products":"#.repeat(10_000);
    let deep_but_closed = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let deep_in_unknown_field = format!(r#"{{"x":{deep_but_closed}}}"#);
    let malformed_sample = samples::malformed_products_request();
    let bodies: &[&[u8]] = &[
        b"",
        b" ",
        b"{",
        b"}",
        b"{}}",
        b"{} {}",
        b"{'products':[]}",
        b"{\"products\":[],}",
        b"{\"products\":[1,]}",
        b"{\"products\" []}",
        b"{products:[]}",
        b"{\"products\":undefined}",
        b"{\"products\":NaN}",
        b"{\"products\":[]} // comment",
        b"{\"products\":01}",
        b"{\"products\":+1}",
        b"{\"products\":1e999}",
        b"{\"products\":-}",
        b"{\"products\":\"\\x\"}",
        b"{\"products\":\"\\ud800\"}",
        b"{\"products\":\"\x01\"}",
        b"{\"products\":\"\xff\xfe\"}",
        b"{\"\xff\":1}",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b"\x00",
        b"<products/>",
        b"products=1",
        b"[]",
        b"null",
        b"\"{}\"",
        b"7",
        deep_list.as_bytes(),
        deep_object.as_bytes(),
        deep_but_closed.as_bytes(),
        deep_in_unknown_field.as_bytes(),
        malformed_sample.as_bytes(),
    ];
    for body in bodies {
        for answer in [
            client.post("/account", body.to_vec()).await,
            client.put(&products_of(id), body.to_vec()).await,
        ] {
            answer.assert_refused(400, &["bad_request_format"]);
        }
    }
    assert_serves(&client, id).await;
}

#[tokio::test]
async fn a_body_that_was_forgotten_is_called_empty() {
    let (_sandbox, client, id) = start().await;
    for answer in [
        client.post("/account", "").await,
        client.put(&products_of(id), "").await,
    ] {
        answer.assert_refused(400, &["bad_request_format"]);
        assert!(answer.body.contains("it is empty"), "{}", answer.body);
    }
}

/// Puts a value into each place of a request in turn.
fn with_everywhere(request: &Value, value: &Value) -> Vec<Value> {
    let mut pointers = vec![String::new()];
    let mut index = 0;
    while let Some(pointer) = pointers.get(index).cloned() {
        match request.pointer(&pointer).unwrap() {
            Value::Object(fields) => {
                pointers.extend(fields.keys().map(|name| format!("{pointer}/{name}")));
            }
            Value::Array(list) => {
                pointers.extend((0..list.len()).map(|index| format!("{pointer}/{index}")));
            }
            _ => {}
        }
        index += 1;
    }
    let replaced = pointers.iter().map(|pointer| {
        let mut request = request.clone();
        *request.pointer_mut(pointer).unwrap() = value.clone();
        request
    });
    replaced.collect()
}

#[tokio::test]
async fn i10_a_value_of_a_wrong_type_anywhere_is_refused_or_taken() {
    let (_sandbox, client, id) = start().await;
    let products = samples::products_request();
    let mut refused = 0;
    for value in [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!("\u{0}\u{202e}🦀\n"),
        json!("x".repeat(100_000)),
        json!([]),
        json!([[[]]]),
        json!({}),
        json!({"": {"": ""}}),
    ] {
        for request in with_everywhere(&products, &value) {
            let answer = client.put(&products_of(id), request.to_string()).await;
            if answer.status != 204 {
                assert_eq!(answer.status, 400, "{request}");
                answer.codes();
                refused += 1;
            }
        }
        for request in with_everywhere(&samples::create_request(), &value) {
            let answer = client.post("/account", request.to_string()).await;
            if answer.status != 201 {
                assert_eq!(answer.status, 400, "{request}");
                answer.codes();
                refused += 1;
            }
        }
    }
    assert!(refused > 500, "{refused}");
    assert_eq!(
        client.get("/account/subaccount?limit=100000").await.status,
        200
    );
}

#[tokio::test]
async fn i10_duplicate_keys_are_refused_and_named() {
    let (_sandbox, client, id) = start().await;
    for body in [
        r#"{"products":[],"products":[]}"#,
        r#"{"currency":"USD","currency":"EUR","products":[]}"#,
        r#"{"products":[{"product_name_id":"ssl_plus","product_name_id":"ssl_basic"}]}"#,
        r#"{"products":[{"product_name_id":"ssl_plus","prices":[{"lifetime":1,"cost":1,"cost":2}]}]}"#,
    ] {
        let answer = client.put(&products_of(id), body).await;
        answer.assert_refused(400, &["bad_request_format"]);
        assert!(answer.body.contains("duplicate field"), "{}", answer.body);
    }
    let sample = samples::create_request().to_string();
    let twice = sample.replacen('{', r#"{"child_name":"a","child_name":"b","#, 1);
    let answer = client.post("/account", twice).await;
    answer.assert_refused(400, &["bad_request_format"]);
    assert!(answer.body.contains("`child_name`"), "{}", answer.body);
    assert_serves(&client, id).await;
}

// An answer that lists every fault of a large request would be many times its size.
#[tokio::test]
async fn i10_a_request_of_faults_alone_gets_a_short_answer() {
    let (_sandbox, client, id) = start().await;
    let body = format!(r#"{{"products":[{}0]}}"#, "0,".repeat(500_000));
    let answer = client.put(&products_of(id), body).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.codes().len(), 101);
    assert!(
        answer.body.contains("499901 further faults"),
        "{}",
        &answer.body[..200]
    );
    assert_serves(&client, id).await;
}

// Our choice: 413 above one mebibyte.
#[tokio::test]
async fn i10_a_body_that_announces_100_mb_is_refused_unread() {
    let (sandbox, client, id) = start().await;
    let headers = "Content-Type: application/json\r\nContent-Length: 104857600\r\n";
    for start in [
        "POST /services/v2/account".to_owned(),
        format!("PUT /services/v2/account/subaccount/{id}/products"),
    ] {
        // Nothing of the body is ever sent, so whoever waits for it waits forever.
        let answer = raw(client.origin(), &bytes(&sandbox, &start, headers, b"")).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert!(
            answer.contains("content-type: application/json\r\n"),
            "{answer}"
        );
        assert!(
            answer.contains(r#""code":"request_body_too_large""#),
            "{answer}"
        );
    }
    assert_serves(&client, id).await;
}

#[tokio::test]
async fn i10_nothing_waits_for_100_mb() {
    let (sandbox, client, id) = start().await;
    let headers = "Content-Type: application/json\r\nContent-Length: 104857600\r\n";
    let create = "POST /services/v2/account";
    let link = "PUT /partner-subscription/api/v1/finance/account-link";
    let control = "POST /_sandbox/faults";
    let unknown = "POST /services/v2/nowhere";
    for (fault, start, status) in [
        (None, "GET /services/v2/account", "200"),
        (None, link, "401"),
        (None, unknown, "404"),
        (None, "GET /", "200"),
        (None, control, "413"),
        (Some("*:status=503"), create, "503"),
        (Some("*:status=503,when=after"), create, "503"),
        (Some("*:delay=1ms"), create, "413"),
        (Some("*:unknown_fields"), create, "413"),
    ] {
        sandbox.faults().clear();
        if let Some(fault) = fault {
            let fault: Fault = fault.parse().unwrap();
            sandbox.faults().add(fault).unwrap();
        }
        // Nothing of the body is ever sent.
        let answer = raw(client.origin(), &bytes(&sandbox, start, headers, b"")).await;
        let expected = format!("HTTP/1.1 {status} ");
        assert!(answer.starts_with(&expected), "{fault:?} {start}: {answer}");
    }
    sandbox.faults().clear();
    assert_serves(&client, id).await;
}

// Many clients send all of a body before they look for an answer.
#[tokio::test]
async fn i10_a_large_body_is_refused_and_its_sender_can_read_why() {
    let (sandbox, client, id) = start().await;
    let body = vec![b' '; 8 * 1024 * 1024];
    let answer = client.put(&products_of(id), body.clone()).await;
    answer.assert_refused(413, &["request_body_too_large"]);

    let start = format!("PUT /services/v2/account/subaccount/{id}/products");
    let headers = format!("Content-Length: {}\r\n", body.len());
    let mut stream = connect(client.origin()).await;
    let request = bytes(&sandbox, &start, &headers, &body);
    stream.write_all(&request).await.unwrap();
    let answer = read_to_end(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert_serves(&client, id).await;
}

#[tokio::test]
async fn i10_a_large_body_of_unknown_size_is_refused_where_the_limit_is() {
    let (sandbox, client, id) = start().await;
    let start = format!("PUT /services/v2/account/subaccount/{id}/products");
    let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
    let chunked = "Transfer-Encoding: chunked\r\n";
    let answer = raw(
        client.origin(),
        &bytes(&sandbox, &start, chunked, &chunk.repeat(20)),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert_serves(&client, id).await;
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read() {
    let (_sandbox, client, id) = start().await;
    for (excess, status) in [(0, 204), (1, 413)] {
        let mut body = br#"{"products":[]}"#.to_vec();
        body.resize(1024 * 1024 + excess, b' ');
        assert_eq!(client.put(&products_of(id), body).await.status, status);
    }
}

// Overview page: the body is what `Content-Type` says. Errors page: malformed if it is not.
// That a body without the header is JSON is our choice.
#[tokio::test]
async fn a_body_that_is_declared_as_something_else_is_malformed() {
    let (sandbox, client, id) = start().await;
    let path = format!("/services/v2{}", products_of(id));
    let request = || {
        let request = client
            .request(Method::PUT, &path)
            .body(r#"{"products":[]}"#);
        request.header("X-DC-DEVKEY", sandbox.certcentral_key().expose_secret())
    };
    for content_type in [
        "application/xml",
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/jsonp",
        "",
    ] {
        let answer = send(request().header(CONTENT_TYPE, content_type)).await;
        answer.assert_refused(400, &["bad_request_format"]);
        assert!(answer.body.contains("Content-Type"), "{}", answer.body);
    }
    for content_type in [
        "application/json",
        "application/json;charset=utf-8",
        "Application/JSON",
    ] {
        let answer = send(request().header(CONTENT_TYPE, content_type)).await;
        assert_eq!(answer.status, 204, "{content_type}");
    }
    assert_eq!(send(request()).await.status, 204);
}

#[tokio::test]
async fn i10_a_content_type_that_is_there_twice_or_no_ascii_is_malformed() {
    let (sandbox, client, id) = start().await;
    let start = format!("PUT /services/v2{}", products_of(id));
    for content_types in [
        "Content-Type: application/json\r\nContent-Type: application/json\r\n",
        "Content-Type: application/json\r\nContent-Type: text/plain\r\n",
        "Content-Type: application/jsön\r\n",
    ] {
        let headers = format!("{content_types}Content-Length: 15\r\nConnection: close\r\n");
        let request = bytes(&sandbox, &start, &headers, br#"{"products":[]}"#);
        let answer = raw(client.origin(), &request).await;
        assert!(
            answer.starts_with("HTTP/1.1 400 "),
            "{content_types}: {answer}"
        );
        assert!(answer.contains("Content-Type"), "{answer}");
    }
    assert_serves(&client, id).await;
}

#[tokio::test]
async fn i10_headers_that_mean_nothing_may_hold_any_byte_and_be_there_twice() {
    let (sandbox, client, id) = start().await;
    let request = |header: &[u8]| {
        let request = bytes(
            &sandbox,
            "GET /services/v2/account",
            "Connection: close\r\n",
            b"",
        );
        let head = request.strip_suffix(b"\r\n").unwrap();
        [head, header, b"\r\n\r\n"].concat()
    };
    for header in [
        b"User-Agent: \xff\xfe\x80".as_slice(),
        "User-Agent: schlüssel 🦀".as_bytes(),
        b"Accept: text/plain\r\nAccept: \xff\r\nHost: elsewhere\r\nHost: localhost",
        b"X-Partner-ApiKey: \xff\r\nCookie: \xff",
        b"X-:",
    ] {
        let answer = raw(client.origin(), &request(header)).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    // A second key, which is not ASCII.
    let answer = raw(
        client.origin(),
        &request("X-DC-DEVKEY: schlüssel".as_bytes()),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert_serves(&client, id).await;
}

// Whoever takes the body for a request, or a request for the body, could be made to answer what
// nobody sent.
#[tokio::test]
async fn i10_requests_in_one_piece_are_told_apart() {
    let (sandbox, client, id) = start().await;
    let put = format!("PUT /services/v2{}", products_of(id));
    let inner = bytes(&sandbox, "GET /services/v2/nowhere", "", b"");
    let length = format!("Content-Length: {}\r\n", inner.len());
    let last = bytes(
        &sandbox,
        "GET /services/v2/account",
        "Connection: close\r\n",
        b"",
    );
    let in_a_body = [bytes(&sandbox, &put, &length, &inner), last.clone()].concat();
    let answers = raw(client.origin(), &in_a_body).await;
    let statuses = |answers: &str| -> Vec<String> {
        let lines = answers.split("HTTP/1.1 ").skip(1);
        lines.map(|line| line[..3].to_owned()).collect()
    };
    assert_eq!(statuses(&answers), ["400", "200"], "{answers}");

    let both = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n";
    let both = bytes(&sandbox, &put, both, b"0\r\n\r\n");
    let answers = raw(client.origin(), &[both, last].concat()).await;
    assert_eq!(statuses(&answers)[0], "400", "{answers}");
    assert!(statuses(&answers).len() <= 2, "{answers}");
    assert_serves(&client, id).await;
}

// As curl sends it with every body of more than a mebibyte.
#[tokio::test]
async fn who_asks_before_sending_a_body_is_told_to_go_on_or_why_not() {
    let (sandbox, client, id) = start().await;
    let start = format!("PUT /services/v2{}", products_of(id));
    let headers = |length: u32| {
        format!("Expect: 100-continue\r\nContent-Length: {length}\r\nConnection: close\r\n")
    };
    let refused = bytes(&sandbox, &start, &headers(104_857_600), b"");
    let answer = raw(client.origin(), &refused).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");

    let mut stream = connect(client.origin()).await;
    let head = bytes(&sandbox, &start, &headers(15), b"");
    stream.write_all(&head).await.unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(br#"{"products":[]}"#).await.unwrap();
    let answer = read_to_end(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
}

#[tokio::test]
async fn i10_what_is_no_http_disturbs_nobody() {
    let (sandbox, client, id) = start().await;
    let long_path = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000));
    let many_headers = format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(10_000));
    let long_header = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "y".repeat(1_000_000));
    let garbage: &[&[u8]] = &[
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\n: no name\r\n\r\n",
        b"GET / HTTP/1.1\r\nX\xe2\x80\x91DC\xe2\x80\x91DEVKEY: wrong hyphens\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET http:// HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: a\0b\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: a\r\n folded\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\n\r\n",
        b"G\xc3\x9cT / HTTP/1.1\r\n\r\n",
        b"\x00\x00\x00\x00\r\n\r\n",
        long_path.as_bytes(),
        many_headers.as_bytes(),
        long_header.as_bytes(),
    ];
    for bytes in garbage {
        let mut stream = connect(client.origin()).await;
        let _ = stream.write_all(bytes).await;
        // Half-closed, so that a sandbox which waits for more learns that there is none.
        let _ = stream.shutdown().await;
        let answer = read_to_end(&mut stream).await;
        let is_refusal = answer.starts_with("HTTP/1.1 4");
        assert!(answer.is_empty() || is_refusal, "{answer}");
        let key = sandbox.certcentral_key().expose_secret();
        assert!(!answer.contains(key));
    }
    assert_serves(&client, id).await;
}

#[tokio::test]
async fn i10_path_tricks_lead_nowhere() {
    let (sandbox, client, id) = start().await;
    for path in [
        "/services/v2/account/subaccount/../../account",
        "/services/v2/./account",
        "/services/v2/%2e%2e/v2/account",
        "/services/v2/account%2fsubaccount",
        "/services/v2/account%00",
        "/SERVICES/V2/ACCOUNT",
        "/services/v2/account;a=b",
        "//services/v2/account",
        "/services/v2/{subaccount_id}",
        "/%",
        "/%zz",
        "*",
    ] {
        let request = bytes(
            &sandbox,
            &format!("GET {path}"),
            "Connection: close\r\n",
            b"",
        );
        let answer = raw(client.origin(), &request).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
        assert!(
            answer.contains(r#""code":"not_found|route""#),
            "{path}: {answer}"
        );
    }
    for path in [
        "/services/v2/account?",
        "/services/v2/account?%ff=%",
        "http://other/services/v2/account",
    ] {
        let request = bytes(
            &sandbox,
            &format!("GET {path}"),
            "Connection: close\r\n",
            b"",
        );
        let answer = raw(client.origin(), &request).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
    }
    for query in [
        "%",
        "%ff",
        "limit=%00",
        "&&&=&",
        "filters[",
        "filters[search]=%25%ff",
        "sort=%2c",
    ] {
        let answer = client.get(&format!("/account/subaccount?{query}")).await;
        assert!([200, 400].contains(&answer.status), "{query}: {answer:?}");
    }
    assert_serves(&client, id).await;
}

#[tokio::test]
async fn i10_slow_and_absent_clients_keep_nobody_waiting() {
    let (sandbox, client, id) = start().await;
    let headers = "Content-Length: 100\r\n";
    let mut waiting = Vec::new();
    for _ in 0..20 {
        for begun in [
            b"".to_vec(),
            b"GET /services/v2/acc".to_vec(),
            bytes(
                &sandbox,
                "POST /services/v2/account",
                headers,
                b"{\"account_type\"",
            ),
        ] {
            let mut stream = connect(client.origin()).await;
            stream.write_all(&begun).await.unwrap();
            waiting.push(stream);
        }
    }
    assert_serves(&client, id).await;
    drop(waiting);
    assert_serves(&client, id).await;
}

#[tokio::test]
async fn a_body_that_ends_too_early_changes_nothing() {
    let (sandbox, client, id) = start().await;
    client.set_products(id, &samples::products_request()).await;
    let start = format!("PUT /services/v2/account/subaccount/{id}/products");
    // A complete document, but shorter than announced.
    let request = bytes(
        &sandbox,
        &start,
        "Content-Length: 100\r\n",
        br#"{"products":[]}"#,
    );
    let mut stream = connect(client.origin()).await;
    stream.write_all(&request).await.unwrap();
    stream.shutdown().await.unwrap();
    let answer = read_to_end(&mut stream).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 400 "),
        "{answer}"
    );
    let products = client.products(id).await;
    assert_eq!(products["products"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn i10_many_clients_at_once_lose_nothing() {
    let (_sandbox, client, _) = start().await;
    let client = std::sync::Arc::new(client);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        tasks.spawn(async move {
            let id = client.create(&samples::managed_request()).await["id"]
                .as_i64()
                .unwrap();
            client.set_products(id, &samples::products_request()).await;
            id
        });
    }
    let mut ids = tasks.join_all().await;
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 50);
    let list = client.get("/account/subaccount").await.ok();
    assert_eq!(list["page"]["total"], 51);
}

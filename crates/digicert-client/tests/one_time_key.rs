//! I3: a one-time key that the service has sent is not lost, however its answer looks. What is found
//! in which text is tested in `src/recovered.rs`; here it is what a caller gets over the wire.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod faults;
mod operations;
mod raw_server;

use std::time::Duration;

use digicert_client::types::certcentral::{
    CreateSubaccountRequest, CreatedSubaccount, SubaccountType,
};
use digicert_client::{Error, ErrorKind};
use operations::{
    ANSWERED_KEY, CERTCENTRAL_KEY, ODD_KEYS, Operation, Setup, holds_a_key, printed, sample,
};
use raw_server::json;
use raw_server::scripted::{ScriptedServer, Step, answer, write};

async fn create(script: Vec<Step>) -> Result<CreatedSubaccount, Error> {
    create_as(sample("create_subaccount"), script).await
}

fn managed() -> CreateSubaccountRequest {
    let mut request: CreateSubaccountRequest = sample("create_subaccount");
    request.account_type = SubaccountType::Managed;
    request
}

async fn create_as(
    request: CreateSubaccountRequest,
    script: Vec<Step>,
) -> Result<CreatedSubaccount, Error> {
    let stalls = script.iter().any(|step| matches!(step, Step::Stall));
    let timeout = Duration::from_secs(if stalls { 3 } else { 60 });
    let server = ScriptedServer::start(script).await;
    let setup = Setup::new(&*server.origin).timeout(timeout);
    let created = setup.certcentral().create_subaccount(&request).await;
    assert_eq!(server.finish().await, 1, "I1: sent once");
    created
}

/// The ID and the key that were recovered, after what holds for every error was checked.
fn recovered(error: &Error, body: &[u8]) -> (Option<i64>, Option<String>) {
    assert_eq!(error.body(), body, "what came is kept, byte for byte");
    assert!(error.may_have_been_applied());
    assert!(!holds_a_key(&printed(error)), "{}", printed(error));
    error.recovered().map_or((None, None), |found| {
        let key = found.api_key.map(|key| key.expose_secret().to_owned());
        (found.id, key)
    })
}

fn with_key(template: &str) -> String {
    template.replace("KEY", ANSWERED_KEY)
}

#[tokio::test]
async fn i3_the_key_is_found_in_an_answer_that_does_not_read() {
    let all = (Some(7), true);
    for (what, template, expected) in [
        (
            "a field of another type",
            r#"{"id":7,"organization":7,"api_key":"KEY"}"#,
            all,
        ),
        (
            "an ID of another type",
            r#"{"id":{"value":7},"api_key":"KEY"}"#,
            (None, true),
        ),
        ("a field twice", r#"{"id":7,"api_key":"KEY","id":7}"#, all),
        ("a list", r#"[{"id":7,"api_key":"KEY"}]"#, all),
        (
            "in an envelope",
            r#"{"id":1,"data":{"id":7,"api_key":"KEY"}}"#,
            all,
        ),
        (
            "in an envelope, the ID outside",
            r#"{"id":7,"user":{"api_key":"KEY"}}"#,
            all,
        ),
        (
            "JSON in JSON",
            r#"{"statusCode":201,"body":"{\"id\":7,\"api_key\":\"KEY\"}"}"#,
            all,
        ),
        (
            "JSON in a string",
            r#""{\"id\":7,\"api_key\":\"KEY\"}""#,
            all,
        ),
        (
            "a byte order mark",
            "\u{feff}{\"id\":7,\"api_key\":\"KEY\"}",
            all,
        ),
        (
            "something before it",
            "Warning: x on line 3\n{\"id\":7,\"api_key\":\"KEY\"}",
            all,
        ),
        (
            "something after it",
            "{\"id\":7,\"api_key\":\"KEY\"}\n<!-- 3 ms -->",
            all,
        ),
        (
            "in HTML with an odd quote",
            "<p>5\" wide</p>{\"id\":7,\"api_key\":\"KEY\"}",
            (None, true),
        ),
        ("a comma too many", r#"{"id":7,"api_key":"KEY",}"#, all),
        ("no quotes", r#"{"id":7,"api_key":KEY}"#, all),
        ("cut behind the key", r#"{"id":7,"api_key":"KEY","#, all),
        (
            "cut inside the key",
            r#"{"id":7,"api_key":"KEY"#,
            (Some(7), false),
        ),
        ("cut before the key", r#"{"id":7,"api"#, (Some(7), false)),
        (
            "a key in a list",
            r#"{"id":7,"api_key":["KEY"]}"#,
            (Some(7), false),
        ),
        ("nothing but the key", r#""KEY""#, (None, false)),
        ("nothing", "", (None, false)),
    ] {
        let body = with_key(template);
        for status in ["200 OK", "201 Created", "202 Accepted"] {
            let error = create(answer(json(status, &body))).await.expect_err(what);
            assert_eq!(error.kind(), ErrorKind::Unreadable, "{what}");
            let (id, key) = expected;
            let key = key.then(|| ANSWERED_KEY.to_owned());
            assert_eq!(recovered(&error, body.as_bytes()), (id, key), "{what}");
        }
    }
}

#[tokio::test]
async fn i3_the_key_is_found_in_an_answer_that_breaks_off() {
    let body = with_key(r#"{"id":7,"api_key":"KEY","organ"#);
    let head = "HTTP/1.1 201 Created\r\n";
    let length = format!("{head}content-length: 500\r\n\r\n{body}");
    let chunked = format!(
        "{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n",
        body.len()
    );
    let open = format!("{head}\r\n{body}");
    let broken_chunk = format!("{chunked}no length\r\n");
    for bytes in [length, chunked, open, broken_chunk] {
        for end in [Step::Close, Step::Reset, Step::Stall] {
            let what = format!("{bytes} then {end:?}");
            let error = create(vec![Step::Read, write(&*bytes), end]).await;
            let error = error.expect_err(&what);
            assert_eq!(error.kind(), ErrorKind::Unreadable, "{what}");
            let expected = (Some(7), Some(ANSWERED_KEY.to_owned()));
            assert_eq!(recovered(&error, body.as_bytes()), expected, "{what}");
        }
    }
}

#[tokio::test]
async fn i3_bytes_that_are_no_text_are_kept() {
    let json = with_key(r#"{"id":7,"api_key":"KEY"}"#);
    let packed = faults::gzip(json.as_bytes());
    let not_utf_8 = [b"{\"child_name\":\"\xff\",", &json.as_bytes()[1..]].concat();
    for (header, body) in [("content-encoding: gzip", packed), ("x: y", not_utf_8)] {
        let head = format!(
            "HTTP/1.1 201 Created\r\n{header}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let error = create(answer([head.as_bytes(), &body].concat())).await;
        let error = error.expect_err("it does not read");
        let expected = (Some(7), Some(ANSWERED_KEY.to_owned()));
        assert_eq!(recovered(&error, &body), expected);
    }
}

#[tokio::test]
async fn i3_a_status_that_something_else_put_on_does_not_cost_the_key() {
    let body = with_key(r#"{"id":7,"api_key":"KEY"}"#);
    for status in [
        "302 Found",
        "400 Bad Request",
        "403 Forbidden",
        "404 Not Found",
        "409 Conflict",
        "429 Too Many Requests",
        "500 Internal Server Error",
        "502 Bad Gateway",
        "504 Gateway Timeout",
    ] {
        let error = create(answer(json(status, &body))).await.expect_err(status);
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{status}");
        let expected = (Some(7), Some(ANSWERED_KEY.to_owned()));
        assert_eq!(recovered(&error, body.as_bytes()), expected, "{status}");
    }
    // An error without a key is not kept: it can be long, and `excerpt` has its beginning.
    let error = create(answer(json("500 X", r#"{"id":7}"#)))
        .await
        .expect_err("500");
    assert_eq!((error.body(), error.recovered()), (&b""[..], None));
}

#[tokio::test]
async fn i2_i3_a_key_under_another_name_is_kept_and_not_shown() {
    for status in ["409 Conflict", "500 X"] {
        for (body, is_found) in ODD_KEYS {
            let what = format!("{status} {body}");
            let body = with_key(body);
            let error = create_as(managed(), answer(json(status, &body))).await;
            let error = error.expect_err(&what);
            assert!(
                !holds_a_key(&printed(&error)),
                "{what}: {}",
                printed(&error)
            );
            let key = error.recovered().and_then(|found| found.api_key);
            assert_eq!(key.is_some(), is_found, "{what}");
            if is_found {
                assert_eq!(error.kind(), ErrorKind::Unreadable, "{what}");
                recovered(&error, body.as_bytes());
            } else if status.starts_with('5') || body.contains("API key: ") {
                assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{what}");
                assert_eq!(recovered(&error, body.as_bytes()), (None, None), "{what}");
            } else {
                assert_eq!(error.kind(), ErrorKind::Refused, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_without_a_key_is_what_its_status_says() {
    for (status, body, kind, shown) in [
        (
            "400 Bad Request",
            r#"{"errors":[{"code":"a|b","message":"No."}]}"#,
            ErrorKind::Refused,
            "create_subaccount was refused (400 Bad Request): a|b: No",
        ),
        (
            "403 Forbidden",
            r#"{"errors":[{"code":"x","message":"The api_key is invalid."}],"api_key":"invalid"}"#,
            ErrorKind::Refused,
            "x: The api_key is [redacted]",
        ),
        (
            "502 Bad Gateway",
            "<html>try later</html>",
            ErrorKind::OutcomeUnknown,
            "(502 Bad Gateway): its 22 bytes are not shown, there may be a key in them",
        ),
    ] {
        let error = create_as(managed(), answer(json(status, body))).await;
        let error = error.expect_err(status);
        assert_eq!((error.kind(), error.recovered()), (kind, None), "{body}");
        assert!(error.to_string().contains(shown), "{error}");
        let is_kept = kind == ErrorKind::OutcomeUnknown;
        assert_eq!(error.body() == body.as_bytes(), is_kept, "{body}");
    }
    // The key of the request is no new one.
    let body = format!(r#"{{"api_key":"{CERTCENTRAL_KEY}"}}"#);
    let error = create_as(managed(), answer(json("403 Forbidden", &body))).await;
    let error = error.expect_err("403");
    assert_eq!((error.kind(), error.body()), (ErrorKind::Refused, &b""[..]));
}

#[tokio::test]
async fn i3_i7_a_key_is_read_beside_what_nobody_knows() {
    for template in [
        r#"{"id":7,"api_key":"KEY"}"#,
        r#"{"id":"7","api_key":"KEY","new":{"api_key":"another"},"account_type":"galactic"}"#,
        r#" { "api_key" : "KEY", "id" : 7.0, "organization" : null } "#,
    ] {
        let created = create(answer(json("201 Created", &with_key(template)))).await;
        let created = created.expect(template);
        assert_eq!(created.id, Some(7));
        let key = created.api_key.as_ref().expect("the key");
        assert_eq!(key.expose_secret(), ANSWERED_KEY);
        assert!(!holds_a_key(&format!("{created:?}")));
    }
    // A body that is whole is read, whatever its length was said to be.
    let head = "HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n";
    let bytes = head.to_owned() + &with_key(r#"{"id":7,"api_key":"KEY"}"#);
    for end in [Step::Close, Step::Reset, Step::Stall] {
        let created = create(vec![Step::Read, write(&*bytes), end])
            .await
            .expect("it is whole");
        assert_eq!(
            created.api_key.expect("the key").expose_secret(),
            ANSWERED_KEY
        );
    }
}

#[tokio::test]
async fn i3_an_answer_to_a_managed_creation_without_a_key_is_kept_as_a_whole() {
    for body in [
        r#"{"id":7,"account_type":"managed"}"#,
        r#"{"id":7,"api_key":null}"#,
        r#"{"id":7,"api_key":"","secret":"KEY"}"#,
    ] {
        let body = with_key(body);
        let created = create_as(managed(), answer(json("201 Created", &body))).await;
        let error = created.expect_err("a key is owed");
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        assert_eq!(recovered(&error, body.as_bytes()), (Some(7), None));
    }
}

#[tokio::test]
async fn a_creation_that_gets_no_key_is_read_without_one() {
    let body = r#"{"id":7,"account_type":"retail"}"#;
    let created = create(answer(json("201 Created", body))).await;
    assert_eq!(created.expect("it reads").api_key, None);
}

#[tokio::test]
async fn only_a_creation_recovers_something() {
    // Other answers have IDs too, and nothing was created with those.
    let body = r#"{"id":7,"rep_name":[7],"account_type":[7],"products":7,"subaccounts":7}"#;
    for operation in Operation::ALL {
        let server = ScriptedServer::start(answer(json("200 OK", body))).await;
        let result = operation.call(&Setup::new(&*server.origin).clients()).await;
        let Err(error) = result else { continue };
        assert_eq!(error.body(), body.as_bytes());
        assert_eq!(
            error.recovered().is_some(),
            operation.is_create(),
            "{error}"
        );
    }
}

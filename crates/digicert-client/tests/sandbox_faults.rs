//! Each fault that the sandbox can play, seen by this client: as the kind of error that it is, and
//! with a creation sent once, whether or not it was carried out.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::time::Duration;

use digicert_client::types::certcentral::{
    CreateSubaccountRequest, ListSubaccountsQuery, SubaccountType,
};
use digicert_client::types::examples;
use digicert_client::{Error, ErrorKind, RetryPolicy, certcentral};
use digicert_sandbox::{Fault, Operation, Sandbox};

/// How long a call waits for an answer that a fault holds back. Not shorter, so that also a busy
/// machine sends the request in that time.
const SHORT: Duration = Duration::from_secs(3);
/// How long a call waits for every other answer: long enough never to matter.
const LONG: Duration = Duration::from_secs(60);

async fn start(fault: &str) -> (Sandbox, certcentral::Client) {
    let timeout = if fault.contains("delay=") {
        SHORT
    } else {
        LONG
    };
    let fault: Fault = fault.parse().expect("a fault");
    let sandbox = Sandbox::builder().fault(fault).start();
    let sandbox = sandbox.await.expect("it starts");
    let mut retry = RetryPolicy::default();
    retry.attempts = 3;
    retry.first_delay = Duration::from_millis(1);
    retry.max_delay = Duration::from_millis(2);
    let client = certcentral::Client::builder(sandbox.certcentral_key())
        .origin(sandbox.origin())
        .timeout(timeout)
        .retry(retry)
        .build();
    (sandbox, client.expect("it can be built"))
}

fn managed() -> CreateSubaccountRequest {
    let sample = examples::find("create_subaccount", "request", "sample").expect("a sample");
    let mut request: CreateSubaccountRequest = serde_json::from_str(sample.json).expect("it reads");
    request.account_type = SubaccountType::Managed;
    request
}

/// How many subaccounts there are, once nothing goes wrong any more.
async fn created(sandbox: &Sandbox, client: &certcentral::Client) -> usize {
    sandbox.faults().clear();
    let list = client
        .list_subaccounts(&ListSubaccountsQuery::default())
        .await;
    list.expect("a list").subaccounts.expect("a list").len()
}

#[tokio::test]
async fn i1_a_creation_that_a_fault_befalls_is_sent_once_and_its_outcome_not_guessed() {
    let cases = [
        ("create_subaccount:status=400", ErrorKind::Refused, 0),
        ("create_subaccount:status=503", ErrorKind::OutcomeUnknown, 0),
        (
            "create_subaccount:status=502,body=html,when=after",
            ErrorKind::OutcomeUnknown,
            1,
        ),
        ("create_subaccount:delay=600s", ErrorKind::OutcomeUnknown, 1),
        (
            "create_subaccount:delay=600s,when=before",
            ErrorKind::OutcomeUnknown,
            0,
        ),
        (
            "create_subaccount:reset=before",
            ErrorKind::OutcomeUnknown,
            0,
        ),
        (
            "create_subaccount:reset=after",
            ErrorKind::OutcomeUnknown,
            1,
        ),
        ("create_subaccount:cut_body", ErrorKind::Unreadable, 1),
    ];
    for (fault, kind, expected) in cases {
        let (sandbox, client) = start(fault).await;
        let error: Error = client.create_subaccount(&managed()).await.expect_err(fault);
        assert_eq!(error.kind(), kind, "{fault}: {error}");
        assert_eq!(
            error.may_have_been_applied(),
            kind != ErrorKind::Refused,
            "{fault}"
        );
        assert_eq!(created(&sandbox, &client).await, expected, "{fault}");
        let creations = sandbox.requests().of(Operation::CreateSubaccount);
        creations.assert_one();
    }
}

#[tokio::test]
async fn i7_fields_that_nobody_knows_make_no_answer_unreadable() {
    let (_sandbox, client) = start("*:unknown_fields").await;
    let created = client
        .create_subaccount(&managed())
        .await
        .expect("it reads");
    assert!(created.api_key.is_some());
    client.get_account().await.expect("it reads");
}

#[tokio::test]
async fn a_read_is_sent_again_until_there_is_an_answer() {
    for effect in [
        "status=503",
        "status=502,body=html",
        "reset=after",
        "cut_body",
    ] {
        let (sandbox, client) = start(&format!("get_account:{effect},times=2")).await;
        client.get_account().await.expect(effect);
        sandbox.requests().with_fault().assert_count(2);
    }
    let (sandbox, client) = start("get_account:reset=before").await;
    let error = client.get_account().await.expect_err("a reset");
    assert_eq!(error.kind(), ErrorKind::NoAnswer, "{error}");
    sandbox.requests().without_answer().assert_count(3);
}

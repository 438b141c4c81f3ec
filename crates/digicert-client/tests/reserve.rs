//! A look and the write that relies on it, on a sandbox: once both are let through, nothing comes
//! between them, and what is not used comes back. Windows of an hour, so that a call that has to wait
//! is not mistaken for a slow one.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::time::Duration;

use digicert_client::certcentral::Client;
use digicert_client::types::certcentral::{CreateSubaccountRequest, SetSubaccountProductsRequest};
use digicert_client::types::examples;
use digicert_client::{ErrorKind, RateLimits, RetryPolicy, Window, partner};
use digicert_sandbox::{LoggedRequest, Operation, Sandbox};
use tokio::time::timeout;

/// Long enough for what need not wait.
const SOON: Duration = Duration::from_secs(60);
/// Long enough to begin to wait: what need not wait is there at the first look.
const MOMENT: Duration = Duration::from_millis(20);

struct Test {
    sandbox: Sandbox,
    client: Client,
    id: i64,
}

impl Test {
    /// A client that may send so many requests, and has sent none.
    async fn with(requests: usize) -> Self {
        let sandbox = Sandbox::start().await.expect("it starts");
        let builder = || Client::builder(sandbox.certcentral_key()).origin(sandbox.origin());
        let unlimited = builder().rate_limits(RateLimits::none()).build();
        let sample = examples::find("create_subaccount", "request", "sample").expect("a sample");
        let request: CreateSubaccountRequest = serde_json::from_str(sample.json).expect("it reads");
        let unlimited = unlimited.expect("a client");
        let created = unlimited.create_subaccount(&request).await;
        let id = created.expect("created").id.expect("an ID");
        sandbox.clear_requests();
        let mut retry = RetryPolicy::default();
        retry.first_delay = Duration::from_millis(1);
        let mut limits = RateLimits::default();
        limits.windows = vec![Window::new(requests, Duration::from_secs(60 * 60))];
        let client = builder().retry(retry).rate_limits(limits).build();
        let client = client.expect("a client");
        Self {
            sandbox,
            client,
            id,
        }
    }

    async fn look(&self, client: &Client) {
        let live = timeout(SOON, client.list_subaccount_products(self.id)).await;
        live.expect("it does not wait").expect("it is read");
    }

    async fn write(&self, client: &Client) {
        let nothing: SetSubaccountProductsRequest =
            serde_json::from_str(r#"{"products": []}"#).expect("a request");
        let set = timeout(SOON, client.set_subaccount_products(self.id, &nothing)).await;
        set.expect("it does not wait").expect("it is set");
    }

    /// Whether the client may send exactly so many more requests.
    async fn may_send(&self, more: usize) -> bool {
        for _ in 0..more {
            if timeout(SOON, self.client.turn()).await.is_err() {
                return false;
            }
        }
        timeout(MOMENT, self.client.turn()).await.is_err()
    }
}

#[tokio::test]
async fn i8_nothing_comes_between_a_look_and_its_write_and_neither_waits() {
    let test = Test::with(4).await;
    test.look(&test.client).await;
    let both = test.client.reserve(2).await;
    // Two who wait before the look is sent: one would come between, and of both the write would
    // have to wait for an hour.
    for _ in 0..2 {
        let client = test.client.clone();
        tokio::spawn(async move { client.get_account().await.map(drop) });
    }
    tokio::task::yield_now().await;
    test.look(&both).await;
    test.write(&both.with_retry(RetryPolicy::off())).await;
    let requests = test.sandbox.requests();
    let operations: Vec<_> = requests
        .iter()
        .take(3)
        .map(LoggedRequest::operation)
        .collect();
    let (look, write) = (
        Operation::ListSubaccountProducts,
        Operation::SetSubaccountProducts,
    );
    assert_eq!(operations, [Some(look), Some(look), Some(write)]);
}

#[tokio::test]
async fn a_look_that_is_sent_again_still_has_its_write_right_behind_it() {
    for refusal in ["status=503", "status=429", "reset=after"] {
        let test = Test::with(4).await;
        let fault = format!("list_subaccount_products:{refusal},times=1");
        let fault: digicert_sandbox::Fault = fault.parse().expect("a fault");
        test.sandbox.faults().add(fault).expect("it is played");
        let both = test.client.reserve(2).await;
        test.look(&both).await;
        test.write(&both).await;
        let requests = test.sandbox.requests();
        requests.with_fault().assert_count(1);
        test.sandbox.requests().assert_count(3);
        assert!(test.may_send(1).await, "{refusal}");
    }
}

#[tokio::test]
async fn what_was_reserved_and_not_used_comes_back() {
    let test = Test::with(2).await;
    let fault: digicert_sandbox::Fault = "list_subaccount_products:delay=600s"
        .parse()
        .expect("a fault");
    test.sandbox.faults().add(fault).expect("it is played");
    drop(test.client.reserve(2).await);
    let both = test.client.reserve(2).await;
    // Given up in the middle: it may have arrived, so it counts, and the other does not.
    let arrived = async {
        while test.sandbox.faults().list()[0].fired == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        look = both.list_subaccount_products(test.id) => panic!("it takes ten minutes: {look:?}"),
        arrived = timeout(SOON, arrived) => arrived.expect("it is sent"),
    }
    drop(both);
    assert!(test.may_send(1).await);
}

#[tokio::test]
async fn a_client_whose_calls_are_used_up_is_like_any_other() {
    let test = Test::with(4).await;
    let both = test.client.reserve(2).await;
    test.look(&both).await;
    test.write(&both).await;
    test.look(&both).await;
    test.look(&test.client).await;
    assert!(test.may_send(0).await);

    // Reserving anew gives back what is left.
    let test = Test::with(2).await;
    let both = test.client.reserve(2).await;
    let both = timeout(SOON, both.reserve(2)).await.expect("not for ever");
    test.look(&both).await;
    test.write(&both).await;
}

#[tokio::test]
async fn with_other_retries_it_keeps_the_same_limits() {
    let test = Test::with(2).await;
    let fault: digicert_sandbox::Fault = "get_account:status=503".parse().expect("a fault");
    test.sandbox.faults().add(fault).expect("it is played");
    let once = test.client.with_retry(RetryPolicy::off());
    let error = once.get_account().await.expect_err("503");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Refused, 1));
    assert!(test.may_send(1).await);
}

#[tokio::test]
async fn a_link_that_has_waited_already_does_not_wait_for_the_others() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let mut limits = RateLimits::default();
    limits.windows = vec![Window::new(1, Duration::from_secs(60 * 60))];
    let builder = partner::Client::builder(sandbox.partner_key()).origin(sandbox.origin());
    let client = builder.rate_limits(limits).build().expect("a client");
    let key = sandbox.certcentral_key();
    let reserved = client.reserve(1).await;
    let other = timeout(MOMENT, client.link_billing_account(key)).await;
    assert!(other.is_err(), "the only one is taken");
    let linked = timeout(SOON, reserved.link_billing_account(key)).await;
    linked.expect("it does not wait").expect("it is linked");
    assert!(sandbox.billing_account_id().is_some());
}

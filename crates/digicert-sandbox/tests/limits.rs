//! The request limits, which are off unless they are switched on.

use std::time::{Duration, UNIX_EPOCH};

use digicert_sandbox::{Clock, Sandbox, SandboxBuilder};

use crate::client::{Client, products_of};
use crate::samples;

/// A sandbox whose time stands still, so that a test decides how much of it passes.
fn frozen() -> SandboxBuilder {
    Sandbox::builder().clock(Clock::frozen_at(UNIX_EPOCH + Duration::from_secs(1_000)))
}

/// The statuses of so many requests, and how often each came.
async fn statuses(client: &Client, requests: usize) -> (usize, usize) {
    let (mut ok, mut limited) = (0, 0);
    for _ in 0..requests {
        let answer = client.get("/account").await;
        if answer.status == 200 {
            ok += 1;
        } else {
            assert_eq!(answer.status, 429, "{}", answer.body);
            limited += 1;
        }
    }
    (ok, limited)
}

// Limits page: 100 requests in 5 seconds and 1000 in 3 minutes, both rolling.
#[tokio::test]
async fn i6_both_windows_are_kept_by_the_clock_of_the_sandbox() {
    let sandbox = frozen().rate_limit(true).start().await.unwrap();
    let client = Client::new(&sandbox);
    let clock = sandbox.clock();
    assert_eq!(statuses(&client, 103).await, (100, 3));
    clock.advance(Duration::from_millis(4999));
    assert_eq!(statuses(&client, 1).await, (0, 1));
    clock.advance(Duration::from_millis(1));
    assert_eq!(statuses(&client, 101).await, (100, 1));
    for _ in 2..10 {
        clock.advance(Duration::from_secs(5));
        assert_eq!(statuses(&client, 100).await, (100, 0));
    }
    // 1000 in 45 seconds: for the rest of the three minutes there are no more.
    clock.advance(Duration::from_secs(134));
    assert_eq!(statuses(&client, 2).await, (0, 2));
    clock.advance(Duration::from_secs(1));
    assert_eq!(statuses(&client, 101).await, (100, 1));
}

// Limits page: the answer, to the letter.
#[tokio::test]
async fn the_refusal_is_the_documented_one_and_nothing_is_carried_out() {
    let sandbox = frozen().rate_limit(true).start().await.unwrap();
    let client = Client::new(&sandbox);
    let id = client.create(&samples::create_request()).await["id"]
        .as_i64()
        .unwrap();
    assert_eq!(statuses(&client, 99).await, (99, 0));
    let before = sandbox.state();
    let body = samples::create_request().to_string();
    let answer = client.post("/account", body).await;
    assert_eq!(answer.status, 429);
    assert_eq!(
        answer.json(),
        serde_json::json!({"errors": [{
            "code": "request_limit_exceeded",
            "message": "Service unavailable, please limit request volume",
        }]})
    );
    let products = samples::products_request().to_string();
    assert_eq!(client.put(&products_of(id), products).await.status, 429);
    assert_eq!(sandbox.state(), before);
}

// Limits page: per key. Our choice: requests without a valid key count for nobody, and the billing
// link, which belongs to another API, does not count.
#[tokio::test]
async fn each_key_has_limits_of_its_own() {
    let sandbox = frozen().rate_limit(true).start().await.unwrap();
    let client = Client::new(&sandbox);
    let created = client.create(&samples::managed_request()).await;
    assert_eq!(statuses(&client, 100).await, (99, 1));
    let managed = client.with_key(created["api_key"].as_str().unwrap());
    assert_eq!(statuses(&managed, 101).await, (100, 1));
    let wrong = client.with_key("wrong");
    for _ in 0..120 {
        assert_eq!(wrong.get("/account").await.status, 403);
    }
    assert_eq!(client.link().await.status, 204);
}

#[tokio::test]
async fn there_are_no_limits_unless_they_are_switched_on() {
    let sandbox = frozen().start().await.unwrap();
    let client = Client::new(&sandbox);
    assert_eq!(statuses(&client, 150).await, (150, 0));
}

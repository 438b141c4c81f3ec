//! The clock that a sandbox goes by.

use std::time::{Duration, UNIX_EPOCH};

use digicert_sandbox::{Clock, Sandbox};
use serde_json::Value;

use crate::client::Client;
use crate::samples;

async fn creation_dates(client: &Client) -> Vec<Value> {
    let list = client.get("/account/subaccount").await.ok();
    let subaccounts = list["subaccounts"].as_array().unwrap().iter();
    subaccounts
        .map(|subaccount| subaccount["date_created"].clone())
        .collect()
}

// Sample of the list page: the time, as it is written there.
#[tokio::test]
async fn subaccounts_are_created_at_the_time_of_the_clock() {
    let clock = Clock::frozen_at(UNIX_EPOCH + Duration::from_secs(1_543_456_084));
    let sandbox = Sandbox::builder().clock(clock).start().await.unwrap();
    let client = Client::new(&sandbox);
    client.create(&samples::create_request()).await;
    sandbox.clock().advance(Duration::from_secs(60));
    client.create(&samples::create_request()).await;
    assert_eq!(
        creation_dates(&client).await,
        ["2018-11-29 01:48:04", "2018-11-29 01:49:04"]
    );
}

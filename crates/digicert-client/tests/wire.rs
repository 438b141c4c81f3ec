//! What each operation puts on the wire, byte for byte but for the keys and the port.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod raw_server;

use digicert_client::types::certcentral::{
    CreateSubaccountRequest, ListSubaccountsQuery, SetSubaccountProductsRequest,
};
use digicert_client::types::{CertCentralApiKey, PartnerApiKey, examples};
use digicert_client::{certcentral, partner};
use raw_server::RawServer;

const KEY: &str = "certcentral-canary";
const PARTNER_KEY: &str = "partner-canary";

fn certcentral(server: &RawServer) -> certcentral::Client {
    certcentral::Client::builder(&CertCentralApiKey::new(KEY))
        .origin(&*server.origin)
        .build()
        .expect("a client")
}

fn sample<T: serde::de::DeserializeOwned>(operation: &str) -> T {
    let example = examples::find(operation, "request", "sample").expect("a sample");
    serde_json::from_str(example.json).expect("it reads")
}

/// The one request that arrived, with keys and port taken out.
fn sent(server: &RawServer) -> String {
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    let host = server.origin.trim_start_matches("http://");
    requests[0]
        .replace(host, "127.0.0.1:PORT")
        .replace(KEY, "[key]")
        .replace(PARTNER_KEY, "[partner key]")
        .replace("\r\n", "\n")
}

fn ok() -> RawServer {
    RawServer::start(raw_server::json("200 OK", "{}"))
}

#[tokio::test]
async fn get_account() {
    let server = ok();
    certcentral(&server).get_account().await.expect("200");
    insta::assert_snapshot!(sent(&server));
}

#[tokio::test]
async fn create_subaccount() {
    let server = ok();
    let request: CreateSubaccountRequest = sample("create_subaccount");
    certcentral(&server)
        .create_subaccount(&request)
        .await
        .expect("200 is taken for 201");
    insta::assert_snapshot!(sent(&server));
}

#[tokio::test]
async fn list_subaccounts() {
    let server = ok();
    let query = ListSubaccountsQuery::builder()
        .filters_search("%Example Company, LLC")
        .sort("-date_created,account_id")
        .offset(1000)
        .limit(500)
        .build();
    certcentral(&server)
        .list_subaccounts(&query)
        .await
        .expect("200");
    insta::assert_snapshot!(sent(&server));
}

#[tokio::test]
async fn list_subaccounts_without_a_query() {
    let server = ok();
    let everything = ListSubaccountsQuery::default();
    certcentral(&server)
        .list_subaccounts(&everything)
        .await
        .expect("200");
    insta::assert_snapshot!(sent(&server));
}

#[tokio::test]
async fn get_subaccount() {
    let server = ok();
    certcentral(&server)
        .get_subaccount(1_122_334)
        .await
        .expect("200");
    insta::assert_snapshot!(sent(&server));
}

#[tokio::test]
async fn list_subaccount_products() {
    let server = ok();
    certcentral(&server)
        .list_subaccount_products(1_122_334)
        .await
        .expect("200");
    insta::assert_snapshot!(sent(&server));
}

#[tokio::test]
async fn i5_set_subaccount_products() {
    let server = RawServer::start("HTTP/1.1 204 No Content\r\n\r\n");
    let request: SetSubaccountProductsRequest = sample("set_subaccount_products");
    certcentral(&server)
        .set_subaccount_products(1_122_334, &request)
        .await
        .expect("204");
    insta::assert_snapshot!(sent(&server));
}

#[tokio::test]
async fn link_billing_account() {
    let server = RawServer::start("HTTP/1.1 204 No Content\r\n\r\n");
    let client = partner::Client::builder(&PartnerApiKey::new(PARTNER_KEY))
        .origin(&*server.origin)
        .user_agent("portal/1.0")
        .build()
        .expect("a client");
    client
        .link_billing_account(&CertCentralApiKey::new(KEY))
        .await
        .expect("204");
    insta::assert_snapshot!(sent(&server));
}

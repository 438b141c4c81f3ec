//! `PUT /finance/account-link`.

use digicert_sandbox::{PartnerApiKey, Sandbox};
use reqwest::Method;

use crate::client::{ACCOUNT_LINK, Client, raw, send};
use crate::samples;

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}

// Finance page: 204 No Content. Link page: no body.
#[tokio::test]
async fn two_right_keys_link_the_account() {
    let (sandbox, client) = start().await;
    assert_eq!(sandbox.billing_account_id(), None);
    let answer = client.link().await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(answer.content_type, None);
    let account = client.get("/account").await.ok();
    assert_eq!(sandbox.billing_account_id(), account["id"].as_i64());
}

// Our conclusion: sending the same two keys again changes nothing more.
#[tokio::test]
async fn linking_again_changes_nothing() {
    let (sandbox, client) = start().await;
    assert_eq!(client.link().await.status, 204);
    let linked = sandbox.billing_account_id();
    assert_eq!(client.link().await.status, 204);
    assert_eq!(sandbox.billing_account_id(), linked);
}

// Finance page: the CertCentral key decides which billing account is linked.
#[tokio::test]
async fn the_key_of_a_managed_subaccount_links_that_subaccount() {
    let (sandbox, client) = start().await;
    let created = client.create(&samples::managed_request()).await;
    let managed = client.with_key(created["api_key"].as_str().unwrap());
    assert_eq!(managed.link().await.status, 204);
    assert_eq!(sandbox.billing_account_id(), created["id"].as_i64());
}

// Finance page: 401 if authentication failed. That the partner key is checked first is our choice.
#[tokio::test]
async fn a_missing_or_wrong_partner_key_is_401() {
    let (sandbox, client) = start().await;
    let key = sandbox.certcentral_key().expose_secret();
    let request = || client.request(Method::PUT, ACCOUNT_LINK);
    for request in [
        request(),
        request().header("X-DC-DEVKEY", key),
        request()
            .header("X-DC-DEVKEY", key)
            .header("X-PARTNER-APIKEY", ""),
        request()
            .header("X-DC-DEVKEY", key)
            .header("X-PARTNER-APIKEY", "wrong"),
        request()
            .header("X-DC-DEVKEY", key)
            .header("X-PARTNER-APIKEY", b"\xff".as_slice()),
        request()
            .header("X-DC-DEVKEY", "wrong")
            .header("X-PARTNER-APIKEY", "wrong"),
    ] {
        let answer = send(request).await;
        answer.assert_refused(401, &["access_denied|access_denied_invalid_key"]);
    }
    assert_eq!(sandbox.billing_account_id(), None);
}

// Finance page: 400 if a required header is missing or invalid, or if the CertCentral key cannot
// be resolved to a valid account.
#[tokio::test]
async fn a_missing_or_unresolvable_certcentral_key_is_400() {
    let (sandbox, client) = start().await;
    let partner_key = sandbox.partner_key().expose_secret();
    let request = || {
        let request = client.request(Method::PUT, ACCOUNT_LINK);
        request.header("X-PARTNER-APIKEY", partner_key)
    };
    send(request())
        .await
        .assert_refused(400, &["required_param:X-DC-DEVKEY"]);
    for request in [
        request().header("X-DC-DEVKEY", ""),
        request().header("X-DC-DEVKEY", "wrong"),
        request().header("X-DC-DEVKEY", partner_key),
        request().header("X-DC-DEVKEY", b"\xff".as_slice()),
    ] {
        send(request)
            .await
            .assert_refused(400, &["invalid_value:X-DC-DEVKEY"]);
    }
    assert_eq!(sandbox.billing_account_id(), None);
}

// Finance page: the two kinds of key are separate.
#[tokio::test]
async fn swapped_keys_link_nothing() {
    let (sandbox, client) = start().await;
    let request = client
        .request(Method::PUT, ACCOUNT_LINK)
        .header(
            "X-PARTNER-APIKEY",
            sandbox.certcentral_key().expose_secret(),
        )
        .header("X-DC-DEVKEY", sandbox.partner_key().expose_secret());
    assert_eq!(send(request).await.status, 401);
    assert_eq!(sandbox.billing_account_id(), None);
}

// Our choice: of two keys of a kind neither counts.
#[tokio::test]
async fn a_key_that_is_sent_twice_is_refused() {
    let (sandbox, _client) = start().await;
    let (key, partner_key) = (
        sandbox.certcentral_key().expose_secret(),
        sandbox.partner_key().expose_secret(),
    );
    for (repeated, status) in [
        (format!("X-DC-DEVKEY: {key}"), "400"),
        (format!("X-PARTNER-APIKEY: {partner_key}"), "401"),
    ] {
        let request = format!(
            "PUT {ACCOUNT_LINK} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             X-DC-DEVKEY: {key}\r\nX-PARTNER-APIKEY: {partner_key}\r\n{repeated}\r\n\r\n"
        );
        let answer = raw(sandbox.origin(), request.as_bytes()).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
    assert_eq!(sandbox.billing_account_id(), None);
}

// Link page: the request has no body. One that is sent all the same is not looked at: our choice.
#[tokio::test]
async fn a_body_is_ignored() {
    let (sandbox, client) = start().await;
    let request = client
        .request(Method::PUT, ACCOUNT_LINK)
        .header("X-PARTNER-APIKEY", sandbox.partner_key().expose_secret())
        .header("X-DC-DEVKEY", sandbox.certcentral_key().expose_secret())
        .body("{not json");
    assert_eq!(send(request).await.status, 204);
}

/// Links with the key of a partner account and the CertCentral key of the parent.
async fn link_with(sandbox: &Sandbox, client: &Client, partner_key: &PartnerApiKey) -> u16 {
    let request = client
        .request(Method::PUT, ACCOUNT_LINK)
        .header("X-PARTNER-APIKEY", partner_key.expose_secret())
        .header("X-DC-DEVKEY", sandbox.certcentral_key().expose_secret());
    send(request).await.status
}

// Finance page: a subaccount without a billing account of its own uses that of the parent account;
// it gets one of its own by a call with its own partner key.
#[tokio::test]
async fn a_partner_subaccount_falls_back_to_the_billing_account_of_its_parent() {
    let (sandbox, client) = start().await;
    let one = sandbox.add_partner_subaccount("One").unwrap();
    let other = sandbox.add_partner_subaccount("Other").unwrap();
    assert_ne!(one.id, other.id);
    let payers = || [one.id, other.id].map(|id| sandbox.billing_account_id_of(id));
    assert_eq!(payers(), [None, None]);

    let created = client.create(&samples::managed_request()).await;
    let managed = client.with_key(created["api_key"].as_str().unwrap());
    assert_eq!(managed.link().await.status, 204);
    let managed = created["id"].as_i64();
    assert_eq!(payers(), [managed, managed]);

    assert_eq!(link_with(&sandbox, &client, &one.key).await, 204);
    let parent = client.get("/account").await.ok()["id"].as_i64();
    assert_eq!(payers(), [parent, managed]);
    assert_eq!(sandbox.billing_account_id(), managed);
    assert_eq!(sandbox.billing_account_id_of(999), None);
}

// Finance page: 403 Access denied. That it is the answer to an inactive key is our choice; partner
// overview: keys are active or inactive.
#[tokio::test]
async fn an_inactive_partner_key_is_403() {
    let (sandbox, client) = start().await;
    let subaccount = sandbox.add_partner_subaccount("One").unwrap();
    sandbox
        .set_partner_key_active(subaccount.id, false)
        .unwrap();
    let request = client
        .request(Method::PUT, ACCOUNT_LINK)
        .header("X-PARTNER-APIKEY", subaccount.key.expose_secret())
        .header("X-DC-DEVKEY", sandbox.certcentral_key().expose_secret());
    send(request).await.assert_refused(403, &["access_denied"]);
    assert_eq!(sandbox.billing_account_id_of(subaccount.id), None);
    assert_eq!(client.link().await.status, 204, "other keys are active");

    sandbox.set_partner_key_active(subaccount.id, true).unwrap();
    assert_eq!(link_with(&sandbox, &client, &subaccount.key).await, 204);
    let error = sandbox.set_partner_key_active(999, true).unwrap_err();
    assert!(error.to_string().contains("999"), "{error}");
}

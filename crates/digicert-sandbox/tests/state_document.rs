//! The whole state as a document: written, loaded, refused.

use std::time::{Duration, UNIX_EPOCH};

use digicert_sandbox::{Clock, Contract, ParentSettings, Sandbox, StateDocument};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{ACCOUNT_LINK, Client, send};
use crate::samples;

/// A sandbox with something of everything.
async fn full() -> (Sandbox, Client) {
    let parent = ParentSettings::default()
        .contract(Contract::FlatFee)
        .currency("EUR");
    let clock = Clock::frozen_at(UNIX_EPOCH + Duration::from_secs(1_543_456_084));
    let builder = Sandbox::builder().parent(parent).clock(clock);
    let sandbox = builder.start().await.unwrap();
    let client = Client::new(&sandbox);
    for account_type in ["retail", "enterprise", "reseller", "managed"] {
        let mut request = samples::bill_to_parent_request();
        request["account_type"] = account_type.into();
        request["child_name"] = format!("Größe {account_type}").into();
        let created = client.create(&request).await;
        let id = created["id"].as_i64().unwrap();
        client.set_products(id, &samples::products_request()).await;
        sandbox.set_balance(id, "454.55".parse().unwrap()).unwrap();
    }
    assert_eq!(client.link().await.status, 204);
    sandbox.add_partner_subaccount("One").unwrap();
    (sandbox, client)
}

fn json_of(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&sandbox.state().to_json()).unwrap()
}

/// Every answer to a read.
async fn answers(client: &Client) -> Vec<Value> {
    let list = client.get("/account/subaccount").await.ok();
    let mut answers = vec![client.get("/account").await.ok()];
    for subaccount in list["subaccounts"].as_array().unwrap() {
        let id = subaccount["account_id"].as_i64().unwrap();
        let path = format!("/account/subaccount/{id}");
        answers.push(client.get(&path).await.ok());
        answers.push(client.products(id).await);
    }
    answers.push(list);
    answers
}

#[tokio::test]
async fn a_loaded_document_brings_everything_back() {
    let (sandbox, client) = full().await;
    let document = StateDocument::from_json(sandbox.state().to_json().as_bytes()).unwrap();
    assert_eq!(document, sandbox.state());
    let before = answers(&client).await;

    let other = Sandbox::start().await.unwrap();
    let other_client = Client::new(&other);
    other_client.create(&samples::managed_request()).await;
    other.load(&document).unwrap();
    assert_eq!(answers(&other_client).await, before);
    assert_eq!(other.state(), document);
    assert_eq!(other.balance(1_122_334), Some("454.55".parse().unwrap()));
    assert_eq!(other.billing_account_id(), sandbox.billing_account_id());
}

#[tokio::test]
async fn keys_of_subaccounts_work_after_a_load_and_those_of_the_parents_stay() {
    let (sandbox, client) = full().await;
    let document = json_of(&sandbox);
    let text = document.to_string();
    for key in [
        sandbox.certcentral_key().expose_secret(),
        sandbox.partner_key().expose_secret(),
    ] {
        assert!(!text.contains(key), "{text}");
    }
    let managed = document["subaccounts"][3]["api_key"].as_str().unwrap();
    let partner = document["partner_accounts"][1]["key"].as_str().unwrap();

    let other = Sandbox::start().await.unwrap();
    let other_client = Client::new(&other);
    let gone = other_client.create(&samples::managed_request()).await;
    other.load(&sandbox.state()).unwrap();
    let own = other_client.with_key(managed).get("/account").await.ok();
    assert_eq!(own["id"], document["subaccounts"][3]["account_id"]);
    let link = other_client
        .request(Method::PUT, ACCOUNT_LINK)
        .header("X-PARTNER-APIKEY", partner)
        .header("X-DC-DEVKEY", managed);
    assert_eq!(send(link).await.status, 204);
    let gone = other_client.with_key(gone["api_key"].as_str().unwrap());
    assert_eq!(gone.get("/account").await.status, 403);
    let of_the_first = client.get("/account").await;
    assert_eq!(of_the_first.status, 200);
}

#[tokio::test]
async fn ids_go_on_after_those_of_a_loaded_document() {
    let (sandbox, client) = full().await;
    sandbox.load(&sandbox.state()).unwrap();
    let created = client.create(&samples::create_request()).await;
    assert_eq!(created["id"], 1_122_338);
    assert_eq!(created["user"]["id"], 45_325);
    sandbox.reset().unwrap();
    assert_eq!(json_of(&sandbox)["subaccounts"], json!([]));
    assert_eq!(sandbox.billing_account_id(), None);
    let created = client.create(&samples::create_request()).await;
    assert_eq!(created["id"], 1_122_334);
    // The settings of the parent are no part of what is forgotten.
    assert_eq!(
        client.get("/account").await.ok()["pricing_model"],
        "flatfee"
    );
}

#[tokio::test]
async fn i10_a_damaged_document_is_refused_and_changes_nothing() {
    let (sandbox, _client) = full().await;
    let sound = json_of(&sandbox);
    let damage: &[(&str, Value, &str)] = &[
        ("/format_version", json!(2), "format_version 2"),
        ("/format_version", json!("1"), "expected u64"),
        ("/parent/contract", json!("free"), "expected one of"),
        ("/parent/currency", json!(null), "expected a string"),
        (
            "/subaccounts/1/account_id",
            json!(1_122_334),
            "subaccounts[1]",
        ),
        (
            "/subaccounts/1/account_id",
            json!(1_122_331),
            "parent account",
        ),
        (
            "/subaccounts/1/user_id",
            json!(45_321),
            "another subaccount",
        ),
        ("/subaccounts/1/user_id", json!(0), "from 1 to"),
        ("/subaccounts/1/user_id", json!(i64::MAX), "from 1 to"),
        (
            "/subaccounts/2/date_created",
            json!("yesterday"),
            "date_created",
        ),
        (
            "/subaccounts/2/balance",
            json!("much"),
            "not a decimal number",
        ),
        (
            "/subaccounts/2/max_allowed_multi_year_plan_length",
            json!(7),
            "from 1 to 6",
        ),
        (
            "/subaccounts/0/created_from/child_name",
            json!("x".repeat(65)),
            "64 characters",
        ),
        (
            "/subaccounts/0/created_from/account_type",
            json!("managed"),
            "no api_key",
        ),
        (
            "/subaccounts/0/products/products/1/prices/0/cost",
            json!(-1),
            "would refuse",
        ),
        (
            "/subaccounts/0/products/products/1/prices/0/lifetime",
            json!(0),
            "would refuse",
        ),
        ("/subaccounts/3/api_key", json!(""), "no header can hold"),
        ("/partner_accounts", json!([]), "the parent account"),
        ("/partner_accounts/1/id", json!(1), "another account"),
        (
            "/partner_accounts/0/billing_account_id",
            json!(5),
            "does not exist",
        ),
    ];
    let before = sandbox.state();
    for (pointer, value, expected) in damage {
        let mut damaged = sound.clone();
        *damaged.pointer_mut(pointer).unwrap() = value.clone();
        let error = StateDocument::from_json(damaged.to_string().as_bytes()).unwrap_err();
        let message = error.to_string();
        assert!(message.contains(expected), "{pointer}: {message}");
    }
    let text = sound.to_string();
    for cut in [0, 1, text.len() / 2, text.len() - 1] {
        StateDocument::from_json(&text.as_bytes()[..cut]).unwrap_err();
    }
    for alien in ["[]", "null", "{}", "\u{0}", "{\"format_version\":1}"] {
        StateDocument::from_json(alien.as_bytes()).unwrap_err();
    }
    let surplus = text.replacen('{', "{\"surprise\":1,", 1);
    let error = StateDocument::from_json(surplus.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("expected"), "{error}");
    assert_eq!(sandbox.state(), before);
}

#[tokio::test]
async fn i2_no_error_and_no_debug_of_a_document_shows_a_key() {
    let (sandbox, _client) = full().await;
    let sound = json_of(&sandbox);
    let key = sound["subaccounts"][3]["api_key"].as_str().unwrap();
    assert!(!format!("{:?}", sandbox.state()).contains(key));
    for pointer in [
        "/format_version",
        "/parent/contract",
        "/parent/subaccounts_enabled",
        "/subaccounts/0/account_id",
        "/subaccounts/0/balance",
        "/subaccounts/0/created_from/account_type",
        "/subaccounts/0/products",
        "/partner_accounts/1/active",
    ] {
        let mut damaged = sound.clone();
        *damaged.pointer_mut(pointer).unwrap() = json!(key);
        let error = StateDocument::from_json(damaged.to_string().as_bytes()).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(key), "{pointer}: {shown}");
    }
}

#[tokio::test]
async fn a_subaccount_cannot_have_the_key_of_the_parent() {
    let (sandbox, _client) = full().await;
    let mut document = json_of(&sandbox);
    document["subaccounts"][3]["api_key"] = sandbox.certcentral_key().expose_secret().into();
    let document = StateDocument::from_json(document.to_string().as_bytes()).unwrap();
    let before = sandbox.state();
    let error = sandbox.load(&document).unwrap_err();
    assert!(error.to_string().contains("parent account"), "{error}");
    assert_eq!(sandbox.state(), before);
}

//! `POST /account`.

use digicert_sandbox::{Contract, ParentSettings, Sandbox};
use serde_json::{Value, json};

use crate::client::Client;
use crate::samples;

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}

/// The answer of the sample, with the rows of the table that the sample lacks.
fn sample_answer(name: &str) -> Value {
    let mut answer = samples::create_answer(name);
    answer["organization"]["address2"] = "Suite 321".into();
    answer["user"]["account_id"] = answer["id"].clone();
    answer["bill_parent"] = false.into();
    answer["max_allowed_multi_year_plan_length"] = 6.into();
    answer["allow_parent_order_renewal"] = false.into();
    answer
}

// Create samples: request, and answer for a retail subaccount. What the table of the answer has
// and the sample lacks is added: our choice.
#[tokio::test]
async fn the_sample_is_accepted_and_answered_like_the_sample() {
    let (_sandbox, client) = start().await;
    let sample = samples::create_request().to_string();
    let answer = client.post("/account", sample).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.content_type.as_deref(), Some("application/json"));
    assert_eq!(answer.json(), sample_answer("retail"));
}

// Create samples: answer for a managed subaccount, the only one with `api_key`.
#[tokio::test]
async fn a_managed_subaccount_is_answered_like_its_sample_with_a_key() {
    let (_sandbox, client) = start().await;
    let mut created = client.create(&samples::managed_request()).await;
    let key = created["api_key"].take();
    assert!(key.as_str().unwrap().starts_with("sandbox-subaccount-"));
    let mut expected = sample_answer("managed");
    expected["api_key"] = Value::Null;
    assert_eq!(created, expected);
}

// Create page: the key is shown only this one time, and only for `managed`.
#[tokio::test]
async fn i2_the_key_of_a_managed_subaccount_is_in_no_other_answer() {
    let (sandbox, client) = start().await;
    for account_type in ["retail", "enterprise", "reseller"] {
        let mut request = samples::create_request();
        request["account_type"] = account_type.into();
        let created = client.create(&request).await;
        assert_eq!(created.get("api_key"), None, "{account_type}");
    }
    let created = client.create(&samples::managed_request()).await;
    let (id, key) = (&created["id"], created["api_key"].as_str().unwrap());
    let managed = client.with_key(key);
    for answer in [
        client.get("/account").await,
        client.get("/account/subaccount").await,
        client.get(&format!("/account/subaccount/{id}")).await,
        client
            .get(&format!("/account/subaccount/{id}/products"))
            .await,
        client
            .post("/account", samples::managed_request().to_string())
            .await,
        managed.get("/account").await,
        managed.get("/account/subaccount").await,
        managed
            .post("/account", samples::managed_request().to_string())
            .await,
    ] {
        for secret in [
            key,
            sandbox.certcentral_key().expose_secret(),
            sandbox.partner_key().expose_secret(),
        ] {
            assert!(!answer.body.contains(secret), "{}", answer.status);
        }
    }
}

// Account page: `is_reseller_customer` for keys of a subaccount. Types page: a managed
// subaccount is used through the API. That it has no subaccounts is our choice.
#[tokio::test]
async fn the_key_of_a_managed_subaccount_works_for_that_account_alone() {
    let (_sandbox, client) = start().await;
    let sibling = client.create(&samples::create_request()).await["id"].clone();
    let created = client.create(&samples::managed_request()).await;
    let managed = client.with_key(created["api_key"].as_str().unwrap());

    let account = managed.get("/account").await.ok();
    assert_eq!(account["id"], created["id"]);
    assert_eq!(account["is_reseller_customer"], true);
    assert_eq!(
        account["primary_organization_id"],
        created["organization"]["id"]
    );
    assert_eq!(account["primary_organization_country"], "us");

    let list = managed.get("/account/subaccount").await.ok();
    assert_eq!(list["subaccounts"], json!([]));
    for id in [&sibling, &created["id"]] {
        let path = format!("/account/subaccount/{id}");
        managed.get(&path).await.assert_refused(404, &["not_found"]);
        let answer = managed
            .put(&format!("{path}/products"), r#"{"products":[]}"#)
            .await;
        answer.assert_refused(404, &["not_found"]);
    }
    let answer = managed
        .post("/account", samples::create_request().to_string())
        .await;
    answer.assert_refused(403, &["access_denied|missing_permission"]);
}

// Create page: defaults of the request fields, and fields that are only returned if set.
#[tokio::test]
async fn what_is_left_out_gets_the_documented_default() {
    let (_sandbox, client) = start().await;
    let request = json!({
        "account_type": "enterprise",
        "allowed_grandchildren": [],
        "user": {"first_name": "John", "last_name": "Smith", "email": "john.smith@example.com"},
        "organization": {
            "name": "Example Company, LLC", "address": "123 Fake Street", "zip": "93090",
            "city": "Toledo", "state": "Ohio", "country": "US",
        },
    });
    let mut expected = sample_answer("retail");
    expected["account_type"] = "enterprise".into();
    expected
        .as_object_mut()
        .unwrap()
        .remove("account_manager_user_id");
    let user = expected["user"].as_object_mut().unwrap();
    user.retain(|name, _| !["job_title", "telephone"].contains(&name.as_str()));
    let organization = expected["organization"].as_object_mut().unwrap();
    organization.retain(|name, _| !["address2", "telephone"].contains(&name.as_str()));
    assert_eq!(client.create(&request).await, expected);
}

// Create page: every optional field. `display_name` is made of both names; how is our choice.
#[tokio::test]
async fn what_is_sent_comes_back() {
    let (_sandbox, client) = start().await;
    let mut request = samples::managed_request();
    request["bill_parent"] = true.into();
    request["enforce_bill_parent"] = true.into();
    request["child_name"] = "Toledo branch".into();
    request["max_allowed_multi_year_plan_length"] = 2.into();
    request["allow_parent_order_renewal"] = true.into();
    request["user"]["username"] = "jsmith".into();
    request["organization"]["assumed_name"] = "Example".into();
    request["organization"]["country"] = "DE".into();
    let created = client.create(&request).await;
    assert_eq!(created["bill_parent"], true);
    assert_eq!(created["child_name"], "Toledo branch");
    assert_eq!(created["max_allowed_multi_year_plan_length"], 2);
    assert_eq!(created["allow_parent_order_renewal"], true);
    assert_eq!(created["user"]["username"], "jsmith");
    let organization = &created["organization"];
    assert_eq!(organization["assumed_name"], "Example");
    assert_eq!(
        organization["display_name"],
        "Example Company, LLC (Example)"
    );
    assert_eq!(organization["country"], "de");
    assert_eq!(organization["container"]["name"], "Example Company, LLC");
}

// Our conclusion: there is no idempotency key, so the same request makes a second subaccount.
#[tokio::test]
async fn the_same_request_twice_makes_two_subaccounts() {
    let (_sandbox, client) = start().await;
    let request = samples::managed_request();
    let (one, other) = (client.create(&request).await, client.create(&request).await);
    for pointer in [
        "/id",
        "/organization/id",
        "/organization/container/id",
        "/user/id",
        "/api_key",
    ] {
        assert_ne!(
            one.pointer(pointer).unwrap(),
            other.pointer(pointer).unwrap()
        );
    }
    let list = client.get("/account/subaccount").await.ok();
    assert_eq!(list["page"]["total"], 2);
}

// Our choice: a field that the table does not have is ignored.
#[tokio::test]
async fn unknown_fields_are_ignored() {
    let (_sandbox, client) = start().await;
    let mut request = samples::create_request();
    request["surprise"] = json!({"deep": [1, 2, {"deeper": null}]});
    request["user"]["surprise"] = 1e300.into();
    assert_eq!(client.create(&request).await, sample_answer("retail"));
}

// Create page: required fields. Codes as in published answers of the service.
#[tokio::test]
async fn every_missing_field_is_reported() {
    let (_sandbox, client) = start().await;
    let required = |names: &[&str]| {
        let code = |name: &&str| format!("required_param:{name}");
        names.iter().map(code).collect::<Vec<_>>()
    };
    let answer = client.post("/account", "{}").await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.codes(),
        required(&[
            "account_type",
            "allowed_grandchildren",
            "user",
            "organization"
        ])
    );
    let mut request = samples::create_request();
    request["user"] = json!({});
    request["organization"] = json!({});
    let answer = client.post("/account", request.to_string()).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.codes(),
        required(&[
            "user.first_name",
            "user.last_name",
            "user.email",
            "organization.name",
            "organization.address",
            "organization.zip",
            "organization.city",
            "organization.state",
            "organization.country",
        ])
    );
    let first = &answer.json()["errors"][0];
    assert_eq!(first["message"], "user.first_name is a required parameter.");
}

// Create page: types, allowed values, 64 characters, 1 to 6 years. Codes as in published answers
// of the service.
#[tokio::test]
async fn every_wrong_value_is_reported_at_its_field() {
    let (_sandbox, client) = start().await;
    for (pointer, value, field) in [
        ("/account_type", json!("partner"), "account_type"),
        ("/account_type", json!("Retail"), "account_type"),
        ("/account_type", json!(1), "account_type"),
        ("/account_type", json!(null), "account_type"),
        (
            "/allowed_grandchildren",
            json!("retail"),
            "allowed_grandchildren",
        ),
        ("/allowed_grandchildren", json!({}), "allowed_grandchildren"),
        (
            "/allowed_grandchildren/1",
            json!("managed"),
            "allowed_grandchildren[1]",
        ),
        (
            "/account_manager_user_id",
            json!("12345"),
            "account_manager_user_id",
        ),
        (
            "/account_manager_user_id",
            json!(1.5),
            "account_manager_user_id",
        ),
        (
            "/account_manager_user_id",
            json!(u64::MAX),
            "account_manager_user_id",
        ),
        ("/bill_parent", json!("true"), "bill_parent"),
        ("/enforce_bill_parent", json!(1), "enforce_bill_parent"),
        ("/child_name", json!(5), "child_name"),
        ("/child_name", json!("x".repeat(65)), "child_name"),
        ("/user", json!([]), "user"),
        ("/user/first_name", json!(["John"]), "user.first_name"),
        ("/user/email", json!(null), "user.email"),
        ("/user/username", json!(false), "user.username"),
        (
            "/user/disable_renewal_notifications",
            json!("no"),
            "user.disable_renewal_notifications",
        ),
        (
            "/organization",
            json!("Example Company, LLC"),
            "organization",
        ),
        ("/organization/zip", json!(93090), "organization.zip"),
        ("/organization/address2", json!({}), "organization.address2"),
        (
            "/max_allowed_multi_year_plan_length",
            json!(0),
            "max_allowed_multi_year_plan_length",
        ),
        (
            "/max_allowed_multi_year_plan_length",
            json!(7),
            "max_allowed_multi_year_plan_length",
        ),
        (
            "/max_allowed_multi_year_plan_length",
            json!(-1),
            "max_allowed_multi_year_plan_length",
        ),
        (
            "/max_allowed_multi_year_plan_length",
            json!("2"),
            "max_allowed_multi_year_plan_length",
        ),
        (
            "/allow_parent_order_renewal",
            json!([]),
            "allow_parent_order_renewal",
        ),
    ] {
        let mut request = samples::create_request();
        for name in ["bill_parent", "enforce_bill_parent", "child_name"] {
            request[name] = if name == "child_name" {
                json!("x")
            } else {
                json!(true)
            };
        }
        request["max_allowed_multi_year_plan_length"] = 1.into();
        request["allow_parent_order_renewal"] = true.into();
        *request.pointer_mut(pointer).unwrap() = value;
        let answer = client.post("/account", request.to_string()).await;
        answer.assert_refused(400, &[&format!("invalid_value:{field}")]);
    }
    let list = client.get("/account/subaccount").await.ok();
    assert_eq!(
        list["page"]["total"], 0,
        "a refused request creates nothing"
    );
}

#[tokio::test]
async fn all_faults_of_a_request_are_reported_at_once() {
    let (_sandbox, client) = start().await;
    let mut request = samples::create_request();
    request["account_type"] = "partner".into();
    request["child_name"] = "x".repeat(65).into();
    request["organization"]["country"].take();
    request["user"].as_object_mut().unwrap().remove("email");
    let answer = client.post("/account", request.to_string()).await;
    answer.assert_refused(
        400,
        &[
            "invalid_value:account_type",
            "invalid_value:child_name",
            "required_param:user.email",
            "invalid_value:organization.country",
        ],
    );
    assert_eq!(
        answer.json()["errors"][1]["message"],
        "child_name contains an invalid value: it has 65 characters, at most 64 are allowed."
    );
}

// Create page: at most 64 characters.
#[tokio::test]
async fn a_child_name_of_64_characters_of_any_script_is_accepted() {
    let (_sandbox, client) = start().await;
    for character in ["x", "ß", "名", "🦀"] {
        let mut request = samples::create_request();
        request["child_name"] = character.repeat(64).into();
        let created = client.create(&request).await;
        assert_eq!(created["child_name"], request["child_name"]);
    }
}

// Create page: 1 to 6 years, at most what the parent has, whose value holds if none is sent.
#[tokio::test]
async fn a_plan_is_no_longer_than_that_of_the_parent() {
    let parent = ParentSettings::default().max_multi_year_plan_length(2);
    let sandbox = Sandbox::builder().parent(parent).start().await.unwrap();
    let client = Client::new(&sandbox);
    let created = client.create(&samples::create_request()).await;
    assert_eq!(created["max_allowed_multi_year_plan_length"], 2);
    for (years, status) in [(1, 201), (2, 201), (3, 400), (6, 400)] {
        let mut request = samples::create_request();
        request["max_allowed_multi_year_plan_length"] = years.into();
        let answer = client.post("/account", request.to_string()).await;
        assert_eq!(answer.status, status, "{years}");
    }

    let (_sandbox, client) = start().await;
    for years in 1..=6 {
        let mut request = samples::create_request();
        request["max_allowed_multi_year_plan_length"] = years.into();
        let created = client.create(&request).await;
        assert_eq!(created["max_allowed_multi_year_plan_length"], years);
    }
}

// Create page: contracts of the kinds ELA and Flat Fee support 1 and 2 years only; more is an error.
#[tokio::test]
async fn ela_and_flat_fee_contracts_refuse_more_than_2_years() {
    for contract in [Contract::Ela, Contract::FlatFee] {
        // The longer plan of the account does not help.
        let parent = ParentSettings::default()
            .contract(contract)
            .max_multi_year_plan_length(3);
        let sandbox = Sandbox::builder().parent(parent).start().await.unwrap();
        let client = Client::new(&sandbox);
        let mut request = samples::create_request();
        request["max_allowed_multi_year_plan_length"] = 3.into();
        let answer = client.post("/account", request.to_string()).await;
        answer.assert_refused(400, &["invalid_value:max_allowed_multi_year_plan_length"]);
        assert!(answer.body.contains("from 1 to 2"), "{}", answer.body);
        request["max_allowed_multi_year_plan_length"] = 2.into();
        client.create(&request).await;
        let inherited = client.create(&samples::create_request()).await;
        assert_eq!(inherited["max_allowed_multi_year_plan_length"], 2);
    }
}

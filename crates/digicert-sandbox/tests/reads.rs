//! `GET /account`, `GET /account/subaccount` and `GET /account/subaccount/{subaccount_id}`.

use digicert_sandbox::{Contract, ParentSettings, Sandbox};
use digicert_types::certcentral::CertCentralType;
use serde_json::{Value, json};

use crate::client::Client;
use crate::samples;

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}

/// Subaccounts of organizations A to E, of types in turn; each second one has a manager.
async fn five_subaccounts(client: &Client) -> Vec<i64> {
    let types = ["retail", "managed", "reseller", "retail", "enterprise"];
    let names = [
        "Example C",
        "example a",
        "Sample E",
        "Example B",
        "Sample D 100%",
    ];
    let mut ids = Vec::new();
    for (index, (account_type, name)) in types.into_iter().zip(names).enumerate() {
        let mut request = samples::create_request();
        request["account_type"] = account_type.into();
        request["organization"]["name"] = name.into();
        if index % 2 == 1 {
            request
                .as_object_mut()
                .unwrap()
                .remove("account_manager_user_id");
        }
        ids.push(client.create(&request).await["id"].as_i64().unwrap());
    }
    ids
}

/// The IDs that a query finds, and the page.
async fn find(client: &Client, query: &str) -> (Vec<i64>, Value) {
    let list = client
        .get(&format!("/account/subaccount{query}"))
        .await
        .ok();
    let ids = list["subaccounts"].as_array().unwrap().iter();
    let ids = ids.map(|subaccount| subaccount["account_id"].as_i64().unwrap());
    (ids.collect(), list["page"].clone())
}

// Account page and recorded answer: names and types. `is_reseller_customer` only for keys that
// belong to a subaccount.
#[tokio::test]
async fn the_account_reports_itself() {
    let (_sandbox, client) = start().await;
    let account = client.get("/account").await;
    assert_eq!(account.content_type.as_deref(), Some("application/json"));
    let account = account.ok();
    assert_eq!(account["id"], 1_122_331);
    assert_eq!(account["cert_central_type"], "reseller");
    assert_eq!(account["balance_negative_limit"], 0);
    assert_eq!(account["pricing_model"], "percert");
    assert_eq!(account["ent_support_plan"], "1");
    assert_eq!(account["billing_account_id"], account["id"]);
    assert_eq!(account.get("is_reseller_customer"), None);
}

// Account page: `flatfee` is a pricing model. That an ELA reports none is our choice.
#[tokio::test]
async fn the_account_reports_the_pricing_model_of_its_contract() {
    for (contract, model) in [
        (Contract::Standard, json!("percert")),
        (Contract::FlatFee, json!("flatfee")),
        (Contract::Ela, json!(null)),
    ] {
        let parent = ParentSettings::default().contract(contract);
        let sandbox = Sandbox::builder().parent(parent).start().await.unwrap();
        let client = Client::new(&sandbox);
        assert_eq!(client.get("/account").await.ok()["pricing_model"], model);
    }
}

// Account page: `is_reseller_customer` tells whether an account above is a reseller.
#[tokio::test]
async fn a_managed_subaccount_below_no_reseller_is_no_reseller_customer() {
    let parent = ParentSettings::default().account_type(CertCentralType::Enterprise);
    let sandbox = Sandbox::builder().parent(parent).start().await.unwrap();
    let client = Client::new(&sandbox);
    assert_eq!(
        client.get("/account").await.ok()["cert_central_type"],
        "enterprise"
    );
    let created = client.create(&samples::managed_request()).await;
    let managed = client.with_key(created["api_key"].as_str().unwrap());
    let account = managed.get("/account").await.ok();
    assert_eq!(account["is_reseller_customer"], false);
    assert_eq!(account.get("cert_central_type"), None);
}

// List page: the array `subaccounts` of the sample, and `page`.
#[tokio::test]
async fn a_list_without_subaccounts_is_an_empty_page() {
    let (_sandbox, client) = start().await;
    assert_eq!(
        client.get("/account/subaccount").await.ok(),
        json!({"subaccounts": [], "page": {"total": 0, "limit": 1000, "offset": 0}})
    );
}

// List page: fields and their types, `date_created` without a zone.
#[tokio::test]
async fn the_list_has_a_line_for_each_subaccount() {
    let (_sandbox, client) = start().await;
    let id = client.create(&samples::create_request()).await["id"].clone();
    let mut list = client.get("/account/subaccount").await.ok();
    let date_created = list["subaccounts"][0]["date_created"].take();
    assert_is_time(date_created.as_str().unwrap());
    assert_eq!(
        list,
        json!({
            "subaccounts": [{
                "account_id": id,
                "account_type": "retail",
                "organization_name": "Example Company, LLC",
                "date_created": null,
                "account_manager": "User 12345",
            }],
            "page": {"total": 1, "limit": 1000, "offset": 0},
        })
    );
}

/// Whether it looks like `2018-11-29 01:48:04`.
fn assert_is_time(text: &str) {
    let shape = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c });
    assert_eq!(shape.collect::<String>(), "0000-00-00 00:00:00", "{text}");
    assert!(text > "2025", "{text}");
}

// List page: `offset` and `limit`. Recorded answer: three integers in `page`.
#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let (_sandbox, client) = start().await;
    let ids = five_subaccounts(&client).await;
    for (query, expected, page) in [
        (
            "",
            &ids[..],
            json!({"total": 5, "limit": 1000, "offset": 0}),
        ),
        (
            "?limit=2",
            &ids[..2],
            json!({"total": 5, "limit": 2, "offset": 0}),
        ),
        (
            "?limit=2&offset=2",
            &ids[2..4],
            json!({"total": 5, "limit": 2, "offset": 2}),
        ),
        (
            "?offset=4",
            &ids[4..],
            json!({"total": 5, "limit": 1000, "offset": 4}),
        ),
        (
            "?offset=9",
            &[],
            json!({"total": 5, "limit": 1000, "offset": 9}),
        ),
        (
            "?limit=0",
            &[],
            json!({"total": 5, "limit": 0, "offset": 0}),
        ),
        (
            "?unknown=1&limit=1",
            &ids[..1],
            json!({"total": 5, "limit": 1, "offset": 0}),
        ),
    ] {
        assert_eq!(
            find(&client, query).await,
            (expected.to_vec(), page),
            "{query}"
        );
    }
}

// List page: the properties that can be sorted by, and the minus sign.
#[tokio::test]
async fn a_list_is_sorted_as_asked() {
    let (_sandbox, client) = start().await;
    let ids = five_subaccounts(&client).await;
    for (sort, order) in [
        ("account_id", [0, 1, 2, 3, 4]),
        ("-account_id", [4, 3, 2, 1, 0]),
        ("account_type", [4, 1, 2, 0, 3]),
        ("-account_type", [0, 3, 2, 1, 4]),
        ("account_type,-account_id", [4, 1, 2, 3, 0]),
        ("organization_name", [3, 0, 4, 2, 1]),
        ("-organization_name", [1, 2, 4, 0, 3]),
        ("account_manager", [1, 3, 0, 2, 4]),
        ("-account_manager,-account_id", [4, 2, 0, 3, 1]),
        ("date_created,account_id", [0, 1, 2, 3, 4]),
    ] {
        let expected: Vec<_> = order.into_iter().map(|index: usize| ids[index]).collect();
        assert_eq!(
            find(&client, &format!("?sort={sort}")).await.0,
            expected,
            "{sort}"
        );
        // Only as much is sorted as is shown, and the pages still are those of the whole.
        let mut pages = Vec::new();
        for offset in 0..5 {
            let query = format!("?sort={sort}&limit=1&offset={offset}");
            pages.extend(find(&client, &query).await.0);
        }
        assert_eq!(pages, expected, "{sort}");
    }
    let (page, _) = find(&client, "?sort=-account_id&limit=2&offset=1").await;
    assert_eq!(page, [ids[3], ids[2]]);
}

// Overview page: equal, or containing if a percent sign comes first. That case does not count is
// our choice.
#[tokio::test]
async fn a_list_is_searched_by_the_name_of_the_organization() {
    let (_sandbox, client) = start().await;
    let ids = five_subaccounts(&client).await;
    for (search, found) in [
        ("Example%20C", vec![0]),
        ("Example+C", vec![0]),
        ("example%20c", vec![0]),
        ("Example", vec![]),
        ("%25sample", vec![2, 4]),
        ("%25D%20100%25", vec![4]),
        ("%25ple%20e", vec![2]),
        ("%25nowhere", vec![]),
        ("", vec![]),
        ("%25", vec![0, 1, 2, 3, 4]),
    ] {
        let expected: Vec<_> = found.into_iter().map(|index: usize| ids[index]).collect();
        let (found, page) = find(&client, &format!("?filters[search]={search}")).await;
        assert_eq!(found, expected, "{search}");
        assert_eq!(page["total"].as_u64(), Some(expected.len() as u64));
    }
    assert_eq!(
        find(&client, "?filters%5Bsearch%5D=%25EXAMPLE")
            .await
            .0
            .len(),
        3
    );
}

// Our choice: what is asked for and cannot be done is refused rather than left out.
#[tokio::test]
async fn a_query_that_cannot_be_followed_is_refused() {
    let (_sandbox, client) = start().await;
    for (query, parameter) in [
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("limit=99999999999999999999999", "limit"),
        ("offset=9223372036854775808", "offset"),
        ("offset=1.5", "offset"),
        ("offset=+1", "offset"),
        ("sort=name", "sort"),
        ("sort=", "sort"),
        ("sort=account_id,,account_type", "sort"),
        ("filters[account_type]=managed", "filters"),
    ] {
        let answer = client.get(&format!("/account/subaccount?{query}")).await;
        answer.assert_refused(400, &[&format!("invalid_value:{parameter}")]);
    }
    let answer = client
        .get("/account/subaccount?limit=x&offset=y&sort=z")
        .await;
    assert_eq!(answer.codes().len(), 3);
}

// Info page: fields and their types, `parent_account_id` and `container_id` as strings.
#[tokio::test]
async fn a_subaccount_is_reported_in_full() {
    let (_sandbox, client) = start().await;
    let mut request = samples::create_request();
    request["child_name"] = "Toledo branch".into();
    request["account_type"] = "reseller".into();
    let created = client.create(&request).await;
    let path = format!("/account/subaccount/{}", created["id"]);
    let mut details = client.get(&path).await.ok();
    assert_is_time(details["date_created"].take().as_str().unwrap());
    assert_eq!(
        details,
        json!({
            "account_id": created["id"],
            "account_type": "reseller",
            "organization_name": "Example Company, LLC",
            "child_name": "Toledo branch",
            "date_created": null,
            "parent_account_id": "1122331",
            "billing_account_name": "Example Company, LLC",
            "billing_account_id": created["id"],
            "account_manager": "User 12345",
            "bill_parent": false,
            "enforce_bill_parent": false,
            "max_allowed_multi_year_plan_length": 6,
            "master_user": {
                "first_name": "John",
                "last_name": "Smith",
                "email": "john.smith@example.com",
                "job_title": "Statistician",
                "telephone": "111-222-333-4444",
                "i18n_language_id": "1",
                "container_id": "112234",
            },
            "organization": created["organization"],
        })
    );
}

// Create page: `enforce_bill_parent` is ignored when `bill_parent` is true. Info page: the account
// that is billed.
#[tokio::test]
async fn who_pays_is_reported() {
    let (_sandbox, client) = start().await;
    for (bill_parent, enforce, enforced) in [
        (false, false, false),
        (false, true, true),
        (true, false, false),
        (true, true, false),
    ] {
        let mut request = samples::create_request();
        request["bill_parent"] = bill_parent.into();
        request["enforce_bill_parent"] = enforce.into();
        let id = client.create(&request).await["id"].clone();
        let details = client.get(&format!("/account/subaccount/{id}")).await.ok();
        assert_eq!(details["bill_parent"], bill_parent);
        assert_eq!(details["enforce_bill_parent"], enforced);
        let payer = if bill_parent { json!(1_122_331) } else { id };
        assert_eq!(details["billing_account_id"], payer);
    }
}

// Errors page: `not_found`. That an ID which is no number is unknown, too, is our choice.
#[tokio::test]
async fn an_unknown_subaccount_is_not_found() {
    let (_sandbox, client) = start().await;
    client.create(&samples::create_request()).await;
    for id in [
        "1122335",
        "0",
        "-1122334",
        "+1122334",
        "abc",
        "1122334x",
        "1122334.0",
        "99999999999999999999999999",
        "%20",
        "%00",
        "%ff",
        "..%2f1122334",
        "{subaccount_id}",
    ] {
        let answer = client.get(&format!("/account/subaccount/{id}")).await;
        answer.assert_refused(404, &["not_found"]);
    }
    assert_eq!(client.get("/account/subaccount/1122334").await.status, 200);
    assert_eq!(
        client.get("/account/subaccount/%31122334").await.status,
        200
    );
}

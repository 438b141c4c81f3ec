//! `PUT` and `GET /account/subaccount/{subaccount_id}/products`.

use digicert_sandbox::{ParentSettings, Sandbox};
use serde_json::{Value, json};

use crate::client::{Client, products_of};
use crate::samples;

/// A sandbox with one subaccount that is billed to its parent.
async fn start() -> (Sandbox, Client, i64) {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let id = create(&client, &samples::bill_to_parent_request()).await;
    (sandbox, client, id)
}

async fn create(client: &Client, request: &Value) -> i64 {
    client.create(request).await["id"].as_i64().unwrap()
}

// Set products page: the cURL sample, and its empty answer; 204 is our conclusion.
// List products page: the shape of the answer, `"222"` in quotes, extra costs of 0.
#[tokio::test]
async fn the_sample_is_accepted_and_reported_like_the_sample() {
    let (_sandbox, client, id) = start().await;
    let sample = samples::products_request().to_string();
    let answer = client.put(&products_of(id), sample).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(answer.content_type, None);

    let products = client.products(id).await;
    let documented = samples::products_answer();
    for field in ["currency", "pricing_method", "balance_negative_limit"] {
        assert_eq!(products[field], documented[field], "{field}");
    }
    let first_price = |products: &Value| products["products"][1]["prices"][0].clone();
    let mut expected = first_price(&documented);
    // The one number in which the two pages differ.
    expected["additional_fqdn_cost"] = 1351.into();
    assert_eq!(first_price(&products), expected);
    assert_eq!(
        products["products"][0],
        json!({"product_name_id": "ssl_plus", "product_name": "Standard SSL"})
    );
    assert_eq!(
        products["products"][2],
        json!({"product_name_id": "ssl_wildcard", "product_name": "WildCard", "prices": [
            {"lifetime": 1, "cost": 688, "additional_fqdn_cost": 0, "additional_wildcard_cost": 658},
            {"lifetime": 2, "cost": 1307, "additional_fqdn_cost": 0, "additional_wildcard_cost": 1250},
        ]})
    );
    let ids = products["products"].as_array().unwrap().iter();
    let ids: Vec<_> = ids
        .map(|product| product["product_name_id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "ssl_plus",
            "ssl_multi_domain",
            "ssl_wildcard",
            "ssl_ev_plus",
            "ssl_ev_multi_domain"
        ]
    );
}

// Our choice: the array is there when nothing is enabled. Set products page: USD if none was set.
#[tokio::test]
async fn a_new_subaccount_has_no_products() {
    let (_sandbox, client, id) = start().await;
    let expected = json!({"currency": "USD", "pricing_method": "default", "products": []});
    assert_eq!(client.products(id).await, expected);
}

// Set products page: the sent array overwrites the existing one.
#[tokio::test]
async fn products_are_replaced_not_merged() {
    let (_sandbox, client, id) = start().await;
    client.set_products(id, &samples::products_request()).await;
    let other = json!({"products": [{"product_name_id": "code_signing"}]});
    client.set_products(id, &other).await;
    assert_eq!(
        client.products(id).await["products"],
        json!([{"product_name_id": "code_signing", "product_name": "Code Signing"}])
    );
}

// Set products page: an empty array disables all products.
#[tokio::test]
async fn an_empty_array_disables_everything() {
    let (_sandbox, client, id) = start().await;
    client.set_products(id, &samples::products_request()).await;
    client.set_products(id, &json!({"products": []})).await;
    assert_eq!(client.products(id).await["products"], json!([]));
}

// Set products page: the previously assigned currency holds if none is sent. That the two other
// fields beside the array stay as well is our choice.
#[tokio::test]
async fn what_stands_beside_the_array_stays_unless_it_is_sent() {
    let (_sandbox, client, id) = start().await;
    let first = json!({
        "currency": "AUD", "pricing_method": "units", "balance_negative_limit": 1000,
        "products": [],
    });
    client.set_products(id, &first).await;
    client.set_products(id, &json!({"products": []})).await;
    let kept = json!({
        "currency": "AUD", "pricing_method": "units", "balance_negative_limit": "1000",
        "products": [],
    });
    assert_eq!(client.products(id).await, kept);
    client
        .set_products(id, &json!({"currency": "EUR", "products": []}))
        .await;
    assert_eq!(client.products(id).await["currency"], "EUR");
}

#[tokio::test]
async fn subaccounts_have_products_of_their_own() {
    let (_sandbox, client, id) = start().await;
    let other = create(&client, &samples::create_request()).await;
    client.set_products(id, &samples::products_request()).await;
    assert_eq!(client.products(other).await["products"], json!([]));
}

// Set products page: an int in the table, the string `"222"` in the sample.
#[tokio::test]
async fn the_negative_limit_is_read_with_and_without_quotes() {
    let (_sandbox, client, id) = start().await;
    for (sent, reported) in [
        (json!(222), "222"),
        (json!("333"), "333"),
        (json!(0), "0"),
        (json!("-5"), "-5"),
    ] {
        let request = json!({"balance_negative_limit": sent, "products": []});
        client.set_products(id, &request).await;
        assert_eq!(
            client.products(id).await["balance_negative_limit"],
            reported
        );
    }
    for wrong in [
        json!("222.5"),
        json!(222.5),
        json!(""),
        json!("x"),
        json!(null),
        json!(true),
    ] {
        let request = json!({"balance_negative_limit": wrong, "products": []});
        let answer = client.put(&products_of(id), request.to_string()).await;
        answer.assert_refused(400, &["invalid_value:balance_negative_limit"]);
    }
}

// Set products page: `Units`; list products page: `units`. Case does not count.
#[tokio::test]
async fn the_pricing_method_is_read_in_any_case() {
    let (_sandbox, client, id) = start().await;
    for (sent, reported) in [("Units", "units"), ("CUSTOM", "custom"), ("new", "new")] {
        client
            .set_products(id, &json!({"pricing_method": sent, "products": []}))
            .await;
        assert_eq!(client.products(id).await["pricing_method"], reported);
    }
}

// Set products page: prices are int or float, at most 99999999.99.
#[tokio::test]
async fn i5_prices_come_back_to_the_digit() {
    let (_sandbox, client, id) = start().await;
    for price in [
        "0",
        "0.1",
        "0.29",
        "19.99",
        "412",
        "99999999.99",
        "12345678.9",
        "1.005",
    ] {
        let body = format!(
            r#"{{"products":[{{"product_name_id":"ssl_basic","prices":[{{"lifetime":1,
            "cost":{price},"additional_fqdn_cost":{price},"additional_wildcard_cost":{price}}}]}}]}}"#
        );
        assert_eq!(
            client.put(&products_of(id), body).await.status,
            204,
            "{price}"
        );
        let answer = client.get(&products_of(id)).await;
        let expected = format!(
            r#"[{{"lifetime":1,"cost":{price},"additional_fqdn_cost":{price},"additional_wildcard_cost":{price}}}]"#
        );
        assert!(answer.body.contains(&expected), "{price}: {}", answer.body);
    }
}

// Set products page: the maximum. The minimum of 0 is our conclusion.
#[tokio::test]
async fn i5_prices_that_cannot_be_are_refused_not_rounded() {
    let (_sandbox, client, id) = start().await;
    client.set_products(id, &samples::products_request()).await;
    let before = client.products(id).await;
    let with_cost = |cost: &str| {
        format!(
            r#"{{"products":[{{"product_name_id":"ssl_plus","prices":[{{"lifetime":1,"cost":{cost}}}]}}]}}"#
        )
    };
    for cost in [
        "-0.01",
        "-1",
        "99999999.991",
        "100000000",
        "1e30",
        "\"412\"",
        "null",
        "[]",
    ] {
        let answer = client.put(&products_of(id), with_cost(cost)).await;
        answer.assert_refused(400, &["invalid_value:products[0].prices[0].cost"]);
    }
    // Whether serde_json already sees that these are over the limit depends on how it reads doubles,
    // which other crates of a workspace decide.
    for cost in ["99999999.990000000000001", "1.000000000000001"] {
        let answer = client.put(&products_of(id), with_cost(cost)).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
    }
    // Read as doubles, these would be 0.1 and 412.
    for cost in ["0.1000000000000000000001", "412.00000000000000001"] {
        let answer = client.put(&products_of(id), with_cost(cost)).await;
        answer.assert_refused(400, &["bad_request_format"]);
        assert!(answer.body.contains("15 digits"), "{}", answer.body);
    }
    assert_eq!(
        client.products(id).await,
        before,
        "a refused request changes nothing"
    );
}

// Set products page: required fields.
#[tokio::test]
async fn every_missing_and_wrong_field_is_reported() {
    let (_sandbox, client, id) = start().await;
    let answer = client.put(&products_of(id), "{}").await;
    answer.assert_refused(400, &["required_param:products"]);
    let request = json!({"currency": 1, "pricing_method": [], "products": [
        {"product_name_id": "ssl_plus"},
        {"product_name": 5, "prices": {}},
        7,
        {"product_name_id": 8, "prices": [
            {"cost": 1},
            {"lifetime": 0, "additional_fqdn_cost": -1},
            {"lifetime": 1.5, "cost": 1, "additional_wildcard_cost": "1"},
            null,
        ]},
    ]});
    let answer = client.put(&products_of(id), request.to_string()).await;
    answer.assert_refused(
        400,
        &[
            "invalid_value:currency",
            "invalid_value:pricing_method",
            "invalid_value:products[1].product_name",
            "invalid_value:products[1].prices",
            "invalid_value:products[2]",
            "invalid_value:products[3].product_name_id",
            "required_param:products[3].prices[0].lifetime",
            "invalid_value:products[3].prices[1].lifetime",
            "required_param:products[3].prices[1].cost",
            "invalid_value:products[3].prices[1].additional_fqdn_cost",
            "invalid_value:products[3].prices[2].lifetime",
            "invalid_value:products[3].prices[2].additional_wildcard_cost",
            "invalid_value:products[3].prices[3]",
        ],
    );
    assert_eq!(client.products(id).await["products"], json!([]));
}

// Set products page: `product_name_id` is optional. That such an entry does nothing is our choice.
#[tokio::test]
async fn an_entry_without_an_identifier_switches_nothing_on() {
    let (_sandbox, client, id) = start().await;
    client.set_products(id, &samples::products_request()).await;
    let request = json!({"products": [
        {},
        {"product_name_id": "ssl_plus"},
        {"product_name": "WildCard", "prices": [{"lifetime": 1, "cost": 688}]},
    ]});
    client.set_products(id, &request).await;
    assert_eq!(
        client.products(id).await["products"],
        json!([{"product_name_id": "ssl_plus", "product_name": "Standard SSL"}])
    );
}

// Our conclusion: the set of identifiers is open. The name that stands in is our choice.
#[tokio::test]
async fn unknown_products_are_accepted() {
    let (_sandbox, client, id) = start().await;
    let request = json!({"products": [
        {"product_name_id": "from_the_future"},
        {"product_name_id": "ssl_from_the_future", "product_name": "Future SSL", "prices": []},
        {"product_name_id": "ssl_plus", "product_name": "Another name", "surprise": [1]},
    ]});
    client.set_products(id, &request).await;
    assert_eq!(
        client.products(id).await["products"],
        json!([
            {"product_name_id": "from_the_future", "product_name": "from_the_future"},
            {"product_name_id": "ssl_from_the_future", "product_name": "Future SSL"},
            {"product_name_id": "ssl_plus", "product_name": "Standard SSL"},
        ])
    );
}

// Set products page: its Python sample lacks three commas. Errors page: `bad_request_format`.
#[tokio::test]
async fn the_malformed_python_sample_is_refused() {
    let (_sandbox, client, id) = start().await;
    let answer = client
        .put(&products_of(id), samples::malformed_products_request())
        .await;
    answer.assert_refused(400, &["bad_request_format"]);
    assert!(answer.body.contains("line 3 column 3"), "{}", answer.body);
}

// Errors page: `not_found`.
#[tokio::test]
async fn an_unknown_subaccount_has_no_products() {
    let (_sandbox, client, id) = start().await;
    for unknown in [id + 1, 0, -1, i64::MAX] {
        let path = products_of(unknown);
        client.get(&path).await.assert_refused(404, &["not_found"]);
        let answer = client
            .put(&path, samples::products_request().to_string())
            .await;
        answer.assert_refused(404, &["not_found"]);
    }
}

// Set products page: a value is ignored if the product does not support the parameter; the table
// says which does.
#[tokio::test]
async fn costs_that_a_product_does_not_support_are_ignored() {
    let (_sandbox, client, id) = start().await;
    for (product, fqdn, wildcard) in [
        ("ssl_plus", 0, 0),
        ("ssl_multi_domain", 11, 0),
        ("ssl_wildcard", 0, 22),
        ("ssl_basic", 11, 22),
        // The odd row of the table.
        ("wildcard_dv_rapidssl", 0, 0),
        // Our choice: what a product that is not in the table supports is not known.
        ("from_the_future", 11, 22),
    ] {
        let price = json!({
            "lifetime": 1, "cost": 5, "additional_fqdn_cost": 11, "additional_wildcard_cost": 22,
        });
        let products = json!([{"product_name_id": product, "prices": [price]}]);
        client
            .set_products(id, &json!({"products": products}))
            .await;
        assert_eq!(
            client.products(id).await["products"][0]["prices"],
            json!([{
                "lifetime": 1, "cost": 5,
                "additional_fqdn_cost": fqdn, "additional_wildcard_cost": wildcard,
            }]),
            "{product}"
        );
    }
}

// Set products page: prices default to 0 in a currency that DigiCert does not bill in. That these
// are all but USD and the currency of the parent, and that retail prices are not reported, is our
// choice.
#[tokio::test]
async fn prices_default_to_retail_prices_or_to_0_depending_on_the_currency() {
    let parent = ParentSettings::default().currency("EUR");
    let sandbox = Sandbox::builder().parent(parent).start().await.unwrap();
    let client = Client::new(&sandbox);
    let mut request = samples::bill_to_parent_request();
    request["max_allowed_multi_year_plan_length"] = 2.into();
    let id = create(&client, &request).await;
    let zero = |lifetime| {
        json!({
            "lifetime": lifetime, "cost": 0,
            "additional_fqdn_cost": 0, "additional_wildcard_cost": 0,
        })
    };
    for currency in ["USD", "EUR", "eur"] {
        for product in [
            json!({"product_name_id": "ssl_plus"}),
            json!({"product_name_id": "ssl_plus", "prices": []}),
        ] {
            let request = json!({"currency": currency, "products": [product]});
            client.set_products(id, &request).await;
            let reported = client.products(id).await;
            assert_eq!(reported["products"][0].get("prices"), None, "{currency}");
        }
    }
    let own = json!({"lifetime": 1, "cost": 7});
    let request = json!({"currency": "AUD", "products": [
        {"product_name_id": "ssl_plus"},
        {"product_name_id": "code_signing", "prices": [own]},
    ]});
    client.set_products(id, &request).await;
    let reported = client.products(id).await;
    assert_eq!(reported["products"][0]["prices"], json!([zero(1), zero(2)]));
    assert_eq!(reported["products"][1]["prices"][0]["cost"], 7);
}

// Set products page: currency and prices are ignored for self-billed subaccounts. Create page:
// that is what a subaccount is unless `bill_parent` is true.
#[tokio::test]
async fn currency_and_prices_of_a_self_billed_subaccount_are_ignored() {
    let (_sandbox, client, _) = start().await;
    let mut explicit = samples::create_request();
    explicit["bill_parent"] = false.into();
    for request in [samples::create_request(), explicit] {
        let id = create(&client, &request).await;
        let mut request = samples::products_request();
        request["currency"] = "AUD".into();
        client.set_products(id, &request).await;
        let reported = client.products(id).await;
        assert_eq!(reported["currency"], "USD");
        assert_eq!(reported["pricing_method"], "custom");
        let products = reported["products"].as_array().unwrap();
        assert_eq!(products.len(), 5);
        for product in products {
            assert_eq!(product.get("prices"), None, "{product}");
        }
        // What is ignored must still be readable.
        let request = json!({"currency": 7, "products": []});
        let answer = client.put(&products_of(id), request.to_string()).await;
        answer.assert_refused(400, &["invalid_value:currency"]);
    }
}

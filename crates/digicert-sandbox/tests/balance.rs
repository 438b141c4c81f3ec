//! Balances of subaccounts. No call of the API tells them; the library does.

use digicert_sandbox::{Amount, Sandbox};
use serde_json::{Value, json};

use crate::client::Client;
use crate::samples;

/// A sandbox with one subaccount that has a balance of 454.5.
async fn start(request: &Value) -> (Sandbox, Client, i64) {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let id = client.create(request).await["id"].as_i64().unwrap();
    assert_eq!(sandbox.balance(id), Some(Amount::ZERO));
    sandbox.set_balance(id, amount("454.5")).unwrap();
    assert_eq!(sandbox.balance(id), Some(amount("454.5")));
    (sandbox, client, id)
}

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

fn in_currency(code: &str) -> Value {
    json!({"currency": code, "products": []})
}

// Set products page, the note: a changed currency resets the balance to 0, and this cannot be
// undone. It is USD as long as none was set.
#[tokio::test]
async fn a_changed_currency_resets_the_balance_to_0_for_good() {
    let (sandbox, client, id) = start(&samples::bill_to_parent_request()).await;
    for same in [
        json!({"products": []}),
        in_currency("USD"),
        samples::products_request(),
        // Our choice: case does not count.
        in_currency("usd"),
    ] {
        client.set_products(id, &same).await;
        assert_eq!(sandbox.balance(id), Some(amount("454.5")), "{same}");
    }
    client.set_products(id, &in_currency("AUD")).await;
    assert_eq!(sandbox.balance(id), Some(Amount::ZERO));
    client.set_products(id, &in_currency("USD")).await;
    assert_eq!(sandbox.balance(id), Some(Amount::ZERO));
    // Debts are gone as well.
    sandbox.set_balance(id, amount("-1000.7")).unwrap();
    client.set_products(id, &in_currency("EUR")).await;
    assert_eq!(sandbox.balance(id), Some(Amount::ZERO));
}

// Set products page: the currency is ignored for self-billed subaccounts.
#[tokio::test]
async fn the_balance_of_a_self_billed_subaccount_stays() {
    let (sandbox, client, id) = start(&samples::create_request()).await;
    client.set_products(id, &in_currency("AUD")).await;
    assert_eq!(sandbox.balance(id), Some(amount("454.5")));
}

#[tokio::test]
async fn a_refused_request_leaves_the_balance() {
    let (sandbox, client, id) = start(&samples::bill_to_parent_request()).await;
    let revision = sandbox.revision();
    let request = json!({"currency": "AUD", "products": 7}).to_string();
    let path = crate::client::products_of(id);
    assert_eq!(client.put(&path, request).await.status, 400);
    assert_eq!(sandbox.balance(id), Some(amount("454.5")));
    assert_eq!(sandbox.revision(), revision, "nothing was changed");
}

#[tokio::test]
async fn an_unknown_subaccount_has_no_balance() {
    let (sandbox, _client, id) = start(&samples::create_request()).await;
    assert_eq!(sandbox.balance(id + 1), None);
    let error = sandbox.set_balance(id + 1, Amount::ZERO).unwrap_err();
    let unknown = (id + 1).to_string();
    assert!(error.to_string().contains(&unknown), "{error}");
}

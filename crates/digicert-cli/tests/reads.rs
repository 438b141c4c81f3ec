//! The commands that only read.

use crate::on_sandbox::OnSandbox;

const PRODUCTS: &str = r#"{"currency": "USD", "pricing_method": "custom", "balance_negative_limit": "500",
  "products": [
    {"product_name_id": "ssl_multi_domain", "prices": [
      {"lifetime": 1, "cost": 412.00, "additional_fqdn_cost": 99999999.99},
      {"lifetime": 2, "cost": 700.5, "additional_fqdn_cost": 1, "additional_wildcard_cost": 0}]},
    {"product_name_id": "ssl_plus"}]}"#;

#[test]
fn account_show() {
    let test = OnSandbox::new();
    let run = test.run(&["account", "show"]);
    insta::assert_snapshot!("account_show", test.settled(&run.stdout));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn account_show_as_json() {
    let test = OnSandbox::new();
    let json = test.run(&["account", "show", "--format", "json"]).json();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["origin"], test.sandbox.origin());
    assert_eq!(json["account"]["id"], 1_122_331);
}

#[test]
fn products_show() {
    let test = OnSandbox::new();
    let id = test.subaccount("Example Company");
    test.set_products(id, PRODUCTS);
    let run = test.run(&["products", "show", &id.to_string()]);
    insta::assert_snapshot!("products_show", run.stdout);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn i5_products_show_as_json_has_the_amounts_as_they_were_sent() {
    let test = OnSandbox::new();
    let id = test.subaccount("Example Company");
    test.set_products(id, PRODUCTS);
    let run = test.run(&["products", "show", &id.to_string(), "--format", "json"]);
    let json = run.json();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["subaccount_id"], id);
    assert_eq!(json["currency"], "USD");
    assert_eq!(json["products"][0]["product_name_id"], "ssl_multi_domain");
    for amount in ["\"cost\": 412", "99999999.99", "700.5"] {
        assert!(run.stdout.contains(amount), "{amount}: {}", run.stdout);
    }
}

//! The body that everything is measured on: every product of the table, three terms each, nothing
//! wrong with it; about 14 KB of JSON.

use digicert_validate::{Product, products};
use serde_json::{Value, json};

pub(crate) fn body() -> String {
    let products: Vec<_> = products().iter().map(product).collect();
    json!({
        "currency": "USD",
        "pricing_method": "custom",
        "balance_negative_limit": 222,
        "products": products,
    })
    .to_string()
}

fn product(product: &Product) -> Value {
    let prices: Vec<_> = (1..=3).map(|years| price(product, years)).collect();
    json!({"product_name_id": product.name_id, "product_name": product.name_id, "prices": prices})
}

fn price(product: &Product, years: i32) -> Value {
    let mut price = json!({"lifetime": years, "cost": 412 * years});
    if product.fqdn {
        price["additional_fqdn_cost"] = json!(f64::from(135 * years) + 0.5);
    }
    if product.wildcard {
        price["additional_wildcard_cost"] = json!(f64::from(257 * years) + 0.25);
    }
    price
}

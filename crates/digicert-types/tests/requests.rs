//! Requests: what is left out is not sent, and stays distinguishable from false.

#![allow(clippy::expect_used, reason = "a test may panic")]
#![cfg(feature = "builder")]

use digicert_types::Amount;
use digicert_types::certcentral::{
    CreateSubaccountRequest, GrandchildType, NewOrganization, NewUser, PriceToSet, PricingMethod,
    ProductToSet, SetSubaccountProductsRequest, SubaccountType,
};
use serde_json::json;

fn user() -> NewUser {
    NewUser::builder()
        .first_name("John")
        .last_name("Smith")
        .email("john.smith@example.com")
        .build()
}

fn organization() -> NewOrganization {
    NewOrganization::builder()
        .name("Example Company, LLC")
        .address("123 Fake Street")
        .zip("93090")
        .city("Toledo")
        .state("Ohio")
        .country("US")
        .build()
}

#[test]
fn a_field_that_is_left_out_is_not_sent() {
    let request = CreateSubaccountRequest::builder()
        .account_type(SubaccountType::Managed)
        .allowed_grandchildren([GrandchildType::Retail])
        .user(user())
        .organization(organization())
        .build();
    let sent = serde_json::to_value(&request).expect("written");
    let mut fields: Vec<_> = sent.as_object().expect("an object").keys().collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "account_type",
            "allowed_grandchildren",
            "organization",
            "user"
        ]
    );
    assert_eq!(request.bill_parent, None);
}

#[test]
fn false_is_sent_and_is_not_the_same_as_left_out() {
    let request = CreateSubaccountRequest::builder()
        .account_type(SubaccountType::Retail)
        .allowed_grandchildren([])
        .user(user())
        .organization(organization())
        .bill_parent(false)
        .build();
    assert_eq!(request.bill_parent, Some(false));
    assert_eq!(
        serde_json::to_value(&request).expect("written")["bill_parent"],
        json!(false)
    );
}

#[test]
fn a_list_that_is_left_out_is_not_an_empty_list() {
    let left_out = ProductToSet::builder().product_name_id("ssl_plus").build();
    assert_eq!(
        serde_json::to_value(&left_out).expect("written"),
        json!({"product_name_id": "ssl_plus"})
    );
    let empty = ProductToSet::builder()
        .product_name_id("ssl_plus")
        .prices([])
        .build();
    assert_eq!(
        serde_json::to_value(&empty).expect("written"),
        json!({"product_name_id": "ssl_plus", "prices": []})
    );
    assert_ne!(left_out, empty);
}

#[test]
fn a_request_holds_wrong_values_so_that_the_rules_can_report_all_of_them() {
    let price = PriceToSet::builder()
        .lifetime(-1)
        .cost("100000000.001".parse::<Amount>().expect("an amount"))
        .build();
    let product = ProductToSet::builder().prices([price]).build();
    let request = SetSubaccountProductsRequest::builder()
        .currency("dollars")
        .pricing_method("Units")
        .balance_negative_limit(-5)
        .products([product])
        .build();
    assert_eq!(
        serde_json::to_value(&request).expect("written"),
        json!({
            "currency": "dollars", "pricing_method": "units", "balance_negative_limit": -5,
            "products": [{"prices": [{"lifetime": -1, "cost": 100_000_000.001}]}],
        })
    );
    assert_eq!(
        request.pricing_method,
        Some(PricingMethod::Units),
        "read in any case, sent in lower case"
    );
}

#[test]
fn i5_money_is_sent_digit_by_digit() {
    for text in ["412", "0", "0.1", "412.5", "99999999.99", "0.01", "-3.07"] {
        let price = PriceToSet::builder()
            .lifetime(1)
            .cost(text.parse::<Amount>().expect("an amount"))
            .build();
        let sent = serde_json::to_string(&price).expect("written");
        assert_eq!(sent, format!(r#"{{"lifetime":1,"cost":{text}}}"#));
        assert_eq!(
            serde_json::from_str::<PriceToSet>(&sent).expect("read"),
            price
        );
    }
}

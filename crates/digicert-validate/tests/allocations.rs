//! The rules on a typed request without a finding allocate nothing.

#![allow(clippy::expect_used, reason = "a test may panic")]

#[path = "../benches/body/mod.rs"]
mod body;

use digicert_types::certcentral::{CreateSubaccountRequest, SetSubaccountProductsRequest};
use digicert_validate::{Context, validate};

#[test]
fn rules_that_find_nothing_allocate_nothing() {
    let products: SetSubaccountProductsRequest =
        serde_json::from_str(&body::body()).expect("it reads");
    let sample =
        digicert_types::examples::find("create_subaccount", "request", "sample").expect("there");
    let creation: CreateSubaccountRequest = serde_json::from_str(sample.json).expect("it reads");
    let context = Context::default();

    let counted = allocation_counter::measure(|| {
        assert!(validate(&products, &context).is_empty());
        assert!(validate(&creation, &context).is_empty());
    });
    assert_eq!(counted.count_total, 0, "{} bytes", counted.bytes_total);

    // The counter counts: a finding has to allocate.
    let empty = SetSubaccountProductsRequest::builder().products([]).build();
    let counted = allocation_counter::measure(|| assert!(!validate(&empty, &context).is_empty()));
    assert!(counted.count_total > 0);
}

//! Every example of the OpenAPI documents reads into its type and is written back equal; the list
//! of them is generated.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::fmt::Debug;

use digicert_types::examples::EXAMPLES;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[path = "generated/examples.rs"]
mod generated;

fn round_trip<T>(document: &str, operation: &str, part: &str, name: &str)
where
    T: DeserializeOwned + Serialize + Debug + PartialEq,
{
    let example = EXAMPLES.iter().find(|example| {
        (example.document, example.operation) == (document, operation)
            && (example.part, example.name) == (part, name)
    });
    let json = example.expect("the example is in the table").json;
    let expected: Value = serde_json::from_str(json).expect("JSON");
    let value: T = serde_json::from_str(json).expect("it reads");
    assert_eq!(
        serde_json::to_value(&value).expect("it is written"),
        expected
    );
    let text = serde_json::to_string(&value).expect("it is written");
    assert_eq!(
        serde_json::from_str::<T>(&text).expect("it reads again"),
        value
    );
}

#[test]
fn the_samples_of_the_source_documents_are_there() {
    for (operation, part, name) in [
        ("create_subaccount", "request", "sample"),
        ("create_subaccount", "201", "retail"),
        ("create_subaccount", "201", "managed"),
        ("set_subaccount_products", "request", "sample"),
    ] {
        assert!(
            digicert_types::examples::find(operation, part, name).is_some(),
            "{operation} {name}"
        );
    }
    let products = digicert_types::examples::find("set_subaccount_products", "request", "sample");
    let json = products.expect("it is there").json;
    assert!(
        json.contains(r#""balance_negative_limit": "222""#),
        "the quotes are part of the sample"
    );
    assert!(json.contains(r#""product_name": "Multi-Domain SSL""#));
}

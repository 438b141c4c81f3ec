//! The sample bodies of the source documents, as the OpenAPI documents quote them.

use digicert_types::examples;
use serde_json::Value;

fn example(operation: &str, part: &str, name: &str) -> Value {
    let example = examples::find(operation, part, name).unwrap();
    serde_json::from_str(example.json).unwrap()
}

/// The cURL sample of the create page.
pub(crate) fn create_request() -> Value {
    example("create_subaccount", "request", "sample")
}

/// That sample for a subaccount whose orders its parent pays, so that the parent sets currency and
/// prices.
pub(crate) fn bill_to_parent_request() -> Value {
    let mut request = create_request();
    request["bill_parent"] = true.into();
    request
}

/// That sample with another type.
pub(crate) fn managed_request() -> Value {
    let mut request = create_request();
    request["account_type"] = "managed".into();
    request
}

/// An answer of the create page: `retail` or `managed`.
pub(crate) fn create_answer(name: &str) -> Value {
    example("create_subaccount", "201", name)
}

/// The cURL sample of the set products page.
pub(crate) fn products_request() -> Value {
    example("set_subaccount_products", "request", "sample")
}

/// The sample of the list products page.
pub(crate) fn products_answer() -> Value {
    example("list_subaccount_products", "200", "sample")
}

/// The Python sample of the set products page: it lacks the commas after the first three fields,
/// and is no JSON.
pub(crate) fn malformed_products_request() -> String {
    let example = examples::find("set_subaccount_products", "request", "sample").unwrap();
    let text = example
        .json
        .replace("\"USD\",", "\"USD\"")
        .replace("\"custom\",", "\"custom\"")
        .replace("\"222\",", "\"222\"");
    assert_eq!(example.json.len() - text.len(), 3);
    text
}

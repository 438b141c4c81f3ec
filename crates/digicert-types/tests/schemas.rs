//! The JSON Schemas made from the types: a change of a type shows here as a change of its schema.

#![allow(clippy::expect_used, reason = "a test may panic")]
#![cfg(feature = "schemars")]

use digicert_types::certcentral::{
    Account, CreateSubaccountRequest, CreatedSubaccount, ErrorResponse, ListSubaccountsQuery,
    SetSubaccountProductsRequest, SubaccountDetails, SubaccountList, SubaccountProducts,
};
use schemars::{JsonSchema, schema_for};

/// A schema with its keys sorted: `serde_json` keeps another order if a crate of the workspace wants
/// it to.
fn schema<T: JsonSchema>() -> serde_json::Value {
    let mut schema = schema_for!(T).to_value();
    schema.sort_all_objects();
    schema
}

#[test]
fn schemas_of_requests() {
    insta::assert_json_snapshot!(
        "create_subaccount_request",
        schema::<CreateSubaccountRequest>()
    );
    insta::assert_json_snapshot!(
        "set_subaccount_products_request",
        schema::<SetSubaccountProductsRequest>()
    );
    insta::assert_json_snapshot!("list_subaccounts_query", schema::<ListSubaccountsQuery>());
}

#[test]
fn schemas_of_answers() {
    insta::assert_json_snapshot!("account", schema::<Account>());
    insta::assert_json_snapshot!("created_subaccount", schema::<CreatedSubaccount>());
    insta::assert_json_snapshot!("subaccount_list", schema::<SubaccountList>());
    insta::assert_json_snapshot!("subaccount_details", schema::<SubaccountDetails>());
    insta::assert_json_snapshot!("subaccount_products", schema::<SubaccountProducts>());
    insta::assert_json_snapshot!("error_response", schema::<ErrorResponse>());
}

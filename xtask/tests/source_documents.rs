//! Nothing in DigiCert's documents is lost: every row of their field tables, transcribed here by
//! hand, stands in ours with the type and the obligation that is stated there.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::path::Path;

use serde_json::Value;
use xtask::codegen;
use xtask::spec::resolve;

fn document(index: usize) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a parent");
    codegen::read(root)
        .expect("sound documents")
        .swap_remove(index)
        .value
}

/// Path of the field, `required`, `optional` or `answer`, and type, as the tables have them.
const CREATE_REQUEST: &str = "
account_type required string
allowed_grandchildren required array
account_manager_user_id optional integer
bill_parent optional boolean
enforce_bill_parent optional boolean
child_name optional string
user required object
user.first_name required string
user.last_name required string
user.email required string
user.username optional string
user.job_title optional string
user.telephone optional string
user.disable_renewal_notifications optional boolean
organization required object
organization.name required string
organization.assumed_name optional string
organization.address required string
organization.address2 optional string
organization.zip required string
organization.city required string
organization.state required string
organization.country required string
organization.telephone optional string
max_allowed_multi_year_plan_length optional integer
allow_parent_order_renewal optional boolean
";

const CREATE_ANSWER: &str = "
id answer integer
account_type answer string
account_manager_user_id answer integer
bill_parent answer boolean
organization answer object
organization.id answer integer
organization.status answer string
organization.name answer string
organization.assumed_name answer string
organization.display_name answer string
organization.is_active answer boolean
organization.address answer string
organization.address2 answer string
organization.zip answer string
organization.city answer string
organization.state answer string
organization.country answer string
organization.telephone answer string
organization.container answer object
organization.container.id answer integer
organization.container.parent_id answer integer
organization.container.name answer string
organization.container.is_active answer boolean
user answer object
user.id answer integer
user.username answer string
user.account_id answer integer
user.first_name answer string
user.last_name answer string
user.email answer string
user.job_title answer string
user.telephone answer string
user.type answer string
api_key answer string
child_name answer string
max_allowed_multi_year_plan_length answer integer
allow_parent_order_renewal answer boolean
";

const PRODUCTS_REQUEST: &str = "
currency optional string
pricing_method optional string
balance_negative_limit optional integer
products required array
products.product_name_id optional string
products.prices optional array
products.prices.lifetime required integer
products.prices.cost required number
products.prices.additional_fqdn_cost optional number
products.prices.additional_wildcard_cost optional number
";

/// The schema behind `$ref`, `allOf` with one member, and items.
fn schema<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let value = resolve(document, value);
    match value["allOf"].as_array() {
        Some(parts) => schema(document, &parts[0]),
        None => value,
    }
}

fn object<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let value = schema(document, value);
    if value["type"] == "array" {
        schema(document, &value["items"])
    } else {
        value
    }
}

fn type_of(schema: &Value) -> &str {
    schema["type"]
        .as_str()
        .or_else(|| schema["anyOf"][0]["type"].as_str())
        .unwrap_or_default()
}

fn assert_table(document: &Value, name: &str, table: &str) {
    for row in table.trim().lines() {
        let [path, obligation, kind] = row.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        let (parents, field) = path.rsplit_once('.').unwrap_or(("", path));
        let mut holder = &document["components"]["schemas"][name];
        for parent in parents.split('.').filter(|parent| !parent.is_empty()) {
            holder = object(document, &holder["properties"][parent]);
        }
        let property = &holder["properties"][field];
        assert!(property.is_object(), "{name}: `{path}` is missing");
        assert_eq!(
            type_of(schema(document, property)),
            kind,
            "{name}: `{path}`"
        );
        let required = holder["required"]
            .as_array()
            .is_some_and(|list| list.contains(&Value::from(field)));
        assert_eq!(
            required,
            obligation == "required",
            "{name}: `{path}` is {obligation}"
        );
    }
}

#[test]
fn every_field_of_every_table_is_there() {
    let document = document(0);
    assert_table(&document, "CreateSubaccountRequest", CREATE_REQUEST);
    assert_table(&document, "CreatedSubaccount", CREATE_ANSWER);
    assert_table(&document, "SetSubaccountProductsRequest", PRODUCTS_REQUEST);
}

#[test]
fn every_range_default_and_allowed_value_is_there() {
    let document = document(0);
    let at = |pointer: &str| {
        let pointer = format!("/components/schemas/{pointer}");
        document
            .pointer(&pointer)
            .unwrap_or_else(|| panic!("{pointer} is missing"))
            .clone()
    };
    let create = "CreateSubaccountRequest/properties";
    assert_eq!(
        at("SubaccountType/enum"),
        serde_json::json!(["retail", "enterprise", "reseller", "managed"])
    );
    assert_eq!(
        at("GrandchildType/enum"),
        serde_json::json!(["retail", "enterprise", "reseller"])
    );
    assert_eq!(at(&format!("{create}/child_name/maxLength")), 64);
    assert_eq!(
        at(&format!(
            "{create}/max_allowed_multi_year_plan_length/minimum"
        )),
        1
    );
    assert_eq!(
        at(&format!(
            "{create}/max_allowed_multi_year_plan_length/maximum"
        )),
        6
    );
    assert_eq!(at("Amount/maximum"), 99_999_999.99);
    assert_eq!(at("Amount/minimum"), 0);
    assert_eq!(at("PriceToSet/properties/lifetime/minimum"), 1);
    for field in [
        "bill_parent",
        "enforce_bill_parent",
        "allow_parent_order_renewal",
    ] {
        assert_eq!(at(&format!("{create}/{field}/default")), false, "{field}");
    }
    assert_eq!(
        at("NewUser/properties/disable_renewal_notifications/default"),
        false
    );
    assert_eq!(
        at("OrganizationStatus/x-extensible-enum"),
        serde_json::json!(["active", "inactive"])
    );
    assert_eq!(
        at("UserType/x-extensible-enum"),
        serde_json::json!(["standard"])
    );
}

#[test]
fn the_billing_link_has_both_keys_no_body_and_its_statuses() {
    let document = document(1);
    let link = &document["paths"]["/finance/account-link"]["put"];
    assert_eq!(link["operationId"], "link_billing_account");
    assert!(link.get("requestBody").is_none());
    assert!(link["responses"].get("204").is_some());
    let security = if link.get("security").is_some() {
        &link["security"]
    } else {
        &document["security"]
    };
    let schemes: Vec<_> = security[0]
        .as_object()
        .expect("one requirement with both")
        .keys()
        .collect();
    assert_eq!(schemes.len(), 2, "both keys are required together");
    let headers: Vec<_> = schemes
        .iter()
        .map(|scheme| &document["components"]["securitySchemes"][scheme]["name"])
        .collect();
    assert_eq!(headers, ["X-PARTNER-APIKEY", "X-DC-DEVKEY"]);
    let refusals = resolve(&document, &link["responses"]["4XX"])["description"]
        .as_str()
        .expect("a description");
    for status in ["400", "401", "403"] {
        assert!(
            refusals.contains(status),
            "{status} is not explained: {refusals}"
        );
    }
}

//! `digicert schema`: what it accepts, and what an editor would mark.

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::program::{program, run};

fn schema(kind: &str) -> Value {
    let run = run(program().args(["schema", kind]));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    run.json()
}

fn validator(kind: &str) -> Validator {
    jsonschema::validator_for(&schema(kind)).unwrap()
}

#[test]
fn every_schema_is_one_and_has_a_name() {
    for kind in ["create-subaccount", "set-products", "context", "manifest"] {
        let schema = schema(kind);
        assert!(jsonschema::meta::is_valid(&schema), "{kind}");
        assert_eq!(schema["$id"], format!("urn:digicert-rs:schema:{kind}"));
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        assert!(
            schema["title"].is_string() && schema["description"].is_string(),
            "{kind}"
        );
    }
}

#[test]
fn the_samples_of_the_documentation_are_accepted() {
    for (operation, kind) in [
        ("create_subaccount", "create-subaccount"),
        ("set_subaccount_products", "set-products"),
    ] {
        let validator = validator(kind);
        let examples = digicert_types::examples::EXAMPLES.iter();
        let requests: Vec<_> = examples
            .filter(|example| (example.operation, example.part) == (operation, "request"))
            .collect();
        assert!(!requests.is_empty());
        for request in requests {
            let document = serde_json::from_str(request.json).unwrap();
            assert!(validator.is_valid(&document), "{}", request.name);
        }
    }
}

#[test]
fn slips_are_marked_at_every_depth() {
    let products = validator("set-products");
    assert!(products.is_valid(&json!({"products": []})));
    for wrong in [
        json!({}),
        json!({"products": [], "curency": "USD"}),
        json!({"products": [{"name": "ssl_plus"}]}),
        json!({"products": [{"prices": [{"lifetime": 1, "cost": 1, "additional_cost": 1}]}]}),
        json!({"products": [{"prices": [{"lifetime": "1", "cost": 1}]}]}),
    ] {
        assert!(!products.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn a_context_is_described() {
    let context = validator("context");
    assert!(context.is_valid(&json!({})));
    assert!(context.is_valid(&json!({"parent": {"contract": "flat-fee"}})));
    assert!(!context.is_valid(&json!({"parent": {"contract": "gold"}})));
    assert!(!context.is_valid(&json!({"parnet": {}})));
}

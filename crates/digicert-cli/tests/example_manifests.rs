//! The manifests in `examples/`, which the README shows: planned and applied on a sandbox.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::on_sandbox::{OnSandbox, for_the_owner_alone, settled};
use crate::plan::subaccount;
use crate::program::{program, run};

const FILES: [&str; 2] = ["price-books.yaml", "customers.yaml"];

fn example(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/manifests");
    fs::read_to_string(folder.join(name)).unwrap()
}

fn with_example() -> OnSandbox {
    let on = OnSandbox::new();
    // The first subaccount of a sandbox has the ID of the documentation's samples.
    assert_eq!(subaccount(&on, "First Example"), 1_122_334);
    on.set_products(
        1_122_334,
        r#"{"currency": "USD", "products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 218}]},
            {"product_name_id": "code_signing", "prices": [{"lifetime": 1, "cost": 474}]}]}"#,
    );
    for name in FILES {
        on.folder.write(&format!("prices/{name}"), example(name));
    }
    let partner = on.folder.write("prices/keys/partner.key", on.partner_key());
    for_the_owner_alone(&partner);
    on
}

#[test]
fn the_example_is_planned_applied_and_then_there_is_nothing_to_do() {
    let on = with_example();
    let plan = on.run(&["plan", "prices", "--out", "plan.json"]);
    assert_eq!((plan.code, plan.stderr.as_str()), (1, ""));
    insta::assert_snapshot!("example_plan", settled(&plan.stdout));
    let apply = on.run(&["apply", "plan.json", "--yes", "--allow-disable"]);
    assert_eq!((apply.code, apply.stderr.as_str()), (0, ""), "{apply:?}");
    let folder = fs::canonicalize(on.folder.path()).unwrap();
    let shown = apply.stdout.replace(folder.to_str().unwrap(), "FOLDER");
    let shown = shown.replace(on.folder.path().to_str().unwrap(), "FOLDER");
    insta::assert_snapshot!("example_apply", settled(&shown));
    let again = on.run(&["plan", "prices"]);
    assert_eq!(again.code, 0, "{again:?}");
    insta::assert_snapshot!("example_plan_again", settled(&again.stdout));
}

/// As the README says.
#[test]
fn on_an_empty_sandbox_the_example_needs_its_first_subaccount() {
    let on = OnSandbox::new();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let first = examples.join("first-subaccount.yaml");
    let create = [
        "subaccount",
        "create",
        "-f",
        first.to_str().unwrap(),
        "--yes",
    ];
    let created = on.run(&create);
    assert_eq!(created.code, 0, "{created:?}");
    assert!(created.stdout.contains("subaccount 1122334"), "{created:?}");
    for name in FILES {
        on.folder.write(&format!("manifests/{name}"), example(name));
    }
    let partner = on
        .folder
        .write("manifests/keys/partner.key", on.partner_key());
    for_the_owner_alone(&partner);
    let plan = on.run(&["plan", "manifests"]);
    assert_eq!((plan.code, plan.stderr.as_str()), (1, ""), "{plan:?}");
    assert!(!plan.stdout.contains("Left out"), "{plan:?}");
    let apply = on.run(&["apply", "manifests", "--yes"]);
    assert_eq!(apply.code, 0, "{apply:?}");
}

#[test]
fn an_editor_takes_the_example_and_marks_a_slip() {
    let schema = run(program().args(["schema", "manifest"])).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let good: Value = serde_json::json!({"format_version": 1, "subaccounts": [
        {"id": 1, "price_book": "a", "without": ["b"], "products": [{"product_name_id": "c"}]},
        {"create": {"account_type": "retail", "allowed_grandchildren": [],
            "user": {"first_name": "A", "last_name": "B", "email": "c@example.com"},
            "organization": {"name": "D", "address": "E", "zip": "F", "city": "G", "state": "H",
                "country": "US"}}}],
        "price_books": {"a": {"products": []}},
        "billing_links": [{"partner_api_key_file": "x", "api_key_file": "y"}]});
    assert!(validator.is_valid(&good));
    for slip in [
        serde_json::json!({}),
        serde_json::json!({"format_version": 2}),
        serde_json::json!({"format_version": 1, "subaccount": []}),
        serde_json::json!({"format_version": 1, "subaccounts": [{"id": 0}]}),
        serde_json::json!({"format_version": 1, "subaccounts": [{"prise_book": "a"}]}),
        serde_json::json!({"format_version": 1, "price_books": {"a": {"product": []}}}),
    ] {
        assert!(!validator.is_valid(&slip), "{slip}");
    }
}

#[test]
fn the_readme_shows_the_plan_of_the_example() {
    let readme = include_str!("../README.md");
    let snapshot = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots/digicert__example_manifests__example_plan.snap");
    let snapshot = fs::read_to_string(snapshot).unwrap();
    let plan = snapshot.splitn(3, "---\n").nth(2).unwrap();
    let plan = plan.replace("ORIGIN", "http://127.0.0.1:8700");
    assert!(
        readme.contains(plan.trim_end()),
        "the README shows another plan:\n{plan}"
    );
    for name in FILES {
        assert!(readme.contains(name), "{name}");
    }
}

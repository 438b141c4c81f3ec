//! The documents in `examples/`, which the README shows.

use serde_json::Value;

use crate::program::{Run, program, run};

fn validate(arguments: &[&str]) -> Run {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    run(program()
        .arg("validate")
        .args(arguments)
        .current_dir(folder))
}

#[test]
fn the_products_sample_yields_exactly_two_findings() {
    let run = validate(&["--format", "json", "set-products.json"]);
    assert_eq!(
        run.rules(),
        ["price-defaults", "additional-cost-exceeds-base"]
    );
    assert_eq!(run.code, 0);
    assert_eq!(
        validate(&["--deny", "warnings", "set-products.json"]).code,
        1
    );
}

#[test]
fn the_products_sample_for_people() {
    insta::assert_snapshot!("products_sample", validate(&["set-products.json"]).stdout);
}

#[test]
fn the_products_sample_in_colour() {
    let run = validate(&["--color", "always", "set-products.json"]);
    insta::assert_snapshot!(
        "products_sample_in_colour",
        run.stdout.replace('\x1b', "ESC")
    );
}

#[test]
fn the_products_sample_is_that_of_the_documentation() {
    let sample = digicert_types::examples::find("set_subaccount_products", "request", "sample");
    let text = include_str!("../examples/set-products.json");
    assert_eq!(text.trim_end(), sample.unwrap().json);
}

#[test]
fn the_creation_sample_is_clean() {
    let run = validate(&["--format", "json", "create-subaccount.yaml"]);
    assert_eq!(run.json()["files"][0]["kind"], "create-subaccount");
    assert!(run.rules().is_empty(), "{run:?}");
}

#[test]
fn the_context_says_what_would_be_switched_off() {
    let run = validate(&[
        "--format",
        "json",
        "--context",
        "context.yaml",
        "set-products.json",
    ]);
    assert!(
        run.rules().contains(&"product-dropped".to_owned()),
        "{run:?}"
    );
    let findings = run.json()["files"][0]["findings"]
        .as_array()
        .unwrap()
        .clone();
    let dropped = findings
        .iter()
        .find(|finding| finding["rule"] == "product-dropped")
        .unwrap();
    assert_eq!(dropped["pointer"], Value::from("/products"));
    assert!(
        dropped["message"]
            .as_str()
            .unwrap()
            .contains("code_signing"),
        "{dropped}"
    );
}

//! `digicert plan`: what it shows, and what it refuses, on a sandbox.

use digicert_client::types::certcentral::SubaccountType;
use serde_json::Value;

use crate::on_sandbox::{OnSandbox, request};
use crate::program::Run;

/// Prices of all subaccounts.
pub(crate) const BOOK: &str = "\
format_version: 1
price_books:
  partners:
    currency: USD
    products:
      - product_name_id: ssl_plus
        prices: [{lifetime: 1, cost: 218}]
      - product_name_id: code_signing
        prices: [{lifetime: 1, cost: 474}]
";

/// The same as what the service has of it.
pub(crate) const LIVE: &str = r#"{"currency": "USD", "products": [
    {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": "218.00"}]},
    {"product_name_id": "code_signing", "prices": [{"lifetime": 1, "cost": 474}]}]}"#;

pub(crate) const CREATE: &str = "      account_type: managed
      bill_parent: true
      allowed_grandchildren: []
      user: {first_name: Rita, last_name: Example, email: rita@example.com}
      organization: {name: New Example, address: 1 Example Street, zip: '43604', city: Toledo, state: OH, country: US}
";

/// Subaccounts of the price book, by their IDs.
pub(crate) fn subaccounts(ids: &[i64]) -> String {
    let lines = ids
        .iter()
        .map(|id| format!("  - {{id: {id}, price_book: partners}}\n"));
    format!(
        "format_version: 1\nsubaccounts:\n{}",
        lines.collect::<String>()
    )
}

/// A subaccount that is billed to its parent.
pub(crate) fn subaccount(on: &OnSandbox, organization: &str) -> i64 {
    let mut request = request(organization, SubaccountType::Retail);
    request.bill_parent = Some(true);
    let created = on.block_on(on.client().create_subaccount(&request));
    created.unwrap().id.unwrap()
}

/// A sandbox with so many subaccounts that have what the price book says, and their manifests.
pub(crate) fn with_subaccounts(count: usize) -> (OnSandbox, Vec<i64>) {
    let on = OnSandbox::new();
    let ids: Vec<_> = (0..count)
        .map(|number| {
            let id = subaccount(&on, &format!("Example {number}"));
            on.set_products(id, LIVE);
            id
        })
        .collect();
    on.folder.write("prices/books.yaml", BOOK);
    on.folder
        .write("prices/subaccounts.yaml", subaccounts(&ids));
    (on, ids)
}

fn codes(run: &Run) -> (i32, &str) {
    (run.code, run.stderr.as_str())
}

#[test]
fn nothing_to_do_is_exit_code_0() {
    let (on, _) = with_subaccounts(3);
    let run = on.run(&["plan", "prices"]);
    assert_eq!(codes(&run), (0, ""));
    assert_eq!(run.stdout, "Plan: nothing to do, 3 unchanged.\n");
}

/// One subaccount is repriced and loses a product, one is new to the service, one is created.
fn with_changes() -> OnSandbox {
    let (on, ids) = with_subaccounts(2);
    on.set_products(
        ids[0],
        r#"{"currency": "USD", "products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 200}]},
            {"product_name_id": "code_signing", "prices": [{"lifetime": 1, "cost": 474}]},
            {"product_name_id": "secure_site_pro_ev_ssl"}]}"#,
    );
    on.set_products(ids[1], r#"{"products": []}"#);
    let creation = format!(
        "format_version: 1\nsubaccounts:\n  - create:\n{CREATE}    key_out: keys/new.key\n    \
         price_book: partners\n    without: [code_signing]\nbilling_links:\n  \
         - partner_api_key_file: keys/partner.key\n    api_key_file: keys/new.key\n"
    );
    on.folder.write("prices/new.yaml", creation);
    on
}

#[test]
fn changes_for_people() {
    let on = with_changes();
    let run = on.run(&["plan", "prices"]);
    assert_eq!(codes(&run), (1, ""));
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn changes_for_a_pull_request() {
    let on = with_changes();
    let run = on.run(&["plan", "prices", "--format", "markdown"]);
    assert_eq!(codes(&run), (1, ""));
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn changes_as_json_are_the_plan_itself() {
    let on = with_changes();
    let run = on.run(&["plan", "prices", "--format", "json", "--out", "plan.json"]);
    assert_eq!(codes(&run), (1, ""));
    let file = std::fs::read_to_string(on.folder.path().join("plan.json")).unwrap();
    assert_eq!(run.stdout, file);
    let plan: Value = serde_json::from_str(&file).unwrap();
    // They differ from run to run, because the port does.
    let sha256 = plan["plan_sha256"].as_str().unwrap();
    let text = on.settled(&file).replace(sha256, "SHA256");
    insta::assert_snapshot!(text);
}

#[test]
fn the_same_plan_is_made_from_the_same_state() {
    let on = with_changes();
    let first = on.run(&["plan", "prices", "--format", "json"]);
    let second = on.run(&["plan", "prices", "--format", "json"]);
    assert_eq!(first.stdout, second.stdout);
}

#[test]
fn i8_thresholds_refuse_and_say_what_lets_it() {
    let (on, ids) = with_subaccounts(2);
    on.set_products(
        ids[0],
        r#"{"currency": "USD", "products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 40}]},
            {"product_name_id": "a"}, {"product_name_id": "b"}, {"product_name_id": "c"}]}"#,
    );
    let run = on.run(&["plan", "prices", "--max-subaccounts", "0"]);
    assert_eq!(run.code, 5);
    insta::assert_snapshot!(run.stdout);
    let allowed = on.run(&[
        "plan",
        "prices",
        "--max-disabled-share",
        "75",
        "--max-price-factor",
        "6",
    ]);
    assert_eq!(codes(&allowed), (1, ""));
}

#[test]
fn errors_of_the_rules_refuse_before_anything_is_read() {
    let on = OnSandbox::new();
    on.folder
        .write("prices/books.yaml", BOOK.replace("474", "-1"));
    on.folder
        .write("prices/subaccounts.yaml", subaccounts(&[1]));
    let run = on.run(&["plan", "prices"]);
    assert_eq!(run.code, 5);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn a_fault_in_a_manifest_is_exit_code_2_and_nothing_is_asked() {
    let on = OnSandbox::new();
    on.folder
        .write("prices/a.yaml", "format_version: 1\nsubaccount: []\n");
    let mut program = on.without_keys(&["plan", "prices"]);
    let run = crate::program::run(&mut program);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        "error: prices/a.yaml:2:1: a manifest has no field `subaccount`; did you mean `subaccounts`?\n\
         error: 1 fault in the manifests; `digicert schema manifest` describes their format\n"
    );
}

#[test]
fn one_that_cannot_be_read_does_not_stop_the_others() {
    let (on, ids) = with_subaccounts(2);
    on.set_products(ids[1], r#"{"products": []}"#);
    on.folder.write(
        "prices/subaccounts.yaml",
        subaccounts(&[ids[0], 99, ids[1]]),
    );
    let run = on.run(&["plan", "prices"]);
    assert_eq!(run.code, 3);
    assert!(
        run.stdout
            .contains("subaccount 99 (prices/subaccounts.yaml:4): "),
        "{run:?}"
    );
    assert!(
        run.stdout.contains(
            "Plan: 1 subaccount to change (2 products enabled), 1 unchanged, \
             1 that could not be read."
        ),
        "{run:?}"
    );
}

#[test]
fn a_creation_that_is_there_already_is_no_creation() {
    let on = OnSandbox::new();
    let id = subaccount(&on, "new example");
    on.folder.write("prices/books.yaml", BOOK);
    let creation = format!(
        "format_version: 1\nsubaccounts:\n  - create:\n{CREATE}    key_out: new.key\n    \
         price_book: partners\n"
    );
    on.folder.write("prices/new.yaml", creation);
    let run = on.run(&["plan", "prices"]);
    assert_eq!(codes(&run), (1, ""));
    assert!(
        run.stdout
            .starts_with(&format!("Subaccount {id}, price book partners")),
        "{run:?}"
    );
    on.set_products(id, LIVE);
    assert_eq!(on.run(&["plan", "prices"]).code, 0);
    subaccount(&on, "NEW EXAMPLE");
    let run = on.run(&["plan", "prices"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stdout
            .contains("there are 2 subaccounts of that organization"),
        "{run:?}"
    );
}

#[test]
fn a_plan_does_not_stand_among_the_manifests() {
    let (on, _) = with_subaccounts(1);
    let run = on.run(&["plan", "prices", "--out", "prices/plan.json"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("would stand among the manifests"),
        "{run:?}"
    );
}

#[test]
fn a_subaccount_that_pays_for_itself_has_no_other_prices_to_get() {
    let on = OnSandbox::new();
    let mut request = request("Self", SubaccountType::Retail);
    request.bill_parent = Some(false);
    let created = on
        .block_on(on.client().create_subaccount(&request))
        .unwrap();
    let id = created.id.unwrap();
    on.set_products(id, &LIVE.replace("218.00", "1"));
    on.folder.write("prices/books.yaml", BOOK);
    on.folder
        .write("prices/subaccounts.yaml", subaccounts(&[id]));
    let run = on.run(&["plan", "prices"]);
    assert_eq!(codes(&run), (0, ""), "{run:?}");
}

//! `digicert plan` shows everything that applying it sends: for creations too, and in which currency.

use digicert_client::types::certcentral::SubaccountType;
use serde_json::json;

use crate::on_sandbox::{OnSandbox, for_the_owner_alone, request, settled};
use crate::plan::{BOOK, CREATE, with_subaccounts};
use crate::program::Run;

const RECKLESS: &str = "\
format_version: 1
price_books:
  partners:
    currency: JPY
    balance_negative_limit: 500000
    products:
      - product_name_id: ssl_plus
        prices: [{lifetime: 1, cost: 0}]
      - product_name_id: code_signing
        prices: [{lifetime: 1, cost: 47400}]
      - product_name_id: ssl_ev_plus
";

/// A creation with this book, changed in one place.
fn creating(book: &str, from: &str, to: &str) -> OnSandbox {
    let on = OnSandbox::new();
    on.folder.write("prices/books.yaml", book);
    let create = CREATE.replace(from, to);
    assert!(from.is_empty() || create != CREATE);
    let creation = format!(
        "format_version: 1\nsubaccounts:\n  - create:\n{create}    key_out: new.key\n    \
         price_book: partners\n"
    );
    on.folder.write("prices/new.yaml", creation);
    on
}

#[track_caller]
fn shows(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
}

#[test]
fn i8_a_creation_is_shown_with_who_gets_access_who_pays_and_every_price() {
    let to = "allowed_grandchildren: [retail, reseller]";
    let on = creating(RECKLESS, "allowed_grandchildren: []", to);
    let run = on.run(&["plan", "prices"]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    insta::assert_snapshot!("i8_creation_for_people", settled(&run.stdout));
    let run = on.run(&["plan", "prices", "--format", "markdown"]);
    insta::assert_snapshot!(
        "i8_creation_for_a_pull_request",
        on.without_port(&run.stdout)
    );
    let creation = &on.run(&["plan", "prices", "--format", "json"]).json()["creations"][0];
    assert_eq!(creation["request"]["user"]["email"], "rita@example.com");
    assert_eq!(creation["request"]["bill_parent"], true);
    let products = &creation["change"]["products"];
    assert_eq!(products[0]["product_name_id"], "code_signing");
    assert_eq!(products[0]["prices"][0]["to"], 47400);
    assert_eq!(creation["change"]["balance_negative_limit"]["to"], 500_000);
    let cautions = json!([
        {"caution": "other_currency", "currency": "JPY"},
        {"caution": "price_of_zero", "products": ["ssl_plus"]},
        {"caution": "without_prices", "products": ["ssl_ev_plus"]},
    ]);
    assert_eq!(creation["cautions"], cautions);
}

#[test]
fn i8_a_creation_that_pays_for_itself_shows_its_prices_as_ignored() {
    let on = creating(&BOOK.replace("USD", "EUR"), "      bill_parent: true\n", "");
    let run = on.run(&["plan", "prices"]);
    shows(
        &run,
        &[
            "    Parent pays for its orders  no\n",
            "  + currency: EUR (ignored)\n",
            "      1 year  cost  218  ignored\n",
            "New Example pays for itself, so the service ignores the currency and prices given here",
        ],
    );
}

#[test]
fn a_price_is_shown_with_its_currency_and_both_if_it_changes() {
    let (on, ids) = with_subaccounts(2);
    for (id, currency, cost) in [(ids[0], "JPY", 47400), (ids[1], "EUR", 474)] {
        let live = json!({"currency": currency, "products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 218}]},
            {"product_name_id": "code_signing", "prices": [{"lifetime": 1, "cost": cost}]}]});
        on.set_products(id, &live.to_string());
    }
    let without = BOOK
        .replace("    currency: USD\n", "")
        .replace("474", "20000");
    on.folder.write("prices/books.yaml", without);
    let run = on.run(&["plan", "prices"]);
    shows(&run, &["47400 → 20000 JPY", "474 → 20000 EUR"]);
    on.folder
        .write("prices/books.yaml", BOOK.replace("474", "20000"));
    let run = on.run(&["plan", "prices"]);
    shows(&run, &["47400 JPY → 20000 USD", "474 EUR → 20000 USD"]);
    let run = on.run(&["plan", "prices", "--format", "markdown"]);
    shows(
        &run,
        &["| 47400 JPY | 20000 USD |", "| 474 EUR | 20000 USD |"],
    );
}

#[test]
fn the_first_line_says_which_account_at_which_service_by_which_profile() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], r#"{"products": []}"#);
    let key = on.key_file("sandbox.key");
    let config = format!(
        "default_profile = 'trial'\n[profiles.trial]\norigin = '{}'\napi_key_file = '{}'\n",
        on.sandbox.origin(),
        key.display()
    );
    on.folder.write("home/.config/digicert/config.toml", config);
    let first = format!(
        "Account 1122331 (Sandbox parent account) at {}, profile trial",
        on.sandbox.origin()
    );
    let run = on.folder.run(&["plan", "prices", "--out", "plan.json"]);
    assert!(run.stdout.starts_with(&format!("{first}\n\n")), "{run:?}");
    let run = on.folder.run(&["apply", "plan.json"]);
    assert!(run.stdout.starts_with(&format!("{first}\n\n")), "{run:?}");
    let run = on.folder.run(&["apply", "prices"]);
    assert!(run.stdout.starts_with(&format!("{first}\n\n")), "{run:?}");
    // The profile by which it was made is no part of a plan.
    let (by_profile, without) = (
        on.folder
            .run(&["plan", "prices", "--format", "json"])
            .stdout,
        on.run(&["plan", "prices", "--format", "json"]).stdout,
    );
    assert_eq!(by_profile, without);
    let run = on.run(&["plan", "prices", "--format", "markdown"]);
    shows(
        &run,
        &["\n\nAccount 1122331 (Sandbox parent account) at http"],
    );
}

#[test]
fn i8_a_plan_that_is_applied_shows_what_was_shown_when_it_was_made() {
    let (on, ids) = with_subaccounts(3);
    for (id, cost) in [(ids[0], 45), (ids[1], 300), (ids[2], 200)] {
        on.set_products(id, &format!(
            r#"{{"currency": "EUR", "products": [{{"product_name_id": "ssl_plus", "prices": [{{"lifetime": 1, "cost": {cost}.10}}]}}]}}"#));
    }
    on.folder.write(
        "prices/new.yaml",
        format!("format_version: 1\nsubaccounts:\n  - create:\n{CREATE}    key_out: new.key\n    price_book: partners\n"),
    );
    let planned = on.run(&[
        "plan",
        "prices",
        "--out",
        "plan.json",
        "--max-price-factor",
        "9",
    ]);
    assert_eq!(planned.code, 1, "{planned:?}");
    shows(&planned, &["45.1 EUR → 218 USD", "(3 currencies changed, "]);
    let shown = on.run(&["apply", "plan.json", "--allow-currency-change"]);
    assert_eq!(shown.code, 5, "{shown:?}");
    assert_eq!(shown.stdout.trim_end(), planned.stdout.trim_end());
    let as_json = on.run(&[
        "apply",
        "plan.json",
        "--allow-currency-change",
        "--format",
        "json",
    ]);
    assert!(as_json.stderr.contains("45.1 EUR → 218 USD"), "{as_json:?}");
}

#[test]
fn subaccounts_are_named_as_the_service_names_them() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], r#"{"products": []}"#);
    let name = format!("{} (Example 0)", ids[0]);
    let run = on.run(&["plan", "prices"]);
    shows(&run, &[&format!("Subaccount {name}, price book partners")]);
    let run = on.run(&["plan", "prices", "--format", "markdown"]);
    shows(&run, &[&format!("<summary>Subaccount {name}: ")]);
    let plan = on.run(&["plan", "prices", "--format", "json"]).json();
    assert_eq!(plan["changes"][0]["organization_name"], "Example 0");
    let run = on.run(&["apply", "prices", "--yes"]);
    shows(
        &run,
        &[&format!(
            "subaccount {name} (prices/subaccounts.yaml:3): done"
        )],
    );
}

#[test]
fn a_payer_is_shown_with_the_account_that_its_orders_are_billed_to() {
    let on = OnSandbox::new();
    let managed = request("Beta Ltd", SubaccountType::Managed);
    let created = on
        .block_on(on.client().create_subaccount(&managed))
        .unwrap();
    let key = created.api_key.unwrap();
    for (file, key) in [
        ("beta.key", key.expose_secret()),
        ("partner.key", on.partner_key()),
    ] {
        for_the_owner_alone(&on.folder.write(file, key));
    }
    on.folder.write(
        "links.yaml",
        "format_version: 1\nbilling_links:\n  \
         - {partner_api_key_file: partner.key, api_key_file: beta.key}\n",
    );
    let pays = format!(
        "account {} (Beta Ltd) with billing account 1122331 (Sandbox parent account) pays",
        created.id.unwrap()
    );
    shows(&on.run(&["plan", "links.yaml"]), &[&pays]);
    let plan = on.run(&["plan", "links.yaml", "--format", "json"]).json();
    assert_eq!(
        plan["billing_links"][0]["pays"]["billing_account_id"],
        1_122_331
    );
    shows(&on.run(&["apply", "links.yaml", "--yes"]), &[&pays]);
}

#[test]
fn an_error_that_refuses_a_plan_is_said_once() {
    let (on, _) = with_subaccounts(1);
    on.folder
        .write("prices/books.yaml", BOOK.replace("474", "-1"));
    let run = on.run(&["apply", "prices", "--yes"]);
    assert_eq!(run.code, 5);
    let said = [&*run.stdout, &*run.stderr].concat();
    assert_eq!(said.matches("books.yaml:9").count(), 1, "{said}");
}

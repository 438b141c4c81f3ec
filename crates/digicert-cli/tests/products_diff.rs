//! `digicert products diff`.

use digicert_client::types::certcentral::SubaccountType;

use crate::on_sandbox::{OnSandbox, request};

/// What the subaccount has.
pub(crate) const LIVE: &str = r#"{"currency": "USD", "pricing_method": "custom", "balance_negative_limit": "222",
  "products": [
    {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 218}, {"lifetime": 2, "cost": 400.5}]},
    {"product_name_id": "ssl_multi_domain", "prices": [{"lifetime": 1, "cost": 412, "additional_fqdn_cost": 135}]},
    {"product_name_id": "ssl_wildcard", "prices": [{"lifetime": 1, "cost": 688, "additional_wildcard_cost": 658}]}]}"#;

/// The same in another spelling.
pub(crate) const SAME: &str = r"
currency: USD
pricing_method: Custom
products:
  - product_name_id: ssl_wildcard
    prices: [{lifetime: 1, cost: 688.00, additional_wildcard_cost: 658, additional_fqdn_cost: 0}]
  - product_name_id: ssl_multi_domain
    prices: [{lifetime: 1, cost: 412.0, additional_fqdn_cost: 135}]
  - product_name_id: ssl_plus
    prices: [{lifetime: 2, cost: 400.50}, {lifetime: 1, cost: 218}]
";

/// One product more, one repriced harmlessly; no danger.
pub(crate) const HARMLESS: &str = r#"{"products": [
    {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 230}, {"lifetime": 2, "cost": 400.5}]},
    {"product_name_id": "ssl_multi_domain", "prices": [{"lifetime": 1, "cost": 412, "additional_fqdn_cost": 135}]},
    {"product_name_id": "ssl_ev_plus", "prices": [{"lifetime": 1, "cost": 344}]},
    {"product_name_id": "ssl_wildcard", "prices": [{"lifetime": 1, "cost": 688, "additional_wildcard_cost": 658}]}]}"#;

/// Every danger at once.
pub(crate) const DANGEROUS: &str = r#"{"currency": "EUR", "products": [
    {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 2180}, {"lifetime": 2, "cost": 400.5}]},
    {"product_name_id": "ssl_multi_domain", "prices": [{"lifetime": 1, "cost": 412, "additional_fqdn_cost": 135}]}]}"#;

/// A sandbox with a subaccount that has [`LIVE`], and its ID.
pub(crate) fn started() -> (OnSandbox, String) {
    let test = OnSandbox::new();
    let id = subaccount(&test, true);
    test.set_products(id, LIVE);
    (test, id.to_string())
}

/// A subaccount that the parent pays for, or that pays for itself.
fn subaccount(test: &OnSandbox, bill_parent: bool) -> i64 {
    let mut creation = request("Example \u{1b}[2J Company", SubaccountType::Retail);
    creation.bill_parent = Some(bill_parent);
    let created = test.block_on(test.client().create_subaccount(&creation));
    created.unwrap().id.unwrap()
}

/// A text with words for what differs from run to run.
pub(crate) fn settled(test: &OnSandbox, id: &str, output: &str) -> String {
    let folder = test.folder.path().display().to_string();
    crate::on_sandbox::settled(output)
        .replace(&folder, "FOLDER")
        .replace(id, "ID")
}

#[test]
fn every_kind_of_difference_is_shown_and_1() {
    let (test, id) = started();
    test.folder.write("acme.json", DANGEROUS);
    let run = test.run(&["products", "diff", &id, "-f", "acme.json"]);
    insta::assert_snapshot!("diff", settled(&test, &id, &run.stdout));
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
}

#[test]
fn the_same_in_another_spelling_is_no_difference_and_0() {
    let (test, id) = started();
    test.folder.write("acme.yaml", SAME);
    let run = test.run(&["products", "diff", &id, "-f", "acme.yaml"]);
    insta::assert_snapshot!("diff_same", settled(&test, &id, &run.stdout));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn in_json_a_difference_has_a_version_and_its_dangers() {
    let (test, id) = started();
    test.folder.write("acme.json", DANGEROUS);
    let run = test.run(&[
        "products",
        "diff",
        &id,
        "-f",
        "acme.json",
        "--format",
        "json",
    ]);
    let json = run.json();
    assert_eq!(run.code, 1);
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["origin"], test.sandbox.origin());
    assert_eq!(json["subaccount_id"].to_string(), id);
    let fingerprint = json["live_fingerprint"].as_str().unwrap();
    assert!(fingerprint.starts_with("sha256:") && fingerprint.len() == 71);
    let dangers = json["change"]["dangers"].as_array().unwrap();
    let words: Vec<_> = dangers
        .iter()
        .map(|danger| danger["word"].as_str().unwrap())
        .collect();
    assert_eq!(
        words,
        [
            "--allow-disable",
            "--allow-currency-change",
            "--allow-price-jump"
        ]
    );
    assert_eq!(json["change"]["counts"]["disabled"], 1);
    let rules: Vec<_> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect();
    assert!(rules.contains(&"product-dropped"), "{rules:?}");
}

#[test]
fn errors_in_the_file_are_1_and_need_no_key() {
    let test = OnSandbox::new();
    test.folder.write(
        "acme.json",
        r#"{"products": [{"product_name_id": "ssl_plus",
      "prices": [{"lifetime": 0, "cost": -1}]}]}"#,
    );
    let run =
        crate::program::run(&mut test.without_keys(&["products", "diff", "1", "-f", "acme.json"]));
    assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{run:?}");
    assert!(run.stdout.contains("acme.json:2:"), "{run:?}");
    let run = crate::program::run(&mut test.without_keys(&[
        "products",
        "diff",
        "1",
        "-f",
        "acme.json",
        "--format",
        "json",
    ]));
    assert!(
        run.json()["change"].is_null() && run.json()["findings"].as_array().unwrap().len() >= 2
    );
}

#[test]
fn i10_what_cannot_be_compared_is_an_error_and_no_panic() {
    let (test, id) = started();
    for text in [
        "",
        "[]",
        "{",
        "products: 1",
        "\u{0}",
        "{\"products\": null}",
        "a: &x 1\nproducts: *x\n",
    ] {
        test.folder.write("acme.yaml", text);
        let run = test.run(&["products", "diff", &id, "-f", "acme.yaml"]);
        assert!(run.code == 1 || run.code == 2, "{text:?}: {run:?}");
        assert!(!run.stderr.contains("panicked"), "{run:?}");
    }
    let run = test.run(&["products", "diff", &id, "-f", "missing.yaml"]);
    assert_eq!(run.code, 2);
}

#[test]
fn a_subaccount_that_pays_for_itself_has_no_prices_to_change() {
    let test = OnSandbox::new();
    let id = subaccount(&test, false);
    test.set_products(id, r#"{"products": [{"product_name_id": "ssl_plus"}]}"#);
    test.folder.write("acme.json", r#"{"products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 9}]}]}"#);
    let id = id.to_string();
    let run = test.run(&["products", "diff", &id, "-f", "acme.json"]);
    insta::assert_snapshot!("diff_self_billed", settled(&test, &id, &run.stdout));
    assert_eq!(run.code, 0);
}

#[test]
fn nothing_of_a_pipe_is_coloured_and_a_terminal_that_wants_it_is() {
    let (test, id) = started();
    test.folder.write("acme.json", HARMLESS);
    let plain = test.run(&["products", "diff", &id, "-f", "acme.json"]);
    assert!(!plain.stdout.contains('\u{1b}'), "{plain:?}");
    let coloured = test.run(&[
        "products",
        "diff",
        &id,
        "-f",
        "acme.json",
        "--color",
        "always",
    ]);
    assert!(
        coloured.stdout.contains("\u{1b}[32m+\u{1b}[0m ssl_ev_plus"),
        "{coloured:?}"
    );
    assert!(
        !coloured.stdout.contains("\u{1b}[2J"),
        "the name of the organization"
    );
}

/// What stands in the change is not said once more above it, where twenty of it hide the rest; programs
/// get all of it.
#[test]
fn what_the_change_shows_is_said_once() {
    let (test, id) = started();
    let dropped = r#"{"products": [{"product_name_id": "ssl_plus",
        "prices": [{"lifetime": 1, "cost": 2.18}, {"lifetime": 2, "cost": 400.501}]}]}"#;
    test.folder.write("acme.json", dropped);
    let arguments = ["products", "diff", &id, "-f", "acme.json"];
    let run = test.run(&arguments);
    assert_eq!(run.code, 1, "{run:?}");
    for rule in ["product-dropped", "price-jump"] {
        assert!(
            !run.stdout.contains(&format!(" {rule}]")),
            "{rule}: {run:?}"
        );
    }
    assert!(run.stdout.contains("cost-too-precise]"), "{run:?}");
    assert!(
        run.stdout.contains("0 errors, 1 warning, 0 notes"),
        "{run:?}"
    );
    let json = test
        .run(&[&arguments[..], &["--format", "json"]].concat())
        .json();
    let findings = json["findings"].to_string();
    for rule in ["product-dropped", "price-jump", "cost-too-precise"] {
        assert!(findings.contains(rule), "{rule}: {findings}");
    }
}

#[test]
fn a_currency_that_is_ignored_needs_no_word_where_nothing_is_sent() {
    let test = OnSandbox::new();
    let id = subaccount(&test, false);
    test.set_products(id, r#"{"products": [{"product_name_id": "ssl_plus"}]}"#);
    let euro = r#"{"currency": "EUR", "products": [{"product_name_id": "ssl_plus"}]}"#;
    test.folder.write("acme.json", euro);
    let run = test.run(&["products", "diff", &id.to_string(), "-f", "acme.json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("→ EUR (ignored)"), "{run:?}");
    assert!(!run.stdout.contains("Dangerous"), "{run:?}");
    let run = test.run(&["products", "set", &id.to_string(), "-f", "acme.json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
}

#[test]
fn a_product_that_the_table_does_not_know_and_the_service_has_is_no_slip() {
    let (test, id) = started();
    let unknown = |cost: u32, name: &str| {
        let product = format!(
            r#"{{"product_name_id": "{name}", "prices": [{{"lifetime": 1, "cost": {cost}}}]}}"#
        );
        LIVE.replacen("[\n", &format!("[{product},\n"), 1)
    };
    test.set_products(id.parse().unwrap(), &unknown(10, "new_in_2027"));
    for (file, is_doubted) in [
        (unknown(11, "new_in_2027"), false),
        (unknown(11, "newer"), true),
    ] {
        test.folder.write("acme.json", file);
        let run = test.run(&["products", "diff", &id, "-f", "acme.json"]);
        assert_eq!(
            run.stdout.contains("product-unknown"),
            is_doubted,
            "{run:?}"
        );
    }
}

/// The rules take them, so whatever reads them afterwards has to read the same.
#[test]
fn numbers_of_yaml_that_json_writes_otherwise_are_the_numbers_that_the_rules_read() {
    let (test, id) = started();
    let one = r#"{"currency": "USD", "products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": COST}]}]}"#;
    for (written, meant) in [
        (".5", "0.5"),
        ("5.", "5"),
        ("+5", "5"),
        ("0400", "400"),
        ("0x10", "16"),
    ] {
        test.set_products(id.parse().unwrap(), &one.replace("COST", meant));
        let yaml = format!(
            "products: [{{product_name_id: ssl_plus, prices: [{{lifetime: 1, cost: {written}}}]}}]\n"
        );
        test.folder.write("acme.yaml", yaml);
        let run = test.run(&["products", "diff", &id, "-f", "acme.yaml"]);
        assert_eq!(
            (run.code, run.stderr.as_str()),
            (0, ""),
            "{written}: {run:?}"
        );
    }
}

#[test]
fn an_amount_as_a_spreadsheet_writes_it_is_an_error_that_says_how_to_write_it() {
    let (test, id) = started();
    for amount in [
        "1,218.00",
        "1.218,00",
        "1_218",
        "1 218",
        "$1218",
        "1218 USD",
        "€ 12,50",
    ] {
        let file = format!(
            r#"{{"products": [{{"product_name_id": "ssl_plus", "prices": [{{"lifetime": 1, "cost": "{amount}"}}]}}]}}"#
        );
        test.folder.write("acme.json", file);
        let run = test.run(&["products", "diff", &id, "-f", "acme.json"]);
        assert_eq!(run.code, 1, "{run:?}");
        let help = "write an amount with a decimal point, without commas, currency and quotes";
        assert!(run.stdout.contains(help), "{amount}: {run:?}");
    }
}

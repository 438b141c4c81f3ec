//! The commands that only read.

use serde_json::{Value, json};

use crate::on_sandbox::{OnSandbox, settled};

const PRODUCTS: &str = r#"{"currency": "USD", "pricing_method": "custom", "balance_negative_limit": "500",
  "products": [
    {"product_name_id": "ssl_multi_domain", "prices": [
      {"lifetime": 1, "cost": 412.00, "additional_fqdn_cost": 99999999.99},
      {"lifetime": 2, "cost": 700.5, "additional_fqdn_cost": 1, "additional_wildcard_cost": 0}]},
    {"product_name_id": "ssl_plus"}]}"#;

#[test]
fn a_list_of_subaccounts_ends_where_it_is_told_to() {
    let test = OnSandbox::new();
    for organization in ["One Inc.", "Two Inc.", "Three Inc."] {
        test.subaccount(organization);
    }
    for (limit, pages) in [("2", "1000"), ("2", "1"), ("3", "2")] {
        let arguments = ["subaccount", "list", "--limit", limit, "--page-size", pages];
        let run = test.run(&[&arguments[..], &["--format", "json"]].concat());
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(run.json()["count"].to_string(), limit);
        assert_eq!(
            test.run(&arguments).stdout.lines().count().to_string(),
            format!("{}", limit.parse::<usize>().unwrap() + 1)
        );
    }
}

#[test]
fn account_show() {
    let test = OnSandbox::new();
    let run = test.run(&["account", "show"]);
    insta::assert_snapshot!("account_show", settled(&run.stdout));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn account_show_as_json() {
    let test = OnSandbox::new();
    let json = test.run(&["account", "show", "--format", "json"]).json();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["origin"], test.sandbox.origin());
    assert_eq!(json["account"]["id"], 1_122_331);
}

#[test]
fn products_show() {
    let test = OnSandbox::new();
    let id = test.subaccount("Example Company");
    test.set_products(id, PRODUCTS);
    let run = test.run(&["products", "show", &id.to_string()]);
    insta::assert_snapshot!("products_show", run.stdout);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn i5_products_show_as_json_has_the_amounts_as_they_were_sent() {
    let test = OnSandbox::new();
    let id = test.subaccount("Example Company");
    test.set_products(id, PRODUCTS);
    let run = test.run(&["products", "show", &id.to_string(), "--format", "json"]);
    let json = run.json();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["subaccount_id"], id);
    assert_eq!(json["currency"], "USD");
    assert_eq!(json["products"][0]["product_name_id"], "ssl_multi_domain");
    for amount in ["\"cost\": 412", "99999999.99", "700.5"] {
        assert!(run.stdout.contains(amount), "{amount}: {}", run.stdout);
    }
}

#[test]
fn products_show_as_the_request_that_sets_them_again() {
    let test = OnSandbox::new();
    let id = test.subaccount("Example Company");
    test.set_products(id, PRODUCTS);
    let run = test.run(&["products", "show", &id.to_string(), "--as-request"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let products = &run.json()["products"];
    assert_eq!(
        products[0]["prices"][0],
        json!({"lifetime": 1, "cost": 412, "additional_fqdn_cost": 99_999_999.99})
    );
    test.folder.write("products.json", &run.stdout);
    let validated = test.folder.validate(&["products.json"]);
    assert_eq!(validated.code, 0, "{validated:?}");
    // Set on another subaccount, it gives the same.
    let other = test.subaccount("Other Company");
    test.set_products(other, &run.stdout);
    let of_the_other = test.run(&["products", "show", &other.to_string(), "--as-request"]);
    assert_eq!(of_the_other.stdout, run.stdout);
}

#[test]
fn products_show_without_products() {
    let test = OnSandbox::new();
    let id = test.subaccount("Example Company");
    let run = test.run(&["products", "show", &id.to_string()]);
    assert!(
        run.stdout.ends_with("No product is switched on.\n"),
        "{run:?}"
    );
    let json = test.run(&["products", "show", &id.to_string(), "--format", "json"]);
    assert_eq!(json.json()["products"], json!([]));
}

#[test]
fn subaccount_show() {
    let test = OnSandbox::frozen();
    let id = test.subaccount("Example Company");
    let run = test.run(&["subaccount", "show", &id.to_string()]);
    insta::assert_snapshot!("subaccount_show", run.stdout);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let json = test.run(&["subaccount", "show", &id.to_string(), "--format", "json"]);
    assert_eq!(json.json()["format_version"], 1);
    assert_eq!(json.json()["subaccount"]["account_id"], id);
}

#[test]
fn subaccount_list() {
    let test = OnSandbox::frozen();
    test.subaccount("Example Company");
    test.subaccount("Müller & Söhne");
    test.subaccount("株式会社 \u{202e}example");
    let run = test.run(&["subaccount", "list"]);
    insta::assert_snapshot!("subaccount_list", run.stdout);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn subaccount_list_has_every_subaccount_once_whatever_the_page_size() {
    let test = OnSandbox::new();
    let ids: Vec<_> = (1..=5)
        .map(|n| test.subaccount(&format!("Company {n}")))
        .collect();
    for size in ["1", "2", "3", "5", "6", "1000"] {
        let list = |format| {
            test.run(&[
                "subaccount",
                "list",
                "--page-size",
                size,
                "--format",
                format,
            ])
        };
        let json = list("json").json();
        assert_eq!(listed(&json), ids, "{size}");
        assert_eq!(json["count"], 5);
        let human = list("human");
        assert_eq!(human.stdout.lines().count(), 6, "{size}: {human:?}");
    }
}

#[test]
fn subaccount_list_searches_and_sorts() {
    let test = OnSandbox::new();
    let toledo = test.subaccount("Toledo Steel");
    let akron = test.subaccount("Akron Steel");
    let list = |arguments: &[&str]| {
        let arguments = [&["subaccount", "list", "--format", "json"], arguments].concat();
        listed(&test.run(&arguments).json())
    };
    assert_eq!(list(&[]), [toledo, akron]);
    assert_eq!(list(&["--search", "steel"]), [toledo, akron]);
    assert_eq!(list(&["--search", "toledo"]), [toledo]);
    assert_eq!(list(&["--name", "Steel"]), [0; 0]);
    assert_eq!(list(&["--name", "Akron Steel"]), [akron]);
    assert_eq!(list(&["--sort", "-account_id"]), [akron, toledo]);
    assert_eq!(
        list(&["--sort", "account_type,organization_name"]),
        [akron, toledo]
    );
}

#[test]
fn subaccount_list_without_subaccounts() {
    let test = OnSandbox::new();
    assert_eq!(
        test.run(&["subaccount", "list"]).stdout,
        "No subaccounts.\n"
    );
    let json = test.run(&["subaccount", "list", "--format", "json"]).json();
    assert_eq!(
        json,
        json!({"format_version": 1, "origin": test.sandbox.origin(), "subaccounts": [], "count": 0})
    );
}

#[test]
fn what_cannot_be_sorted_by_is_named_with_what_was_meant() {
    let test = OnSandbox::new();
    let run = test.run(&["subaccount", "list", "--sort", "-date_create"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("did you mean `date_created`?"),
        "{run:?}"
    );
}

#[test]
fn an_id_is_a_whole_number_from_1() {
    let test = OnSandbox::new();
    for id in ["0", "x", "1.5", "99999999999999999999"] {
        assert_eq!(test.run(&["products", "show", id]).code, 2, "{id}");
    }
}

fn listed(json: &Value) -> Vec<i64> {
    let subaccounts = json["subaccounts"].as_array().unwrap().iter();
    subaccounts
        .map(|subaccount| subaccount["account_id"].as_i64().unwrap())
        .collect()
}

#[test]
fn colours_change_no_word() {
    let test = OnSandbox::frozen();
    let id = test.subaccount("Example Company").to_string();
    for arguments in [
        &["account", "show"][..],
        &["subaccount", "list"],
        &["subaccount", "show", &id],
        &["products", "show", &id],
        &["doctor"],
    ] {
        let plain = test.run(arguments).stdout;
        let colourful = test
            .run(&[&["--color", "always"], arguments].concat())
            .stdout;
        assert_ne!(colourful, plain, "{arguments:?}");
        assert_eq!(without_colours(&colourful), plain, "{arguments:?}");
    }
}

fn without_colours(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').unwrap().1)
}

#[test]
fn what_has_no_room_in_the_address_is_refused_by_its_name_and_length() {
    let on = OnSandbox::new();
    on.subaccount("Example");
    for option in ["--name", "--search"] {
        for (text, is_refused) in [
            ("ä".repeat(200), false),
            ("ä".repeat(201), true),
            ("a".repeat(70_000), true),
        ] {
            let run = on.run(&["subaccount", "list", option, &text, "--format", "json"]);
            assert_eq!(run.code, if is_refused { 2 } else { 0 }, "{run:?}");
            let length = text.chars().count();
            let why = format!("the text of `{option}` has {length} characters, and at most 200 ");
            let message = run.json()["message"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            assert_eq!(message.starts_with(&why), is_refused, "{message}");
        }
    }
    let origin = format!("https://{}", "a".repeat(70_000));
    for arguments in [
        &["account", "show"][..],
        &["plan", "prices.yaml"],
        &["subaccount", "list"],
    ] {
        on.folder.write("prices.yaml", "format_version: 1\n");
        let run = on.run(&[arguments, &["--origin", &origin]].concat());
        let said = "error: the host name of the origin has 70000 characters, and a host name has at \
                    most 253\n";
        assert_eq!((run.code, run.stderr.as_str()), (2, said));
    }
    let sort = vec!["account_id"; 10_000].join(",");
    let run = on.run(&["subaccount", "list", "--sort", &sort]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (2, "error: `--sort` names `account_id` twice\n")
    );
}

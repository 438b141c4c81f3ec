//! Reading manifests: what they say, and what is wrong with them.

use std::fs;

use digicert_validate::{Context, validate};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

const BOOK: &str = "\
format_version: 1
price_books:
  partners:
    currency: USD
    products:
      - product_name_id: ssl_plus
        prices: [{lifetime: 1, cost: 218}]
      - product_name_id: ssl_basic
        prices: [{lifetime: 1, cost: 100.50}]
";

const CREATE: &str = "      account_type: managed
      allowed_grandchildren: []
      user: {first_name: A, last_name: B, email: a@example.com}
      organization: {name: Acme, address: X, zip: '1', city: Y, state: Z, country: US}
";

struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn manifest(&self) -> Manifest {
        match Manifest::read(self.0.path()) {
            Ok(manifest) => manifest,
            Err(unusable) => panic!("{unusable:?}"),
        }
    }

    fn faults(&self) -> Vec<String> {
        let folder = format!("{}/", self.0.path().display());
        match Manifest::read(self.0.path()) {
            Err(Unusable::Faulty(faults)) => {
                let shown = faults.shown.iter();
                shown
                    .map(|fault| fault.to_string().replace(&folder, ""))
                    .collect()
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_amount_with_a_comma_is_told_to_have_a_point() {
    for cost in ["218,50 ", "'218,50'", "'1,218.50'"] {
        let text = BOOK.replace("cost: 218", &format!("cost: {cost}"));
        let faults = faults_of(&text);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(
            faults[0].contains("write an amount with a decimal point, without commas"),
            "{faults:?}"
        );
    }
}

#[test]
fn a_merge_conflict_is_one_fault_where_it_begins() {
    let conflict = BOOK.replace(
        "    currency: USD\n",
        "<<<<<<< HEAD\n    currency: USD\n=======\n    currency: EUR\n>>>>>>> other\n",
    );
    let folder = Folder::with(&[
        ("books.yaml", &conflict),
        (
            "customers.yaml",
            "format_version: 1\nsubaccounts:\n  - {id: 1, price_book: partners}\n",
        ),
        ("customers.json", "<<<<<<< HEAD\n{}\n"),
    ]);
    let faults = folder.faults();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0].starts_with("books.yaml:4:1: a merge conflict begins here: keep one"));
    assert!(faults[1].starts_with("customers.json:1:1: a merge conflict begins here"));
}

fn faults_of(text: &str) -> Vec<String> {
    Folder::with(&[("a.yaml", text)]).faults()
}

fn wanted(subaccount: &Subaccount) -> Value {
    serde_json::to_value(&*subaccount.wanted().unwrap()).unwrap()
}

#[test]
fn a_subaccount_gets_the_price_book_with_its_own_changes() {
    let folder = Folder::with(&[
        ("prices.yaml", BOOK),
        (
            "subaccounts/all.json",
            r#"{"format_version": 1, "subaccounts": [
                {"id": 1, "price_book": "partners"},
                {"id": 2, "price_book": "partners", "without": ["ssl_plus"],
                 "balance_negative_limit": 500,
                 "products": [{"product_name_id": "ssl_wildcard"},
                              {"product_name_id": "ssl_basic", "prices": [{"lifetime": 1, "cost": 90}]}]}]}"#,
        ),
    ]);
    let manifest = folder.manifest();
    let [first, second] = &manifest.subaccounts[..] else {
        panic!("{manifest:?}")
    };
    assert_eq!(
        wanted(first),
        json!({"currency": "USD", "products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 218}]},
            {"product_name_id": "ssl_basic", "prices": [{"lifetime": 1, "cost": 100.5}]}]})
    );
    assert_eq!(
        wanted(second),
        json!({"currency": "USD", "balance_negative_limit": 500, "products": [
            {"product_name_id": "ssl_basic", "prices": [{"lifetime": 1, "cost": 90}]},
            {"product_name_id": "ssl_wildcard"}]})
    );
}

#[test]
fn a_creation_has_its_key_file_beside_the_manifest() {
    let text = format!(
        "format_version: 1\nsubaccounts:\n  - create:\n{CREATE}    key_out: keys/acme.key\n\
         billing_links:\n  - partner_api_key_file: partner.key\n    api_key_file: keys/acme.key\n"
    );
    let folder = Folder::with(&[("eu/acme.yaml", &text)]);
    let manifest = folder.manifest();
    let Target::Creation(creation) = &manifest.subaccounts[0].target else {
        panic!("{manifest:?}")
    };
    let key_out = folder.0.path().join("eu/keys/acme.key");
    assert_eq!(creation.key_out.as_ref(), Some(&key_out));
    assert_eq!(creation.name(), "Acme");
    assert_eq!(manifest.billing_links[0].api_key_file, key_out);
    assert!(manifest.subaccounts[0].wanted().is_none());
}

#[test]
fn every_fault_of_every_file_is_reported_with_its_place() {
    let folder = Folder::with(&[
        (
            "a.yaml",
            "format_version: 1\nprice_boks: {}\nprice_books:\n  x:\n    currency: USD\n    \
             products:\n      - product_name_id: ssl_plus\n        prizes: []\n",
        ),
        (
            "b.yaml",
            "subaccounts:\n  - id: '12'\n    price_book: x\n    colour: red\n",
        ),
        ("c.yaml", "a: [\n"),
        ("d.json", r#"{"products": []}"#),
        ("e.json", r#"{"format_version": 1, "plan_sha256": ""}"#),
        ("f.yaml", "format_version: 2\n"),
    ]);
    insta::assert_snapshot!(folder.faults().join("\n"));
}

#[test]
fn a_json_file_that_cannot_be_read_is_not_called_yaml() {
    for (text, expected) in [
        (
            "{\"format_version\": 1,\n \"price_books\": {}}}\n",
            "a.json:2:20: it is not JSON: trailing characters",
        ),
        (
            "{\"format_version\": 1,\n \"subaccounts\": [\n",
            "a.json:3:1: it is not JSON: EOF while parsing a list",
        ),
    ] {
        assert_eq!(Folder::with(&[("a.json", text)]).faults(), [expected]);
    }
    // The same in YAML is a fault of YAML.
    let faults = Folder::with(&[("a.yaml", "{\"a\": [\n")]).faults();
    assert!(faults[0].contains("it is not YAML: "), "{faults:?}");
}

#[test]
fn what_stands_twice_is_reported_with_both_places() {
    let create = format!("  - create:\n{CREATE}    key_out: acme.key\n");
    let subaccounts =
        format!("format_version: 1\nsubaccounts:\n  - {{id: 1, price_book: partners}}\n{create}");
    let links = "billing_links:\n  - {partner_api_key_file: p, api_key_file: a}\n  \
                 - {partner_api_key_file: x/../p, api_key_file: b}\n";
    let folder = Folder::with(&[
        ("a.yaml", &format!("{BOOK}{links}")),
        ("b.yaml", &subaccounts),
        ("c.yaml", &subaccounts.replace("Acme", "ACME ")),
        ("d.yaml", BOOK),
    ]);
    let folder_name = format!("{}/", folder.0.path().display());
    insta::assert_snapshot!(folder.faults().join("\n").replace(&folder_name, ""));
}

#[test]
fn a_subaccount_says_which_it_is_and_what_it_gets() {
    let subaccounts = format!(
        "{BOOK}subaccounts:
  - {{price_book: partners}}
  - {{id: 1}}
  - {{id: 2, without: [ssl_plus]}}
  - {{id: 3, price_book: partner}}
  - {{id: 4, price_book: partners, without: [ssl_plsu, ssl_plus, ssl_plus]}}
  - {{id: 5, price_book: partners, key_out: x}}
  - {{id: 6, price_book: partners, products: [{{product_name_id: ssl_plus}}], without: [ssl_plus]}}
  - {{id: 7, price_book: partners, products: [{{product_name_id: ssl_plus}}, {{product_name_id: ssl_plus}}, {{}}]}}
  - {{id: -8, price_book: partners}}
  - create:
{CREATE}"
    );
    insta::assert_snapshot!(faults_of(&subaccounts).join("\n"));
}

#[test]
fn a_finding_is_where_its_value_is_written() {
    let own = "\
format_version: 1
subaccounts:
  - id: 1
    price_book: partners
    products:
      - product_name_id: ssl_basic
        prices:
          - {lifetime: 1, cost: 1.999}
";
    let folder = Folder::with(&[("a.yaml", &BOOK.replace("218", "218.001")), ("b.yaml", own)]);
    let manifest = folder.manifest();
    let subaccount = &manifest.subaccounts[0];
    let report = validate(&*subaccount.wanted().unwrap(), &Context::default());
    let mut locator = Locator::new(&manifest);
    let places: Vec<_> = report
        .findings()
        .iter()
        .filter(|finding| finding.rule.name == "cost-too-precise")
        .map(|finding| locator.in_products(subaccount, finding))
        .map(|found| {
            let name = PathBuf::from(&found.path);
            let name = name.file_name().unwrap().display().to_string();
            (found.rule, name, found.line, found.column)
        })
        .collect();
    let expected =
        |name: &str, line, column| ("cost-too-precise".to_owned(), name.to_owned(), line, column);
    assert_eq!(
        places,
        [expected("a.yaml", 7, 38), expected("b.yaml", 8, 33)]
    );
}

#[test]
fn the_digest_tells_every_change_and_nothing_else() {
    let digest = |files: &[(&str, &str)]| Folder::with(files).manifest().digest;
    let first = digest(&[("a.yaml", BOOK)]);
    assert_eq!(digest(&[("a.yaml", BOOK)]), first);
    assert_ne!(digest(&[("b.yaml", BOOK)]), first);
    assert_ne!(digest(&[("a.yaml", &BOOK.replace("218", "219"))]), first);
    let empty = "format_version: 1\n";
    assert_ne!(digest(&[("a.yaml", BOOK), ("b.yaml", empty)]), first);
    assert_eq!(first.len(), 64);
}

#[test]
fn ten_thousand_subaccounts_in_one_file() {
    let lines = (1..=10_000).map(|id| format!("  - {{id: {id}, price_book: partners}}\n"));
    let text = format!("{BOOK}subaccounts:\n{}", lines.collect::<String>());
    let folder = Folder::with(&[("a.yaml", &text)]);
    let manifest = folder.manifest();
    assert_eq!(manifest.subaccounts.len(), 10_000);
    let books = manifest
        .subaccounts
        .iter()
        .filter_map(|subaccount| subaccount.price_book.as_ref());
    assert!(
        books
            .into_iter()
            .all(|book| Arc::ptr_eq(book, &manifest.price_books[0]))
    );
}

#[test]
fn the_schema_and_the_reader_know_the_same_fields() {
    let schema = serde_json::to_value(schemars::schema_for!(ManifestSchema)).unwrap();
    let fields = |schema: &Value| {
        let properties = schema["properties"].as_object().unwrap();
        let mut names: Vec<_> = properties.keys().cloned().collect();
        names.sort_unstable();
        names
    };
    // A field that the reader does not know is named with those that it does.
    let known = |text: &str| {
        let fault = faults_of(text)
            .into_iter()
            .find(|fault| fault.contains("qqqqqqqq"));
        let fault = fault.unwrap();
        let list = fault.split("; it has ").nth(1).unwrap();
        let mut names: Vec<_> = list
            .split(", ")
            .map(|name| name.trim_matches('`').to_owned())
            .collect();
        names.sort_unstable();
        names
    };
    let definitions = &schema["$defs"];
    assert_eq!(fields(&schema), known("format_version: 1\nqqqqqqqq: 1\n"));
    assert_eq!(
        fields(&definitions["SubaccountSchema"]),
        known("format_version: 1\nsubaccounts: [{qqqqqqqq: 1}]\n")
    );
    assert_eq!(
        fields(&definitions["BillingLinkSchema"]),
        known("format_version: 1\nbilling_links: [{qqqqqqqq: 1}]\n")
    );
}

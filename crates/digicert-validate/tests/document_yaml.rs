//! Documents in YAML: which findings they get, and where.

#![expect(clippy::expect_used, reason = "a test may fail")]

use digicert_validate::{Context, DocumentReport, Format, Kind, Validator};

fn check(text: &str) -> DocumentReport {
    Validator::new().check(text.as_bytes(), Format::Yaml, None, &Context::default())
}

/// `line:column pointer code` of the findings whose code begins so.
fn places(report: &DocumentReport, codes: &str) -> Vec<String> {
    let findings = report.report.findings().iter();
    let of_interest = findings.filter(|finding| finding.rule.code.starts_with(codes));
    of_interest
        .map(|finding| {
            let place = finding.place.expect("every finding has a place");
            let (pointer, code) = (&finding.pointer, finding.rule.code);
            format!("{}:{} {pointer} {code}", place.line, place.column)
        })
        .collect()
}

fn faults(text: &str) -> Vec<String> {
    places(&check(text), "DC0")
}

fn words(text: &str) -> String {
    let report = check(text);
    let findings = report.report.findings().iter();
    let of_document = findings.filter(|finding| finding.rule.code.starts_with("DC0"));
    let words = of_document.map(|finding| format!("{}; {}", finding.message, finding.help));
    words.collect::<Vec<_>>().join("\n")
}

const SOUND_CREATION: &str = "\
account_type: retail
allowed_grandchildren: [retail, enterprise]
child_name: Example Company, Toledo
# Orders are paid by the parent.
bill_parent: true
user:
  first_name: John
  last_name: 'Smith'
  email: \"john.smith@example.com\"
organization:
  name: >-
    Example Company,
    LLC
  address: 123 Main Street
  zip: '43604'
  city: Toledo
  state: Ohio
  country: US
";

const SOUND_PRODUCTS: &str = "\
%YAML 1.2
---
currency: USD
balance_negative_limit: '500'
products:
- product_name_id: ssl_plus
  prices: &prices
    - {lifetime: 1, cost: 412}
    - lifetime: !!int 2
      cost: 7.5e2
- product_name_id: !!str ssl_ev_plus
  prices: *prices
...
";

#[test]
fn a_sound_document_has_no_findings() {
    for (text, kind) in [
        (SOUND_CREATION, Kind::CreateSubaccount),
        (SOUND_PRODUCTS, Kind::SetProducts),
    ] {
        for text in [
            text.to_owned(),
            text.replace('\n', "\r\n"),
            format!("\u{feff}{text}"),
        ] {
            let report = check(&text);
            assert!(report.report.is_empty(), "{}", report.report);
            assert_eq!(report.kind, Some(kind));
        }
    }
}

#[test]
fn a_name_that_is_too_long_is_reported_where_the_design_says() {
    let long = "x".repeat(65);
    let text = SOUND_CREATION.replace("Example Company, Toledo", &long);
    let report = check(&text);
    assert_eq!(places(&report, "DC"), ["3:13 /child_name DC103"]);
    let place = report.report.findings()[0].place.unwrap();
    assert_eq!(text[place.offset..place.offset + place.length], long);
}

#[test]
fn values_have_the_type_and_the_place() {
    let text = "\
account_type: Retail
allowed_grandchildren:
  - retail
  - 5
bill_parent: yes
enforce_bill_parent: 'true'
max_allowed_multi_year_plan_length: .inf
account_manager_user_id: 0x1F
child_name: 2024
user:
  first_name: ~
  last_name:
  email: {}
  telephone: 555-0100
organization:
  zip: 01234
  name: |
    Example Company
  address: [123 Main Street]
  city: Toledo
  country: NO
";
    assert_eq!(
        faults(text),
        [
            "1:15 /account_type DC001",
            "4:5 /allowed_grandchildren/1 DC001",
            "5:14 /bill_parent DC001",
            "6:22 /enforce_bill_parent DC001",
            "7:37 /max_allowed_multi_year_plan_length DC001",
            "9:13 /child_name DC001",
            "11:15 /user/first_name DC001",
            "12:12 /user/last_name DC001",
            "13:10 /user/email DC001",
            "16:3 /organization DC001",
            "16:8 /organization/zip DC001",
            "19:12 /organization/address DC001",
        ]
    );
    insta::assert_snapshot!(words(text));
}

#[test]
fn costs_are_numbers() {
    let text = "\
products:
  - product_name_id: ssl_plus
    prices:
      - {lifetime: 1, cost: .nan}
      - {lifetime: 2, cost: '412'}
      - {lifetime: 3, cost: 1,412}
      - {lifetime: 4, cost: 123456789012345.67}
      - {lifetime: 5.5, cost: +1.5}
";
    assert_eq!(
        faults(text),
        [
            "4:29 /products/0/prices/0/cost DC001",
            "5:29 /products/0/prices/1/cost DC001",
            // In braces the comma ends the value.
            "6:31 /products/0/prices/2 DC001",
            "7:29 /products/0/prices/3/cost DC001",
            "8:20 /products/0/prices/4/lifetime DC001",
        ]
    );
}

/// What is odd about YAML, and everything that is reported about it.
const ODD: &[(&str, &[&str])] = &[
    ("", &["1:1  DC001"]),
    ("# nothing\n", &["1:1  DC001"]),
    ("---\n", &["2:1  DC001"]),
    ("products: []\n---\nproducts: []\n", &["2:1  DC001"]),
    ("products: []\n...\n---\ncurrency: USD\n", &["3:1  DC001"]),
    // Names that are none.
    ("products: []\n5: a\n", &["2:1  DC001"]),
    ("products: []\n? [a]\n: b\n", &["2:3  DC001"]),
    (
        "products: []\n? {a: [b]}\n: b\ncolour: 1\n",
        &["2:3  DC001", "4:9 /colour DC002"],
    ),
    ("products: []\n: b\n", &["2:1  DC001"]),
    ("products: &a []\n*a : b\n", &["2:1  DC001"]),
    ("products: []\ntrue: b\n", &["2:1  DC001"]),
    ("products: []\n'5': b\n", &["2:6 /5 DC002"]),
    // Merge keys.
    (
        "x: &x {currency: USD}\nproducts: []\n<<: *x\n",
        &["1:4 /x DC002", "3:5 /<< DC002"],
    ),
    // Repeated fields.
    (
        "products: []\n\"products\": []\n",
        &["2:13 /products DC001"],
    ),
    // Tags.
    ("products: !!seq []\n", &[]),
    ("products: !list []\n", &["1:11 /products DC001"]),
    (
        "currency: !!binary USD\nproducts: []\n",
        &["1:11 /currency DC001"],
    ),
    (
        "currency: !!int USD\nproducts: []\n",
        &["1:11 /currency DC001"],
    ),
    ("currency: ! 5\nproducts: []\n", &[]),
    ("currency: !!str 5\nproducts: []\n", &[]),
    ("balance_negative_limit: !!int '5'\nproducts: []\n", &[]),
    (
        "currency: !x!y USD\nproducts: []\n",
        &["1:11 /currency DC001"],
    ),
    // Aliases.
    ("currency: *a\nproducts: []\n", &["1:11 /currency DC001"]),
    ("currency: &a USD\npricing_method: *a\nproducts: []\n", &[]),
    (
        "currency: &a 5\nproducts: [*a]\n",
        &["1:11 /currency DC001", "2:12 /products/0 DC001"],
    ),
    ("products: &a [*a]\n", &["1:15 /products/0 DC001"]),
    (
        "products: &a\n- prices: *a\n",
        &["2:11 /products/0/prices DC001"],
    ),
    // What the parser cannot read, and what stands before it.
    ("products:\n\t- a\n", &["2:2 /products DC001"]),
    (
        "colour: 1\nproducts: [\n",
        &["1:9 /colour DC002", "3:1 /products DC001"],
    ),
    (
        "colour: 1\nproducts: {a: b\n",
        &[
            "1:9 /colour DC002",
            "2:11 /products DC001",
            "3:1 /products DC001",
        ],
    ),
    (
        "colour: 1\nproducts: ]\n",
        &["1:9 /colour DC002", "2:11 /products DC001"],
    ),
    (
        "colour: 1\nproducts: \"a\n",
        &["1:9 /colour DC002", "2:11 /products DC001"],
    ),
    (
        "colour: 1\nproducts: @\n",
        &["1:9 /colour DC002", "2:11 /products DC001"],
    ),
    (
        "colour: 1\nproducts: 'a' b\n",
        &["1:9 /colour DC002", "2:15 /products DC001"],
    ),
    ("colour: 1\n products: []\n", &["2:10  DC001"]),
    (
        "products:\n- a: 1\n b: 2\n",
        &["2:6 /products/0/a DC002", "3:2  DC001"],
    ),
    (
        "currency: 'ü'\nproducts: 5 # ü\nü: 1\n",
        &["2:11 /products DC001", "3:4 /ü DC002"],
    ),
];

#[test]
fn everything_odd_is_reported_where_it_stands() {
    let compared = ODD
        .iter()
        .map(|(text, expected)| (text, faults(text), expected));
    let wrong: Vec<_> = compared
        .filter(|(_, found, expected)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn everything_odd_is_explained() {
    let words: Vec<_> = ODD
        .iter()
        .map(|(text, _)| format!("{text}=> {}", words(text)))
        .collect();
    insta::assert_snapshot!(words.join("\n\n"));
}

#[test]
fn a_merge_conflict_is_named_where_it_begins() {
    let report = check(
        "products:\n<<<<<<< HEAD\n  - product_name_id: ssl_plus\n=======\n  - {}\n>>>>>>> other\n",
    );
    let finding = &report.report.findings()[0];
    assert_eq!(finding.message, "a merge conflict begins here");
    assert_eq!(
        finding.place.map(|place| (place.line, place.column)),
        Some((2, 1))
    );
}

#[test]
fn a_decimal_comma_is_explained() {
    for cost in ["218,50 ", "'218,50'"] {
        let text = format!(
            "products: [{{product_name_id: ssl_plus, prices: [{{lifetime: 1, cost: {cost}}}]}}]"
        );
        let report = check(&text);
        let mut helps = report.report.findings().iter().map(|finding| &finding.help);
        assert!(
            helps.any(|help| help.contains("decimal point") && help.contains("218.50")),
            "{report:?}"
        );
    }
}

#[test]
fn a_manifest_is_told_from_a_request() {
    let text = "format_version: 1\nprice_books: {}\n".as_bytes();
    let report = digicert_validate::Validator::new().check(
        text,
        digicert_validate::Format::Yaml,
        None,
        &digicert_validate::Context::default(),
    );
    let finding = &report.report.findings()[0];
    assert_eq!(
        finding.message,
        "this is a manifest for many subaccounts, and no request"
    );
    assert!(finding.help.contains("`digicert plan`"), "{}", finding.help);
}

#[test]
fn a_merge_key_is_explained() {
    let text = "x: &x {currency: USD}\nproducts: []\n<<: *x\n";
    assert!(
        words(text).contains("YAML 1.2 has no merge keys"),
        "{}",
        words(text)
    );
}

#[test]
fn what_an_alias_repeats_is_reported_where_it_is_written() {
    let text = "\
products:
  - product_name_id: ssl_plus
    prices: &prices
      - {lifetime: 1, cost: -1}
  - product_name_id: ssl_ev_plus
    prices: *prices
";
    assert_eq!(
        places(&check(text), "DC"),
        [
            "4:29 /products/0/prices/0/cost DC218",
            "4:29 /products/1/prices/0/cost DC218"
        ]
    );
}

#[test]
fn nothing_that_follows_from_a_fault_is_reported() {
    for (text, expected) in [
        (
            "products: [a: b",
            &["1:15 /products/0/a DC002", "1:16 /products/0 DC001"][..],
        ),
        ("products:\n- prices: [", &["2:12 /products/0/prices DC001"]),
        (
            "products:\n- product_name_id: [\n",
            &[
                "2:20 /products/0/product_name_id DC001",
                "3:1 /products/0/product_name_id DC001",
            ],
        ),
        ("currency: @\n", &["1:11 /currency DC001"]),
    ] {
        assert_eq!(places(&check(text), "DC"), expected, "{text}");
    }
}

#[test]
fn places_in_lines_of_any_characters_are_right() {
    let text = "# äöü €\r\ncurrency: 'US€'\r\nproducts: [ä, \"😀\", b: c, 'x\r\n  y', 5]\r\n";
    let report = check(text);
    let mut found: Vec<_> = report
        .report
        .findings()
        .iter()
        .filter(|finding| finding.pointer.starts_with("/products/"))
        .map(|finding| {
            let place = finding.place.unwrap();
            let written = &text[place.offset..place.offset + place.length];
            (place.line, place.column, written)
        })
        .collect();
    found.dedup();
    assert_eq!(
        found,
        [
            (3, 12, "ä"),
            (3, 15, "\"😀\""),
            (3, 20, "b: c"),
            (3, 23, "c"),
            (3, 26, "'x\r\n  y'"),
            (4, 7, "5"),
        ]
    );
}

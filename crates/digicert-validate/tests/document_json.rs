//! Documents in JSON: which findings they get, and where.

#![expect(clippy::expect_used, reason = "a test may fail")]

use digicert_validate::{Context, DocumentReport, Format, Kind, Severity, Validator};

fn check_as(text: &str, kind: Option<Kind>) -> DocumentReport {
    Validator::new().check(text.as_bytes(), Format::Json, kind, &Context::default())
}

fn check(text: &str) -> DocumentReport {
    check_as(text, None)
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

/// Every finding of the two rules on the file itself.
fn faults(text: &str) -> Vec<String> {
    places(&check(text), "DC0")
}

/// What the findings say, one a line.
fn words(text: &str) -> String {
    let report = check(text);
    let findings = report.report.findings().iter();
    let of_document = findings.filter(|finding| finding.rule.code.starts_with("DC0"));
    let words = of_document.map(|finding| format!("{}; {}", finding.message, finding.help));
    words.collect::<Vec<_>>().join("\n")
}

const SOUND_PRODUCTS: &str = r#"{
  "currency": "USD",
  "pricing_method": "custom",
  "balance_negative_limit": "500",
  "products": [
    {
      "product_name_id": "ssl_plus",
      "product_name": "Standard SSL",
      "prices": [{"lifetime": 1, "cost": 412}, {"lifetime": 2, "cost": 7.5e2}]
    }
  ]
}"#;

const SOUND_CREATION: &str = r#"{
  "account_type": "retail",
  "allowed_grandchildren": ["retail", "enterprise"],
  "child_name": "Example Company, Toledo",
  "bill_parent": true,
  "user": {"first_name": "John", "last_name": "Smith", "email": "john.smith@example.com"},
  "organization": {
    "name": "Example Company, LLC",
    "address": "123 Main Street",
    "zip": "43604",
    "city": "Toledo",
    "state": "Ohio",
    "country": "US"
  }
}"#;

#[test]
fn a_sound_document_has_no_findings() {
    for (text, kind) in [
        (SOUND_PRODUCTS, Kind::SetProducts),
        (SOUND_CREATION, Kind::CreateSubaccount),
    ] {
        let report = check(text);
        assert!(report.report.is_empty(), "{}", report.report);
        assert_eq!(report.kind, Some(kind));
        assert_eq!(check_as(text, Some(kind)), report);
    }
}

#[test]
fn the_other_kind_has_nothing_but_unknown_and_missing_fields() {
    let report = check_as(SOUND_CREATION, Some(Kind::SetProducts));
    assert_eq!(
        places(&report, "DC"),
        [
            "1:1  DC001",
            "2:19 /account_type DC002",
            "3:28 /allowed_grandchildren DC002",
            "4:17 /child_name DC002",
            "5:18 /bill_parent DC002",
            "6:11 /user DC002",
            "7:19 /organization DC002",
        ]
    );
}

#[test]
fn the_kind_is_told_from_the_fields() {
    for (text, kind) in [
        (r#"{"products": []}"#, Some(Kind::SetProducts)),
        (r#"{"currency": "USD"}"#, Some(Kind::SetProducts)),
        (r#"{"user": {}}"#, Some(Kind::CreateSubaccount)),
        (r#"{"organisation": {}}"#, Some(Kind::CreateSubaccount)),
        (r#"{"product": []}"#, Some(Kind::SetProducts)),
        (
            r#"{"user": {}, "organization": {}, "products": []}"#,
            Some(Kind::CreateSubaccount),
        ),
        (r#"{"user": {}, "products": []}"#, None),
        (r#"{"first_name": "John"}"#, None),
        ("{}", None),
        ("[]", None),
        ("5", None),
        ("", None),
    ] {
        assert_eq!(check(text).kind, kind, "{text}");
    }
}

#[test]
fn a_kind_that_cannot_be_told_is_asked_for() {
    for text in ["{}", r#"{"first_name": "John"}"#, "[]", "5", "null"] {
        let report = check(text);
        assert_eq!(places(&report, "DC"), ["1:1  DC001"], "{text}");
        let help = &report.report.findings()[0].help;
        assert!(help.contains("--kind create-subaccount"), "{help}");
        assert!(help.contains("--kind set-products"), "{help}");
    }
}

#[test]
fn values_have_the_type_and_the_place() {
    let text = r#"{
  "currency": 5,
  "pricing_method": null,
  "balance_negative_limit": "many",
  "products": [
    {"product_name_id": ["ssl_plus"], "prices": {}},
    {"prices": [
      {"lifetime": 1.5, "cost": "412"},
      {"lifetime": "1", "cost": null},
      {"lifetime": 1e30, "cost": 1234567890.123456},
      {"lifetime": 2},
      []
    ]},
    null
  ]
}"#;
    assert_eq!(
        faults(text),
        [
            "2:15 /currency DC001",
            "4:29 /balance_negative_limit DC001",
            "6:25 /products/0/product_name_id DC001",
            "6:49 /products/0/prices DC001",
            "8:20 /products/1/prices/0/lifetime DC001",
            "8:33 /products/1/prices/0/cost DC001",
            "9:20 /products/1/prices/1/lifetime DC001",
            "9:33 /products/1/prices/1/cost DC001",
            "10:20 /products/1/prices/2/lifetime DC001",
            "10:34 /products/1/prices/2/cost DC001",
            "11:7 /products/1/prices/3 DC001",
            "12:7 /products/1/prices/4 DC001",
            "14:5 /products/2 DC001",
        ]
    );
    insta::assert_snapshot!(words(text));
}

#[test]
fn the_fields_of_a_creation_have_the_type_and_the_place() {
    let text = r#"{
  "account_type": "retial",
  "allowed_grandchildren": ["retail", "managed", 5],
  "bill_parent": "yes",
  "account_manager_user_id": 99999999999999999999,
  "user": {"first_name": "John", "email": 5},
  "organization": null
}"#;
    assert_eq!(
        faults(text),
        [
            "2:19 /account_type DC001",
            "3:39 /allowed_grandchildren/1 DC001",
            "3:50 /allowed_grandchildren/2 DC001",
            "4:18 /bill_parent DC001",
            "5:30 /account_manager_user_id DC001",
            "6:11 /user DC001",
            "6:43 /user/email DC001",
            "7:19 /organization DC001",
        ]
    );
    insta::assert_snapshot!(words(text));
}

#[test]
fn unknown_and_repeated_fields_are_reported_where_they_stand() {
    let text = r#"{
  "products": [],
  "curency": "USD",
  "colour": {"a": 1, "b": [{"a": 2, "a": 3}]},
  "a/b~c": 1,
  "products": [{"product_name_id": "ssl_plus", "product_name_id": "ssl_basic"}]
}"#;
    assert_eq!(
        faults(text),
        [
            "3:14 /curency DC002",
            "4:13 /colour DC002",
            "4:42 /colour/b/0/a DC001",
            "5:12 /a~1b~0c DC002",
            "6:15 /products DC001",
            "6:67 /products/0/product_name_id DC001",
        ]
    );
    insta::assert_snapshot!(words(text));
}

/// Broken JSON, and everything that is reported about it.
const BROKEN: &[(&str, &[&str])] = &[
    ("", &["1:1  DC001"]),
    (" \n\t ", &["1:1  DC001"]),
    // Trailing commas, and commas without anything between them.
    (r#"{"products": [],}"#, &["1:16  DC001"]),
    (r#"{"products": [{},]}"#, &["1:17 /products DC001"]),
    (r#"{,"products": []}"#, &["1:2  DC001"]),
    (r#"{"products": [{},,{}]}"#, &["1:18 /products DC001"]),
    // Missing punctuation.
    (r#"{"currency": "USD" "products": []}"#, &["1:20  DC001"]),
    (r#"{"products": [{} {}]}"#, &["1:18 /products DC001"]),
    (
        r#"{"currency" "USD", "products": []}"#,
        &["1:13 /currency DC001"],
    ),
    (
        r#"{"currency" = "USD", "products": []}"#,
        &["1:13 /currency DC001"],
    ),
    (r#"{"currency", "products": []}"#, &["1:2 /currency DC001"]),
    (
        r#"{"currency":, "products": []}"#,
        &["1:13 /currency DC001"],
    ),
    (
        r#"{"currency": ; "USD", "products": []}"#,
        &["1:14 /currency DC001"],
    ),
    // Names.
    (
        r#"{currency: "USD", 'products': []}"#,
        &["1:2  DC001", "1:19  DC001"],
    ),
    (
        r#"{5: "USD", "products": []}"#,
        &["1:2  DC001", "1:5 /5 DC002"],
    ),
    (r#"{["a", "b"]: "USD", "products": []}"#, &["1:2  DC001"]),
    (
        r#"{null: 1, "products": []}"#,
        &["1:2  DC001", "1:8 /null DC002"],
    ),
    // Texts.
    (
        r#"{"currency": 'USD', "products": []}"#,
        &["1:14 /currency DC001"],
    ),
    (
        r#"{"currency": USD, "products": []}"#,
        &["1:14 /currency DC001"],
    ),
    (
        "{\"currency\": \"USD,\n\"products\": []}",
        &["1:14 /currency DC001"],
    ),
    (
        "{\"currency\": \"USD\n, \"products\": []}",
        &["1:14 /currency DC001"],
    ),
    (
        "{\"currency\": \"U\tD\", \"products\": []}",
        &["1:16 /currency DC001"],
    ),
    (
        r#"{"currency": "\x\ud800\u12", "products": []}"#,
        &[
            "1:15 /currency DC001",
            "1:17 /currency DC001",
            "1:23 /currency DC001",
        ],
    ),
    // Literals and numbers.
    (
        r#"{"currency": None, "products": []}"#,
        &["1:14 /currency DC001"],
    ),
    (
        r#"{"balance_negative_limit": NaN, "products": []}"#,
        &["1:28 /balance_negative_limit DC001"],
    ),
    (
        r#"{"balance_negative_limit": -Infinity, "products": []}"#,
        &["1:28 /balance_negative_limit DC001"],
    ),
    (
        r#"{"balance_negative_limit": 0x1F, "products": []}"#,
        &["1:28 /balance_negative_limit DC001"],
    ),
    (
        r#"{"balance_negative_limit": 007, "products": []}"#,
        &["1:28 /balance_negative_limit DC001"],
    ),
    (
        r#"{"balance_negative_limit": +7, "products": []}"#,
        &["1:28 /balance_negative_limit DC001"],
    ),
    (
        r#"{"balance_negative_limit": 7., "products": []}"#,
        &["1:28 /balance_negative_limit DC001"],
    ),
    (
        r#"{"balance_negative_limit": 1_000, "products": []}"#,
        &["1:28 /balance_negative_limit DC001"],
    ),
    (
        r#"{"balance_negative_limit": -, "products": []}"#,
        &["1:28 /balance_negative_limit DC001"],
    ),
    // Comments and what looks like white space.
    (
        "// a\n{\"products\": [] /* b */} # c",
        &["1:1  DC001", "2:17  DC001", "2:26  DC001"],
    ),
    ("{\u{a0}\"products\": []}", &["1:2  DC001"]),
    // What comes after.
    (r#"{"products": []} x"#, &["1:18  DC001"]),
    (r#"{"products": []} {}"#, &["1:18  DC001"]),
    (r#"{"products": []}}"#, &["1:17  DC001"]),
    // What does not come.
    (r#"{"products": ["#, &["1:15 /products DC001"]),
    (
        r#"{"products": [{"product_name_id": "ssl"#,
        &["1:35 /products/0/product_name_id DC001"],
    ),
    (r#"{"products""#, &["1:12  DC001"]),
    (r#"{"products":"#, &["1:13  DC001"]),
    (
        "{\"products\": [\n{\"product_name_id\": \"ssl_plus\"\n",
        &["3:1 /products/0 DC001"],
    ),
    // Brackets of the wrong kind: missing, and one too many.
    (
        r#"{"products": [{"product_name_id": "ssl_plus"}}"#,
        &["1:46 /products DC001"],
    ),
    (
        r#"{"products": [{"product_name_id": "ssl_plus"}}, 5]}"#,
        &["1:46 /products DC001", "1:49 /products/1 DC001"],
    ),
    (
        r#"{"products": [{"product_name_id": "ssl_plus"]}"#,
        &["1:45 /products/0 DC001"],
    ),
    (
        r#"{"products": [{"product_name_id": "ssl_plus", "prices": [}, 5]}"#,
        &["1:58 /products/0/prices DC001", "1:61 /products/1 DC001"],
    ),
    (
        r#"{"products": [{"product_name_id": "ssl_plus"], 5]}"#,
        &["1:45 /products/0 DC001", "1:48 /products/1 DC001"],
    ),
];

#[test]
fn every_fault_of_broken_json_is_reported_once() {
    let compared = BROKEN
        .iter()
        .map(|(text, expected)| (text, faults(text), expected));
    let wrong: Vec<_> = compared
        .filter(|(_, found, expected)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn broken_json_is_explained() {
    let words: Vec<_> = BROKEN
        .iter()
        .map(|(text, _)| format!("{text}\n{}", words(text)))
        .collect();
    insta::assert_snapshot!(words.join("\n\n"));
}

#[test]
fn what_stands_after_a_fault_is_checked_all_the_same() {
    let text = r#"{
  "products": [
    {"product_name_id": "ssl_plus", "prices": [{"lifetime": 0, "cost": 412]}},
    {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": -1}]},
  ]
}"#;
    assert_eq!(
        places(&check(text), "DC"),
        [
            "3:61 /products/0/prices/0/lifetime DC215",
            "3:75 /products/0/prices/0 DC001",
            "3:77 /products DC001",
            "4:25 /products/1/product_name_id DC212",
            "4:72 /products/1/prices/0/cost DC218",
            "4:77 /products DC001",
        ]
    );
}

#[test]
fn findings_of_rules_have_places() {
    let text = format!(
        r#"{{"child_name": "ä", "max_allowed_multi_year_plan_length": 9{}"#,
        &SOUND_CREATION[1..]
    )
    .replacen("9\n", "9,\n", 1)
    .replace("Example Company, Toledo", &"ä".repeat(65))
    .replacen(r#""child_name": "ä", "#, "", 1);
    assert_eq!(
        places(&check(&text), "DC"),
        [
            "1:40 /max_allowed_multi_year_plan_length DC104",
            "4:17 /child_name DC103"
        ]
    );
}

#[test]
fn what_is_missing_is_reported_at_the_object_that_lacks_it() {
    let text = "{\"products\": [\n  {\"prices\": [{\"lifetime\": 1, \"cost\": 412}]}\n]}";
    assert_eq!(places(&check(text), "DC"), ["2:3 /products/0 DC210"]);
}

#[test]
fn columns_count_characters_and_offsets_bytes() {
    let text = "{\"products\": [], \"ä€😀\": 5}";
    let report = check(text);
    let finding = &report.report.findings()[1];
    let place = finding.place.unwrap();
    assert_eq!((place.line, place.column), (1, 25));
    assert_eq!(&text[place.offset..place.offset + place.length], "5");
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let text = "\u{feff}{\"products\": [],\r\n \"a\": 5}";
    let report = check(text);
    assert_eq!(places(&report, "DC0"), ["2:7 /a DC002"]);
    let place = report.report.findings()[1].place.unwrap();
    assert_eq!(&text[place.offset..place.offset + place.length], "5");
    assert_eq!(
        places(&check("\u{feff}{\"products\": 5}"), "DC0"),
        ["1:14 /products DC001"]
    );
}

#[test]
fn nothing_that_follows_from_a_fault_is_reported() {
    for (text, expected) in [
        // Whether a cost is missing cannot be said, nor what a longer term costs in comparison.
        (
            r#"{"products": [{"product_name_id": "ssl_multi_domain", "prices": [
                {"lifetime": 1, "cost": 412, "additional_fqdn_cost": true},
                {"lifetime": 2, "cost": {}, "additional_fqdn_cost": 5},
                {"lifetime": 3, "cost": 800, "additional_fqdn_cost": 5}]}]}"#,
            &[
                "2:70 /products/0/prices/0/additional_fqdn_cost DC001",
                "3:41 /products/0/prices/1/cost DC001",
            ][..],
        ),
        // The list of products may have had entries.
        (r#"{"products": [@]}"#, &["1:15 /products/0 DC001"]),
        (r#"{"products": 5}"#, &["1:14 /products DC001"]),
        (r#"{"currency": "USD"}"#, &["1:1  DC001"]),
        // The product may have had prices.
        (
            r#"{"products": [{"product_name_id": "ssl_plus", "prices": ["#,
            &["1:58 /products/0/prices DC001"],
        ),
        // The product may have had a name.
        (
            r#"{"products": [{:"product_name_id": "ssl_plus", "prices": []}]}"#,
            &["1:16 /products/0 DC001"],
        ),
    ] {
        assert_eq!(places(&check(text), "DC"), expected, "{text}");
    }
}

#[test]
fn a_sound_document_with_one_oddity_has_that_finding() {
    for (from, to, expected) in [
        ("]\n}", "]\n} x", "12:3  DC001"),
        (
            "\"USD\"",
            "\"USD\", \"currency\": \"EUR\"",
            "2:34 /currency DC001",
        ),
        ("\"USD\"", "\"USD\", \"colour\": 1", "2:32 /colour DC002"),
        ("412", "\"412\"", "9:42 /products/0/prices/0/cost DC001"),
        ("412", "0412", "9:42 /products/0/prices/0/cost DC001"),
        (
            "412",
            "412, \"cost\": 413",
            "9:55 /products/0/prices/0/cost DC001",
        ),
        (
            "412",
            "412, \"tax\": 1",
            "9:54 /products/0/prices/0/tax DC002",
        ),
        (
            "412",
            "1234567890123456",
            "9:42 /products/0/prices/0/cost DC001",
        ),
        ("\"lifetime\": 1, ", "", "9:18 /products/0/prices/0 DC001"),
        (
            "{\"lifetime\": 1",
            "{,\"lifetime\": 1",
            "9:19 /products/0/prices/0 DC001",
        ),
        ("412}", "412,}", "9:45 /products/0/prices/0 DC001"),
        (
            "Standard",
            "Standard\\q",
            "8:32 /products/0/product_name DC001",
        ),
        (
            "Standard",
            "Standard\u{1}",
            "8:32 /products/0/product_name DC001",
        ),
        ("\"500\"", "\"5OO\"", "4:29 /balance_negative_limit DC001"),
    ] {
        let text = SOUND_PRODUCTS.replacen(from, to, 1);
        assert_ne!(text, SOUND_PRODUCTS, "{from}");
        assert_eq!(places(&check(&text), "DC"), [expected], "{to}");
    }
}

#[test]
fn of_a_repeated_field_the_second_value_is_checked() {
    let text = SOUND_PRODUCTS.replacen(
        "]\n}",
        "],\n  \"products\": [{\"prices\": [{\"lifetime\": 0, \"cost\": 1}]}]\n}",
        1,
    );
    assert_eq!(
        places(&check(&text), "DC"),
        [
            "12:15 /products DC001",
            "12:16 /products/0 DC210",
            "12:41 /products/0/prices/0/lifetime DC215",
        ]
    );
    // Of the repeated value itself it has been said that it cannot stay.
    let text = SOUND_PRODUCTS.replacen("\"USD\"", "\"USD\", \"currency\": \"usd\"", 1);
    assert_eq!(places(&check(&text), "DC"), ["2:34 /currency DC001"]);
}

#[test]
fn what_is_switched_off_is_not_said_of_a_list_that_is_unclear() {
    let context: Context = serde_json::from_str(
        r#"{"subaccount": {"products": {"currency": "USD", "products": [
            {"product_name_id": "ssl_plus"}, {"product_name_id": "ssl_ev_plus"}]}}}"#,
    )
    .unwrap();
    let found = |product: &str| {
        let text = SOUND_PRODUCTS.replace("\"ssl_plus\"", product);
        let report = Validator::new().check(text.as_bytes(), Format::Json, None, &context);
        places(&report, "DC")
    };
    assert_eq!(found("\"ssl_plus\""), ["5:15 /products DC202"]);
    assert_eq!(found("5"), ["7:26 /products/0/product_name_id DC001"]);
}

#[test]
fn a_quoted_cost_is_compared_all_the_same() {
    let text = r#"{"products": [{"product_name_id": "ssl_multi_domain", "prices": [
  {"lifetime": 1, "cost": "412", "additional_fqdn_cost": 1351}]}]}"#;
    assert_eq!(
        places(&check(text), "DC"),
        [
            "2:27 /products/0/prices/0/cost DC001",
            "2:58 /products/0/prices/0/additional_fqdn_cost DC220"
        ]
    );
}

#[test]
fn rules_on_the_file_can_be_changed() {
    let text = r#"{"products": [{"product_name_id": "ssl_plus", "prices": 5}], "colour": 1,}"#;
    let validator = Validator::new().off("document-malformed").unwrap();
    let validator = validator.raise("field-unknown", Severity::Error).unwrap();
    let report = validator.check(text.as_bytes(), Format::Json, None, &Context::default());
    let findings = report.report.findings();
    assert_eq!(places(&report, "DC"), ["1:72 /colour DC002"]);
    assert_eq!(findings[0].severity, Severity::Error);
}

#[test]
fn no_more_findings_are_listed_than_anybody_reads() {
    let validator = Validator::new().off("product-unknown").unwrap();
    let check = |products: &[String]| {
        let text = format!("{{\"products\": [\n{}\n]}}", products.join(",\n"));
        let report = validator.check(text.as_bytes(), Format::Json, None, &Context::default());
        assert_eq!(report.report.findings().len(), 1001);
        report.report.findings().last().unwrap().clone()
    };
    let product = |number: usize| format!("{{\"product_name_id\": \"{number}\"}}");
    let notes: Vec<_> = (0..1100).map(product).collect();
    let last = check(&notes);
    assert_eq!(last.place.unwrap().line, 1102);
    insta::assert_snapshot!(last);

    // It is as bad as the worst of what it stands for.
    let unknown: Vec<_> = (0..600).map(|number| format!("\"f{number}\": 1")).collect();
    let product =
        |name: &str| format!("{{{}, \"product_name_id\": \"{name}\"}}", unknown.join(","));
    let severity = |names: [&str; 2]| check(&names.map(product)).severity;
    assert_eq!(severity(["a", "b"]), Severity::Warning);
    assert_eq!(severity(["a", "a"]), Severity::Error);
}

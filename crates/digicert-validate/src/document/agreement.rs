//! Tests that the ways of reading a document agree with each other, and with `serde_json`.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::check_shape::check_shape;
use super::fast::Document;
use super::faults::Faults;
use super::limits::{MAX_FAST_BYTES, MAX_VALUES};
use super::tree::Node;
use super::typed::{Invention, Typed};
use super::{Format, Kind, check, detect, fast, json, yaml};
use crate::context::Context;
use crate::validator::{Levels, Validator};

const PRODUCTS: &str = r#"{
    "currency": "USD", "pricing_method": "custom", "balance_negative_limit": "500",
    "products": [
        {"product_name_id": "ssl_plus", "product_name": "Standard \"SSL\" \u00e9",
         "prices": [{"lifetime": 1, "cost": 412}, {"lifetime": 2, "cost": 7.5e2}]},
        {"product_name_id": "ssl_multi_domain", "prices": [
            {"lifetime": 1, "cost": 0.10, "additional_fqdn_cost": 99999999.99},
            {"lifetime": 3, "cost": -1, "additional_wildcard_cost": 123456789012345}]},
        {}, {"product_name_id": "ssl_plus", "prices": []}
    ]
}"#;

const CREATION: &str = r#"{
    "account_type": "retail", "allowed_grandchildren": ["retail", "enterprise"],
    "account_manager_user_id": 12, "bill_parent": true, "enforce_bill_parent": false,
    "child_name": "Example Company, Toledo", "max_allowed_multi_year_plan_length": 3,
    "allow_parent_order_renewal": true,
    "user": {"first_name": "John", "last_name": "Smith", "email": "john.smith@example.com",
        "username": "john", "job_title": "\u00c9", "telephone": "555-0100",
        "disable_renewal_notifications": true},
    "organization": {"name": "Example Company, LLC", "assumed_name": "Example",
        "address": "123 Main Street", "address2": "", "zip": "43604", "city": "Toledo",
        "state": "Ohio", "country": "US", "telephone": "555-0100"}
}"#;

/// What a mutation puts into a document.
const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "\t",
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    "{}",
    "[]",
    "\"",
    "\\",
    "\\u00e9",
    "\\ud800",
    "é",
    "\u{a0}",
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "1.0",
    "1.5",
    "1e2",
    "1e400",
    "007",
    "+",
    "-",
    ".",
    "12345678901234567",
    "9223372036854775808",
    "\"1\"",
    "\"USD\"",
    "\"retail\"",
    "\"\"",
    "\"cost\": 1,",
    "\"cost\": 2",
    "\"lifetime\": 1,",
    "\"colour\": 1,",
    "\"currency\": null,",
    "\"product_name_id\": \"a\",",
    "\"bill_parent\": 1,",
    "\"zip\": 43604,",
    "'",
    "/* */",
    "#",
    "\0",
    "\"balance_negative_limit\": 12.0,",
    "\"balance_negative_limit\": \"12.0\",",
    "-0",
    "&a ",
    "*a",
];

/// Documents with a few changes, most of which are faults.
fn documents() -> impl Strategy<Value = String> {
    let change = (any::<Index>(), 0usize..12, select(PIECES));
    let changes = prop::collection::vec(change, 0..4);
    (select(&[PRODUCTS, CREATION]), changes).prop_map(|(text, changes)| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, removed, piece) in changes {
            let start = at.index(text.len() + 1);
            let end = (start + removed).min(text.len());
            // Half of the changes insert only.
            let end = if removed % 2 == 0 { start } else { end };
            text.splice(start..end, piece.chars());
        }
        text.into_iter().collect()
    })
}

fn read_tree(text: &str, format: Format) -> (Option<Node<'_>>, usize) {
    let levels = Levels::default();
    let mut faults = Faults::new(&levels);
    let root = match format {
        Format::Json => json::read(text, &mut faults),
        Format::Yaml => yaml::read(text, &mut faults),
    };
    (root, faults.malformed_count())
}

/// The request of a document without faults.
fn thorough(text: &str, format: Format) -> Option<Document> {
    let (root, faults) = read_tree(text, format);
    let mut root = root.filter(|_| faults == 0)?;
    let kind = detect::kind_of_document(&root)?;
    let levels = Levels::default();
    let mut faults = Faults::new(&levels);
    check_shape(&mut root, kind.shape(), &mut faults);
    if !faults.into_findings().is_empty() {
        return None;
    }
    let mut typed = Typed::new(Invention::Little);
    let document = match kind {
        Kind::CreateSubaccount => Document::Creation(Box::new(typed.creation(&root))),
        Kind::SetProducts => Document::Products(typed.products(&root)),
    };
    assert!(!typed.invented, "{text}");
    Some(document)
}

fn by_serde(text: &str) -> [Option<Document>; 2] {
    let creation = serde_json::from_str(text).ok();
    let products = serde_json::from_str(text).ok();
    [
        creation.map(Document::Creation),
        products.map(Document::Products),
    ]
}

proptest! {
    #[test]
    fn what_is_read_fast_has_no_faults_and_is_the_same_request(text in documents()) {
        let Some(document) = fast::read(&text, None) else { return Ok(()) };
        let thorough = thorough(&text, Format::Json);
        prop_assert_eq!(Some(&document), thorough.as_ref());
        prop_assert!(by_serde(&text).contains(&Some(document)));
    }

    #[test]
    fn what_has_no_faults_and_no_oddities_is_read_fast(text in documents()) {
        let Some(document) = thorough(&text, Format::Json) else { return Ok(()) };
        // Null for an optional field, and `1.0` for 1, are rare enough to be read thoroughly.
        if let Some(fast) = fast::read(&text, None) {
            prop_assert_eq!(fast, document);
        } else {
            let odd = ["null", "1.0", "1e2", "12.0", "-0", "\\u", "\\\""];
            prop_assert!(odd.iter().any(|odd| text.contains(odd)), "{}", text);
        }
    }

    #[test]
    fn both_ways_report_the_same(text in documents()) {
        let (context, levels) = (Context::default(), Levels::default());
        let fast = check::check(
            text.as_bytes(), Format::Json, None, &context, &Validator::new(), &levels,
        );
        let thorough = check::check_thoroughly(text.as_bytes(), Format::Json, None, &context, &levels);
        prop_assert_eq!(fast, thorough);
    }

    #[test]
    fn json_is_what_serde_json_takes_for_json(text in documents()) {
        let (_, faults) = read_tree(&text, Format::Json);
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(_) => prop_assert_eq!(faults, 0),
            // Not a fault of syntax, and reported by nobody but those who need the number.
            Err(error) if error.to_string().contains("number out of range") => {}
            Err(_) => prop_assert_ne!(faults, 0),
        }
    }

    #[test]
    fn what_serde_json_reads_into_a_request_is_the_same_request(text in documents()) {
        let Some(document) = thorough(&text, Format::Json) else { return Ok(()) };
        for other in by_serde(&text).into_iter().flatten() {
            prop_assert_eq!(&other, &document);
        }
    }

    /// Sound JSON is YAML, and the two parsers have nothing in common.
    #[test]
    fn json_read_as_yaml_is_the_same_request(text in documents()) {
        let Some(document) = thorough(&text, Format::Json) else { return Ok(()) };
        // YAML has rules of its own for tabs.
        if !text.contains('\t') {
            prop_assert_eq!(thorough(&text, Format::Yaml), Some(document));
        }
    }

    #[test]
    fn json_read_as_yaml_has_the_same_findings(text in documents()) {
        let (_, faults) = read_tree(&text, Format::Json);
        if faults > 0 || text.contains('\t') {
            return Ok(());
        }
        let (context, levels) = (Context::default(), Levels::default());
        let [json, yaml] = [Format::Json, Format::Yaml].map(|format| {
            check::check_thoroughly(text.as_bytes(), format, None, &context, &levels)
        });
        prop_assert_eq!(json, yaml);
    }
}

#[test]
fn the_samples_are_read_fast() {
    for text in [PRODUCTS, CREATION] {
        assert!(fast::read(text, None).is_some());
        assert!(thorough(text, Format::Json).is_some());
        assert!(thorough(text, Format::Yaml).is_some());
    }
}

#[test]
fn no_document_that_is_read_fast_has_too_many_values() {
    let products = vec!["{}"; (MAX_FAST_BYTES - 16) / 3].join(",");
    let text = format!("{{\"products\":[{products}]}}");
    assert!(text.len() <= MAX_FAST_BYTES && text.len() + 10 > MAX_FAST_BYTES);
    assert!(fast::read(&text, None).is_some());
    assert_eq!(read_tree(&text, Format::Json).1, 0);
    const { assert!(MAX_FAST_BYTES / 3 < MAX_VALUES) }
}

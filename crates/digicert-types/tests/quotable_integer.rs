//! `QuotableInteger`: read with and without quotes (I7), written back in the same form.

use std::collections::HashSet;

use digicert_types::QuotableInteger;
use proptest::prelude::*;
use proptest::test_runner::Config;

fn read(json: &str) -> Result<QuotableInteger, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[test]
fn i7_both_forms_are_read() {
    for (json, quoted) in [("222", false), ("\"222\"", true)] {
        let integer = read(json).unwrap();
        assert_eq!(integer.value(), 222);
        assert_eq!(integer.is_quoted(), quoted);
        assert_eq!(serde_json::to_string(&integer).unwrap(), json);
        assert_eq!(serde_json::to_value(integer).unwrap().to_string(), json);
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        let from_value: QuotableInteger = serde_json::from_value(value).unwrap();
        assert_eq!((from_value.value(), from_value.is_quoted()), (222, quoted));
    }
}

#[test]
fn i7_other_spellings_of_an_integer_are_read() {
    for (json, written) in [
        ("222.0", "222"),
        ("2e2", "200"),
        ("\"222.00\"", "\"222\""),
        ("\"007\"", "\"7\""),
        ("\"-0\"", "\"0\""),
    ] {
        assert_eq!(
            serde_json::to_string(&read(json).unwrap()).unwrap(),
            written
        );
    }
}

#[test]
fn what_is_no_integer_is_refused() {
    for json in [
        "1.5", "\"1.5\"", "\"\"", "\" \"", "\" 1\"", "\"+1\"", "\"many\"", "true", "null",
    ] {
        let error = read(json).unwrap_err();
        assert!(error.starts_with("not a whole number"), "{json}: {error}");
    }
    for json in ["9223372036854775808", "\"9223372036854775808\"", "1e30"] {
        let error = read(json).unwrap_err();
        assert!(
            error.starts_with("a whole number out of range"),
            "{json}: {error}"
        );
    }
    for json in ["[]", "{}", "[1]"] {
        assert!(
            read(json).unwrap_err().starts_with("invalid type"),
            "{json}"
        );
    }
}

#[test]
fn the_form_does_not_count_in_comparisons() {
    let (plain, quoted) = (QuotableInteger::from(222), read("\"222\"").unwrap());
    assert_eq!(plain, quoted);
    assert_eq!(HashSet::from([plain, quoted]).len(), 1);
    assert!(read("\"3\"").unwrap() < QuotableInteger::from(20_i64));
    assert_ne!(plain, QuotableInteger::from(223));
}

#[test]
fn display_is_the_number() {
    assert_eq!(
        format!(
            "{}|{:>5}",
            read("\"222\"").unwrap(),
            QuotableInteger::from(-7)
        ),
        "222|   -7"
    );
}

#[cfg(feature = "schemars")]
#[test]
fn the_schema_allows_both_forms() {
    let schema = schemars::schema_for!(QuotableInteger);
    let forms = schema
        .get("anyOf")
        .and_then(|forms| forms.as_array())
        .unwrap();
    let types: Vec<_> = forms.iter().map(|form| form["type"].as_str()).collect();
    assert_eq!(types, [Some("integer"), Some("string")]);
}

proptest! {
    #![proptest_config(Config { cases: 512, failure_persistence: None, ..Config::default() })]

    #[test]
    fn i7_every_integer_is_written_as_it_was_read(value in any::<i64>(), quoted in any::<bool>()) {
        let json = if quoted { format!("\"{value}\"") } else { value.to_string() };
        let integer = read(&json).unwrap();
        prop_assert_eq!(integer.value(), value);
        prop_assert_eq!(serde_json::to_string(&integer).unwrap(), json);
    }

    #[test]
    fn i10_no_text_panics(text in any::<String>(), near in "[-+]?[0-9]{0,25}[.]?[0-9]{0,3}") {
        for text in [text, near] {
            let _ = read(&text);
            let quoted = read(&serde_json::to_string(&text).unwrap());
            // An independent reading: an integer, and zeros after the point.
            let (whole, zeros) = text.split_once('.').unwrap_or((&text, "0"));
            let decimals = !zeros.is_empty() && zeros.trim_matches('0').is_empty();
            let value = whole.parse::<i64>().ok().filter(|_| decimals && !whole.starts_with('+'));
            prop_assert_eq!(quoted.ok().map(QuotableInteger::value), value);
        }
    }
}

//! I7: an unknown field, an unknown enum value, a missing or null field or a number in quotes
//! never makes an answer unreadable. Which types and properties there are is generated.

#![allow(clippy::expect_used, reason = "a test may panic")]

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

#[path = "generated/leniency.rs"]
mod generated;

/// What a property of an answer holds, as the document has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Flag,
    Integer,
    Key,
    List,
    Money,
    Object,
    OpenEnum,
    Text,
}

/// What may stand at a property of the kind, and what it must be read as.
fn variants(kind: Kind) -> Vec<(Value, Value)> {
    let same = |value: Value| (value.clone(), value);
    match kind {
        Kind::Flag => vec![
            same(json!(true)),
            same(json!(false)),
            (json!("true"), json!(true)),
            (json!("1"), json!(true)),
            (json!(0), json!(false)),
        ],
        Kind::Integer => vec![
            same(json!(222)),
            (json!("222"), json!(222)),
            (json!(-7), json!(-7)),
        ],
        Kind::Money => vec![
            same(json!(412)),
            same(json!(99_999_999.99)),
            (json!("99999999.99"), json!(99_999_999.99)),
        ],
        Kind::OpenEnum => vec![same(json!("a value of tomorrow"))],
        Kind::Text => vec![same(json!("text")), (json!(1_122_331), json!("1122331"))],
        Kind::Key => vec![same(json!("not-a-real-key"))],
        Kind::List => vec![same(json!([{}])), (json!({}), json!([{}]))],
        Kind::Object => vec![same(json!({}))],
    }
}

fn reads_leniently<T: DeserializeOwned + Serialize>(properties: &[(&str, Kind)]) {
    let read = |value: Value| -> Value {
        // Through text and through a value: both are what clients do.
        let through_value: T = serde_json::from_value(value.clone())
            .unwrap_or_else(|error| panic!("{value}: {error}"));
        let text: T = serde_json::from_str(&value.to_string())
            .unwrap_or_else(|error| panic!("{value}: {error}"));
        let written = serde_json::to_value(text).expect("it is written");
        assert_eq!(
            written,
            serde_json::to_value(through_value).expect("it is written")
        );
        written
    };
    assert_eq!(
        read(json!({})),
        json!({}),
        "every field may be absent, and none is made up"
    );
    assert_eq!(
        read(json!({"a field of tomorrow": {"x": [1]}})),
        json!({}),
        "unknown fields pass"
    );
    let nulls: Map<_, _> = properties
        .iter()
        .map(|(name, _)| ((*name).to_owned(), Value::Null))
        .collect();
    assert_eq!(read(Value::Object(nulls)), json!({}), "null is absent");
    for (name, kind) in properties {
        for (given, expected) in variants(*kind) {
            let written = read(json!({*name: given}));
            let number = |value: &Value| value.as_str().and_then(|text| text.parse::<i64>().ok());
            // A number that was quoted may be written back quoted.
            let same = written[name] == expected || number(&written[name]) == expected.as_i64();
            assert!(
                same,
                "{name}: {given} became {} instead of {expected}",
                written[name]
            );
        }
    }
}

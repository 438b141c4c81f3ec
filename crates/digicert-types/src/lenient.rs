//! Reading a field of an answer that may be written in more than one way.
//!
//! For the generated types, as `#[serde(default, deserialize_with = "crate::lenient::…")]`.
//! Nothing here is for requests, and nothing here is public. Errors about scalars do not
//! repeat them, since nobody knows what a service puts into the wrong field.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor};

/// The key under which `serde_json` gives a number as text once any crate of a program has
/// turned on its feature `arbitrary_precision`.
pub(crate) const JSON_NUMBER: &str = "$serde_json::private::Number";

/// Reads an integer, an integer in quotes or a float without decimals; `null` and blank text
/// are nothing.
pub(crate) fn optional_integer<'de, D: Deserializer<'de>>(d: D) -> Result<Option<i64>, D::Error> {
    let scalar = Scalar::deserialize(d)?;
    if scalar.is_null_or_blank() {
        return Ok(None);
    }
    scalar.integer().map(Some).map_err(de::Error::custom)
}

/// Reads `true`, `false`, 1, 0, and each of them in quotes and any case; `null` and blank text
/// are nothing.
pub(crate) fn optional_bool<'de, D: Deserializer<'de>>(d: D) -> Result<Option<bool>, D::Error> {
    let scalar = Scalar::deserialize(d)?;
    if scalar.is_null_or_blank() {
        return Ok(None);
    }
    scalar.boolean().map(Some).map_err(de::Error::custom)
}

/// Reads text; a number or a boolean gives its text, `null` is nothing.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    let text = Scalar::deserialize(d)?.into_text();
    Ok(text.map(Cow::into_owned))
}

/// Reads text as [`optional_text`] does, where `null` is none.
pub(crate) fn text<'de, D: Deserializer<'de>>(d: D) -> Result<Cow<'de, str>, D::Error> {
    let text = Scalar::deserialize(d)?.into_text();
    text.ok_or_else(|| de::Error::invalid_type(Unexpected::Unit, &"text"))
}

/// Reads a list; `null` is none, which is not an empty one, a lone object is a list of one, and
/// elements that are `null` are left out.
pub(crate) fn optional_list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(ListVisitor(PhantomData))
}

/// Any value that is not a list or an object.
#[derive(Debug)]
pub(crate) enum Scalar<'de> {
    Null,
    Bool(bool),
    Integer(i128),
    Float(f64),
    Text(Cow<'de, str>),
}

impl<'de> Scalar<'de> {
    fn is_null_or_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The whole number that this is, or why it is none.
    pub(crate) fn integer(&self) -> Result<i64, &'static str> {
        match self {
            Self::Integer(value) => i64::try_from(*value).map_err(|_| OUT_OF_RANGE),
            Self::Float(value) => integer_from_float(*value),
            Self::Text(text) => integer_from_text(text),
            Self::Null | Self::Bool(_) => Err(NOT_WHOLE),
        }
    }

    fn boolean(&self) -> Result<bool, &'static str> {
        let is_one_of =
            |text: &str, names: [&str; 2]| names.iter().any(|name| text.eq_ignore_ascii_case(name));
        match self {
            Self::Bool(value) => Ok(*value),
            Self::Integer(1) => Ok(true),
            Self::Integer(0) => Ok(false),
            Self::Text(text) if is_one_of(text.trim(), ["true", "1"]) => Ok(true),
            Self::Text(text) if is_one_of(text.trim(), ["false", "0"]) => Ok(false),
            _ => Err("neither true nor false"),
        }
    }

    /// The value as it is written; nothing for `null`.
    pub(crate) fn into_text(self) -> Option<Cow<'de, str>> {
        match self {
            Self::Null => None,
            Self::Bool(value) => Some(value.to_string().into()),
            Self::Integer(value) => Some(value.to_string().into()),
            Self::Float(value) => Some(value.to_string().into()),
            Self::Text(text) => Some(text),
        }
    }
}

const NOT_WHOLE: &str = "not a whole number";
const OUT_OF_RANGE: &str = "a whole number out of range";

#[expect(
    clippy::cast_possible_truncation,
    reason = "without decimals and below 10^15"
)]
fn integer_from_float(value: f64) -> Result<i64, &'static str> {
    // Doubles count further, but `serde_json` may be one off in the last place when it reads one.
    const LIMIT: f64 = 1e15;
    // Not a number has no such fraction either.
    if value.fract() != 0.0 {
        return Err(NOT_WHOLE);
    }
    if value.abs() >= LIMIT {
        return Err(OUT_OF_RANGE);
    }
    Ok(value as i64)
}

/// Reads `222`, and `222.00` as databases print their decimals.
fn integer_from_text(text: &str) -> Result<i64, &'static str> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(digits) || !is_number(decimals) || decimals.bytes().any(|byte| byte != b'0') {
        return Err(NOT_WHOLE);
    }
    whole.parse().map_err(|_| OUT_OF_RANGE)
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a boolean or text")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Null)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Integer(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Integer(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Self::Value, E> {
        Ok(Scalar::Integer(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(text.to_owned().into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Scalar::Text(text.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let key: Option<Cow<'de, str>> = map.next_key()?;
        if key.as_deref() != Some(JSON_NUMBER) {
            return Err(de::Error::invalid_type(Unexpected::Map, &self));
        }
        let digits: String = map.next_value()?;
        Ok(number_from_text(&digits).unwrap_or(Scalar::Text(digits.into())))
    }
}

fn number_from_text(digits: &str) -> Option<Scalar<'static>> {
    let integer = digits.parse().map(Scalar::Integer).ok();
    integer.or_else(|| digits.parse().map(Scalar::Float).ok())
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element::<Option<T>>()? {
            list.extend(element);
        }
        Ok(Some(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|element| Some(vec![element]))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::de::value::{Error as ValueError, MapDeserializer};
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Answer {
        #[serde(deserialize_with = "optional_integer")]
        integer: Option<i64>,
        #[serde(deserialize_with = "optional_bool")]
        boolean: Option<bool>,
        #[serde(deserialize_with = "optional_text")]
        text: Option<String>,
        #[serde(deserialize_with = "optional_list")]
        list: Option<Vec<Element>>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Element {
        code: String,
    }

    /// Reads the answer from text, from bytes that are not borrowed, and from a tree.
    fn read(answer: &Value) -> Result<Answer, String> {
        let text = answer.to_string();
        let result = serde_json::from_str(&text).map_err(|error| error.to_string());
        let tree = serde_json::from_value(answer.clone()).map_err(|error| error.to_string());
        let reader: Result<_, String> =
            serde_json::from_reader(text.as_bytes()).map_err(|error| error.to_string());
        assert_eq!(result.as_ref().ok(), tree.as_ref().ok());
        assert_eq!(result.as_ref().ok(), reader.as_ref().ok());
        result
    }

    fn expect<T: Debug + PartialEq>(field: &str, get: fn(Answer) -> T, cases: Vec<(Value, T)>) {
        for (value, expected) in cases {
            let answer = read(&json!({ field: value })).map(get);
            assert_eq!(answer, Ok(expected), "{field}: {value}");
        }
    }

    fn expect_error(field: &str, message: &str, values: Vec<Value>) {
        for value in values {
            let error = read(&json!({ field: value })).unwrap_err();
            assert!(error.starts_with(message), "{field}: {value}: {error}");
        }
    }

    #[test]
    fn i7_missing_fields_are_nothing() {
        assert_eq!(read(&json!({ "new": 1 })), Ok(Answer::default()));
    }

    #[test]
    fn i7_integers() {
        expect(
            "integer",
            |answer| answer.integer,
            vec![
                (json!(222), Some(222)),
                (json!("222"), Some(222)),
                (json!("-7"), Some(-7)),
                (json!(222.0), Some(222)),
                (json!("222.00"), Some(222)),
                (json!("-0"), Some(0)),
                (json!(i64::MIN), Some(i64::MIN)),
                (json!(i64::MIN.to_string()), Some(i64::MIN)),
                (json!(999_999_999_999_999.0), Some(999_999_999_999_999)),
                (json!(null), None),
                (json!(""), None),
                (json!(" "), None),
            ],
        );
        expect_error(
            "integer",
            "not a whole number",
            vec![
                json!(1.5),
                json!("1.5"),
                json!("many"),
                json!("+1"),
                json!("1."),
                json!(".0"),
                json!("-"),
                json!("1e2"),
                json!(" 1"),
                json!("--1"),
                json!(true),
            ],
        );
        expect_error(
            "integer",
            "a whole number out of range",
            vec![
                json!(u64::MAX),
                json!("9223372036854775808"),
                json!(1e300),
                json!(-1e15),
            ],
        );
    }

    #[test]
    fn i7_booleans() {
        expect(
            "boolean",
            |answer| answer.boolean,
            vec![
                (json!(true), Some(true)),
                (json!(1), Some(true)),
                (json!("1"), Some(true)),
                (json!("True"), Some(true)),
                (json!(false), Some(false)),
                (json!(0), Some(false)),
                (json!("0"), Some(false)),
                (json!("FALSE"), Some(false)),
                (json!(null), None),
                (json!(""), None),
            ],
        );
        expect_error(
            "boolean",
            "neither true nor false",
            vec![json!(2), json!(-1), json!(1.5), json!("yes")],
        );
    }

    #[test]
    fn i7_texts() {
        let text = |text: &str| Some(text.to_owned());
        expect(
            "text",
            |answer| answer.text,
            vec![
                (json!("1"), text("1")),
                (json!("a\n"), text("a\n")),
                (json!(""), text("")),
                (json!(12), text("12")),
                (json!(-1.5), text("-1.5")),
                (json!(false), text("false")),
                (json!(null), None),
            ],
        );
    }

    #[test]
    fn i7_lists() {
        let list = |codes: &[&str]| {
            let element = |code: &&str| Element {
                code: (*code).to_owned(),
            };
            Some(codes.iter().map(element).collect::<Vec<_>>())
        };
        expect(
            "list",
            |answer| answer.list,
            vec![
                (json!([{ "code": "a" }, { "code": "b" }]), list(&["a", "b"])),
                (json!([null, { "code": "a" }, null]), list(&["a"])),
                (json!({ "code": "a", "new": 1 }), list(&["a"])),
                (json!([]), list(&[])),
                (json!(null), None),
            ],
        );
        expect_error(
            "list",
            "invalid type",
            vec![json!(1), json!("a"), json!([1])],
        );
        expect_error("list", "missing field", vec![json!({}), json!([{}])]);
    }

    #[test]
    fn i2_errors_do_not_repeat_the_value() {
        const CANARY: &str = "31415926535";
        for field in ["integer", "boolean"] {
            for value in [
                json!(format!("k{CANARY}")),
                json!([CANARY]),
                json!({ CANARY: CANARY }),
            ] {
                let error = read(&json!({ field: value })).unwrap_err();
                assert!(!error.contains(CANARY), "{error}");
            }
        }
        let error = read(&json!({ "boolean": CANARY.parse::<u64>().unwrap() })).unwrap_err();
        assert!(!error.contains(CANARY), "{error}");
        let error = read(&json!({ "integer": 31_415_926_535.5 })).unwrap_err();
        assert!(!error.contains(CANARY), "{error}");
    }

    #[test]
    fn numbers_that_another_crate_made_arbitrarily_precise_are_read() {
        let read = |key: &'static str, digits: &'static str| {
            let entries = [(key, digits)].into_iter();
            Scalar::deserialize(MapDeserializer::<_, ValueError>::new(entries))
        };
        assert_eq!(read(JSON_NUMBER, "222").unwrap().integer(), Ok(222));
        assert_eq!(read(JSON_NUMBER, "222.0").unwrap().integer(), Ok(222));
        assert_eq!(
            read(JSON_NUMBER, "0.5").unwrap().into_text().as_deref(),
            Some("0.5")
        );
        assert!(read("code", "222").is_err());
    }
}

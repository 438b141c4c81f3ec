//! The shape of an OpenAPI 3.0 document, as far as we use it: which keys an object may have and
//! what stands behind each. It is here so that a slip is reported at its line, in words;
//! `openapiv3` alone would say that no variant of an untagged enum matched.

use serde_json::Value;

use crate::document::{Document, Fault, join};

/// Everything in the document that is not shaped like OpenAPI 3.0.
#[must_use]
pub fn check(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    Checker {
        document,
        faults: &mut faults,
    }
    .expect("", &document.value, Expect::Object("the document"));
    faults
}

/// What may stand at a place.
#[derive(Clone, Copy)]
enum Expect {
    Text,
    Flag,
    Count,
    Number,
    Any,
    Texts,
    /// One object of the kind.
    Object(&'static str),
    /// Names to objects of the kind.
    Map(&'static str),
    /// A list of objects of the kind.
    List(&'static str),
    /// A list of names to lists of texts: security requirements.
    Security,
}

use Expect::{Any, Count, Flag, List, Map, Number, Object, Security, Text, Texts};

type Keys = &'static [(&'static str, Expect)];

/// Each kind: its required keys, then all of its keys.
const KINDS: &[(&str, &[&str], Keys)] = &[
    (
        "the document",
        &["openapi", "info", "paths"],
        &[
            ("openapi", Text),
            ("info", Object("info")),
            ("servers", List("a server")),
            ("tags", List("a tag")),
            ("security", Security),
            ("paths", Map("a path item")),
            ("components", Object("components")),
            ("externalDocs", Any),
        ],
    ),
    (
        "info",
        &["title", "version"],
        &[
            ("title", Text),
            ("version", Text),
            ("summary", Text),
            ("description", Text),
            ("license", Object("a licence")),
            ("contact", Any),
            ("termsOfService", Text),
        ],
    ),
    ("a licence", &["name"], &[("name", Text), ("url", Text)]),
    (
        "a server",
        &["url"],
        &[("url", Text), ("description", Text)],
    ),
    (
        "a tag",
        &["name"],
        &[("name", Text), ("description", Text), ("externalDocs", Any)],
    ),
    (
        "components",
        &[],
        &[
            ("schemas", Map("a schema")),
            ("responses", Map("a response")),
            ("parameters", Map("a parameter")),
            ("securitySchemes", Map("a security scheme")),
            ("examples", Map("an example")),
            ("requestBodies", Map("a request body")),
            ("headers", Map("a header")),
        ],
    ),
    (
        "a security scheme",
        &["type"],
        &[
            ("type", Text),
            ("in", Text),
            ("name", Text),
            ("description", Text),
        ],
    ),
    (
        "a path item",
        &[],
        &[
            ("summary", Text),
            ("description", Text),
            ("parameters", List("a parameter")),
            ("get", Object("an operation")),
            ("put", Object("an operation")),
            ("post", Object("an operation")),
            ("patch", Object("an operation")),
            ("delete", Object("an operation")),
        ],
    ),
    (
        "an operation",
        &["responses"],
        &[
            ("operationId", Text),
            ("summary", Text),
            ("description", Text),
            ("tags", Texts),
            ("parameters", List("a parameter")),
            ("requestBody", Object("a request body")),
            ("responses", Map("a response")),
            ("security", Security),
            ("deprecated", Flag),
            ("externalDocs", Any),
        ],
    ),
    (
        "a parameter",
        &["name", "in"],
        &[
            ("name", Text),
            ("in", Text),
            ("description", Text),
            ("required", Flag),
            ("deprecated", Flag),
            ("schema", Object("a schema")),
            ("example", Any),
            ("examples", Map("an example")),
            ("style", Text),
            ("explode", Flag),
        ],
    ),
    (
        "a request body",
        &["content"],
        &[
            ("description", Text),
            ("required", Flag),
            ("content", Map("a media type")),
        ],
    ),
    (
        "a response",
        &["description"],
        &[
            ("description", Text),
            ("headers", Map("a header")),
            ("content", Map("a media type")),
        ],
    ),
    (
        "a header",
        &[],
        &[
            ("description", Text),
            ("schema", Object("a schema")),
            ("required", Flag),
            ("example", Any),
        ],
    ),
    (
        "a media type",
        &[],
        &[
            ("schema", Object("a schema")),
            ("example", Any),
            ("examples", Map("an example")),
        ],
    ),
    (
        "an example",
        &["value"],
        &[("summary", Text), ("description", Text), ("value", Any)],
    ),
    (
        "a schema",
        &[],
        &[
            ("type", Text),
            ("title", Text),
            ("description", Text),
            ("format", Text),
            ("pattern", Text),
            ("enum", Any),
            ("default", Any),
            ("example", Any),
            ("required", Texts),
            ("properties", Map("a schema")),
            ("items", Object("a schema")),
            ("allOf", List("a schema")),
            ("anyOf", List("a schema")),
            ("oneOf", List("a schema")),
            ("minimum", Number),
            ("maximum", Number),
            ("multipleOf", Number),
            ("minLength", Count),
            ("maxLength", Count),
            ("minItems", Count),
            ("maxItems", Count),
            ("uniqueItems", Flag),
            ("readOnly", Flag),
            ("writeOnly", Flag),
            ("deprecated", Flag),
            ("externalDocs", Any),
        ],
    ),
];

const SCHEMA_TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

struct Checker<'a> {
    document: &'a Document,
    faults: &'a mut Vec<Fault>,
}

impl Checker<'_> {
    fn expect(&mut self, at: &str, value: &Value, expected: Expect) {
        match (expected, value) {
            (Any, _)
            | (Text, Value::String(_))
            | (Flag, Value::Bool(_))
            | (Number, Value::Number(_)) => {}
            (Count, value) if value.is_u64() => {}
            (Texts, Value::Array(list)) => self.each(at, list, Text),
            (List(kind), Value::Array(list)) => self.each(at, list, Object(kind)),
            (Security, Value::Array(list)) => {
                for (index, requirement) in list.iter().enumerate() {
                    self.map(&join(at, &index.to_string()), requirement, Texts);
                }
            }
            (Map(kind), value) => self.map(at, value, Object(kind)),
            (Object(kind), Value::Object(_)) => self.object(at, value, kind),
            (expected, found) => self.report(
                at,
                format!("expected {}, found {}", words(expected), describe(found)),
            ),
        }
    }

    fn each(&mut self, at: &str, list: &[Value], expected: Expect) {
        for (index, item) in list.iter().enumerate() {
            self.expect(&join(at, &index.to_string()), item, expected);
        }
    }

    fn map(&mut self, at: &str, value: &Value, expected: Expect) {
        let Value::Object(map) = value else {
            let message = format!(
                "expected names with {}, found {}",
                words(expected),
                describe(value)
            );
            return self.report(at, message);
        };
        for (name, item) in map {
            self.expect(&join(at, name), item, expected);
        }
    }

    fn object(&mut self, at: &str, value: &Value, kind: &'static str) {
        let Some(map) = value.as_object() else { return };
        if map.contains_key("$ref") {
            return self.reference(at, value);
        }
        let Some((_, required, keys)) = KINDS.iter().find(|(name, ..)| *name == kind) else {
            return;
        };
        for (key, item) in map {
            match keys.iter().find(|(name, _)| name == key) {
                Some((_, expected)) => self.expect(&join(at, key), item, *expected),
                None if key.starts_with("x-") => {}
                None => {
                    let known: Vec<_> = keys.iter().map(|(name, _)| *name).collect();
                    let message = format!(
                        "`{key}` does not belong in {kind}; expected one of: {}",
                        known.join(", ")
                    );
                    self.report(&join(at, key), message);
                }
            }
        }
        for key in required.iter().filter(|key| !map.contains_key(**key)) {
            self.report(at, format!("expected `{key}` in {kind}"));
        }
        if kind == "a schema" {
            self.schema_type(at, value);
        }
    }

    fn schema_type(&mut self, at: &str, schema: &Value) {
        let Some(found) = schema["type"].as_str() else {
            return;
        };
        if !SCHEMA_TYPES.contains(&found) {
            let message = format!(
                "expected a type ({}), found `{found}`",
                SCHEMA_TYPES.join(", ")
            );
            self.report(&join(at, "type"), message);
        }
    }

    fn reference(&mut self, at: &str, value: &Value) {
        let target = value["$ref"].as_str().unwrap_or_default();
        let found = target
            .strip_prefix('#')
            .and_then(|pointer| self.document.value.pointer(pointer));
        if found.is_none() {
            let message = format!(
                "`$ref: {target}` leads nowhere; expected #/components/… with a name that is there"
            );
            self.report(&join(at, "$ref"), message);
        }
    }

    fn report(&mut self, at: &str, message: String) {
        self.faults.push(self.document.fault(at, message));
    }
}

fn words(expected: Expect) -> String {
    match expected {
        Text => "a text".into(),
        Flag => "true or false".into(),
        Count => "a whole number from 0".into(),
        Number => "a number".into(),
        Any => "a value".into(),
        Texts => "a list of texts".into(),
        Object(kind) => kind.into(),
        Map(kind) => format!("names with {kind} each"),
        List(kind) => format!("a list with {kind} each"),
        Security => "a list of security requirements".into(),
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("the text `{text}`"),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let document = Document::parse("openapi/test.yaml", text.to_owned()).expect("YAML");
        check(&document).iter().map(ToString::to_string).collect()
    }

    const HEAD: &str = "openapi: 3.0.3\ninfo:\n  title: Test\n  version: 1.0.0\n";

    #[test]
    fn a_slip_is_reported_at_its_line_with_what_was_expected() {
        for (rest, expected) in [
            (
                "paths: []\n",
                "openapi/test.yaml:5:1: expected names with a path item, found a list",
            ),
            (
                "path: {}\npaths: {}\n",
                "openapi/test.yaml:5:1: `path` does not belong in the document; expected one of: openapi, info",
            ),
            (
                "paths: {}\ncomponents:\n  schemas:\n    A:\n      type: string\n      maxLength: \"64\"\n",
                "openapi/test.yaml:10:7: expected a whole number from 0, found the text `64`",
            ),
            (
                "paths: {}\ncomponents:\n  schemas:\n    A:\n      type: strng\n",
                "openapi/test.yaml:9:7: expected a type (array, boolean, integer, number, object, string), found `strng`",
            ),
            (
                "paths: {}\ncomponents:\n  schemas:\n    A:\n      $ref: '#/components/schemas/B'\n",
                "openapi/test.yaml:9:7: `$ref: #/components/schemas/B` leads nowhere",
            ),
            (
                "paths:\n  /a:\n    get:\n      operationId: get_a\n",
                "openapi/test.yaml:7:5: expected `responses` in an operation",
            ),
        ] {
            let found = faults(&format!("{HEAD}{rest}"));
            assert_eq!(found.len(), 1, "{rest} gave {found:?}");
            assert!(found[0].starts_with(expected), "{rest} gave {found:?}");
        }
    }

    #[test]
    fn a_sound_document_has_no_fault() {
        assert_eq!(
            faults(&format!("{HEAD}paths: {{}}\n")),
            Vec::<String>::new()
        );
    }
}

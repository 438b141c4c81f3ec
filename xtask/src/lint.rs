//! What we ask of our OpenAPI documents beyond being OpenAPI: design section 4, as rules.
//!
//! A rule is a function and a line in [`RULES`]. The shape itself is `shape.rs`.

use std::collections::HashSet;

use serde_json::Value;

use crate::document::{Document, Fault, join};
use crate::spec::{
    Operation, operations, request_schemas, resolve, response_schemas, schema_name, schemas,
};

/// One rule of the lint.
#[derive(Debug)]
pub struct Rule {
    /// The stable code.
    pub code: &'static str,
    /// What it asks, as a sentence.
    pub asks: &'static str,
    check: fn(&Document, &mut Findings<'_>),
}

/// Every rule, by code.
pub const RULES: &[Rule] = &[
    Rule {
        code: "S001",
        asks: "Every operation has a unique snake_case operationId that starts with a verb.",
        check: operation_ids,
    },
    Rule {
        code: "S002",
        asks: "Every body refers to a named schema, and every object schema has a name.",
        check: named_bodies,
    },
    Rule {
        code: "S003",
        asks: "No default response; errors are 4XX and 5XX and refer to ErrorResponse.",
        check: errors,
    },
    Rule {
        code: "S004",
        asks: "Every operation has exactly one 2xx answer.",
        check: one_success,
    },
    Rule {
        code: "S005",
        asks: "Operations, parameters, answers, schemas and properties have a description that ends with a period.",
        check: descriptions,
    },
    Rule {
        code: "S006",
        asks: "Every JSON body has an example, and every example is valid against its schema.",
        check: examples,
    },
    Rule {
        code: "S007",
        asks: "Schemas of answers require nothing and constrain nothing.",
        check: lenient_answers,
    },
    Rule {
        code: "S008",
        asks: "Enums of answers are open (x-extensible-enum), each a schema of its own.",
        check: open_enums,
    },
    Rule {
        code: "S009",
        asks: "The text is LF, without tabs or trailing blanks, and header names are ASCII.",
        check: canonical_text,
    },
    Rule {
        code: "S010",
        asks: "Every schema is reachable from an operation.",
        check: reachable,
    },
    Rule {
        code: "S011",
        asks: "Every operation names its keys, and every server is https.",
        check: keys_and_servers,
    },
];

/// Checks a document against every rule; findings come in the order of the document.
#[must_use]
pub fn check(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    for rule in RULES {
        (rule.check)(
            document,
            &mut Findings {
                document,
                code: rule.code,
                faults: &mut faults,
            },
        );
    }
    faults.sort();
    faults.dedup();
    faults
}

struct Findings<'a> {
    document: &'a Document,
    code: &'static str,
    faults: &'a mut Vec<Fault>,
}

impl Findings<'_> {
    fn at(&mut self, pointer: &str, message: impl std::fmt::Display) {
        let message = format!("{} {message}", self.code);
        self.faults.push(self.document.fault(pointer, message));
    }
}

fn operation_ids(document: &Document, findings: &mut Findings<'_>) {
    const VERBS: [&str; 7] = ["create", "delete", "get", "link", "list", "set", "update"];
    let mut seen = HashSet::new();
    for operation in operations(&document.value) {
        let id = operation.id();
        let snake = id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let verb = id.split('_').next().unwrap_or_default();
        if id.is_empty() {
            findings.at(
                &operation.pointer,
                "the operation has no operationId; name it verb_noun",
            );
        } else if !snake || !VERBS.contains(&verb) {
            findings.at(
                &join(&operation.pointer, "operationId"),
                format!(
                    "`{id}` is not verb_noun in snake_case; begin with one of: {}",
                    VERBS.join(", ")
                ),
            );
        } else if !seen.insert(id.to_owned()) {
            findings.at(
                &join(&operation.pointer, "operationId"),
                format!("`{id}` stands here for the second time"),
            );
        }
    }
}

/// A body of an operation: where its media type stands, the media type, and what it is the body of.
struct Body<'a> {
    pointer: String,
    media: &'a Value,
}

fn bodies<'a>(document: &'a Value) -> Vec<Body<'a>> {
    let mut found = Vec::new();
    let mut add = |holder: &'a Value, pointer: String| {
        for (name, media) in holder["content"].as_object().into_iter().flatten() {
            let pointer = join(&format!("{pointer}/content"), name);
            found.push(Body { pointer, media });
        }
    };
    for operation in operations(document) {
        add(
            &operation.value["requestBody"],
            format!("{}/requestBody", operation.pointer),
        );
        for (status, answer) in answers(&operation) {
            match answer["$ref"].as_str() {
                Some(target) => add(
                    resolve(document, answer),
                    target.trim_start_matches('#').to_owned(),
                ),
                None => add(
                    answer,
                    join(&format!("{}/responses", operation.pointer), status),
                ),
            }
        }
    }
    found
}

fn answers<'a>(operation: &Operation<'a>) -> impl Iterator<Item = (&'a String, &'a Value)> {
    operation.value["responses"]
        .as_object()
        .into_iter()
        .flatten()
}

fn named_bodies(document: &Document, findings: &mut Findings<'_>) {
    for body in bodies(&document.value) {
        let target = body.media["schema"]["$ref"].as_str().unwrap_or_default();
        if schema_name(target).is_none() {
            findings.at(
                &body.pointer,
                "the body does not refer to a named schema; move it to components/schemas",
            );
        }
    }
    each_schema(document, &mut |pointer, schema| {
        let named = pointer.matches('/').count() == 3;
        if !named && schema.get("properties").is_some() {
            findings.at(
                pointer,
                "an object inside another has no name; move it to components/schemas",
            );
        }
    });
}

fn errors(document: &Document, findings: &mut Findings<'_>) {
    for operation in operations(&document.value) {
        let at = format!("{}/responses", operation.pointer);
        for status in ["4XX", "5XX"] {
            if operation.value["responses"].get(status).is_none() {
                findings.at(&at, format!("the operation has no {status} answer"));
            }
        }
        for (status, answer) in answers(&operation) {
            let at = join(&at, status);
            if status.starts_with('2') {
                continue;
            }
            if status != "4XX" && status != "5XX" {
                findings.at(
                    &at,
                    format!("`{status}` is neither a 2xx status nor 4XX or 5XX"),
                );
            }
            let schema = &resolve(&document.value, answer)["content"]["application/json"]["schema"];
            if schema["$ref"] != "#/components/schemas/ErrorResponse" {
                findings.at(&at, "the error does not refer to ErrorResponse");
            }
        }
    }
}

fn one_success(document: &Document, findings: &mut Findings<'_>) {
    for operation in operations(&document.value) {
        let count = answers(&operation)
            .filter(|(status, _)| status.starts_with('2'))
            .count();
        if count != 1 {
            findings.at(
                &operation.pointer,
                format!("the operation has {count} 2xx answers; write exactly one"),
            );
        }
    }
}

fn descriptions(document: &Document, findings: &mut Findings<'_>) {
    for operation in operations(&document.value) {
        described(
            &operation.pointer,
            operation.value,
            "the operation",
            findings,
        );
        for (status, answer) in answers(&operation) {
            let at = join(&format!("{}/responses", operation.pointer), status);
            described(
                &at,
                resolve(&document.value, answer),
                "the answer",
                findings,
            );
        }
        for (index, parameter) in operation.value["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let at = format!("{}/parameters/{index}", operation.pointer);
            described(
                &at,
                resolve(&document.value, parameter),
                "the parameter",
                findings,
            );
        }
    }
    for (name, schema) in schemas(&document.value) {
        let at = join("/components/schemas", name);
        described(&at, schema, "the schema", findings);
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let at = join(&format!("{at}/properties"), name);
            described(&at, property, "the property", findings);
        }
    }
}

fn described(at: &str, value: &Value, what: &str, findings: &mut Findings<'_>) {
    match value["description"].as_str() {
        None if value.get("$ref").is_some() => {
            findings.at(at, format!("{what} has no description of its own; write allOf with the $ref and a description"));
        }
        None => findings.at(at, format!("{what} has no description")),
        Some(text) if !text.trim_end().ends_with('.') => {
            findings.at(
                &join(at, "description"),
                format!(
                    "the description of {} does not end with a period",
                    what.trim_start_matches("the ")
                ),
            );
        }
        Some(_) => {}
    }
}

fn examples(document: &Document, findings: &mut Findings<'_>) {
    for body in bodies(&document.value) {
        if !body.pointer.ends_with("/application~1json") {
            continue;
        }
        let examples = body.media["examples"].as_object();
        if examples.is_none_or(serde_json::Map::is_empty) {
            findings.at(&body.pointer, "the body has no example");
            continue;
        }
        let schema = standalone(&document.value, &body.media["schema"]);
        let Ok(validator) = jsonschema::draft4::new(&schema) else {
            findings.at(
                &body.pointer,
                "the schema of the body cannot be checked against; see the other findings",
            );
            continue;
        };
        for (name, example) in examples.into_iter().flatten() {
            let at = join(&format!("{}/examples", body.pointer), name);
            let example = resolve(&document.value, example);
            for error in validator.iter_errors(&example["value"]) {
                let at = format!("{at}/value{}", error.instance_path());
                findings.at(&at, format!("the example does not fit its schema: {error}"));
            }
        }
    }
}

/// A schema with the document's components beside it, so that its references resolve.
fn standalone(document: &Value, schema: &Value) -> Value {
    serde_json::json!({"allOf": [schema], "components": document["components"]})
}

fn lenient_answers(document: &Document, findings: &mut Findings<'_>) {
    const CONSTRAINTS: [&str; 10] = [
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "pattern",
    ];
    let requests = request_schemas(&document.value);
    for name in response_schemas(&document.value).difference(&requests) {
        let at = join("/components/schemas", name);
        walk_schema(
            &at,
            &document.value["components"]["schemas"][name],
            &mut |pointer, schema| {
                if schema.get("required").is_some() {
                    findings.at(
                        &join(pointer, "required"),
                        "an answer requires nothing; clients must be able to live without a field",
                    );
                }
                for key in CONSTRAINTS.iter().filter(|key| schema.get(**key).is_some()) {
                    findings.at(
                        &join(pointer, key),
                        format!("`{key}` constrains an answer; only requests are constrained"),
                    );
                }
            },
        );
    }
}

fn open_enums(document: &Document, findings: &mut Findings<'_>) {
    each_schema(document, &mut |pointer, schema| {
        if schema.get("x-extensible-enum").is_none() {
            return;
        }
        if pointer.matches('/').count() != 3 {
            findings.at(
                pointer,
                "an open enum has no name; move it to components/schemas",
            );
        }
        if schema["type"] != "string" || schema.get("enum").is_some() {
            findings.at(
                pointer,
                "an open enum is `type: string` with x-extensible-enum and no enum",
            );
        }
        let texts = schema["x-extensible-enum"]
            .as_array()
            .is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_string));
        if !texts {
            findings.at(
                &join(pointer, "x-extensible-enum"),
                "x-extensible-enum is a list of texts",
            );
        }
    });
}

fn canonical_text(document: &Document, findings: &mut Findings<'_>) {
    let mut line_fault = |line: usize, message: &str| {
        findings.faults.push(Fault {
            document: document.name.clone(),
            mark: crate::document::Mark { line, column: 1 },
            message: format!("{} {message}", findings.code),
        });
    };
    for (index, line) in document.text.split('\n').enumerate() {
        if line.contains('\r') {
            line_fault(index + 1, "the line ends with CR LF; write LF");
        } else if line.contains('\t') {
            line_fault(index + 1, "the line has a tab; indent with two spaces");
        } else if line.ends_with(' ') {
            line_fault(index + 1, "the line ends with a blank");
        }
    }
    if !document.text.ends_with('\n') {
        line_fault(
            document.text.lines().count(),
            "the file does not end with a line feed",
        );
    }
    for (name, scheme) in document.value["components"]["securitySchemes"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let header = scheme["name"].as_str().unwrap_or_default();
        if !header
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-')
        {
            let at = join("/components/securitySchemes", name);
            findings.at(
                &join(&at, "name"),
                format!("`{header}` is not a header name; look for a hyphen that is not ASCII"),
            );
        }
    }
}

fn reachable(document: &Document, findings: &mut Findings<'_>) {
    let requests = request_schemas(&document.value);
    let responses = response_schemas(&document.value);
    for (name, _) in schemas(&document.value) {
        if !requests.contains(name) && !responses.contains(name) {
            findings.at(
                &join("/components/schemas", name),
                format!("no operation uses the schema `{name}`"),
            );
        }
    }
}

fn keys_and_servers(document: &Document, findings: &mut Findings<'_>) {
    for operation in operations(&document.value) {
        let security = operation
            .value
            .get("security")
            .unwrap_or(&document.value["security"]);
        if security.as_array().is_none_or(Vec::is_empty) {
            findings.at(
                &operation.pointer,
                "the operation names no key; write security",
            );
        }
    }
    let servers = document.value["servers"].as_array();
    if servers.is_none_or(Vec::is_empty) {
        findings.at("", "the document names no server");
    }
    for (index, server) in servers.into_iter().flatten().enumerate() {
        let url = server["url"].as_str().unwrap_or_default();
        if !url.starts_with("https://") || url.ends_with('/') {
            findings.at(
                &format!("/servers/{index}/url"),
                format!("`{url}` is not an https address without a slash at its end"),
            );
        }
    }
}

fn each_schema(document: &Document, visit: &mut dyn FnMut(&str, &Value)) {
    for (name, schema) in schemas(&document.value) {
        walk_schema(&join("/components/schemas", name), schema, visit);
    }
}

/// Visits a schema and every schema inside it, not those it refers to.
fn walk_schema(pointer: &str, schema: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    visit(pointer, schema);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        walk_schema(&join(&join(pointer, "properties"), name), property, visit);
    }
    if schema.get("items").is_some() {
        walk_schema(&join(pointer, "items"), &schema["items"], visit);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for (index, part) in schema[key].as_array().into_iter().flatten().enumerate() {
            walk_schema(&join(&join(pointer, key), &index.to_string()), part, visit);
        }
    }
}

//! Looking around in an OpenAPI document: its operations, its schemas, and which of them stand in
//! requests and which in answers. Judges nothing and changes nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::join;

/// The methods an operation can have, as they stand in a path item.
const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// One operation of a document.
#[derive(Debug)]
pub struct Operation<'a> {
    /// Its path, with braces.
    pub path: &'a str,
    /// Its method, in lower case.
    pub method: &'a str,
    /// Where it stands.
    pub pointer: String,
    /// What stands there.
    pub value: &'a Value,
}

impl Operation<'_> {
    /// The `operationId`; empty if there is none.
    #[must_use]
    pub fn id(&self) -> &str {
        self.value["operationId"].as_str().unwrap_or_default()
    }
}

/// The operations, in the order of the document.
#[must_use]
pub fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let item = item.as_object().into_iter().flatten();
            item.filter(|(method, _)| METHODS.contains(&method.as_str()))
                .map(move |(method, value)| Operation {
                    path,
                    method,
                    pointer: join(&join("/paths", path), method),
                    value,
                })
        })
        .collect()
}

/// The named schemas, in the order of the document.
pub fn schemas(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
}

/// The name behind `#/components/schemas/`.
#[must_use]
pub fn schema_name(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}

/// Follows one `$ref` of the document; anything else is returned as it is.
#[must_use]
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    value["$ref"]
        .as_str()
        .and_then(|target| target.strip_prefix('#'))
        .and_then(|pointer| document.pointer(pointer))
        .unwrap_or(value)
}

/// The names of the schemas that requests are made of: bodies and parameters.
#[must_use]
pub fn request_schemas(document: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for operation in operations(document) {
        collect(document, &operation.value["requestBody"], &mut names);
        collect(document, &operation.value["parameters"], &mut names);
    }
    for item in document["paths"].as_object().into_iter().flatten() {
        collect(document, &item.1["parameters"], &mut names);
    }
    names
}

/// The names of the schemas that answers are made of.
#[must_use]
pub fn response_schemas(document: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for operation in operations(document) {
        collect(document, &operation.value["responses"], &mut names);
    }
    names
}

fn collect(document: &Value, value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(target) = map.get("$ref").and_then(Value::as_str) {
                let known = schema_name(target).is_some_and(|name| !names.insert(name.to_owned()));
                if !known {
                    collect(document, resolve(document, value), names);
                }
                return;
            }
            for (key, item) in map {
                // An example may hold anything, a key called `$ref` among it.
                if key != "example" && key != "examples" {
                    collect(document, item, names);
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|item| collect(document, item, names)),
        _ => {}
    }
}

//! The *lower* stage: from the document as every reader sees it to the document as progenitor
//! needs it. One named pass a difference, each with its reason; a pass that finds nothing to do
//! in any document is an error, so that none outlives its reason.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::document::{Document, join};
use crate::spec::{operations, request_schemas, resolve, response_schemas, schemas};

/// A document on its way to the generator.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The document's name, `openapi/certcentral.yaml`.
    pub name: String,
    /// The Rust module that its types and its client live in.
    pub module: String,
    /// The document, rewritten by the passes.
    pub value: Value,
    /// The document as it was written.
    pub source: Value,
    /// Schemas that a hand-written type stands for: name of the schema, name of the type.
    pub leaves: BTreeMap<String, String>,
    /// The open enums, which a macro of `digicert-types` makes.
    pub open_enums: Vec<OpenEnum>,
    /// The keys that are passed with a call.
    pub second_keys: Vec<SecondKey>,
    /// Schemas of requests.
    pub requests: BTreeSet<String>,
    /// Schemas of answers that no request uses.
    pub answers: BTreeSet<String>,
}

/// A `type: string` whose known values are not all there ever will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenEnum {
    /// The schema's name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// The values the documentation knows.
    pub known: Vec<String>,
    /// Whether a known value is read in any letter case.
    pub any_case: bool,
}

/// A key that an operation takes beside the one its client holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondKey {
    /// The argument as progenitor names it, after the header.
    pub argument: String,
    /// The name of its security scheme.
    pub scheme: String,
}

impl Lowered {
    fn new(document: &Document) -> Self {
        let file = document.name.rsplit('/').next().unwrap_or(&document.name);
        let stem = file.trim_end_matches(".yaml");
        let requests = request_schemas(&document.value);
        let answers = response_schemas(&document.value);
        Self {
            name: document.name.clone(),
            module: stem.split('-').next().unwrap_or(stem).to_owned(),
            value: document.value.clone(),
            source: document.value.clone(),
            leaves: BTreeMap::new(),
            open_enums: Vec::new(),
            second_keys: Vec::new(),
            answers: answers.difference(&requests).cloned().collect(),
            requests,
        }
    }

    /// The names of the schemas, those of passes among them.
    pub fn schema_names(&self) -> impl Iterator<Item = &String> {
        schemas(&self.value).map(|(name, _)| name)
    }

    fn schema(&mut self, name: &str) -> Option<&mut Value> {
        self.value.pointer_mut(&join("/components/schemas", name))
    }
}

#[derive(Debug)]
/// One difference between the document and what the generator needs.
pub struct Pass {
    /// Its name, for messages.
    pub name: &'static str,
    /// Why the generator cannot take the document as it is.
    pub reason: &'static str,
    /// Does it; says how many places it changed.
    apply: fn(&mut Lowered) -> usize,
}

/// The passes, in the order in which they run.
pub const PASSES: &[Pass] = &[
    Pass {
        name: "query-is-a-struct",
        reason: "progenitor makes each query parameter a positional argument; four Options in a row get swapped",
        apply: query_is_a_struct,
    },
    Pass {
        name: "drop-request-constraints",
        reason: "a type that cannot hold a wrong value reports the first one only; digicert-validate reports all",
        apply: drop_request_constraints,
    },
    Pass {
        name: "drop-defaults",
        reason: "a field that is left out must not be sent, and must stay distinguishable from false",
        apply: drop_defaults,
    },
    Pass {
        name: "open-enums",
        reason: "typify closes an enum, and knows no x-extensible-enum; a macro of digicert-types keeps unknown values",
        apply: open_enums,
    },
    Pass {
        name: "hand-written-leaves",
        reason: "typify makes money an f64 and a key a String",
        apply: hand_written_leaves,
    },
    Pass {
        name: "second-key-is-an-argument",
        reason: "progenitor ignores security; a client holds the first key of an operation, a second one is passed by its own type",
        apply: second_key_is_an_argument,
    },
];

/// Runs every pass over every document.
///
/// # Errors
///
/// When a pass found nothing to do: then its reason is gone and it has to go as well.
pub fn lower(documents: &[Document]) -> Result<Vec<Lowered>> {
    let mut lowered: Vec<_> = documents.iter().map(Lowered::new).collect();
    for pass in PASSES {
        let changed: usize = lowered
            .iter_mut()
            .map(|document| (pass.apply)(document))
            .sum();
        if changed == 0 {
            bail!(
                "the pass `{}` no longer applies to any document; remove it from xtask/src/lower.rs (its reason was: {})",
                pass.name,
                pass.reason
            );
        }
    }
    Ok(lowered)
}

const CONSTRAINTS: [&str; 8] = [
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "multipleOf",
    "pattern",
];

fn drop_request_constraints(document: &mut Lowered) -> usize {
    drop_keys(&mut document.value["components"]["schemas"], &CONSTRAINTS)
}

fn drop_defaults(document: &mut Lowered) -> usize {
    drop_keys(&mut document.value["components"]["schemas"], &["default"])
}

/// Removes keys from every schema below `value`; a property of that name stays.
fn drop_keys(value: &mut Value, keys: &[&str]) -> usize {
    match value {
        Value::Object(map) => {
            let before = map.len();
            let is_schema =
                map.contains_key("type") || map.contains_key("anyOf") || map.contains_key("allOf");
            if is_schema && map.get("type").is_none_or(Value::is_string) {
                map.retain(|key, _| !keys.contains(&key.as_str()));
            }
            let dropped = before - map.len();
            dropped
                + map
                    .values_mut()
                    .map(|item| drop_keys(item, keys))
                    .sum::<usize>()
        }
        Value::Array(list) => list.iter_mut().map(|item| drop_keys(item, keys)).sum(),
        _ => 0,
    }
}

fn open_enums(document: &mut Lowered) -> usize {
    let found: Vec<_> = schemas(&document.value)
        .filter_map(|(name, schema)| {
            let known = schema["x-extensible-enum"].as_array()?;
            Some(OpenEnum {
                name: name.clone(),
                description: schema["description"]
                    .as_str()
                    .unwrap_or_default()
                    .trim_end()
                    .to_owned(),
                known: known
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
                any_case: schema["x-case-insensitive"] == true,
            })
        })
        .collect();
    for open_enum in &found {
        let name = open_enum.name.clone();
        document
            .leaves
            .insert(name.clone(), format!("{}::{name}", document.module));
        if let Some(schema) = document.schema(&name) {
            *schema = json!({"type": "string"});
        }
    }
    let count = found.len();
    document.open_enums = found;
    count
}

/// Schema and the hand-written type of `digicert-types` that stands for it.
const LEAVES: [(&str, &str); 4] = [
    ("Amount", "Amount"),
    ("CertCentralApiKey", "CertCentralApiKey"),
    ("QuotableInteger", "QuotableInteger"),
    ("ReportedAmount", "Amount"),
];

fn hand_written_leaves(document: &mut Lowered) -> usize {
    let mut count = 0;
    for (schema, leaf) in LEAVES {
        if let Some(found) = document.schema(schema) {
            *found = json!({"type": "string"});
            document.leaves.insert(schema.to_owned(), leaf.to_owned());
            count += 1;
        }
    }
    count
}

fn second_key_is_an_argument(document: &mut Lowered) -> usize {
    let mut arguments = Vec::new();
    for operation in operations(&document.value) {
        let security = operation
            .value
            .get("security")
            .unwrap_or(&document.value["security"]);
        for (name, _) in security[0].as_object().into_iter().flatten().skip(1) {
            let scheme = &document.value["components"]["securitySchemes"][name];
            arguments.push((
                operation.pointer.clone(),
                name.clone(),
                scheme["name"].clone(),
                scheme["description"].clone(),
            ));
        }
    }
    for (pointer, scheme, header, description) in &arguments {
        document.second_keys.push(SecondKey {
            argument: header
                .as_str()
                .unwrap_or_default()
                .to_lowercase()
                .replace('-', "_"),
            scheme: scheme.clone(),
        });
        let parameter = json!({
            "name": header, "in": "header", "required": true, "description": description,
            "schema": {"$ref": "#/components/schemas/CertCentralApiKey"},
        });
        if let Some(operation) = document.value.pointer_mut(pointer) {
            push(operation, "parameters", parameter);
        }
        document.value["components"]["schemas"]["CertCentralApiKey"] = json!({"type": "string"});
        document
            .leaves
            .insert("CertCentralApiKey".into(), "CertCentralApiKey".into());
    }
    arguments.len()
}

/// OpenAPI explodes an object in the query into one parameter a property, so nothing changes on
/// the wire.
fn query_is_a_struct(document: &mut Lowered) -> usize {
    let mut queries = Vec::new();
    for operation in operations(&document.value) {
        let parameters = operation.value["parameters"]
            .as_array()
            .into_iter()
            .flatten();
        let (query, rest): (Vec<_>, Vec<_>) = parameters
            .cloned()
            .partition(|parameter| parameter["in"] == "query");
        if !query.is_empty() {
            queries.push((
                operation.pointer.clone(),
                format!("{}Query", pascal_case(operation.id())),
                query,
                rest,
            ));
        }
    }
    for (pointer, name, query, mut rest) in queries.clone() {
        let reference = format!("#/components/schemas/{name}");
        rest.push(json!({
            "name": "query", "in": "query", "required": true, "style": "form", "explode": true,
            "description": "What to ask for; the default asks for everything.", "schema": {"$ref": reference},
        }));
        if let Some(operation) = document.value.pointer_mut(&pointer) {
            operation["parameters"] = Value::Array(rest);
        }
        document.value["components"]["schemas"][&name] = query_schema(&pointer, &query);
        document.requests.insert(name);
    }
    queries.len()
}

fn query_schema(pointer: &str, query: &[Value]) -> Value {
    let properties = query.iter().map(|parameter| {
        let mut schema = parameter["schema"].clone();
        schema["description"] = parameter["description"].clone();
        (
            parameter["name"].as_str().unwrap_or_default().to_owned(),
            schema,
        )
    });
    let required: Vec<_> = query
        .iter()
        .filter(|parameter| parameter["required"] == true)
        .map(|parameter| &parameter["name"])
        .collect();
    let (path, method) = pointer
        .trim_start_matches("/paths/")
        .split_once('/')
        .unwrap_or_default();
    let path = path.replace("~1", "/");
    let mut schema = json!({
        "type": "object",
        "description": format!("The query of `{} {path}`.", method.to_uppercase()),
        "properties": properties.collect::<serde_json::Map<_, _>>(),
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// `list_subaccounts` as `ListSubaccounts`.
#[must_use]
pub fn pascal_case(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter_map(|word| {
            let mut chars = word.chars();
            chars
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + chars.as_str())
        })
        .collect()
}

fn push(object: &mut Value, key: &str, item: Value) {
    match object[key].as_array_mut() {
        Some(list) => list.push(item),
        None => object[key] = json!([item]),
    }
}

/// What an operation's answer holds: the name of its schema, or nothing.
#[must_use]
pub fn answer_schema<'a>(document: &'a Value, operation: &'a Value) -> Option<&'a str> {
    let answers = operation["responses"].as_object()?;
    let (_, answer) = answers.iter().find(|(status, _)| status.starts_with('2'))?;
    let media = &resolve(document, answer)["content"]["application/json"];
    media["schema"]["$ref"]
        .as_str()
        .and_then(crate::spec::schema_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_that_finds_nothing_to_do_is_an_error() {
        let text = "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\npaths: {}\n";
        let document = Document::parse("openapi/test.yaml", text.into()).expect("YAML");
        let error = lower(&[document]).expect_err("nothing applies").to_string();
        assert!(
            error.contains("`query-is-a-struct` no longer applies"),
            "{error}"
        );
    }
}

//! For every schema of an answer, a test with its properties and their kinds: I7 is about each of
//! them, also about the one that is added tomorrow. What is asserted is written by hand, in
//! `digicert-types/tests/leniency.rs`.

use quote::{format_ident, quote};
use serde_json::Value;
use syn::{File, parse_quote};

use crate::lower::Lowered;
use crate::spec::{schema_name, schemas};

/// The tests for `digicert-types`.
#[must_use]
pub fn tests(documents: &[Lowered]) -> File {
    let tests = documents.iter().flat_map(|document| {
        let answers = schemas(&document.source).filter(|(name, schema)| {
            document.answers.contains(*name) && schema["type"] == "object"
        });
        answers.map(|(name, schema)| {
            let test = format_ident!("i7_{}_{}", document.module, name.to_lowercase());
            let module = format_ident!("{}", document.module);
            let ty = format_ident!("{name}");
            let properties = schema["properties"].as_object().into_iter().flatten();
            let rows = properties.map(|(name, property)| {
                let kind = format_ident!("{}", kind(&document.source, property));
                quote!((#name, Kind::#kind))
            });
            quote! {
                #[test]
                fn #test() {
                    super::reads_leniently::<digicert_types::#module::#ty>(&[#(#rows),*]);
                }
            }
        })
    });
    parse_quote! {
        //! One test a schema of an answer: its properties, and what kind each is of.

        use super::Kind;

        #(#tests)*
    }
}

fn kind(document: &Value, property: &Value) -> &'static str {
    let target = property["$ref"]
        .as_str()
        .or_else(|| property["allOf"][0]["$ref"].as_str());
    let schema = match target.and_then(schema_name) {
        Some("CertCentralApiKey") => return "Key",
        Some("QuotableInteger") => return "Integer",
        Some("Amount" | "ReportedAmount") => return "Money",
        Some(name) => &document["components"]["schemas"][name],
        None => property,
    };
    match schema["type"].as_str() {
        Some("string") if schema.get("x-extensible-enum").is_some() => "OpenEnum",
        Some("string") => "Text",
        Some("integer") => "Integer",
        Some("boolean") => "Flag",
        Some("array") => "List",
        _ => "Object",
    }
}

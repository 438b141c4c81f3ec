//! The examples of the documents as Rust: a table of JSON texts in `digicert-types`, and a test
//! for each that it reads into its type and is written back equal.

use std::collections::HashSet;

use proc_macro2::Span;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{File, LitStr, parse_quote};

use crate::lower::Lowered;
use crate::spec::{operations, resolve, schema_name};

/// One example of a document.
#[derive(Clone, Debug)]
pub struct Example {
    /// The module of the document.
    pub module: String,
    /// The operation it belongs to.
    pub operation: String,
    /// `request`, or the status of the answer.
    pub part: String,
    /// The schema it is an example of.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What it shows.
    pub summary: String,
    /// The example.
    pub value: Value,
}

/// Every example of every body, in the order of the documents; what operations share stands once,
/// at the first of them.
#[must_use]
pub fn collect(documents: &[Lowered]) -> Vec<Example> {
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    for document in documents {
        for operation in operations(&document.source) {
            let mut add = |part: &str, holder: &Value| {
                let media = &resolve(&document.source, holder)["content"]["application/json"];
                let schema = media["schema"]["$ref"]
                    .as_str()
                    .and_then(schema_name)
                    .unwrap_or_default();
                let shared = holder["$ref"]
                    .as_str()
                    .map(|target| (document.module.clone(), target.to_owned()));
                if shared.is_some_and(|shared| !seen.insert(shared)) {
                    return;
                }
                for (name, example) in media["examples"].as_object().into_iter().flatten() {
                    let example = resolve(&document.source, example);
                    found.push(Example {
                        module: document.module.clone(),
                        operation: operation.id().to_owned(),
                        part: part.to_owned(),
                        schema: schema.to_owned(),
                        name: name.clone(),
                        summary: example["summary"].as_str().unwrap_or_default().to_owned(),
                        value: example["value"].clone(),
                    });
                }
            };
            add("request", &operation.value["requestBody"]);
            for (status, answer) in operation.value["responses"]
                .as_object()
                .into_iter()
                .flatten()
            {
                add(status, answer);
            }
        }
    }
    found
}

/// The table for `digicert-types`.
#[must_use]
pub fn table(examples: &[Example]) -> File {
    let rows = examples.iter().map(|example| {
        let Example { module, operation, part, schema, name, summary, value } = example;
        let json = raw(&format!("{value:#}"));
        quote! {
            Example { document: #module, operation: #operation, part: #part, schema: #schema, name: #name, summary: #summary, json: #json },
        }
    });
    parse_quote! {
        //! The examples of the OpenAPI documents.

        use crate::examples::Example;

        /// Every example of every body, in the order of the documents.
        pub static EXAMPLES: &[Example] = &[#(#rows)*];
    }
}

/// JSON reads best without escapes.
fn raw(text: &str) -> LitStr {
    let literal = syn::parse_str(&format!("r#\"{text}\"#"));
    literal.unwrap_or_else(|_| LitStr::new(text, Span::call_site()))
}

/// The tests for `digicert-types`.
#[must_use]
pub fn tests(examples: &[Example]) -> File {
    let tests = examples.iter().map(|example| {
        let Example { module, operation, part, schema, name, .. } = example;
        let part_name = part.to_lowercase();
        let test = format_ident!("{module}_{operation}_{part_name}_{name}");
        let module = format_ident!("{module}");
        let schema = format_ident!("{schema}");
        quote! {
            #[test]
            fn #test() {
                super::round_trip::<digicert_types::#module::#schema>(stringify!(#module), #operation, #part, #name);
            }
        }
    });
    parse_quote! {
        //! One test an example: it reads into its type and is written back equal.

        #(#tests)*
    }
}

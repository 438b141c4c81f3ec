//! `cargo xtask codegen`: which stages run, and what they write where.

use std::path::Path;

use anyhow::{Context as _, Result};
use syn::parse_quote;

use crate::document::{Document, Fault};
use crate::print::{Draft, Output};
use crate::{
    client_pass, examples_pass, generate, leniency_pass, lint, lower, print, rules_pass,
    sandbox_pass, served_pass, shape, types_pass, validate_pass,
};

/// The documents, below the repository.
pub const DOCUMENTS: [&str; 2] = [
    "openapi/certcentral.yaml",
    "openapi/partner-subscriptions.yaml",
];

/// The folders in which every file is generated.
pub const FOLDERS: [&str; 6] = [
    "crates/digicert-client/src/generated",
    "crates/digicert-types/src/generated",
    "crates/digicert-types/tests/generated",
    "crates/digicert-validate/src/generated",
    "crates/digicert-sandbox/src/generated",
    served_pass::FOLDER,
];

const ALL: &str = "openapi/*.yaml";

/// Reads both documents and checks their shape.
///
/// # Errors
///
/// Every place that is not YAML or not shaped like OpenAPI 3.0.
pub fn read(root: &Path) -> Result<Vec<Document>, Vec<Fault>> {
    let (mut documents, mut faults) = (Vec::new(), Vec::new());
    for name in DOCUMENTS {
        match Document::read(root, name) {
            Ok(document) => {
                faults.extend(shape::check(&document));
                documents.push(document);
            }
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() {
        Ok(documents)
    } else {
        Err(faults)
    }
}

/// Every finding of the lint, in every document.
#[must_use]
pub fn findings(documents: &[Document]) -> Vec<Fault> {
    documents.iter().flat_map(lint::check).collect()
}

/// Renders every generated file, in memory.
///
/// # Errors
///
/// When a stage fails; nothing has been written then.
pub fn render(root: &Path, documents: &[Document]) -> Result<Vec<Output>> {
    let mut outputs = print::print(draft(root, documents)?)?;
    outputs.push(rules_pass::catalogue(root)?);
    outputs.extend(served_pass::copies(documents)?);
    Ok(outputs)
}

/// Everything but formatting.
///
/// # Errors
///
/// When a stage fails.
pub fn draft(root: &Path, documents: &[Document]) -> Result<Vec<Draft>> {
    let lowered = lower::lower(documents)?;
    let mut drafts = Vec::new();
    let mut add = |folder: usize, file: &str, source: &str, syntax: syn::File| {
        drafts.push(Draft {
            path: format!("{}/{file}.rs", FOLDERS[folder]),
            source: source.to_owned(),
            file: syntax,
        });
    };
    for document in &lowered {
        let types = types_pass::apply(generate::types(document)?, document)?;
        add(1, &document.module, &document.name, types);
        let client = client_pass::apply(generate::client(document)?, document)?;
        let [client, blocking] = client;
        add(0, &document.module, &document.name, client);
        add(
            0,
            &format!("{}_blocking", document.module),
            &document.name,
            blocking,
        );
    }
    let examples = examples_pass::collect(&lowered);
    add(1, "examples", ALL, examples_pass::table(&examples));
    add(2, "examples", ALL, examples_pass::tests(&examples));
    add(2, "leniency", ALL, leniency_pass::tests(&lowered));
    add(3, "shapes", ALL, validate_pass::shapes(&lowered)?);
    let csv = std::fs::read_to_string(root.join(validate_pass::CSV))
        .with_context(|| format!("cannot read {}", validate_pass::CSV))?;
    add(
        3,
        "products",
        validate_pass::CSV,
        validate_pass::products(&csv)?,
    );
    add(3, "mod", ALL, modules(["products", "shapes"].into_iter()));
    add(
        4,
        "cost_parameters",
        validate_pass::CSV,
        sandbox_pass::cost_parameters(&csv)?,
    );
    add(4, "mod", ALL, modules(["cost_parameters"].into_iter()));
    add(0, "mod", ALL, client_modules(&lowered));
    let types = lowered
        .iter()
        .map(|document| document.module.as_str())
        .chain(["examples"]);
    add(1, "mod", ALL, modules(types));
    Ok(drafts)
}

fn client_modules(documents: &[lower::Lowered]) -> syn::File {
    let names = documents
        .iter()
        .map(|document| quote::format_ident!("{}", document.module));
    let blocking = documents
        .iter()
        .map(|document| quote::format_ident!("{}_blocking", document.module));
    parse_quote! {
        //! Everything in this folder is generated.
        #(pub mod #names;)*
        #(
            #[cfg(feature = "blocking")]
            pub mod #blocking;
        )*
    }
}

fn modules<'a>(names: impl Iterator<Item = &'a str>) -> syn::File {
    let names = names.map(|name| quote::format_ident!("{name}"));
    parse_quote! {
        //! Everything in this folder is generated.
        #(pub mod #names;)*
    }
}

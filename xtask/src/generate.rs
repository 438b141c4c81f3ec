//! The *progenitor* stage: a lowered document to tokens of types and tokens of a client.
//!
//! What the tokens become afterwards is `types_pass.rs`, `client_pass.rs` and `print.rs`.

use anyhow::{Context as _, Result};
use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};

use crate::lower::Lowered;

/// The types that a document's schemas describe.
pub fn types(document: &Lowered) -> Result<TokenStream> {
    let mut generator = Generator::new(&settings(document, "crate::"));
    generator
        .generate_tokens(&spec(document)?)
        .with_context(|| format!("progenitor cannot make types of {}", document.name))?;
    Ok(generator.get_type_space().to_stream())
}

/// A client for a document's operations, over the types of `digicert-types`.
pub fn client(document: &Lowered) -> Result<TokenStream> {
    let module = format!("::digicert_types::{}::", document.module);
    let mut settings = settings(document, "::digicert_types::");
    for name in document.schema_names() {
        if !document.leaves.contains_key(name) {
            settings.with_replacement(name, format!("{module}{name}"), [].into_iter());
        }
    }
    Generator::new(&settings)
        .generate_tokens(&spec(document)?)
        .with_context(|| format!("progenitor cannot make a client of {}", document.name))
}

fn spec(document: &Lowered) -> Result<OpenAPI> {
    serde_json::from_value(document.value.clone()).with_context(|| {
        format!(
            "{} is not OpenAPI 3.0 as progenitor reads it",
            document.name
        )
    })
}

fn settings(document: &Lowered, prefix: &str) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_derive("PartialEq")
        .with_derive("Eq");
    for (schema, leaf) in &document.leaves {
        settings.with_replacement(schema, format!("{prefix}{leaf}"), [].into_iter());
    }
    settings
}

//! `digicert schema`: JSON Schemas for editors.

use clap::{Args, ValueEnum};
use digicert_types::certcentral::{CreateSubaccountRequest, SetSubaccountProductsRequest};
use digicert_validate::Context;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{Schema, schema_for};

use crate::failure::Failure;
use crate::manifest::ManifestSchema;
use crate::outcome::Outcome;
use crate::output_format::json_text;
use crate::standard_output::StandardOutput;

/// Print the JSON Schema of a kind of document, for editors
#[derive(Debug, Args)]
#[command(
    after_help = "A schema knows fields and types; the rest is for `digicert validate`.

An editor with the YAML language server takes it from a line like this one:
  # yaml-language-server: $schema=create-subaccount.schema.json"
)]
pub(crate) struct Options {
    /// The kind of document
    #[arg(value_name = "KIND")]
    kind: Kind,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// The body that creates a subaccount
    CreateSubaccount,
    /// The body that sets products and prices of a subaccount
    SetProducts,
    /// The file of `validate --context`
    Context,
    /// A file of `plan` and `apply`: price books, subaccounts, billing links
    Manifest,
}

impl Options {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let schema = match self.kind {
            Kind::CreateSubaccount => {
                let schema = closed(schema_for!(CreateSubaccountRequest));
                named(
                    schema,
                    "create-subaccount",
                    "Request to create a subaccount",
                )
            }
            Kind::SetProducts => {
                let schema = closed(schema_for!(SetSubaccountProductsRequest));
                named(
                    schema,
                    "set-products",
                    "Request to set products of a subaccount",
                )
            }
            Kind::Context => {
                let title = "What is known besides the documents to validate";
                named(schema_for!(Context), "context", title)
            }
            Kind::Manifest => named(
                closed(schema_for!(ManifestSchema)),
                "manifest",
                "Price books, subaccounts and billing links",
            ),
        };
        StandardOutput::print(&json_text(&schema)?)?;
        Ok(Outcome::Done)
    }
}

/// Nothing is served under this name: it is a name, not an address.
fn named(mut schema: Schema, kind: &str, title: &str) -> Schema {
    schema.insert(
        "$id".to_owned(),
        format!("urn:digicert-rs:schema:{kind}").into(),
    );
    schema.insert("title".to_owned(), title.into());
    schema
}

/// Closes every object: the service ignores a field that it does not know, so an editor shall mark
/// it as a slip, as the rule `field-unknown` does.
fn closed(mut schema: Schema) -> Schema {
    let close = |schema: &mut Schema| {
        if schema.get("properties").is_some() {
            schema.insert("additionalProperties".to_owned(), false.into());
        }
    };
    RecursiveTransform(close).transform(&mut schema);
    schema
}

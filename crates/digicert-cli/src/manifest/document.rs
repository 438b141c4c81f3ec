//! The documents within manifests: the body that creates a subaccount, and products with prices.
//! Their form is checked here, by what checks them as files; what their values mean is checked
//! when the live state is known.

use digicert_types::certcentral::{CreateSubaccountRequest, SetSubaccountProductsRequest};
use digicert_validate::{Context, Format, Kind, Validator};
use serde::de::DeserializeOwned;

use super::object::Reader;
use crate::yaml_tree::Node;

/// The rules on a file as such. What they find is a fault of the manifest.
const FORM: [&str; 2] = ["document-malformed", "field-unknown"];

/// A document of a kind that there are rules for.
pub(super) trait Document: DeserializeOwned {
    const KIND: Kind;
}

impl Document for CreateSubaccountRequest {
    const KIND: Kind = Kind::CreateSubaccount;
}

impl Document for SetSubaccountProductsRequest {
    const KIND: Kind = Kind::SetProducts;
}

impl Reader<'_> {
    /// Reads a document that stands in the manifest as a value of its own.
    pub(super) fn document<D: Document>(&mut self, node: &Node) -> Option<D> {
        self.document_text(node, &node.to_json())
    }

    /// Reads a document whose text was put together from fields of `node`; its pointers hold there.
    pub(super) fn document_text<D: Document>(&mut self, node: &Node, text: &str) -> Option<D> {
        let context = Context::default();
        let checked =
            Validator::new().check(text.as_bytes(), Format::Json, Some(D::KIND), &context);
        let before = self.faults.len();
        let findings = checked.report.findings().iter();
        for finding in findings.filter(|finding| FORM.contains(&finding.rule.name)) {
            let place = node.nearest_to(&finding.pointer).place;
            self.fault(place, format!("{}; {}", finding.message, finding.help));
        }
        if self.faults.len() > before {
            return None;
        }
        match serde_json::from_str(text) {
            Ok(document) => Some(document),
            Err(error) => {
                self.fault(node.place, format!("it cannot be read: {error}"));
                None
            }
        }
    }
}

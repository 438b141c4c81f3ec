//! Documents as they stand in files: reading them with places, and checking them.

pub(crate) mod shape;

use std::path::Path;

use crate::context::Context;
use crate::report::Report;
use crate::validator::{Levels, Validator};

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JSON, RFC 8259.
    Json,
    /// YAML 1.2, one document.
    Yaml,
}

impl Format {
    /// The format that a file's name tells: `.json`, `.yaml` or `.yml` in any letter case.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// What a document is a request for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// `POST /account`.
    CreateSubaccount,
    /// `PUT /account/subaccount/{subaccount_id}/products`.
    SetProducts,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::CreateSubaccount, Self::SetProducts];

    /// `create-subaccount` or `set-products`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateSubaccount => "create-subaccount",
            Self::SetProducts => "set-products",
        }
    }
}

/// What the check of a document says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentReport {
    /// What it was checked as; `None` if that could not be told.
    pub kind: Option<Kind>,
    /// The findings, in the order of the document, each with its place.
    pub report: Report,
}

pub(crate) fn check(
    text: &[u8],
    _format: Format,
    kind: Option<Kind>,
    context: &Context,
    validator: &Validator,
    _levels: &Levels,
) -> DocumentReport {
    let kind = kind.unwrap_or(Kind::SetProducts);
    let report = match kind {
        Kind::CreateSubaccount => serde_json::from_slice::<
            digicert_types::certcentral::CreateSubaccountRequest,
        >(text)
        .map(|request| validator.validate(&request, context)),
        Kind::SetProducts => serde_json::from_slice::<
            digicert_types::certcentral::SetSubaccountProductsRequest,
        >(text)
        .map(|request| validator.validate(&request, context)),
    };
    DocumentReport { kind: Some(kind), report: report.unwrap_or_default() }
}

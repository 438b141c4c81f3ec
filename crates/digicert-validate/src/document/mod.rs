//! Documents as they stand in files: reading them with places, and checking them.

#[cfg(test)]
mod agreement;
mod character_offsets;
mod check;
mod check_shape;
mod detect;
mod fast;
mod faults;
mod json;
mod limits;
mod places;
mod pointer;
mod scalar;
mod scanner;
pub(crate) mod shape;
mod source;
mod tree;
mod typed;
mod whole_number;
mod yaml;

use std::path::Path;

pub(crate) use check::check;
pub use scalar::yaml_number;

use crate::report::Report;

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

//! Reports as text for people and for machines. Choosing a style, and whether a terminal takes
//! colours, is the caller's business.
//!
//! Everything is written file by file, so that memory does not grow with their number:
//!
//! ```
//! use digicert_validate::render::{CheckedFile, Rendering, Style};
//! use digicert_validate::{Context, Format, Kind, Validator};
//!
//! let text = br#"{"products": []}"#;
//! let document =
//!     Validator::new().check(text, Format::Json, Some(Kind::SetProducts), &Context::default());
//!
//! let mut rendering = Rendering::begin(Style::Json, Vec::new())?;
//! rendering.add(&CheckedFile { path: "products.json", document: &document, text })?;
//! let (_, summary) = rendering.finish()?;
//! assert_eq!((summary.files, summary.errors), (1, 1));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Who checks files on several threads renders each into a [`Piece`] there, and hands the pieces
//! to [`Rendering::write`] in the order of the files.

mod github;
mod human;
mod json;
mod paint;
mod piece;
mod rendering;
mod rule_docs;
mod safe_text;
mod sarif;
mod snippet;
mod style;
mod summary;
mod unchecked;
mod width;

pub use json::JsonFinding;
pub use piece::{CheckedFile, Piece};
pub use rendering::Rendering;
pub use rule_docs::RuleDocs;
pub use style::Style;
pub use summary::Summary;

//! What maintainers run: from `openapi/` to the checked-in Rust, the checks on both, and CI.
//!
//! A stage a file: `document` and `shape` read, `lint` judges, `lower` rewrites, `generate` asks
//! progenitor, `types_pass`, `client_pass`, `docs_pass` and `examples_pass` shape what it says,
//! `print` formats, `tree` writes or compares. `ci` is everything CI does.

pub mod client_pass;
pub mod codegen;
pub mod docs_pass;
pub mod document;
pub mod examples_pass;
pub mod generate;
pub mod lint;
pub mod lower;
pub mod print;
pub mod shape;
pub mod spec;
pub mod tree;
pub mod types_pass;

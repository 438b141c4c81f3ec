//! What maintainers run: from `openapi/` to the checked-in Rust, the checks on both, and CI.
//!
//! A stage a file: `document` and `shape` read, `lint` judges, `lower` rewrites, `generate` asks
//! progenitor, `types_pass`, `client_pass`, `docs_pass`, `examples_pass`, `leniency_pass`,
//! `validate_pass` and `sandbox_pass` shape what it says, `print` formats, `rules_pass` writes the
//! catalogue of rules, `served_pass` the documents that the sandbox serves, `tree` writes or
//! compares. `ci` is everything CI does; `strangers`, `conformance` and `browser` are the checks by
//! tools that others wrote, on a `running_sandbox` where they need one; `fuzz` and `mutants` break in and
//! break things; `system_packages` is what those and the platform's TLS need installed;
//! `build_cost` measures what depending on a crate costs, `kill` runs the tests that kill the
//! program, and `picture` draws the terminal in the README of `digicert`.

pub mod browser;
pub mod build_cost;
pub mod ci;
pub mod client_pass;
pub mod codegen;
pub mod conformance;
pub mod docs_pass;
pub mod document;
pub mod examples_pass;
pub mod fuzz;
pub mod generate;
pub mod kill;
pub mod leniency_pass;
pub mod lint;
pub mod lower;
pub mod mutants;
pub mod picture;
pub mod print;
pub mod rules_pass;
mod running_sandbox;
pub mod sandbox_pass;
pub mod served_pass;
pub mod shape;
pub mod spec;
pub mod strangers;
pub mod system_packages;
pub mod tree;
pub mod types_pass;
pub mod validate_pass;

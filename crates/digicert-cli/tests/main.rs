//! The program `digicert`, run as a user runs it: one file for each topic.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod catalogue;
mod examples;
mod exit_codes;
mod formats;
mod help;
mod hostile;
mod many_files;
mod options;
mod program;
mod schemas;
mod sources;

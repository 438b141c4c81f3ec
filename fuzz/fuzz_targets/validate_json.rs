//! Any bytes as a document in JSON.

#![no_main]

#[path = "../../crates/digicert-validate/tests/survival/mod.rs"]
mod survival;

use digicert_validate::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| survival::survive(bytes, Format::Json));

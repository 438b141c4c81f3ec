//! `cargo xtask fuzz`: bytes that nobody thought of, for the check of documents (I10). What must hold
//! for them stands beside the tests of `digicert-validate`; the first bytes are in `fuzz/corpus`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::strangers::{Tools, run};

const CARGO_FUZZ: &str = "0.13.2";
const TARGETS: [&str; 2] = ["validate_json", "validate_yaml"];

/// How long each target runs, in seconds.
const SHORT: u32 = 15;
const LONG: u32 = 600;

/// An input that takes longer than that, in seconds, is a finding.
const PATIENCE: u32 = 10;

/// Runs every target: ten minutes each, or seconds in the short form.
///
/// # Errors
///
/// When cargo-fuzz cannot be installed, or an input breaks a promise. It is kept then, and
/// cargo-fuzz says where.
pub fn fuzz(root: &Path, short: bool) -> Result<()> {
    let tools = Tools::new(root);
    let program = tools.cargo_tool("cargo-fuzz", CARGO_FUZZ)?;
    let seconds = if short { SHORT } else { LONG };
    for target in TARGETS {
        // What is found goes to the first folder; the seeds in the repository stay as they are.
        let found = tools.folder().join("fuzz").join(target);
        std::fs::create_dir_all(&found).context("cannot keep what is found")?;
        run(Command::new(&program)
            // Sanitizers need a nightly compiler, and look for what safe Rust does not do.
            .args(["run", "--sanitizer", "none", target])
            .arg(&found)
            .arg(root.join("fuzz/corpus").join(target))
            .arg("--")
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-timeout={PATIENCE}"))
            // Otherwise it lists thousands of bytes that it found useful.
            .arg("-verbosity=0")
            .current_dir(root))?;
    }
    Ok(())
}

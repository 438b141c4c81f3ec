//! `cargo xtask mutants`: breaks the code in small ways, one after the other, and expects a test to
//! notice each. For the files where a change that nobody notices costs somebody an account.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::strangers::Tools;

const CARGO_MUTANTS: &str = "27.1.0";

/// A file, and the tests that must notice what is done to it.
struct Guarded {
    package: &'static str,
    file: &'static str,
    tests: &'static [&'static str],
}

const GUARDED: &[Guarded] = &[
    Guarded {
        package: "digicert-client",
        file: "crates/digicert-client/src/retry.rs",
        tests: &["--lib", "--test", "retry"],
    },
    Guarded {
        package: "digicert-client",
        file: "crates/digicert-client/src/limiter.rs",
        tests: &["--lib"],
    },
    Guarded {
        package: "digicert-client",
        file: "crates/digicert-client/src/recovered.rs",
        tests: &["--lib", "--test", "one_time_key"],
    },
    Guarded {
        package: "digicert-client",
        file: "crates/digicert-client/src/base_url.rs",
        tests: &["--lib"],
    },
];

/// The exit code of cargo-mutants when every change was noticed, some by a test that did not end:
/// on a busy machine that says no more than that it is busy.
const ONLY_TIMEOUTS: i32 = 3;

/// Of the first file alone: what decides whether a creation is sent again.
const SHORT: &str = "is_safe";

/// Breaks every guarded file; in the short form, one function.
///
/// # Errors
///
/// When cargo-mutants cannot be installed, or no test notices a change: it says which.
pub fn mutants(root: &Path, short: bool) -> Result<()> {
    let tools = Tools::new(root);
    let program = tools.cargo_tool("cargo-mutants", CARGO_MUTANTS)?;
    let guarded = if short { &GUARDED[..1] } else { GUARDED };
    for guarded in guarded {
        let mut command = Command::new(&program);
        command
            .args(["mutants", "--no-shuffle", "--package", guarded.package])
            .args(["--file", guarded.file])
            .arg("--output")
            .arg(tools.folder());
        if short {
            command.args(["--re", SHORT]);
        }
        command.arg("--").args(guarded.tests).current_dir(root);
        let status = command.status().context("cannot run cargo-mutants")?;
        if !status.success() && status.code() != Some(ONLY_TIMEOUTS) {
            bail!(
                "no test noticed a change in {}, or none could be made",
                guarded.file
            );
        }
    }
    Ok(())
}

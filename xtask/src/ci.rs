//! `cargo xtask ci`: everything CI does, in the order in which a failure is cheapest to find.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

/// One step: its name and the command that does it.
struct Step {
    name: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

const fn cargo(name: &'static str, arguments: &'static [&'static str]) -> Step {
    Step {
        name,
        program: "cargo",
        arguments,
        environment: &[],
    }
}

const STEPS: &[Step] = &[
    cargo("formatting", &["fmt", "--all", "--check"]),
    cargo("the documents", &["xtask", "lint"]),
    cargo("the generated code", &["xtask", "codegen", "--check"]),
    cargo("what the system must have", &["xtask", "prepare"]),
    cargo(
        "lints",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
    ),
    cargo(
        "tests",
        &["test", "--workspace", "--all-features", "--locked"],
    ),
    cargo(
        "types without features",
        &[
            "check",
            "-p",
            "digicert-types",
            "--no-default-features",
            "--locked",
        ],
    ),
    cargo(
        "client without TLS",
        &[
            "check",
            "-p",
            "digicert-client",
            "--no-default-features",
            "--locked",
        ],
    ),
    cargo(
        "client with rustls alone",
        &[
            "check",
            "-p",
            "digicert-client",
            "--no-default-features",
            "--features",
            "rustls",
            "--locked",
        ],
    ),
    cargo(
        "client with the TLS of the platform alone",
        &[
            "check",
            "-p",
            "digicert-client",
            "--no-default-features",
            "--features",
            "native-tls,blocking",
            "--locked",
        ],
    ),
    cargo("the story", &["run", "--example", "onboard", "--locked"]),
    Step {
        name: "documentation",
        program: "cargo",
        arguments: &[
            "doc",
            "--workspace",
            "--all-features",
            "--no-deps",
            "--locked",
        ],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
    },
    cargo(
        "the documents, by others",
        &["xtask", "documents", "--short"],
    ),
    cargo(
        "the sandbox, by others",
        &["xtask", "conformance", "--short"],
    ),
    cargo("the page, in a browser", &["xtask", "browser", "--short"]),
    cargo("bytes nobody thought of", &["xtask", "fuzz", "--short"]),
    cargo("tests that notice", &["xtask", "mutants", "--short"]),
    cargo("licences and sources", &["xtask", "deny"]),
];

/// Runs every step; stops at the first that fails.
///
/// # Errors
///
/// Names the step that failed and the command that repeats it.
#[allow(clippy::print_stdout, reason = "what a maintainer watches")]
pub fn run(root: &Path) -> Result<()> {
    let begin = Instant::now();
    for step in STEPS {
        let start = Instant::now();
        println!("── {}", step.name);
        step.run(root)?;
        println!(
            "── {}: done in {:.1} s\n",
            step.name,
            start.elapsed().as_secs_f64()
        );
    }
    println!("CI passed in {:.0} s", begin.elapsed().as_secs_f64());
    Ok(())
}

impl Step {
    fn run(&self, root: &Path) -> Result<()> {
        let mut command = Command::new(self.program);
        command.args(self.arguments).current_dir(root);
        for (name, value) in self.environment {
            command.env(name, value);
        }
        let status = command
            .status()
            .with_context(|| format!("cannot run {}", self.program))?;
        if !status.success() {
            let set = self
                .environment
                .iter()
                .map(|(name, value)| format!("{name}='{value}'"));
            let words = set.chain([self.program.to_owned(), self.arguments.join(" ")]);
            let words: Vec<_> = words.collect();
            bail!("{} failed; repeat it with: {}", self.name, words.join(" "));
        }
        Ok(())
    }
}

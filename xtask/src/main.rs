//! `cargo xtask`: argument parsing and exit codes only.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::{
    browser, build_cost, ci, codegen, conformance, fuzz, kill, mutants, picture, strangers,
    system_packages, tree,
};

/// A line on standard output; who closed it does not want to read on.
macro_rules! say {
    ($($words:tt)*) => { let _ = writeln!(std::io::stdout(), $($words)*); };
}

/// A line on standard error.
macro_rules! complain_of {
    ($($words:tt)*) => { let _ = writeln!(std::io::stderr(), $($words)*); };
}

/// What maintainers run.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// The repository; the one this program was built in unless told otherwise.
    #[arg(long, global = true, hide = true)]
    root: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Write the generated code, or compare it with what is checked in.
    Codegen {
        /// Compare only: print a diff and exit with 1 if anything differs.
        #[arg(long)]
        check: bool,
    },
    /// Check the OpenAPI documents against our own rules.
    Lint,
    /// Everything CI does.
    Ci,
    /// Install what CI needs of the operating system, or say what it is.
    Prepare,
    /// Check the OpenAPI documents with tools that others wrote.
    Documents {
        /// Only what Python alone can check.
        #[arg(long)]
        short: bool,
    },
    /// Check the sandbox with tools that others wrote: what it answers is what the documents say.
    Conformance {
        /// Fewer requests, and only what Python alone can check.
        #[arg(long)]
        short: bool,
    },
    /// Check the page of the sandbox in headless Chromium.
    Browser {
        /// Leave out what takes long: ten thousand subaccounts.
        #[arg(long)]
        short: bool,
    },
    /// Feed the check of documents bytes that nobody thought of.
    Fuzz {
        /// For seconds instead of minutes.
        #[arg(long)]
        short: bool,
    },
    /// Break the code in small ways, and expect a test to notice each.
    Mutants {
        /// One function alone.
        #[arg(long)]
        short: bool,
    },
    /// Check licences and sources of every dependency.
    Deny,
    /// Measure what depending on the types or the client costs: crates, and a cold build.
    BuildCost,
    /// Draw the picture of a terminal in the README of `digicert`.
    Picture,
    /// Kill the program at random moments, and count what was created and kept.
    Kill {
        /// How many runs each series has.
        #[arg(long, default_value_t = 1000)]
        runs: usize,
        /// The moments of an earlier run.
        #[arg(long)]
        seed: Option<u64>,
    },
}

/// Something differs, or a rule found something.
const FINDINGS: u8 = 1;
/// A document cannot be read, or a stage failed.
const BROKEN: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let root = arguments.root.unwrap_or_else(root);
    let result = match arguments.command {
        Command::Codegen { check } => generate(&root, check),
        Command::Lint => Ok(lint(&root)),
        Command::Ci => ci::run(&root).map(|()| 0),
        Command::Prepare => system_packages::ensure(system_packages::NATIVE_TLS).map(|()| 0),
        Command::Documents { short } => strangers::documents(&root, short).map(|()| 0),
        Command::Conformance { short } => conformance::conformance(&root, short).map(|()| 0),
        Command::Browser { short } => browser::browser(&root, short).map(|()| 0),
        Command::Fuzz { short } => fuzz::fuzz(&root, short).map(|()| 0),
        Command::Mutants { short } => mutants::mutants(&root, short).map(|()| 0),
        Command::Deny => strangers::deny(&root).map(|()| 0),
        Command::BuildCost => build_cost::run(&root).map(|()| 0),
        Command::Picture => picture::draw(&root).map(|()| 0),
        Command::Kill { runs, seed } => kill::run(&root, runs, seed).map(|()| 0),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            complain_of!("error: {error:#}");
            ExitCode::from(BROKEN)
        }
    }
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

fn generate(root: &Path, check: bool) -> Result<u8> {
    let documents = match codegen::read(root) {
        Ok(documents) => documents,
        Err(faults) => return Ok(complain(&faults, "Nothing was written.", BROKEN)),
    };
    let findings = codegen::findings(&documents);
    if !findings.is_empty() {
        return Ok(complain(&findings, "Nothing was written.", FINDINGS));
    }
    let outputs = codegen::render(root, &documents)?;
    let drifts = tree::compare(root, &outputs, &codegen::FOLDERS)?;
    if check {
        return Ok(report(&drifts));
    }
    tree::write(root, &drifts)?;
    for drift in &drifts {
        say!(
            "{} {}",
            if drift.expected.is_some() {
                "wrote"
            } else {
                "removed"
            },
            drift.path
        );
    }
    say!("{} files, {} changed", outputs.len(), drifts.len());
    Ok(0)
}

fn report(drifts: &[tree::Drift]) -> u8 {
    for drift in drifts {
        say!("{}", drift.diff().trim_end());
    }
    if drifts.is_empty() {
        return 0;
    }
    say!(
        "\nThe generated code is not what `cargo xtask codegen` writes; run it and commit the result."
    );
    FINDINGS
}

fn lint(root: &Path) -> u8 {
    let documents = match codegen::read(root) {
        Ok(documents) => documents,
        Err(faults) => return complain(&faults, "", BROKEN),
    };
    let findings = codegen::findings(&documents);
    if findings.is_empty() {
        say!("{} documents, no findings", documents.len());
        return 0;
    }
    complain(&findings, "", FINDINGS)
}

fn complain(faults: &[xtask::document::Fault], end: &str, code: u8) -> u8 {
    for fault in faults {
        complain_of!("{fault}");
    }
    if !end.is_empty() {
        complain_of!("{end}");
    }
    code
}

//! Checks by tools that others wrote: `cargo xtask documents` and `cargo xtask deny`. Each tool is
//! installed at a pinned version below `target/tools`, from its package registry. What others ask
//! the sandbox is in `conformance`, what they feed the rules in `fuzz`, what they break in `mutants`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::codegen::DOCUMENTS;

const SPEC_VALIDATOR: &str = "openapi-spec-validator==0.9.0";
const GENERATOR: &str = "openapi-generator-cli==7.26.0";
const REDOCLY: &str = "@redocly/cli@2.77.0";
const DENY: &str = "0.20.2";

/// Checks both documents with tools for OpenAPI. The short form needs Python alone; the whole one
/// Node and Java as well: it lints with redocly and makes Python clients that must import.
///
/// # Errors
///
/// When a tool cannot be installed, or finds something.
pub fn documents(root: &Path, short: bool) -> Result<()> {
    let tools = Tools::new(root);
    let python = tools.python()?;
    tools.pip(&python, SPEC_VALIDATOR)?;
    for document in DOCUMENTS {
        let validator = "openapi_spec_validator";
        run(Command::new(&python)
            .args(["-m", validator, "--validation-errors", "all", document])
            .current_dir(root))?;
    }
    if short {
        return Ok(());
    }
    for document in DOCUMENTS {
        run(Command::new("npx")
            .args(["--yes", REDOCLY, "lint", document])
            .env("REDOCLY_TELEMETRY", "off")
            .env("npm_config_cache", tools.folder.join("npm"))
            .current_dir(root))?;
    }
    tools.python_clients(&python, root)
}

/// Checks licences, sources and duplicates of every dependency with cargo-deny.
///
/// # Errors
///
/// When cargo-deny cannot be installed, or finds something.
pub fn deny(root: &Path) -> Result<()> {
    let program = Tools::new(root).cargo_tool("cargo-deny", DENY)?;
    // Advisories need a database from elsewhere; `cargo deny check advisories` is for people.
    run(Command::new(program)
        .args(["--workspace", "check", "bans", "licenses", "sources"])
        .current_dir(root))
}

/// Where the tools are installed, and how.
pub(crate) struct Tools {
    folder: PathBuf,
}

impl Tools {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            folder: root.join("target/tools"),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A program that crates.io has, such as `cargo-deny`.
    pub(crate) fn cargo_tool(&self, name: &str, version: &str) -> Result<PathBuf> {
        // A folder for each version, so that another one is installed anew.
        let folder = self.folder.join(format!("{name}-{version}"));
        let program = folder.join("bin").join(name);
        if !program.exists() {
            run(Command::new("cargo")
                // To optimize it takes longer than the little that it does.
                .args(["install", "--quiet", "--locked", "--debug", name])
                .args(["--version", version, "--root"])
                .arg(&folder)
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                // The tool is no part of the workspace; its own lock file decides.
                .current_dir(std::env::temp_dir()))?;
        }
        Ok(program)
    }

    /// A Python of its own, so that nothing of the machine is changed.
    pub(crate) fn python(&self) -> Result<PathBuf> {
        let venv = self.folder.join("python");
        let python = venv.join("bin/python");
        if !python.exists() {
            run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        }
        Ok(python)
    }

    #[allow(clippy::unused_self, reason = "reads as what the tools can do")]
    pub(crate) fn pip(&self, python: &Path, package: &str) -> Result<()> {
        run(Command::new(python).args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            package,
        ]))
    }

    /// Makes a Python client of each document with openapi-generator, and imports it.
    pub(crate) fn python_clients(&self, python: &Path, root: &Path) -> Result<()> {
        self.pip(python, GENERATOR)?;
        for document in DOCUMENTS {
            self.python_client(python, root, document)?;
        }
        Ok(())
    }

    fn python_client(&self, python: &Path, root: &Path, document: &str) -> Result<()> {
        let name = document
            .trim_start_matches("openapi/")
            .trim_end_matches(".yaml")
            .replace('-', "_");
        let folder = self.folder.join("clients").join(&name);
        let generator = python.with_file_name("openapi-generator-cli");
        run_quietly(
            Command::new(generator)
                .args([
                    "generate",
                    "-g",
                    "python",
                    "-i",
                    document,
                    "--package-name",
                    &name,
                    "-o",
                ])
                .arg(&folder)
                .current_dir(root),
        )?;
        self.pip(python, &folder.to_string_lossy())?;
        run(Command::new(python).args([
            "-c",
            &format!("import {name}; print('imports', {name}.__name__)"),
        ]))
    }
}

/// For a tool that says much when all is well.
fn run_quietly(command: &mut Command) -> Result<()> {
    let words = words(command);
    let output = command
        .output()
        .with_context(|| format!("cannot run {words}; is it installed?"))?;
    if !output.status.success() {
        bail!(
            "failed: {words}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

/// A command without its environment, which may hold keys.
fn words(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

pub(crate) fn run(command: &mut Command) -> Result<()> {
    let words = words(command);
    let status = command
        .status()
        .with_context(|| format!("cannot run {words}; is it installed?"))?;
    if !status.success() {
        bail!("failed: {words}");
    }
    Ok(())
}

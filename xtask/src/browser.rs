//! `cargo xtask browser`: the page of a running sandbox, looked at in headless Chromium.
//!
//! What is looked at stands in `xtask/strangers/browser.py`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::running_sandbox::RunningSandbox;
use crate::strangers::{Tools, run};
use crate::system_packages;

const SELENIUM: &str = "selenium==4.51.0";

const CHECKS: &str = "xtask/strangers/browser.py";

/// Checks the page in Chromium, which is installed if it is missing and can be. The short form
/// leaves out ten thousand subaccounts.
///
/// # Errors
///
/// When the browser or its driver is missing, when the sandbox does not start, or when a check does
/// not hold.
pub fn browser(root: &Path, short: bool) -> Result<()> {
    system_packages::ensure(system_packages::CHROMIUM)?;
    let tools = Tools::new(root);
    let python = tools.python()?;
    tools.pip(&python, SELENIUM)?;
    RunningSandbox::build(root)?;
    let sandbox = RunningSandbox::start(root, tools.folder())?;
    let pictures = tools.folder().join("browser");
    std::fs::create_dir_all(&pictures)?;
    // A profile of its own, so that nothing is left of an earlier run.
    let profile = tempfile::tempdir().context("cannot make a folder for the browser's profile")?;
    run(sandbox.known_to(
        Command::new(&python)
            .arg(CHECKS)
            .args(short.then_some("--short"))
            .env("ORIGIN", sandbox.text("origin")?)
            .env("CERTCENTRAL_URL", sandbox.text("certcentral_url")?)
            .env("CHROMIUM", program("chromium")?)
            .env("CHROMEDRIVER", program("chromedriver")?)
            .env("PROFILE", profile.path())
            .env("PICTURES", &pictures)
            .current_dir(root),
    )?)?;
    sandbox.end()
}

/// A program by its place, because nobody else is to look for it.
fn program(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| {
            folder
                .join(name)
                .with_extension(std::env::consts::EXE_EXTENSION)
        })
        .find(|program| program.is_file());
    found.with_context(|| format!("cannot find the program {name}; install it and put it on PATH"))
}

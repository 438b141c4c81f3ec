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

/// Chrome first: where it is installed, the driver is its own. At Debian both are Chromium's.
const BROWSERS: &[&str] = &["google-chrome", "chromium", "chromium-browser"];

const DRIVERS: &[&str] = &["chromedriver"];

const CHECKS: &str = "xtask/strangers/browser.py";

/// Checks the page in Chromium, which is installed if it is missing and can be, or in Chrome. The short form
/// leaves out ten thousand subaccounts.
///
/// # Errors
///
/// When the browser or its driver is missing, when the sandbox does not start, or when a check does
/// not hold.
pub fn browser(root: &Path, short: bool) -> Result<()> {
    if program(BROWSERS).is_err() || program(DRIVERS).is_err() {
        system_packages::ensure(system_packages::CHROMIUM)?;
    }
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
            .env("CHROMIUM", program(BROWSERS)?)
            .env("CHROMEDRIVER", program(DRIVERS)?)
            .env("PROFILE", profile.path())
            .env("PICTURES", &pictures)
            .current_dir(root),
    )?)?;
    sandbox.end()
}

/// The first of some programs that is there, by its place, because nobody else is to look for it.
fn program(names: &[&str]) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let places = names.iter().flat_map(|name| {
        let file = Path::new(name).with_extension(std::env::consts::EXE_EXTENSION);
        folders.iter().map(move |folder| folder.join(&file))
    });
    let found = places.into_iter().find(|place| place.is_file());
    found.with_context(|| {
        let names = names.join(" or ");
        format!("cannot find {names}; install it, put it on PATH and repeat the command")
    })
}

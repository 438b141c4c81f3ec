//! `cargo xtask build-cost`: what it costs a user to depend on a crate, as crates to compile and as
//! seconds of a cold build. What a call costs at run time is for `benches/`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

const PACKAGES: [&str; 2] = ["digicert-types", "digicert-client"];

/// Builds each package into an empty folder and prints a table of what that took. What is
/// downloaded is downloaded before.
///
/// # Errors
///
/// When cargo fails.
#[allow(clippy::print_stdout, reason = "it prints what it measured")]
pub fn run(root: &Path) -> Result<()> {
    cargo(root, &["fetch", "--locked"])?;
    println!("| package | crates, itself included | cold `cargo build` |\n|---|---|---|");
    for package in PACKAGES {
        let crates = crates(root, package)?;
        let seconds = cold_build(root, package)?;
        println!("| {package} | {crates} | {seconds:.1} s |");
    }
    Ok(())
}

/// How many crates a program that depends on this one compiles.
fn crates(root: &Path, package: &str) -> Result<usize> {
    let tree = ["tree", "--locked", "-p", package, "-e", "normal,build"];
    let output = cargo(root, &[&tree[..], &["--prefix", "none"]].concat())?;
    // A crate that stands in the tree twice is marked there.
    let names = output.lines().map(|line| line.trim_end_matches(" (*)"));
    Ok(names
        .filter(|name| !name.is_empty())
        .collect::<BTreeSet<_>>()
        .len())
}

fn cold_build(root: &Path, package: &str) -> Result<f64> {
    let target = root.join("target/build-cost");
    let _ = std::fs::remove_dir_all(&target);
    let begun = Instant::now();
    let folder = target.to_string_lossy();
    cargo(
        root,
        &["build", "--locked", "-p", package, "--target-dir", &folder],
    )?;
    let seconds = begun.elapsed().as_secs_f64();
    std::fs::remove_dir_all(&target).context("cannot remove what was built")?;
    Ok(seconds)
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("cargo")
        .args(arguments)
        .current_dir(root)
        .output();
    let output = output.context("cannot run cargo")?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        bail!("cargo {} failed:\n{why}", arguments.join(" "));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

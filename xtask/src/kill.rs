//! The tests that kill the program at moments drawn from a seed, as often as it takes to believe
//! them. What they assert stands with them, in `digicert-cli`.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

/// Runs each series so many times, with the moments of a seed if one is given.
pub fn run(root: &Path, runs: usize, seed: Option<u64>) -> Result<()> {
    let mut command = Command::new("cargo");
    command
        .current_dir(root)
        .args([
            "test",
            "--package",
            "digicert-cli",
            "--test",
            "digicert",
            "--",
        ])
        .args(["killed_at_random", "--nocapture", "--test-threads", "1"])
        .env("DIGICERT_KILLS", runs.to_string());
    if let Some(seed) = seed {
        command.env("DIGICERT_KILL_SEED", seed.to_string());
    }
    ensure!(
        command.status()?.success(),
        "something was lost or done twice; the seed is above"
    );
    Ok(())
}

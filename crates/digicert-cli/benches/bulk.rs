//! How fast `digicert validate` reads a hundred thousand price lists, and how much memory it takes:
//! the built program on real files, twice, so that the second run finds them cached. It fails if a
//! promise is not met.
//!
//! `cargo bench -p digicert-cli --bench bulk`; needs 1.5 GB of disk, and Linux for the memory.

#![allow(clippy::expect_used, reason = "a benchmark may panic")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

#[path = "../../digicert-validate/benches/body/mod.rs"]
mod body;
#[path = "../../digicert-validate/benches/promise/mod.rs"]
mod promise;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use promise::Promises;

const FOLDERS: usize = 100;
const FILES_A_FOLDER: usize = 1000;

fn main() -> ExitCode {
    let mut promises = Promises::default();
    let body = body::body();
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..FOLDERS {
        let folder = folder.path().join(format!("{number:03}"));
        fs::create_dir(&folder).expect("a folder");
        for number in 0..FILES_A_FOLDER {
            fs::write(folder.join(format!("{number:04}.json")), &body).expect("a file");
        }
    }
    let bytes = body.len() * FOLDERS * FILES_A_FOLDER;
    println!("{} files of {} bytes", FOLDERS * FILES_A_FOLDER, body.len());
    for run in ["first", "cached", "cached"] {
        let (took, peak) = validate(folder.path());
        let speed = Duration::from_secs(1).div_duration_f64(took) * in_megabytes(bytes);
        // The first run reads from the disk.
        let is_fast = run == "first" || speed >= 200.0;
        println!(
            "{run}: {took:.2?}, {speed:.0} MB/s (200 MB/s cached: {}), peak {peak} kB (64 MB: {})",
            promises.check(format!("200 MB/s, {run}"), is_fast),
            promises.check(format!("64 MB, {run}"), peak * 1024 < 64_000_000),
        );
    }
    let help = help();
    let is_met = promises.check("--help in 10 ms", help < Duration::from_millis(10));
    println!("digicert --help: {help:.1?}, median of 51 (10 ms: {is_met})");
    promises.end()
}

fn in_megabytes(bytes: usize) -> f64 {
    u32::try_from(bytes / 1_000_000).map_or(f64::INFINITY, f64::from)
}

fn digicert() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_digicert"));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// How long one run takes, and the most memory it held, as the kernel last said.
fn validate(folder: &Path) -> (Duration, u64) {
    let begun = Instant::now();
    let mut child = digicert()
        .arg("validate")
        .arg(folder)
        .spawn()
        .expect("it runs");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        peak = peak.max(high_water(&status));
        if let Some(status) = child.try_wait().expect("it runs") {
            assert!(status.success(), "the files are sound");
            return (begun.elapsed(), peak);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn high_water(status: &str) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

fn help() -> Duration {
    let mut runs: Vec<_> = (0..51)
        .map(|_| {
            let begun = Instant::now();
            digicert().arg("--help").status().expect("it runs");
            begun.elapsed()
        })
        .collect();
    runs.sort();
    runs[25]
}

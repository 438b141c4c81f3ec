//! Counts the instructions of a process, with `valgrind --tool=callgrind`.

use std::path::Path;
use std::process::Command;

/// What `valgrind` calls itself; `None` if there is none.
pub(crate) fn version() -> Option<String> {
    let output = Command::new("valgrind").arg("--version").output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// How many instructions this program executes when it is started with those arguments.
pub(crate) fn count(arguments: &[&str]) -> u64 {
    let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join("overhead.callgrind");
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(crate::itself().get_program())
        .args(arguments)
        .output()
        .expect("valgrind starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let profile = std::fs::read_to_string(profile).expect("valgrind writes the profile");
    let total = profile
        .lines()
        .find_map(|line| line.strip_prefix("totals: "));
    total.expect("a total").trim().parse().expect("a number")
}

//! As many requests as the sandbox answers, sent by `wrk`.

use std::process::Command;
use std::time::Duration;

use crate::program::Program;

pub(crate) struct Load {
    pub(crate) per_second: f64,
    /// Of the sandbox, for one request. It says what a request costs on a machine that is busy with
    /// other things as well.
    pub(crate) processor_time: Duration,
}

/// `None` if there is no `wrk`.
pub(crate) fn run(program: &Program, path: &str) -> Option<Load> {
    let before = program.processor_time();
    let output = Command::new("wrk")
        .args(["--threads", "1", "--connections", "32", "--duration", "10s"])
        .args(["--header", &Program::key_header()])
        .arg(program.url(path))
        .output()
        .ok()?;
    let hundredths = program.processor_time() - before;
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && !report.contains("Non-2xx"),
        "{report}"
    );
    let requests = number_before(&report, " requests in");
    Some(Load {
        per_second: number_after(&report, "Requests/sec:"),
        processor_time: Duration::from_millis(10).mul_f64(f64::from(hundredths) / requests),
    })
}

fn number_before(report: &str, words: &str) -> f64 {
    let (before, _) = report.split_once(words).expect("a report of wrk");
    let number = before.split_whitespace().next_back();
    number.expect("a number").parse().expect("a number")
}

fn number_after(report: &str, words: &str) -> f64 {
    let (_, after) = report.split_once(words).expect("a report of wrk");
    let number = after.split_whitespace().next();
    number.expect("a number").parse().expect("a number")
}

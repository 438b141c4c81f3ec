//! Tests that cannot show anything on this machine.

use std::io::{Write as _, stderr};
use std::thread;

/// Says so on the standard error of the tests, past their capture: who runs them is to know.
pub(crate) fn skipped(why: &str) {
    let test = thread::current();
    let test = test.name().unwrap_or("a test");
    let _ = writeln!(stderr(), "skipped: {test}: {why}");
}

//! Standard error, where is said what is for whoever looks on. Without it nobody does, and the exit
//! code has to say everything, so that it cannot be written to is no failure.

use std::io::{self, Write as _};

/// Writes a line.
pub(crate) fn say(line: &str) {
    show(&format!("{line}\n"));
}

/// Writes a text that has its line breaks.
pub(crate) fn show(text: &str) {
    // At once, so that lines of several processes do not mix.
    let _ = io::stderr().write_all(text.as_bytes());
}

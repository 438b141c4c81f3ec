//! Standard error, where is said what is for whoever looks on. Without it nobody does, and the exit
//! code has to say everything, so that it cannot be written to is no failure.

use std::io::{self, Write as _};

use crate::printable::printable;

/// Writes a line, or some. Names and answers of the service are in them: control characters are
/// escaped.
pub(crate) fn say(lines: &str) {
    let lines: Vec<_> = lines.split('\n').map(printable).collect();
    show(&(lines.join("\n") + "\n"));
}

/// Writes a text that has its line breaks.
pub(crate) fn show(text: &str) {
    // At once, so that lines of several processes do not mix.
    let _ = io::stderr().write_all(text.as_bytes());
}

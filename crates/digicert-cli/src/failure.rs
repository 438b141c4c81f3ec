//! Why a command could not do its work: wrong usage, an unreadable file, a bad configuration.

use std::fmt;
use std::io::{self, Write as _};

/// A message for the user: begins in lower case, has no full stop, says what to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// What an error of a library says.
    pub(crate) fn from_display(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }

    /// Says it on standard error.
    pub(crate) fn report(&self) {
        // With nowhere to write to, the exit code has to say it.
        let _ = writeln!(io::stderr(), "error: {self}");
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

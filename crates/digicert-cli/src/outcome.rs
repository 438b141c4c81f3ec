//! The exit codes, which others script against.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Outcome {
    /// Done, nothing wrong.
    Done = 0,
    /// Findings that count.
    Findings = 1,
    /// Wrong usage, an unreadable file, a bad configuration. Wrong usage that clap finds ends the
    /// program with the same code.
    Unusable = 2,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}

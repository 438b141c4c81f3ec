//! The exit codes, which others script against.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Outcome {
    /// Done, nothing wrong.
    Done = 0,
    /// Findings that count, or differences between what is and what is wanted.
    Findings = 1,
    /// Wrong usage, an unreadable file, a bad configuration, a service that could not be reached.
    /// Wrong usage that clap finds ends the program with the same code.
    Unusable = 2,
    /// The service answered and did not do it.
    Refused = 3,
    /// The request may have been carried out, and no answer says whether it was.
    Unknown = 4,
    /// A safety check stopped it before anything was changed.
    Unsafe = 5,
}

impl Outcome {
    /// The `result` of a failure in JSON, where nothing more exact is known.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Findings => "findings",
            Self::Unusable => "unusable",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Unsafe => "unsafe",
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}

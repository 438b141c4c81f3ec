//! Why a command could not do its work, and the exit code that says which kind of reason it is.

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, Write as _};

use digicert_client::ErrorKind;

use crate::outcome::Outcome;

/// A message for the user: begins in lower case, has no full stop, says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    outcome: Outcome,
    message: String,
}

impl Failure {
    /// Wrong usage, an unreadable file, a bad configuration.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::ending(Outcome::Unusable, message)
    }

    /// A safety check that stopped the command; nothing was changed.
    pub(crate) fn unsafe_to_go_on(message: impl Into<String>) -> Self {
        Self::ending(Outcome::Unsafe, message)
    }

    /// A failure that ends the program with this exit code.
    pub(crate) fn ending(outcome: Outcome, message: impl Into<String>) -> Self {
        Self {
            outcome,
            message: message.into(),
        }
    }

    /// What an error of a library says.
    pub(crate) fn from_display(error: impl fmt::Display) -> Self {
        Self::new(error.to_string())
    }

    /// The same, with more to say.
    pub(crate) fn with_end(&self, end: &str) -> Self {
        Self::ending(self.outcome, format!("{}{end}", self.message))
    }

    /// How the program ends.
    pub(crate) fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Says it on standard error.
    pub(crate) fn report(&self) {
        // With nowhere to write to, the exit code has to say it.
        let _ = writeln!(io::stderr(), "error: {self}");
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The message has what the client says, its remedy included, and the cause below it.
impl From<digicert_client::Error> for Failure {
    fn from(error: digicert_client::Error) -> Self {
        let outcome = outcome_of(&error);
        Self::ending(outcome, with_cause(&error))
    }
}

fn outcome_of(error: &digicert_client::Error) -> Outcome {
    match error.kind() {
        ErrorKind::Refused => Outcome::Refused,
        _ if error.may_have_been_applied() => Outcome::Unknown,
        // A read that failed on the way has changed nothing, as if it had not been sent.
        _ => Outcome::Unusable,
    }
}

/// "No connection came about" alone leaves open why; the innermost cause says it.
pub(crate) fn with_cause(error: &digicert_client::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", innermost(source)),
        None => error.to_string(),
    }
}

/// What the cause below all others says.
pub(crate) fn innermost(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

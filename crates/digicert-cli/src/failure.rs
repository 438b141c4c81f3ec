//! Why a command could not do its work, and the exit code that says which kind of reason it is.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use digicert_client::ErrorKind;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::advised_command;
use crate::connection_trouble;
use crate::outcome::Outcome;
use crate::requested_wait::NotBefore;
use crate::standard_error;

/// A message for the user: begins in lower case, has no full stop, says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    outcome: Outcome,
    message: String,
    is_access_denied: bool,
    not_before: Option<NotBefore>,
    may_pass: bool,
    /// What programs are told besides.
    result: Option<&'static str>,
    details: Option<Box<Map<String, Value>>>,
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
            is_access_denied: false,
            not_before: None,
            may_pass: false,
            result: None,
            details: None,
        }
    }

    /// What an error of a library says.
    pub(crate) fn from_display(error: impl fmt::Display) -> Self {
        Self::new(error.to_string())
    }

    /// The same, with more to say.
    pub(crate) fn with_end(&self, end: &str) -> Self {
        Self {
            message: format!("{}{end}", self.message),
            ..self.clone()
        }
    }

    /// The same, with words before it.
    pub(crate) fn with_beginning(&self, beginning: &str) -> Self {
        Self {
            message: format!("{beginning}{}", self.message),
            ..self.clone()
        }
    }

    /// The same with a word for programs, more exact than the exit code: lower case, with hyphens.
    pub(crate) fn with_result(mut self, result: &'static str) -> Self {
        self.result = Some(result);
        self
    }

    /// The same with the members of an object, for programs. Those that it has already give way, and
    /// those that every failure has stay what they are.
    pub(crate) fn with_details(mut self, object: &impl Serialize) -> Self {
        const OF_ALL: [&str; 3] = ["result", "exit_code", "message"];
        // What is no object has no members to add; the message says what has happened all the same.
        if let Ok(Value::Object(members)) = serde_json::to_value(object) {
            let members = members.into_iter();
            let own = members.filter(|(name, _)| !OF_ALL.contains(&name.as_str()));
            self.details.get_or_insert_default().extend(own);
        }
        self
    }

    /// The same as one of the service or of the way there, of which another process has told.
    pub(crate) fn of_service(self, retry_after: Option<Duration>, is_access_denied: bool) -> Self {
        Self {
            is_access_denied,
            not_before: retry_after.and_then(NotBefore::after),
            may_pass: true,
            ..self
        }
    }

    /// How the program ends.
    pub(crate) fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Whether the service refused the key: it is wrong, or it may not do this.
    pub(crate) fn is_access_denied(&self) -> bool {
        self.is_access_denied
    }

    /// Until when the service wants no more requests.
    pub(crate) fn not_before(&self) -> Option<NotBefore> {
        self.not_before
    }

    /// Whether it is one of the service or of the way there, so that the same may succeed another time
    /// with nothing put right here.
    pub(crate) fn may_pass(&self) -> bool {
        self.may_pass
    }

    /// The word for programs.
    pub(crate) fn result(&self) -> &'static str {
        self.result.unwrap_or(self.outcome.as_str())
    }

    /// What it says to people.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// What programs are told besides.
    pub(crate) fn details(&self) -> Option<&Map<String, Value>> {
        self.details.as_deref()
    }

    /// Says it on standard error.
    pub(crate) fn report(&self) {
        standard_error::say(&format!("error: {self}"));
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
        let mut message = with_cause(&error);
        if connection_trouble::kept_it_from_being_sent(&error) {
            let doctor = advised_command::on_service("doctor");
            message.extend(["; `", &doctor, "` looks step by step where it fails"]);
        }
        let failure = Self::ending(outcome_of(&error), message);
        Self {
            is_access_denied: error.is_access_denied(),
            not_before: error.retry_after().and_then(NotBefore::after),
            may_pass: true,
            ..failure
        }
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
        Some(source) => format!("{error}: {}", connection_trouble::plainly(source)),
        None => error.to_string(),
    }
}

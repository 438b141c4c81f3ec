//! What went wrong with a call, as an answer to what its caller asks: was it sent, may it have
//! been applied, what now?

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;

use crate::answer;
use crate::operation::Operation;
use crate::recovered::{self, NewKey, Recovered};
use crate::remedy;
use crate::service_error::ServiceError;
use crate::told::Told;

/// Why a call gave no result.
///
/// Never holds or prints an API key that was sent; an answer with a key in it is kept in
/// [`body`](Self::body) and printed nowhere.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    errors: Vec<ServiceError>,
    excerpt: String,
    body: Vec<u8>,
    /// What happened, in words, where the other fields do not say it.
    message: String,
    /// The client is at fault, so sending again cannot help.
    set_up_wrongly: bool,
    attempts: u32,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The one question that matters first about a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Nothing reached the service: the client was set up wrongly, or no connection came about.
    /// Repeating the call is safe.
    NotSent,
    /// The service answered and did not do it. See [`Error::status`] and [`Error::errors`].
    Refused,
    /// A read got no answer. Nothing was changed; repeating the call is safe.
    NoAnswer,
    /// A write got no answer that says whether it was carried out. Look before repeating: for a
    /// creation list the subaccounts, for products read them back.
    OutcomeUnknown,
    /// The service reported success in words we cannot read, or another status with a new key. A
    /// write was carried out; what came back is in [`Error::body`].
    Unreadable,
}

/// A longer wait is told no more exactly: nobody waits for it.
const LONGEST_TOLD: Duration = Duration::from_secs(24 * 60 * 60);

impl Error {
    /// What kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed; `None` when a client could not be built.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The HTTP status, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// Every error that the service reported, in its order; empty if the body held none that can
    /// be read, see [`excerpt`](Self::excerpt) then.
    #[must_use]
    pub fn errors(&self) -> &[ServiceError] {
        &self.0.errors
    }

    /// The beginning of an error's body, on one line and without keys; empty if there was none. Of an
    /// answer that should have had a new key nothing is shown but errors as they are documented.
    #[must_use]
    pub fn excerpt(&self) -> &str {
        &self.0.excerpt
    }

    /// The bytes that came back with a success that could not be read, with another answer to a creation
    /// if there may be a new key in them, or with one that owes a key and does not say that nothing was
    /// created. They may hold a key that is never shown again: keep them in a safe place, and never log
    /// them. Empty otherwise.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// Whether the service may have carried out the call. `false` means: certainly not.
    #[must_use]
    pub fn may_have_been_applied(&self) -> bool {
        let writes = self
            .0
            .operation
            .is_some_and(|operation| !operation.is_read());
        writes
            && matches!(
                self.0.kind,
                ErrorKind::OutcomeUnknown | ErrorKind::Unreadable
            )
    }

    /// Whether any byte of the call may have reached the service. If not, look at the network, the
    /// proxy and the settings; nothing has happened.
    #[must_use]
    pub fn was_sent(&self) -> bool {
        self.0.kind != ErrorKind::NotSent
    }

    /// How often the call was sent or tried, the retries included; 0 if the client could not be
    /// built.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the service asks to wait before the next try, by the header `Retry-After` of its
    /// answer, as it was when that arrived. Whatever stands between may have written it, so it can be
    /// any length: decide how long to wait at most, and do not wait unheard. The client's own retries
    /// do so by [`RetryPolicy::max_retry_after`](crate::RetryPolicy::max_retry_after).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// /// How long to wait before another try; `None` if it is too long.
    /// fn wait(error: &digicert_client::Error) -> Option<Duration> {
    ///     let wait = error.retry_after().unwrap_or(Duration::from_secs(2));
    ///     (wait <= Duration::from_secs(60)).then_some(wait)
    /// }
    /// ```
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the service said that it is too much (429). Wait some seconds or minutes; the
    /// limits are per key, so look for other programs that use it.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429) || self.has_base("request_limit_exceeded")
    }

    /// Whether the key was refused (401, 403): it is wrong, or it may not do this. CertCentral
    /// answers 403 to a wrong key; see [`remedy`](Self::remedy) for which of the two it is.
    #[must_use]
    pub fn is_access_denied(&self) -> bool {
        matches!(self.status(), Some(401 | 403)) || self.has_base("access_denied")
    }

    /// Whether what the call is about does not exist (404), or not for this key: check the ID,
    /// and that the key belongs to the parent of the subaccount.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404) || self.has_base("not_found")
    }

    /// Whether time ran out: while connecting (not sent), or while waiting for the answer.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        let source = self
            .0
            .source
            .as_ref()
            .and_then(|source| source.downcast_ref::<reqwest::Error>());
        source.is_some_and(reqwest::Error::is_timeout)
    }

    /// What to do, where the documentation says so.
    #[must_use]
    pub fn remedy(&self) -> Option<&'static str> {
        remedy::of(self)
    }

    /// The id and the one-time key of a subaccount that was created, when the answer could not be
    /// read. Keep the key at once; the service does not show it again.
    #[must_use]
    pub fn recovered(&self) -> Option<Recovered> {
        // Other answers have IDs as well, of things that were not created.
        let creates = |operation: &&Operation| !operation.is_idempotent();
        self.operation().filter(creates)?;
        // And who cannot say whether it was created names no ID of it.
        let was_created = self.0.kind == ErrorKind::Unreadable;
        was_created.then(|| recovered::find(&self.0.body))?
    }

    fn has_base(&self, base: &str) -> bool {
        self.0.errors.iter().any(|error| error.base() == base)
    }

    /// Whether the connection broke before the body was complete.
    pub(crate) fn is_cut(&self) -> bool {
        self.0.kind == ErrorKind::Unreadable && self.0.source.is_some()
    }

    pub(crate) fn is_set_up_wrongly(&self) -> bool {
        self.0.set_up_wrongly
    }

    /// The error of a call that ends with this attempt. Where an earlier one of a write may have
    /// been carried out, the answer to the last does not say that nothing was.
    pub(crate) fn after(mut self, attempts: u32, earlier_is_open: bool) -> Self {
        let inner = &mut *self.0;
        inner.attempts = attempts;
        let denies = matches!(inner.kind, ErrorKind::NotSent | ErrorKind::Refused);
        if earlier_is_open && denies {
            inner.kind = ErrorKind::OutcomeUnknown;
            let own = std::mem::take(&mut inner.message);
            let separator = if own.is_empty() { "" } else { "; " };
            inner.message = format!("{own}{separator}an earlier attempt may have been carried out");
        }
        self
    }

    pub(crate) fn not_sent(message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::NotSent, None, message.into());
        error.0.set_up_wrongly = true;
        error
    }

    /// A call that ended without an answer.
    pub(crate) fn without_answer(operation: &'static Operation, error: reqwest::Error) -> Self {
        let never_left = error.is_builder() || error.is_connect();
        let kind = match (never_left, operation.is_read()) {
            (true, _) => ErrorKind::NotSent,
            (false, true) => ErrorKind::NoAnswer,
            (false, false) => ErrorKind::OutcomeUnknown,
        };
        let message = match (never_left, error.is_timeout()) {
            _ if error.is_builder() => "the request cannot be made",
            (true, true) => "the connection took too long to come up",
            (true, false) => "no connection came about",
            (false, true) => "the answer took too long",
            (false, false) => "the connection broke before an answer arrived",
        };
        let mut own = Self::new(kind, Some(operation), message.to_owned());
        own.0.set_up_wrongly = error.is_builder();
        own.with_source(error)
    }

    /// An answer that is not a success.
    pub(crate) fn status_of(operation: &'static Operation, status: StatusCode, told: Told) -> Self {
        let kind = if operation.is_read() || denies(status) {
            ErrorKind::Refused
        } else {
            ErrorKind::OutcomeUnknown
        };
        let mut error = Self::new(kind, Some(operation), told.hidden.unwrap_or_default());
        error.0.status = Some(status);
        error.0.errors = told.errors;
        error.0.excerpt = answer::excerpt(&told.text);
        error
    }

    /// A success whose body is not what was expected. `why` must not quote the body.
    pub(crate) fn unreadable(
        operation: &'static Operation,
        status: StatusCode,
        body: Vec<u8>,
        why: String,
    ) -> Self {
        let mut error = Self::new(ErrorKind::Unreadable, Some(operation), why);
        error.0.status = Some(status);
        error.0.body = body;
        error
    }

    /// Keeps the body of an answer to a creation if there may be a new key in it, whatever its status
    /// (I3): something on the way may have replaced that.
    pub(crate) fn with_what_was_created(mut self, body: Vec<u8>, key: NewKey, owed: bool) -> Self {
        let inner = &mut *self.0;
        match key {
            NewKey::Found => {
                inner.kind = ErrorKind::Unreadable;
                let why = "its status says otherwise, but the answer has a new API key";
                why.clone_into(&mut inner.message);
            }
            NewKey::Perhaps => {
                inner.kind = ErrorKind::OutcomeUnknown;
                let why = "there may be a new API key in the answer";
                why.clone_into(&mut inner.message);
            }
            NewKey::None if owed && inner.kind == ErrorKind::OutcomeUnknown => {}
            NewKey::None => return self,
        }
        inner.body = body;
        self
    }

    pub(crate) fn asking_to_wait(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    fn new(kind: ErrorKind, operation: Option<&'static Operation>, message: String) -> Self {
        Self(Box::new(Inner {
            kind,
            operation,
            status: None,
            errors: Vec::new(),
            excerpt: String::new(),
            body: Vec::new(),
            message,
            set_up_wrongly: false,
            attempts: 0,
            retry_after: None,
            source: None,
        }))
    }

    fn write_what_came_back(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if !inner.errors.is_empty() {
            // The service ends its texts with a full stop; here a remedy may follow.
            let errors = inner.errors.iter().map(ToString::to_string);
            let errors: Vec<_> = errors
                .map(|text| text.trim_end_matches('.').to_owned())
                .collect();
            write!(f, ": {}", errors.join("; "))?;
        } else if !inner.excerpt.is_empty() {
            write!(f, ": {}", inner.excerpt)?;
        }
        if !inner.message.is_empty() {
            write!(f, ": {}", inner.message)?;
        }
        Ok(())
    }
}

/// Only a 4xx says for certain that a write was not carried out, and of those not 408: it speaks of
/// time, not of what was done in it.
pub(crate) fn denies(status: StatusCode) -> bool {
    status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let Some(operation) = inner.operation else {
            return f.write_str(&inner.message);
        };
        let id = operation.id;
        match inner.kind {
            ErrorKind::NotSent => write!(f, "{id} was not sent")?,
            ErrorKind::Refused => write!(f, "{id} was refused")?,
            ErrorKind::NoAnswer => write!(f, "{id} got no answer")?,
            ErrorKind::OutcomeUnknown => write!(f, "{id} may or may not have been carried out")?,
            ErrorKind::Unreadable => write!(f, "{id} succeeded, but the answer cannot be read")?,
        }
        if let Some(status) = inner.status {
            write!(f, " ({})", answer::status_words(status))?;
        }
        self.write_what_came_back(f)?;
        if inner.attempts > 1 {
            write!(f, " (tried {} times)", inner.attempts)?;
        }
        match inner.retry_after {
            Some(wait) if wait > LONGEST_TOLD => {
                f.write_str("; the service asks to wait more than a day")?;
            }
            Some(wait) if !wait.is_zero() => {
                // Not less than it asks for.
                let seconds = wait.as_secs_f64().ceil();
                write!(
                    f,
                    "; the service asks to wait {seconds} s before the next try"
                )?;
            }
            _ => {}
        }
        match self.remedy() {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &inner.operation.map(|operation| operation.id))
            .field("status", &self.status())
            .field("errors", &inner.errors)
            .field("excerpt", &inner.excerpt)
            .field("message", &inner.message)
            .field("attempts", &inner.attempts)
            .field("retry_after", &inner.retry_after)
            .field(
                "body",
                &format_args!("{} bytes, not shown", inner.body.len()),
            )
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

//! [`Effect`]: what goes wrong.
//!
//! Which calls it befalls is for `fault` and `rules`; how it is brought about for `injection`.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::fault::InvalidFault;

/// Longer than any client waits, and short enough for every timer.
const LONGEST_DELAY: u64 = 24 * 60 * 60 * 1000;

/// What goes wrong with a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// An answer with another status.
    Status(Status),
    /// A late answer.
    Delay(Delay),
    /// A connection that is reset.
    Reset(Reset),
    /// An answer that ends in the middle of its body.
    CutBody(CutBody),
    /// An answer with fields that no documentation knows.
    UnknownFields(UnknownFields),
}

/// On which side of the call being carried out something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// The call is not carried out, or not yet.
    Before,
    /// The call has been carried out, and what it changes is changed.
    After,
}

/// An answer with another status. Made by [`Fault::status`](crate::Fault::status).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names in JSON")]
pub struct Status {
    pub(super) status: u16,
    #[serde(default, skip_serializing_if = "Body::is_json")]
    pub(super) body: Body,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) retry_after: Option<u64>,
    #[serde(default = "When::before")]
    pub(super) when: When,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Body {
    #[default]
    Json,
    Html,
    Empty,
}

/// A late answer. Made by [`Fault::delay`](crate::Fault::delay).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    pub(super) milliseconds: u64,
    #[serde(default = "When::after")]
    pub(super) when: When,
}

/// A connection that is reset. Made by [`Fault::reset`](crate::Fault::reset).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    pub(super) when: When,
}

/// An answer that ends in the middle of its body. Made by
/// [`Fault::cut_body`](crate::Fault::cut_body).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutBody {}

/// An answer with fields that no documentation knows. Made by
/// [`Fault::unknown_fields`](crate::Fault::unknown_fields).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnknownFields {}

impl When {
    fn before() -> Self {
        Self::Before
    }

    fn after() -> Self {
        Self::After
    }
}

impl Body {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "the signature that serde asks for"
    )]
    fn is_json(&self) -> bool {
        *self == Self::Json
    }
}

impl Status {
    pub(super) fn new(status: u16) -> Self {
        Self {
            status,
            body: Body::Json,
            code: None,
            message: None,
            retry_after: None,
            when: When::Before,
        }
    }

    pub(super) fn html(mut self) -> Self {
        self.body = Body::Html;
        self
    }

    pub(super) fn error(mut self, code: String, message: String) -> Self {
        self.body = Body::Json;
        self.code = Some(code);
        self.message = Some(message);
        self
    }

    fn check(&self) -> Result<(), InvalidFault> {
        if !(200..=599).contains(&self.status) {
            return Err(InvalidFault::new(format!(
                "status {} is no status of an answer; it is from 200 to 599",
                self.status
            )));
        }
        if self.body != Body::Json && (self.code.is_some() || self.message.is_some()) {
            return Err(InvalidFault::new("code and message are for a JSON body"));
        }
        Ok(())
    }
}

impl Delay {
    pub(super) fn new(by: Duration) -> Self {
        Self {
            milliseconds: u64::try_from(by.as_millis()).unwrap_or(u64::MAX),
            when: When::After,
        }
    }

    pub(super) fn duration(&self) -> Duration {
        Duration::from_millis(self.milliseconds)
    }

    fn check(&self) -> Result<(), InvalidFault> {
        if self.milliseconds > LONGEST_DELAY {
            return Err(InvalidFault::new("a delay is at most a day"));
        }
        Ok(())
    }
}

impl Effect {
    pub(super) fn check(&self) -> Result<(), InvalidFault> {
        match self {
            Self::Status(status) => status.check(),
            Self::Delay(delay) => delay.check(),
            Self::Reset(_) | Self::CutBody(_) | Self::UnknownFields(_) => Ok(()),
        }
    }
}

/// As in the text form.
impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Delay(Delay { milliseconds, when }) => {
                write!(f, "delay={milliseconds}ms")?;
                match when {
                    When::Before => f.write_str(",when=before"),
                    When::After => Ok(()),
                }
            }
            Self::Reset(Reset { when }) => write!(f, "reset={when}"),
            Self::CutBody(_) => f.write_str("cut_body"),
            Self::UnknownFields(_) => f.write_str("unknown_fields"),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status={}", self.status)?;
        match self.body {
            Body::Json => {}
            Body::Html => f.write_str(",body=html")?,
            Body::Empty => f.write_str(",body=empty")?,
        }
        if let Some(code) = &self.code {
            write!(f, ",code={code}")?;
        }
        if let Some(message) = &self.message {
            write!(f, ",message={message}")?;
        }
        if let Some(seconds) = self.retry_after {
            write!(f, ",retry_after={seconds}")?;
        }
        match self.when {
            When::Before => Ok(()),
            When::After => f.write_str(",when=after"),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Before => "before",
            Self::After => "after",
        })
    }
}

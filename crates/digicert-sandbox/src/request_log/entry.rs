//! [`LoggedRequest`]: one request and what became of it.

use std::fmt;
use std::time::{Duration, SystemTime};

use axum::http::{HeaderName, Method, StatusCode};
use serde::{Serialize, Serializer};

use super::redaction::Redacted;
use crate::faults::FaultId;
use crate::operation::Operation;
use crate::timestamp;

/// A request that the sandbox was sent, and what became of it. No part of it holds a key.
///
/// Bodies are kept up to a size; see the README.
#[derive(Debug, Serialize)]
pub struct LoggedRequest {
    pub(super) number: u64,
    #[serde(serialize_with = "timestamp::serialize")]
    pub(super) at: SystemTime,
    pub(super) operation: Option<Operation>,
    #[serde(serialize_with = "as_text")]
    pub(super) method: Method,
    pub(super) path: Redacted,
    #[serde(serialize_with = "as_number")]
    pub(super) status: Option<StatusCode>,
    #[serde(rename = "duration_us", serialize_with = "as_microseconds")]
    pub(super) duration: Duration,
    #[serde(serialize_with = "as_object")]
    pub(super) request_headers: Vec<(HeaderName, Redacted)>,
    pub(super) request_body: Redacted,
    pub(super) response_body: Redacted,
    pub(super) fault: Option<FaultId>,
}

impl LoggedRequest {
    /// From 1, in the order in which they were answered.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// When it arrived, by the clock of the sandbox.
    #[must_use]
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// Which call of the API it is, or nothing if there is no such call.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.operation
    }

    /// `GET`, `POST` or another.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The path with its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path.as_str()
    }

    /// The status of the answer, or nothing if there was none: a fault cut the connection, or the
    /// client went away.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status.map(|status| status.as_u16())
    }

    /// From its arrival to its answer.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// The value of a header, or of the first one of that name. That of a header that may hold a
    /// key is `[redacted]`.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let is_meant =
            |header: &&(HeaderName, Redacted)| header.0.as_str().eq_ignore_ascii_case(name);
        let found = self.request_headers.iter().find(is_meant);
        found.map(|(_, value)| value.as_str())
    }

    /// The body that was sent.
    #[must_use]
    pub fn request_body(&self) -> &str {
        self.request_body.as_str()
    }

    /// The body of the answer.
    #[must_use]
    pub fn response_body(&self) -> &str {
        self.response_body.as_str()
    }

    /// The fault that befell it.
    #[must_use]
    pub fn fault(&self) -> Option<FaultId> {
        self.fault
    }

    /// About how much memory it takes.
    pub(super) fn size(&self) -> usize {
        let headers = self.request_headers.iter();
        let headers: usize = headers
            .map(|(name, value)| {
                size_of::<(HeaderName, Redacted)>() + name.as_str().len() + value.as_str().len()
            })
            .sum();
        let texts = [&self.path, &self.request_body, &self.response_body];
        let texts: usize = texts.iter().map(|text| text.as_str().len()).sum();
        size_of::<Self>() + headers + texts
    }
}

/// One line: `3  POST /services/v2/account  201  create_subaccount`.
impl fmt::Display for LoggedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = match &self.status {
            Some(status) => status.as_str(),
            None => "cut",
        };
        let operation = self.operation.map_or("no operation", Operation::name);
        write!(
            f,
            "{:>4}  {status}  {operation:<24}  {} {}",
            self.number,
            self.method,
            self.path()
        )?;
        match self.fault {
            Some(fault) => write!(f, "  (fault {fault})"),
            None => Ok(()),
        }
    }
}

fn as_text<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.as_str())
}

#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde asks for"
)]
fn as_number<S: Serializer>(status: &Option<StatusCode>, serializer: S) -> Result<S::Ok, S::Error> {
    status.map(|status| status.as_u16()).serialize(serializer)
}

fn as_microseconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    let microseconds = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    serializer.serialize_u64(microseconds)
}

/// Values of headers of the same name are joined, as HTTP allows.
fn as_object<S: Serializer>(
    headers: &[(HeaderName, Redacted)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut joined: Vec<(&str, String)> = Vec::new();
    for (name, value) in headers {
        let known = joined.iter_mut().find(|(known, _)| *known == name.as_str());
        match known {
            Some((_, values)) => {
                values.push_str(", ");
                values.push_str(value.as_str());
            }
            None => joined.push((name.as_str(), value.as_str().to_owned())),
        }
    }
    serializer.collect_map(joined)
}

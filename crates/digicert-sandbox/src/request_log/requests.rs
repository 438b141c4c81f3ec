//! [`Requests`]: what the log holds at a moment, narrowed down and asserted on.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::entry::LoggedRequest;
use crate::operation::Operation;

/// More lines than that nobody reads when an assertion fails.
const SHOWN: usize = 100;

/// The requests that a sandbox was sent, at the moment of asking.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use digicert_sandbox::{Operation, Sandbox};
///
/// let sandbox = Sandbox::start().await?;
/// // … the code under test …
/// sandbox.requests().of(Operation::CreateSubaccount).assert_count(0);
/// sandbox.requests().assert_none();
/// # Ok(())
/// # }
/// ```
///
/// An assertion that fails shows the log. A request is in it before its answer is sent.
#[derive(Clone, Debug, Serialize)]
pub struct Requests {
    #[serde(rename = "requests", serialize_with = "entries")]
    selected: Vec<Arc<LoggedRequest>>,
    /// Older ones that are not kept any more.
    dropped: u64,
    /// What it was narrowed down from, for a failure to show.
    #[serde(skip)]
    all: Vec<Arc<LoggedRequest>>,
    #[serde(skip)]
    criteria: Vec<String>,
}

impl Requests {
    pub(super) fn new(all: Vec<Arc<LoggedRequest>>, dropped: u64) -> Self {
        Self {
            selected: all.clone(),
            dropped,
            all,
            criteria: Vec::new(),
        }
    }

    /// Those of an operation.
    #[must_use]
    pub fn of(self, operation: Operation) -> Self {
        self.narrow(format!("of {operation}"), |request| {
            request.operation() == Some(operation)
        })
    }

    /// Those that were answered with a status.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        self.narrow(format!("with status {status}"), |request| {
            request.status() == Some(status)
        })
    }

    /// Those that got no answer.
    #[must_use]
    pub fn without_answer(self) -> Self {
        self.narrow("without an answer".to_owned(), |request| {
            request.status().is_none()
        })
    }

    /// Those that a fault befell.
    #[must_use]
    pub fn with_fault(self) -> Self {
        self.narrow("with a fault".to_owned(), |request| {
            request.fault().is_some()
        })
    }

    fn narrow(mut self, criterion: String, holds: impl Fn(&LoggedRequest) -> bool) -> Self {
        self.selected.retain(|request| holds(request));
        self.criteria.push(criterion);
        self
    }

    /// From the oldest to the latest.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &LoggedRequest> + ExactSizeIterator {
        self.selected.iter().map(AsRef::as_ref)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.selected.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.selected.is_empty()
    }

    /// The latest.
    #[must_use]
    pub fn last(&self) -> Option<&LoggedRequest> {
        self.iter().next_back()
    }

    /// How many older requests are not kept any more, of any kind. The log holds the latest ten
    /// thousand, or fewer that take 16 MiB.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Asserts that there are so many.
    ///
    /// # Panics
    ///
    /// If there are more or fewer, or if the log has dropped any and so cannot tell.
    #[track_caller]
    pub fn assert_count(&self, expected: usize) {
        self.assert_complete();
        let count = self.len();
        assert!(
            count == expected,
            "expected {expected} {}, but there {} {count}\n{self}",
            self.what(expected),
            if count == 1 { "was" } else { "were" },
        );
    }

    /// Asserts that there are none.
    ///
    /// # Panics
    ///
    /// If there is one, or if the log has dropped any and so cannot tell.
    #[track_caller]
    pub fn assert_none(&self) {
        self.assert_count(0);
    }

    /// Asserts that there is exactly one, and gives it.
    ///
    /// # Panics
    ///
    /// If there are more or none, or if the log has dropped any and so cannot tell.
    #[track_caller]
    #[expect(
        clippy::must_use_candidate,
        reason = "that there is one can be all that matters"
    )]
    pub fn assert_one(&self) -> &LoggedRequest {
        self.assert_count(1);
        match self.last() {
            Some(request) => request,
            None => unreachable!("it was counted"),
        }
    }

    /// Asserts that these operations were called, in this order, and nothing else.
    ///
    /// # Panics
    ///
    /// If others were called, or if the log has dropped any and so cannot tell.
    #[track_caller]
    pub fn assert_operations(&self, expected: &[Operation]) {
        self.assert_complete();
        let called: Vec<_> = self.iter().map(LoggedRequest::operation).collect();
        let is_expected = called
            .iter()
            .copied()
            .eq(expected.iter().copied().map(Some));
        assert!(
            is_expected,
            "expected {} in this order: {}\n{self}",
            self.what(2),
            names(expected),
        );
    }

    #[track_caller]
    fn assert_complete(&self) {
        assert!(
            self.dropped == 0,
            "the log has dropped {} older requests, so it cannot tell; clear it before what is \
             asserted on",
            self.dropped
        );
    }

    fn what(&self, count: usize) -> String {
        let noun = if count == 1 { "request" } else { "requests" };
        let criteria = self
            .criteria
            .iter()
            .map(|criterion| format!(" {criterion}"));
        criteria.fold(noun.to_owned(), |text, criterion| text + &criterion)
    }
}

fn entries<S: Serializer>(
    requests: &[Arc<LoggedRequest>],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(requests.iter().map(AsRef::<LoggedRequest>::as_ref))
}

fn names(operations: &[Operation]) -> String {
    let names: Vec<_> = operations
        .iter()
        .map(|operation| operation.name())
        .collect();
    names.join(", ")
}

/// The log, one request a line; those that are meant have a mark. Of a long one only the end.
impl fmt::Display for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.all.is_empty() {
            return write!(f, "the log is empty");
        }
        write!(f, "the log:")?;
        let hidden = self.all.len().saturating_sub(SHOWN);
        if hidden > 0 {
            write!(f, "\n  … {hidden} earlier requests")?;
        }
        for request in self.all.iter().skip(hidden) {
            let number = LoggedRequest::number;
            let found = self
                .selected
                .binary_search_by_key(&number(request), |meant| number(meant));
            let mark = if found.is_ok() { '>' } else { ' ' };
            write!(f, "\n{mark} {request}")?;
        }
        Ok(())
    }
}

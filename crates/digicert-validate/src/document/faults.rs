//! What is wrong with a document as such: findings of the two rules on the file itself.

use std::fmt;

use super::limits::MAX_FINDINGS;
use super::tree::Span;
use crate::findings::Findings;
use crate::report::Place;
use crate::rule::Rule as _;
use crate::rules::document::{DocumentMalformed, FieldUnknown};
use crate::validator::Levels;

/// Findings about the document as such, each with its place.
#[derive(Debug)]
pub(crate) struct Faults<'a> {
    findings: Findings<'a>,
    malformed: usize,
}

impl<'a> Faults<'a> {
    pub(crate) fn new(levels: &'a Levels) -> Self {
        Self {
            findings: Findings::limited(levels, MAX_FINDINGS),
            malformed: 0,
        }
    }

    /// Reports that the document is malformed at a place.
    pub(crate) fn malformed(
        &mut self,
        pointer: impl fmt::Display,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.malformed += 1;
        let place = Some(unlocated(span));
        self.findings
            .add_at(place, DocumentMalformed::INFO, pointer, message, help);
    }

    /// Reports a field that no documentation knows.
    pub(crate) fn unknown(
        &mut self,
        pointer: impl fmt::Display,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let place = Some(unlocated(span));
        self.findings
            .add_at(place, FieldUnknown::INFO, pointer, message, help);
    }

    /// How many times the document was malformed, whether or not anybody wants to know.
    pub(crate) fn malformed_count(&self) -> usize {
        self.malformed
    }

    /// Whether so much is wrong that reading on is of no use.
    pub(crate) fn is_full(&self) -> bool {
        self.malformed >= MAX_FINDINGS
    }

    pub(crate) fn into_findings(self) -> Findings<'a> {
        self.findings
    }
}

/// A place whose line and column are still to be counted.
pub(crate) fn unlocated(span: Span) -> Place {
    Place::new(0, 0, span.start, span.end.saturating_sub(span.start))
}

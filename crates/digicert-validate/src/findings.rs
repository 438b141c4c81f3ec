//! Where rules put what they find. Allocates nothing as long as nothing is found.

use std::fmt;

use crate::report::{Finding, Place};
use crate::rule::{RuleInfo, Severity};
use crate::validator::Levels;

/// The findings of one run, in the order in which the rules made them.
#[derive(Debug)]
pub(crate) struct Findings<'a> {
    levels: &'a Levels,
    list: Vec<Finding>,
    limit: usize,
    left_out: LeftOut,
}

/// What a list of findings had no room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LeftOut {
    pub(crate) count: usize,
    /// The worst of them.
    pub(crate) severity: Option<Severity>,
}

impl LeftOut {
    pub(crate) fn add(&mut self, severity: Severity) {
        self.count += 1;
        self.severity = self.severity.max(Some(severity));
    }
}

/// The longest message, in bytes: enough to name all products, too short for a whole document.
const MAX_MESSAGE_BYTES: usize = 4_000;

/// A message as it is, unless it repeats a value without end.
fn bounded(mut message: String) -> String {
    if message.len() > MAX_MESSAGE_BYTES {
        let mut end = MAX_MESSAGE_BYTES;
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        message.truncate(end);
        message.push('…');
        message.shrink_to_fit();
    }
    message
}

impl<'a> Findings<'a> {
    pub(crate) fn new(levels: &'a Levels) -> Self {
        Self::limited(levels, usize::MAX)
    }

    /// Keeps no more than `limit` findings, and counts the others.
    pub(crate) fn limited(levels: &'a Levels, limit: usize) -> Self {
        Self {
            levels,
            list: Vec::new(),
            limit,
            left_out: LeftOut::default(),
        }
    }

    /// Adds a finding of a rule, unless the caller switched the rule off.
    ///
    /// `pointer` is a JSON pointer to the offending value; for something missing, to the object
    /// that lacks it. `message` says what is wrong, `help` what to do; both are sentences without
    /// a full stop that begin in lower case.
    pub(crate) fn add(
        &mut self,
        rule: &'static RuleInfo,
        pointer: impl fmt::Display,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add_at(None, rule, pointer, message, help);
    }

    /// Adds a finding whose place is known.
    pub(crate) fn add_at(
        &mut self,
        place: Option<Place>,
        rule: &'static RuleInfo,
        pointer: impl fmt::Display,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let Some(severity) = self.levels.severity(rule) else {
            return;
        };
        if self.list.len() >= self.limit {
            self.left_out.add(severity);
            return;
        }
        self.list.push(Finding {
            rule,
            severity,
            pointer: pointer.to_string(),
            place,
            message: bounded(message.into()),
            help: bounded(help.into()),
        });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn left_out(&self) -> LeftOut {
        self.left_out
    }

    pub(crate) fn into_list(self) -> Vec<Finding> {
        self.list
    }
}

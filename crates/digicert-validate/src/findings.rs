//! Where rules put what they find. Allocates nothing as long as nothing is found.

use std::fmt;

use crate::report::Finding;
use crate::rule::RuleInfo;
use crate::validator::Levels;

/// The findings of one run, in the order in which the rules made them.
#[derive(Debug)]
pub(crate) struct Findings<'a> {
    levels: &'a Levels,
    list: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(levels: &'a Levels) -> Self {
        Self { levels, list: Vec::new() }
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
        let Some(severity) = self.levels.severity(rule) else { return };
        self.list.push(Finding {
            rule,
            severity,
            pointer: pointer.to_string(),
            place: None,
            message: message.into(),
            help: help.into(),
        });
    }

    pub(crate) fn into_list(self) -> Vec<Finding> {
        self.list
    }
}

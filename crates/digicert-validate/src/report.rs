//! What a run of the rules says: findings are data, never an error.

use std::fmt;

use crate::rule::{RuleInfo, Severity};

/// One finding of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: &'static RuleInfo,
    /// How bad it is; the rule's own severity unless the caller changed it.
    pub severity: Severity,
    /// A JSON pointer to the offending value; empty for the whole document.
    pub pointer: String,
    /// Where that value stands in the file; `None` for a request that came from no file.
    pub place: Option<Place>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// The first byte, from 0.
    pub offset: usize,
    /// How many bytes the value takes; 0 if it is not known.
    pub length: usize,
}

impl Place {
    pub(crate) fn new(line: usize, column: usize, offset: usize, length: usize) -> Self {
        Self {
            line,
            column,
            offset,
            length,
        }
    }
}

/// Every finding of a run, in the order of the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    pub(crate) fn new(findings: Vec<Finding>) -> Self {
        Self { findings }
    }

    /// The findings, in the order of the document.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Leaves out findings that the caller knows better than the rules, such as an unknown field
    /// that it does not send.
    pub fn retain(&mut self, keep: impl FnMut(&Finding) -> bool) {
        self.findings.retain(keep);
    }

    /// Whether nothing was found, not even a note.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// How many findings have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }

    /// The report as a result, for callers who want `?`: an error if it holds one.
    ///
    /// # Errors
    ///
    /// The report itself, when at least one finding is an error. Warnings and notes are not.
    pub fn into_result(self) -> Result<Self, Self> {
        if self.count(Severity::Error) == 0 {
            Ok(self)
        } else {
            Err(self)
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.findings.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rule,
            severity,
            pointer,
            message,
            help,
            ..
        } = self;
        let at = if pointer.is_empty() { "/" } else { pointer };
        write!(
            f,
            "{}[{} {}] {at}: {message}; {help}",
            severity.as_str(),
            rule.code,
            rule.name
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::{Context, Format, Kind, Severity, Validator};

    #[test]
    fn what_the_caller_leaves_out_counts_no_more() {
        let text = br#"{"products": [], "own": 1, "currencey": "USD"}"#;
        let context = Context::default();
        let checked = Validator::new().check(text, Format::Json, Some(Kind::SetProducts), &context);
        let mut report = checked.report;
        let before = report.count(Severity::Warning);
        report.retain(|finding| finding.pointer != "/own");
        assert_eq!(report.count(Severity::Warning), before - 1);
        let others = report.findings().iter();
        assert!(others.clone().all(|finding| finding.pointer != "/own"));
        assert!(
            others
                .clone()
                .any(|finding| finding.pointer == "/currencey")
        );
    }
}

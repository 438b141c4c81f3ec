//! Running the rules, with the changes that a caller makes to them.

use std::collections::BTreeMap;
use std::fmt;

use crate::context::Context;
use crate::document::{self, DocumentReport, Format, Kind};
use crate::findings::Findings;
use crate::nearest::nearest;
use crate::registry;
use crate::report::Report;
use crate::request::Request;
use crate::rule::{RuleInfo, Severity};

/// Runs every rule over a request.
///
/// ```
/// use digicert_types::certcentral::SetSubaccountProductsRequest;
/// use digicert_validate::{Context, validate};
///
/// let request = SetSubaccountProductsRequest::builder().products([]).build();
/// let report = validate(&request, &Context::default());
/// assert_eq!(report.findings()[0].rule.name, "products-empty");
/// ```
pub fn validate<R: Request>(request: &R, context: &Context) -> Report {
    Validator::new().validate(request, context)
}

/// Runs the rules, some of them switched off or raised.
///
/// ```
/// use digicert_validate::{Severity, Validator};
///
/// let validator = Validator::new().off("price-defaults")?.raise("price-jump", Severity::Error)?;
/// # Ok::<(), digicert_validate::UnknownRule>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Validator {
    levels: Levels,
}

/// The severities that the caller changed; `None` is off.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    changed: BTreeMap<&'static str, Option<Severity>>,
}

impl Levels {
    /// The severity of a rule's findings, or `None` if it is switched off.
    pub(crate) fn severity(&self, rule: &RuleInfo) -> Option<Severity> {
        self.changed
            .get(rule.name)
            .copied()
            .unwrap_or(Some(rule.severity))
    }
}

impl Validator {
    /// Every rule, with its own severity.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Switches a rule off, by name or code.
    ///
    /// # Errors
    ///
    /// There is no such rule.
    pub fn off(self, rule: &str) -> Result<Self, UnknownRule> {
        self.change(rule, None)
    }

    /// Gives the findings of a rule another severity, by name or code.
    ///
    /// # Errors
    ///
    /// There is no such rule.
    pub fn raise(self, rule: &str, severity: Severity) -> Result<Self, UnknownRule> {
        self.change(rule, Some(severity))
    }

    fn change(mut self, rule: &str, severity: Option<Severity>) -> Result<Self, UnknownRule> {
        let info = registry::find_rule(rule)?;
        self.levels.changed.insert(info.name, severity);
        Ok(self)
    }

    /// Runs the rules over a request. Findings come in the order of the request's fields.
    pub fn validate<R: Request>(&self, request: &R, context: &Context) -> Report {
        let mut findings = Findings::new(&self.levels);
        request.run(context, &mut findings);
        let mut list = findings.into_list();
        R::sort(&mut list);
        Report::new(list)
    }

    /// Checks a document as it stands in a file: the same findings, with line and column, and
    /// those that only a file can have. Whatever the bytes are, the answer is a report.
    ///
    /// `kind` is found out from the content if it is `None`.
    #[must_use]
    pub fn check(
        &self,
        text: &[u8],
        format: Format,
        kind: Option<Kind>,
        context: &Context,
    ) -> DocumentReport {
        document::check(text, format, kind, context, self, &self.levels)
    }
}

/// There is no rule of that name or code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    written: String,
    meant: Option<&'static str>,
}

impl UnknownRule {
    pub(crate) fn new(written: &str) -> Self {
        let rules = registry::rules();
        let names = rules.iter().flat_map(|rule| [rule.name, rule.code]);
        Self {
            written: written.to_owned(),
            meant: nearest(written, names),
        }
    }
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no rule `{}`; ", self.written)?;
        if let Some(meant) = self.meant {
            write!(f, "did you mean `{meant}`? ")?;
        }
        f.write_str("`digicert rules` lists them all")
    }
}

impl std::error::Error for UnknownRule {}

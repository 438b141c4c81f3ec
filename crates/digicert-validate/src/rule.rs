//! What a rule is: its name, its documentation as data, and the function that checks.
//!
//! The rules themselves are in `rules/`, the tables of them in `registry.rs`.

use crate::context::Context;
use crate::findings::Findings;
use crate::products::{PriceAt, ProductAt};
use crate::request::BillingLink;
use digicert_types::certcentral::{CreateSubaccountRequest, SetSubaccountProductsRequest};

/// How bad a finding is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// The service accepts it, and probably does not do what was meant.
    Warning,
    /// The service refuses it, or it would do harm.
    Error,
}

impl Severity {
    /// `error`, `warning` or `note`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// What is known of a rule without running it.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleInfo {
    /// The stable code, such as `DC103`. Never used for another rule.
    pub code: &'static str,
    /// The stable name, such as `child-name-too-long`.
    pub name: &'static str,
    /// How bad its findings are, unless the caller says otherwise.
    pub severity: Severity,
    /// Where the fact behind it is from.
    pub source: &'static str,
    /// Its documentation: Markdown with `## What it checks`, `## Why it matters` and
    /// `## Examples`, whose blocks `json,rejected` and `json,accepted` are run by the tests.
    pub docs: &'static str,
}

/// A rule: a type without values that carries its documentation.
pub(crate) trait Rule {
    const INFO: &'static RuleInfo;
}

/// A rule on a request to create a subaccount.
pub(crate) trait CheckCreation: Rule {
    fn check(request: &CreateSubaccountRequest, context: &Context, findings: &mut Findings<'_>);
}

/// A rule on a request to set products, as a whole.
pub(crate) trait CheckProducts: Rule {
    fn check(
        request: &SetSubaccountProductsRequest,
        context: &Context,
        findings: &mut Findings<'_>,
    );
}

/// A rule on one product of such a request.
pub(crate) trait CheckProduct: Rule {
    fn check(product: &ProductAt<'_>, context: &Context, findings: &mut Findings<'_>);
}

/// A rule on one price of one product.
pub(crate) trait CheckPrice: Rule {
    fn check(price: &PriceAt<'_>, context: &Context, findings: &mut Findings<'_>);
}

/// A rule on the two keys of a billing link.
pub(crate) trait CheckLink: Rule {
    fn check(link: &BillingLink<'_>, findings: &mut Findings<'_>);
}

/// Declares a rule: the doc comment is its documentation, as text and for rustdoc.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])+
        pub $rule:ident {
            code: $code:literal,
            name: $name:literal,
            severity: $severity:ident,
            source: $source:literal $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $rule;

        impl $crate::rule::Rule for $rule {
            const INFO: &'static $crate::rule::RuleInfo = &$crate::rule::RuleInfo {
                code: $code,
                name: $name,
                severity: $crate::rule::Severity::$severity,
                source: $source,
                docs: concat!($($doc, "\n"),+),
            };
        }
    };
}

pub(crate) use declare_rule;

//! DC301 `key-missing`.

use super::keys;
use crate::findings::Findings;
use crate::request::BillingLink;
use crate::rule::{CheckLink, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// Both keys are there: neither is empty, nor white space alone.
    ///
    /// ## Why it matters
    ///
    /// The link has no body and no parameters. The partner key says which account is linked, the
    /// CertCentral key says which billing account pays; without both the service answers 400.
    /// Mostly the variable that should hold the key is not set.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"partner_key": "", "certcentral_key": "made-up-certcentral-key"}
    /// ```
    ///
    /// ```json,rejected
    /// {"partner_key": "made-up-partner-key", "certcentral_key": "  "}
    /// ```
    ///
    /// ```json,accepted
    /// {"partner_key": "made-up-partner-key", "certcentral_key": "made-up-certcentral-key"}
    /// ```
    pub KeyMissing {
        code: "DC301",
        name: "key-missing",
        severity: Error,
        source: "finance page, request headers and status 400",
    }
}

impl CheckLink for KeyMissing {
    fn check(link: &BillingLink<'_>, findings: &mut Findings<'_>) {
        for key in keys::of(link) {
            if key.text().is_some() {
                continue;
            }
            findings.add(
                Self::INFO,
                key.pointer,
                format!("the {} is empty", key.name),
                format!("give the key that is sent in the header `{}`", key.header),
            );
        }
    }
}

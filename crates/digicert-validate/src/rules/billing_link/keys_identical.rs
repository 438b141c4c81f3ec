//! DC303 `keys-identical`.

use super::keys;
use crate::findings::Findings;
use crate::request::BillingLink;
use crate::rule::{CheckLink, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// The two keys differ. White space around them makes no difference. Two empty keys are the
    /// business of `key-missing`.
    ///
    /// ## Why it matters
    ///
    /// The keys belong to two services: one from Partner Subscriptions, one from CertCentral. The
    /// same text cannot be right in both headers, so one key was pasted into the place of the
    /// other, and the link, if it is made at all, is not the one that was meant.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"partner_key": "made-up-key", "certcentral_key": "made-up-key"}
    /// ```
    ///
    /// ```json,accepted
    /// {"partner_key": "made-up-partner-key", "certcentral_key": "made-up-certcentral-key"}
    /// ```
    pub KeysIdentical {
        code: "DC303",
        name: "keys-identical",
        severity: Error,
        source: "finance page: the two keys are separate",
    }
}

impl CheckLink for KeysIdentical {
    fn check(link: &BillingLink<'_>, findings: &mut Findings<'_>) {
        let [partner, certcentral] = keys::of(link);
        let (Some(first), Some(second)) = (partner.text(), certcentral.text()) else {
            return;
        };
        if first.trim() != second.trim() {
            return;
        }
        findings.add(
            Self::INFO,
            certcentral.pointer,
            format!(
                "the {} is the same as the {}",
                certcentral.name, partner.name
            ),
            format!(
                "give a key of CertCentral for `{}` and one of Partner Subscriptions for `{}`",
                certcentral.header, partner.header,
            ),
        );
    }
}

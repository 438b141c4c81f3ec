//! DC109 `enforce-bill-parent-ignored`.

use digicert_types::certcentral::CreateSubaccountRequest;

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckCreation, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `enforce_bill_parent` does not stand beside `"bill_parent": true`, whatever its value.
    ///
    /// ## Why it matters
    ///
    /// The service ignores it there, and does not say so: what the subaccounts of the subaccount
    /// may do is not what the request seems to say.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"bill_parent": true, "enforce_bill_parent": true}
    /// ```
    ///
    /// ```json,accepted
    /// {"bill_parent": false, "enforce_bill_parent": true}
    /// ```
    ///
    /// ```json,accepted
    /// {"bill_parent": true}
    /// ```
    pub EnforceBillParentIgnored {
        code: "DC109",
        name: "enforce-bill-parent-ignored",
        severity: Warning,
        source: "create page, note on `enforce_bill_parent`",
    }
}

impl CheckCreation for EnforceBillParentIgnored {
    fn check(request: &CreateSubaccountRequest, _: &Context, findings: &mut Findings<'_>) {
        let (Some(true), Some(enforce)) = (request.bill_parent, request.enforce_bill_parent) else {
            return;
        };
        findings.add(
            Self::INFO,
            "/enforce_bill_parent",
            format!("`enforce_bill_parent: {enforce}` is ignored beside `bill_parent: true`"),
            "remove it, or set `bill_parent` to false if the subaccount is to pay for itself",
        );
    }
}

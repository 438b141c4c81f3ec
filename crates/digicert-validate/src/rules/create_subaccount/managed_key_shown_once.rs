//! DC111 `managed-key-shown-once`.

use digicert_types::certcentral::{CreateSubaccountRequest, SubaccountType};

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckCreation, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether `account_type` is `managed`. Nothing is wrong with that; it is worth knowing before
    /// the request is sent.
    ///
    /// ## Why it matters
    ///
    /// Nobody signs in to a managed subaccount: it is used with an API key alone. The answer to
    /// this request has that key in `api_key`, and no later answer has it. Sending the request
    /// again makes another subaccount. A key that is lost can be had anew from DigiCert's support
    /// only.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"account_type": "managed"}
    /// ```
    ///
    /// ```json,accepted
    /// {"account_type": "enterprise"}
    /// ```
    pub ManagedKeyShownOnce {
        code: "DC111",
        name: "managed-key-shown-once",
        severity: Note,
        source: "create page, introduction and `api_key`",
    }
}

impl CheckCreation for ManagedKeyShownOnce {
    fn check(request: &CreateSubaccountRequest, _: &Context, findings: &mut Findings<'_>) {
        if request.account_type != SubaccountType::Managed {
            return;
        }
        findings.add(
            Self::INFO,
            "/account_type",
            "the API key of a `managed` subaccount is shown once, in the answer to this request",
            "have a safe place ready for the key, and store it before anything else is done",
        );
    }
}

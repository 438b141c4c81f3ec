//! DC208 `negative-limit-invalid`.

use digicert_types::certcentral::SetSubaccountProductsRequest;

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckProducts, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `balance_negative_limit` is 0 or more.
    ///
    /// ## Why it matters
    ///
    /// It is the distance by which the balance may go below zero, so it has no sign. Whether a
    /// negative one is refused, or turns the limit into its opposite, is not documented.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"balance_negative_limit": -222}
    /// ```
    ///
    /// ```json,accepted
    /// {"balance_negative_limit": "222"}
    /// ```
    pub NegativeLimitInvalid {
        code: "DC208",
        name: "negative-limit-invalid",
        severity: Error,
        source: "set products page, `balance_negative_limit`; that it is not negative itself is our conclusion",
    }
}

impl CheckProducts for NegativeLimitInvalid {
    fn check(request: &SetSubaccountProductsRequest, _: &Context, findings: &mut Findings<'_>) {
        let Some(limit) = request.balance_negative_limit else {
            return;
        };
        let limit = limit.value();
        if limit < 0 {
            findings.add(
                Self::INFO,
                "/balance_negative_limit",
                format!("the limit is {limit}, below 0"),
                format!(
                    "write {} if the balance may go so far below zero, 0 if it may not",
                    limit.unsigned_abs()
                ),
            );
        }
    }
}

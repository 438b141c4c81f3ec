//! DC106 `multi-year-plan-over-contract`.

use digicert_types::certcentral::CreateSubaccountRequest;

use super::multi_year_plan_out_of_range::length_in_range;
use crate::context::{Context, Contract};
use crate::findings::Findings;
use crate::rule::{CheckCreation, Rule as _, declare_rule};

/// The longest plan under the contracts that limit it, in years (create page).
const MAX_YEARS: i64 = 2;

declare_rule! {
    /// ## What it checks
    ///
    /// `max_allowed_multi_year_plan_length` is 1 or 2 if the parent has an Enterprise License
    /// Agreement or a Flat Fee contract. Without `parent.contract` in the context the rule is
    /// silent. `GET /account` tells a flat fee as `"pricing_model": "flatfee"`.
    ///
    /// ## Why it matters
    ///
    /// Under these contracts the service answers a larger value with an error, although the
    /// documented range goes on to 6, and the subaccount is not created.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {
    ///     "request": {"max_allowed_multi_year_plan_length": 3},
    ///     "context": {"parent": {"contract": "ela"}}
    /// }
    /// ```
    ///
    /// ```json,accepted
    /// {
    ///     "request": {"max_allowed_multi_year_plan_length": 2},
    ///     "context": {"parent": {"contract": "flat-fee"}}
    /// }
    /// ```
    ///
    /// ```json,accepted
    /// {
    ///     "request": {"max_allowed_multi_year_plan_length": 3},
    ///     "context": {"parent": {"contract": "standard"}}
    /// }
    /// ```
    pub MultiYearPlanOverContract {
        code: "DC106",
        name: "multi-year-plan-over-contract",
        severity: Error,
        source: "create page, note on `max_allowed_multi_year_plan_length`; account page, `pricing_model`",
    }
}

impl CheckCreation for MultiYearPlanOverContract {
    fn check(request: &CreateSubaccountRequest, context: &Context, findings: &mut Findings<'_>) {
        let Some(years) = length_in_range(request).filter(|years| *years > MAX_YEARS) else {
            return;
        };
        let contract = match context.parent.as_ref().and_then(|parent| parent.contract) {
            Some(Contract::Ela) => "an Enterprise License Agreement",
            Some(Contract::FlatFee) => "a Flat Fee contract",
            Some(Contract::Standard) | None => return,
        };
        findings.add(
            Self::INFO,
            "/max_allowed_multi_year_plan_length",
            format!("{years} years is more than the {MAX_YEARS} that {contract} allows"),
            "give 1 or 2, or leave the field out to inherit the parent's",
        );
    }
}

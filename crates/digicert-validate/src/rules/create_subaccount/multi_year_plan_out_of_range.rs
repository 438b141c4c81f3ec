//! DC104 `multi-year-plan-out-of-range`, and the length that the other rules on it look at.

use std::ops::RangeInclusive;

use digicert_types::certcentral::CreateSubaccountRequest;

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckCreation, Rule as _, declare_rule};

/// The lengths that can be asked for, in years (create page).
const YEARS: RangeInclusive<i64> = 1..=6;

declare_rule! {
    /// ## What it checks
    ///
    /// `max_allowed_multi_year_plan_length` is 1, 2, 3, 4, 5 or 6 years.
    ///
    /// A length outside of that is reported here alone: that it is over the parent's maximum or
    /// over the contract's as well says nothing new.
    ///
    /// ## Why it matters
    ///
    /// The service refuses the request, and the subaccount is not created. A 0 does not mean
    /// "none", nor "as the parent": the latter is what leaving the field out means. A 12 is
    /// probably meant in months.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"max_allowed_multi_year_plan_length": 0}
    /// ```
    ///
    /// ```json,rejected
    /// {"max_allowed_multi_year_plan_length": 12}
    /// ```
    ///
    /// ```json,accepted
    /// {"max_allowed_multi_year_plan_length": 3}
    /// ```
    pub MultiYearPlanOutOfRange {
        code: "DC104",
        name: "multi-year-plan-out-of-range",
        severity: Error,
        source: "create page, `max_allowed_multi_year_plan_length`",
    }
}

impl CheckCreation for MultiYearPlanOutOfRange {
    fn check(request: &CreateSubaccountRequest, _: &Context, findings: &mut Findings<'_>) {
        let Some(years) = request.max_allowed_multi_year_plan_length else {
            return;
        };
        if YEARS.contains(&years) {
            return;
        }
        let (least, most) = YEARS.into_inner();
        findings.add(
            Self::INFO,
            "/max_allowed_multi_year_plan_length",
            format!("a Multi-year Plan cannot be {years} years long, only {least} to {most}"),
            "give the length in years, or leave the field out to inherit the parent's",
        );
    }
}

/// The length asked for, unless it is one that this rule reports.
pub(super) fn length_in_range(request: &CreateSubaccountRequest) -> Option<i64> {
    request
        .max_allowed_multi_year_plan_length
        .filter(|years| YEARS.contains(years))
}

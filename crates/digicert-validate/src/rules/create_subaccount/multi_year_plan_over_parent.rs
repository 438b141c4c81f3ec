//! DC105 `multi-year-plan-over-parent`.

use digicert_types::certcentral::CreateSubaccountRequest;

use super::multi_year_plan_out_of_range::length_in_range;
use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckCreation, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `max_allowed_multi_year_plan_length` is at most that of the parent account. Without
    /// `parent.max_allowed_multi_year_plan_length` in the context there is nothing to compare.
    ///
    /// ## Why it matters
    ///
    /// A parent cannot pass on what it does not have: the service answers with an error, and the
    /// subaccount is not created.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {
    ///     "request": {"max_allowed_multi_year_plan_length": 3},
    ///     "context": {"parent": {"max_allowed_multi_year_plan_length": 2}}
    /// }
    /// ```
    ///
    /// ```json,accepted
    /// {
    ///     "request": {"max_allowed_multi_year_plan_length": 2},
    ///     "context": {"parent": {"max_allowed_multi_year_plan_length": 2}}
    /// }
    /// ```
    pub MultiYearPlanOverParent {
        code: "DC105",
        name: "multi-year-plan-over-parent",
        severity: Error,
        source: "create page, `max_allowed_multi_year_plan_length`",
    }
}

impl CheckCreation for MultiYearPlanOverParent {
    fn check(request: &CreateSubaccountRequest, context: &Context, findings: &mut Findings<'_>) {
        let Some(years) = length_in_range(request) else {
            return;
        };
        let parent = context.parent.as_ref();
        let Some(most) = parent.and_then(|parent| parent.max_allowed_multi_year_plan_length) else {
            return;
        };
        if years > most {
            findings.add(
                Self::INFO,
                "/max_allowed_multi_year_plan_length",
                format!("{years} years is more than the parent's own maximum of {most}"),
                format!("give at most {most}, or leave the field out to inherit the parent's"),
            );
        }
    }
}

//! DC107 `multi-year-plan-no-longer-sold`.

use digicert_types::certcentral::CreateSubaccountRequest;

use super::multi_year_plan_out_of_range::length_in_range;
use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckCreation, Rule as _, declare_rule};

/// The longest plan that is sold, in years (order pages).
const MAX_SOLD_YEARS: i64 = 3;

declare_rule! {
    /// ## What it checks
    ///
    /// `max_allowed_multi_year_plan_length` is not 4, 5 or 6.
    ///
    /// ## Why it matters
    ///
    /// The page that documents the field still gives 6 as its maximum, so the value may well be
    /// accepted. But DigiCert has sold no Multi-year Plan over 3 years since 31 October 2023, so
    /// it allows orders that nobody can place, and what the customer was told does not come true.
    /// Since 24 February 2026 even the shorter plans are there for a limited time, and only for
    /// accounts that have them.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"max_allowed_multi_year_plan_length": 6}
    /// ```
    ///
    /// ```json,accepted
    /// {"max_allowed_multi_year_plan_length": 3}
    /// ```
    pub MultiYearPlanNoLongerSold {
        code: "DC107",
        name: "multi-year-plan-no-longer-sold",
        severity: Warning,
        source: "order pages: https://dev.digicert.com/en/certcentral-apis/services-api/orders/order-secure-site-ov.html , https://dev.digicert.com/certcentral-apis/services-api/orders/order-dv-ssl.html",
    }
}

impl CheckCreation for MultiYearPlanNoLongerSold {
    fn check(request: &CreateSubaccountRequest, _: &Context, findings: &mut Findings<'_>) {
        let Some(years) = length_in_range(request).filter(|years| *years > MAX_SOLD_YEARS) else {
            return;
        };
        findings.add(
            Self::INFO,
            "/max_allowed_multi_year_plan_length",
            format!("a Multi-year Plan of {years} years has not been sold since October 2023"),
            format!(
                "give at most {MAX_SOLD_YEARS}, or leave the field out to inherit the parent's"
            ),
        );
    }
}

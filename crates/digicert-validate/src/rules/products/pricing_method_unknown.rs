//! DC209 `pricing-method-unknown`.

use digicert_types::certcentral::{PricingMethod, SetSubaccountProductsRequest};

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckProducts, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `pricing_method` is `default`, `custom` or `units`, in any letter case.
    ///
    /// ## Why it matters
    ///
    /// No other method is documented. The page about setting products names `Units` alone, the one
    /// about listing them all three, and samples send `custom`, so the list may be incomplete: a
    /// warning.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"pricing_method": "retail"}
    /// ```
    ///
    /// ```json,accepted
    /// {"pricing_method": "Units"}
    /// ```
    pub PricingMethodUnknown {
        code: "DC209",
        name: "pricing-method-unknown",
        severity: Warning,
        source: "set products page and list products page, `pricing_method`",
    }
}

impl CheckProducts for PricingMethodUnknown {
    fn check(request: &SetSubaccountProductsRequest, _: &Context, findings: &mut Findings<'_>) {
        if let Some(PricingMethod::Unknown(method)) = &request.pricing_method {
            findings.add(
                Self::INFO,
                "/pricing_method",
                format!("the pricing method {:?} is not documented", method.as_str()),
                "use `default`, `custom` or `units`",
            );
        }
    }
}

//! DC220 `additional-cost-exceeds-base`.

use digicert_types::Amount;

use crate::context::Context;
use crate::findings::Findings;
use crate::products::{PriceAt, is_above};
use crate::rule::{CheckPrice, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `additional_fqdn_cost` and `additional_wildcard_cost` are not above the `cost` of the same
    /// price. Silent where the product does not support the field, because it is ignored there.
    ///
    /// ## Why it matters
    ///
    /// One more name on a certificate would cost more than a certificate. Usually a digit is one
    /// too many: the sample of the documentation has 1351 for an additional name on a base of 412,
    /// and 135 for the same price on another page.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": [{"product_name_id": "ssl_multi_domain", "prices": [
    ///   {"lifetime": 1, "cost": 412, "additional_fqdn_cost": 1351}
    /// ]}]}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [{"product_name_id": "ssl_multi_domain", "prices": [
    ///   {"lifetime": 1, "cost": 412, "additional_fqdn_cost": 135}
    /// ]}]}
    /// ```
    pub AdditionalCostExceedsBase {
        code: "DC220",
        name: "additional-cost-exceeds-base",
        severity: Warning,
        source: "our conclusion; the sample of the set products page has such a cost, 1351 on a base of 412",
    }
}

impl CheckPrice for AdditionalCostExceedsBase {
    #[inline]
    fn check(price: &PriceAt<'_>, _: &Context, findings: &mut Findings<'_>) {
        price.each_additional(|field, supported, cost| {
            if let Some(cost) = cost
                && supported != Some(false)
                && is_above(cost, price.price.cost)
            {
                report(price, field, cost, findings);
            }
        });
    }
}

#[cold]
fn report(price: &PriceAt<'_>, field: &str, cost: Amount, findings: &mut Findings<'_>) {
    let base = price.price.cost;
    findings.add(
        AdditionalCostExceedsBase::INFO,
        price.at(field),
        format!("`{field}` is {cost}, above the `cost` of {base} of the same term"),
        "check the digits: one more name would cost more than the certificate",
    );
}

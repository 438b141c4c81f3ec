//! DC217 `cost-ignored`.

use digicert_types::Amount;

use crate::context::Context;
use crate::findings::Findings;
use crate::products::PriceAt;
use crate::rule::{CheckPrice, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// No price has an `additional_fqdn_cost` or `additional_wildcard_cost` on a product that does
    /// not support it. Which product supports which is in a table; on a product that is not in it
    /// this rule is silent. A cost of 0 is silent as well: the service itself reports it so.
    ///
    /// ## Why it matters
    ///
    /// The service ignores the amount without a word. Either the product is not the one that was
    /// meant, or somebody counts on an income that will not come.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [
    ///   {"lifetime": 1, "cost": 412, "additional_fqdn_cost": 135}
    /// ]}]}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [
    ///   {"lifetime": 1, "cost": 412, "additional_fqdn_cost": 0}
    /// ]}]}
    /// ```
    pub CostIgnored {
        code: "DC217",
        name: "cost-ignored",
        severity: Warning,
        source: "set products page: product-specific parameter support",
    }
}

impl CheckPrice for CostIgnored {
    #[inline]
    fn check(price: &PriceAt<'_>, _: &Context, findings: &mut Findings<'_>) {
        price.each_additional(|field, supported, cost| {
            if let Some(cost) = cost
                && supported == Some(false)
                && !cost.is_zero()
            {
                report(price, field, cost, findings);
            }
        });
    }
}

#[cold]
fn report(price: &PriceAt<'_>, field: &str, cost: Amount, findings: &mut Findings<'_>) {
    findings.add(
        CostIgnored::INFO,
        price.at(field),
        format!(
            "{} does not support `{field}`, so {cost} is ignored",
            price.of.name()
        ),
        format!("leave `{field}` out, or check whether another product is meant"),
    );
}

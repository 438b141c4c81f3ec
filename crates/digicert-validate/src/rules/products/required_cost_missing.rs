//! DC216 `required-cost-missing`.

use crate::context::Context;
use crate::findings::Findings;
use crate::products::{PriceAt, years};
use crate::rule::{CheckPrice, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// Every price of a product that supports `additional_fqdn_cost` or `additional_wildcard_cost`
    /// has it. Which product supports which is in a table; on a product that is not in it this rule
    /// is silent. Two missing costs are two findings.
    ///
    /// ## Why it matters
    ///
    /// The fields are required there: they are the price of each further name on an order. Whether
    /// the service refuses a list without them, or gives the names away, is not documented.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": [{"product_name_id": "ssl_multi_domain", "prices": [
    ///   {"lifetime": 1, "cost": 412}
    /// ]}]}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [{"product_name_id": "ssl_multi_domain", "prices": [
    ///   {"lifetime": 1, "cost": 412, "additional_fqdn_cost": 135}
    /// ]}]}
    /// ```
    pub RequiredCostMissing {
        code: "DC216",
        name: "required-cost-missing",
        severity: Error,
        source: "set products page, `additional_fqdn_cost`, `additional_wildcard_cost`; product-specific parameter support",
    }
}

impl CheckPrice for RequiredCostMissing {
    #[inline]
    fn check(price: &PriceAt<'_>, _: &Context, findings: &mut Findings<'_>) {
        price.each_additional(|field, supported, cost| {
            if cost.is_none() && supported == Some(true) {
                report(price, field, findings);
            }
        });
    }
}

#[cold]
fn report(price: &PriceAt<'_>, field: &str, findings: &mut Findings<'_>) {
    findings.add(
        RequiredCostMissing::INFO,
        price.at(""),
        format!(
            "the price for {} has no `{field}`, which {} requires",
            years(price.price.lifetime),
            price.of.name()
        ),
        format!("add `{field}`, what each further name on an order costs"),
    );
}

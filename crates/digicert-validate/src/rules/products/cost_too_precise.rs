//! DC219 `cost-too-precise`.

use digicert_types::Amount;

use crate::context::Context;
use crate::findings::Findings;
use crate::products::PriceAt;
use crate::rule::{CheckPrice, Rule as _, declare_rule};

/// The decimals of the documented maximum.
const MAX_DECIMALS: u8 = 2;

declare_rule! {
    /// ## What it checks
    ///
    /// `cost`, `additional_fqdn_cost` and `additional_wildcard_cost` have at most two decimals.
    /// Zeros at the end do not count.
    ///
    /// ## Why it matters
    ///
    /// Prices have cents. What the service does with the third decimal is not documented: whether
    /// it rounds or cuts, the price is not the one that was sent.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [
    ///   {"lifetime": 1, "cost": 412.125}
    /// ]}]}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412.50}]}]}
    /// ```
    pub CostTooPrecise {
        code: "DC219",
        name: "cost-too-precise",
        severity: Warning,
        source: "our conclusion from the documented maximum, 99999999.99",
    }
}

impl CheckPrice for CostTooPrecise {
    #[inline]
    fn check(price: &PriceAt<'_>, _: &Context, findings: &mut Findings<'_>) {
        price.each_cost(|field, cost| {
            if cost.decimals() > MAX_DECIMALS {
                report(price, field, cost, findings);
            }
        });
    }
}

#[cold]
fn report(price: &PriceAt<'_>, field: &str, cost: Amount, findings: &mut Findings<'_>) {
    findings.add(
        CostTooPrecise::INFO,
        price.at(field),
        format!(
            "`{field}` is {cost}: {} decimals, where prices have two",
            cost.decimals()
        ),
        "round it to cents, before the service does it its own way",
    );
}

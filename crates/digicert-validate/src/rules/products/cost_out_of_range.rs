//! DC218 `cost-out-of-range`.

use digicert_types::Amount;

use crate::context::Context;
use crate::findings::Findings;
use crate::products::PriceAt;
use crate::rule::{CheckPrice, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `cost`, `additional_fqdn_cost` and `additional_wildcard_cost` are between 0 and 99999999.99.
    ///
    /// ## Why it matters
    ///
    /// The maximum is documented. A negative price would pay the subaccount for ordering.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [
    ///   {"lifetime": 1, "cost": 100000000}
    /// ]}]}
    /// ```
    ///
    /// ```json,rejected
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": -0.01}]}]}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [
    ///   {"lifetime": 1, "cost": 99999999.99}
    /// ]}]}
    /// ```
    pub CostOutOfRange {
        code: "DC218",
        name: "cost-out-of-range",
        severity: Error,
        source: "set products page: maximum of each cost; that none is negative is our conclusion",
    }
}

impl CheckPrice for CostOutOfRange {
    #[inline]
    fn check(price: &PriceAt<'_>, _: &Context, findings: &mut Findings<'_>) {
        price.each_cost(|field, cost| {
            if !is_in_range(cost) {
                report(price, field, cost, findings);
            }
        });
    }
}

#[inline]
fn is_in_range(cost: Amount) -> bool {
    /// As many whole units are in range, and so they are with decimals in front.
    const SURELY: std::ops::RangeInclusive<i64> = 0..=99_999_999;
    // Comparing amounts takes far longer than comparing integers.
    SURELY.contains(&cost.mantissa()) || !cost.is_negative() && cost <= Amount::MAX_PRICE
}

#[cold]
fn report(price: &PriceAt<'_>, field: &str, cost: Amount, findings: &mut Findings<'_>) {
    let max = Amount::MAX_PRICE;
    let message = if cost.is_negative() {
        format!("`{field}` is {cost}, below 0")
    } else {
        format!("`{field}` is {cost}, above {max}")
    };
    findings.add(
        CostOutOfRange::INFO,
        price.at(field),
        message,
        format!("use an amount from 0 to {max}"),
    );
}

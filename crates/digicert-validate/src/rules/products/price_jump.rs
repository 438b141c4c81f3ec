//! DC222 `price-jump`.

use digicert_types::Amount;
use digicert_types::certcentral::{PriceToSet, SubaccountPrice};

use super::currency_change_resets_balance::change;
use crate::context::Context;
use crate::findings::Findings;
use crate::products::{FirstSeen, ProductAt, years};
use crate::rule::{CheckProduct, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// No cost becomes ten times what it is now or more, or a tenth or less. Compared are the costs
    /// of the same product and term in the same currency; a request without a currency keeps the
    /// one that is set. A cost that is 0 now is not compared, and one that becomes 0 is a jump. It
    /// needs `subaccount.products` in the context.
    ///
    /// ## Why it matters
    ///
    /// A decimal point in the wrong place moves a price by a power of ten, and orders come in at it
    /// until somebody sees an invoice.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {
    ///   "request": {"products": [
    ///     {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 4120}]}
    ///   ]},
    ///   "context": {"subaccount": {"products": {"products": [
    ///     {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]}
    ///   ]}}}
    /// }
    /// ```
    ///
    /// ```json,accepted
    /// {
    ///   "request": {"products": [
    ///     {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 450}]}
    ///   ]},
    ///   "context": {"subaccount": {"products": {"products": [
    ///     {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]}
    ///   ]}}}
    /// }
    /// ```
    pub PriceJump {
        code: "DC222",
        name: "price-jump",
        severity: Warning,
        source: "our conclusion: the existing prices are overwritten (set products page)",
    }
}

impl CheckProduct for PriceJump {
    fn check(product: &ProductAt<'_>, context: &Context, findings: &mut Findings<'_>) {
        let Some(current) = product.current else {
            return;
        };
        if change(product.request, context).is_some() {
            return;
        }
        let prices = current.prices.as_deref().unwrap_or_default();
        let mut terms = FirstSeen::new();
        for (index, price) in prices.iter().enumerate() {
            if let Some(lifetime) = price.lifetime {
                terms.insert(lifetime, index);
            }
        }
        for (index, price) in product.prices().iter().enumerate() {
            if let Some(old) = terms.get(price.lifetime) {
                compare(product, index, price, &prices[old], findings);
            }
        }
    }
}

fn compare(
    product: &ProductAt<'_>,
    index: usize,
    new: &PriceToSet,
    old: &SubaccountPrice,
    findings: &mut Findings<'_>,
) {
    let costs = [
        ("cost", old.cost, Some(new.cost)),
        (
            "additional_fqdn_cost",
            old.additional_fqdn_cost,
            new.additional_fqdn_cost,
        ),
        (
            "additional_wildcard_cost",
            old.additional_wildcard_cost,
            new.additional_wildcard_cost,
        ),
    ];
    for (field, old, cost) in costs {
        let (Some(old), Some(cost)) = (old, cost) else {
            continue;
        };
        let Some(jump) = jump(old, cost) else {
            continue;
        };
        findings.add(
            PriceJump::INFO,
            product.at(&format!("prices/{index}/{field}")),
            format!(
                "`{field}` of {} for {}: {old} → {cost}, {jump}",
                product.name(),
                years(new.lifetime),
            ),
            "check the decimal point; the price that is stored is overwritten",
        );
    }
}

/// How the cost jumps, in words, if it does.
fn jump(old: Amount, new: Amount) -> Option<&'static str> {
    /// Whether `high` is ten times `low` or more. Ten times an amount that has no room for it is
    /// above every amount.
    fn is_ten_times(high: Amount, low: Amount) -> bool {
        low.checked_mul(10).is_some_and(|tenfold| high >= tenfold)
    }
    // Without a cost above 0 there is no ratio; and nearly every cost stays as it is.
    if old == new || old <= Amount::ZERO {
        None
    } else if is_ten_times(new, old) {
        Some("ten times as much or more")
    } else if new <= Amount::ZERO || is_ten_times(old, new) {
        Some("a tenth or less")
    } else {
        None
    }
}

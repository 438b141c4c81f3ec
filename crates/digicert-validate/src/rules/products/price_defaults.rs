//! DC213 `price-defaults`.

use crate::context::Context;
use crate::findings::Findings;
use crate::products::ProductAt;
use crate::rule::{CheckProduct, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// Every product has prices. Silent for a subaccount that is known to be billed itself, where
    /// prices are ignored.
    ///
    /// ## Why it matters
    ///
    /// Nothing is wrong with it, but what holds then depends on the currency: DigiCert's retail
    /// prices where DigiCert bills in it, and 0 where it does not. The product is then given away.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": [{"product_name_id": "ssl_plus"}]}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]}]}
    /// ```
    pub PriceDefaults {
        code: "DC213",
        name: "price-defaults",
        severity: Note,
        source: "set products page, `prices`",
    }
}

impl CheckProduct for PriceDefaults {
    fn check(product: &ProductAt<'_>, context: &Context, findings: &mut Findings<'_>) {
        if !product.prices().is_empty() || context.is_self_billed() {
            return;
        }
        let listed = product.product.prices.is_some();
        findings.add(
            Self::INFO,
            product.at(if listed { "prices" } else { "" }),
            format!(
                "{} has no prices: DigiCert's retail prices hold, or 0 if DigiCert does not bill \
                 in the currency",
                product.name()
            ),
            "list a price for each term to set your own",
        );
    }
}

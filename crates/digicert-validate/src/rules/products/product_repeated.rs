//! DC212 `product-repeated`.

use crate::context::Context;
use crate::findings::Findings;
use crate::products::ProductAt;
use crate::rule::{CheckProduct, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// No two entries of `products` have the same `product_name_id`.
    ///
    /// ## Why it matters
    ///
    /// Which of the two prices would hold is not documented.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": [
    ///   {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]},
    ///   {"product_name_id": "ssl_plus", "prices": [{"lifetime": 2, "cost": 782}]}
    /// ]}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [
    ///   {"product_name_id": "ssl_plus", "prices": [
    ///     {"lifetime": 1, "cost": 412},
    ///     {"lifetime": 2, "cost": 782}
    ///   ]},
    ///   {"product_name_id": "ssl_ev_plus", "prices": [{"lifetime": 1, "cost": 344}]}
    /// ]}
    /// ```
    pub ProductRepeated {
        code: "DC212",
        name: "product-repeated",
        severity: Error,
        source: "our conclusion: the set products page lists each product once",
    }
}

impl CheckProduct for ProductRepeated {
    fn check(product: &ProductAt<'_>, _: &Context, findings: &mut Findings<'_>) {
        if let Some(first) = product.repeats {
            findings.add(
                Self::INFO,
                product.at("product_name_id"),
                format!("{} is listed before, at /products/{first}", product.name()),
                "make one entry of the two: which one would hold is not documented",
            );
        }
    }
}

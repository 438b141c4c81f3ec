//! DC210 `product-id-missing`.

use crate::context::Context;
use crate::findings::Findings;
use crate::products::{ProductAt, is_blank};
use crate::rule::{CheckProduct, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// Every entry of `products` has a `product_name_id` that is not blank.
    ///
    /// ## Why it matters
    ///
    /// The documentation calls the field optional, but an entry without it does not say which
    /// product is enabled and priced. `product_name` is no substitute: DigiCert renames products.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": [{"product_name": "WildCard", "prices": [{"lifetime": 1, "cost": 688}]}]}
    /// ```
    ///
    /// ```json,rejected
    /// {"products": [{"product_name_id": "", "prices": [{"lifetime": 1, "cost": 688}]}]}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]}]}
    /// ```
    pub ProductIdMissing {
        code: "DC210",
        name: "product-id-missing",
        severity: Error,
        source: "our conclusion: the set products page calls `product_name_id` optional, but nothing else names the product",
    }
}

impl CheckProduct for ProductIdMissing {
    fn check(product: &ProductAt<'_>, _: &Context, findings: &mut Findings<'_>) {
        let (at, message) = match product.product.product_name_id.as_deref() {
            None => ("", "the entry has no `product_name_id`"),
            Some(name_id) if product.known.is_none() && is_blank(name_id) => {
                ("product_name_id", "the `product_name_id` is blank")
            }
            Some(_) => return,
        };
        findings.add(
            Self::INFO,
            product.at(at),
            message,
            "name the product by its identifier, such as `ssl_plus`",
        );
    }
}

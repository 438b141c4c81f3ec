//! DC211 `product-unknown`.

use crate::context::Context;
use crate::findings::Findings;
use crate::nearest::nearest;
use crate::products::{ProductAt, is_blank, products};
use crate::rule::{CheckProduct, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `product_name_id` is one of the 65 identifiers of the table that says which product has
    /// which additional costs. A near one is suggested.
    ///
    /// ## Why it matters
    ///
    /// Most likely it is a slip, and the product that was meant will be switched off. DigiCert
    /// sells products that are not in the table, so this is a warning; on such a product no rule
    /// can tell whether additional costs are required or ignored.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": [{"product_name_id": "ssl_multidomain", "prices": [
    ///   {"lifetime": 1, "cost": 412}
    /// ]}]}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [{"product_name_id": "ssl_ev_plus", "prices": [{"lifetime": 1, "cost": 344}]}]}
    /// ```
    pub ProductUnknown {
        code: "DC211",
        name: "product-unknown",
        severity: Warning,
        source: "set products page: product-specific parameter support",
    }
}

impl CheckProduct for ProductUnknown {
    fn check(product: &ProductAt<'_>, _: &Context, findings: &mut Findings<'_>) {
        if product.known.is_some() {
            return;
        }
        let Some(name_id) = product.product.product_name_id.as_deref() else {
            return;
        };
        if is_blank(name_id) {
            return;
        }
        let known = products().iter().map(|product| product.name_id);
        let help = match nearest(name_id, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "check the identifier; keep it if it is of a product that is newer than the \
                     table"
                .to_owned(),
        };
        findings.add(
            Self::INFO,
            product.at("product_name_id"),
            format!("{} is not in the table of products", product.name()),
            help,
        );
    }
}

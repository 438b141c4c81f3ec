//! DC201 `products-empty`.

use digicert_types::certcentral::SetSubaccountProductsRequest;

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckProducts, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `products` has at least one entry, unless the context has `acknowledged.disable_everything`.
    ///
    /// ## Why it matters
    ///
    /// The service accepts an empty list, and switches off every product of the subaccount: from
    /// then on it cannot order anything.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": []}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]}]}
    /// ```
    ///
    /// ```json,accepted
    /// {"request": {"products": []}, "context": {"acknowledged": {"disable_everything": true}}}
    /// ```
    pub ProductsEmpty {
        code: "DC201",
        name: "products-empty",
        severity: Error,
        source: "set products page: the note below the sample; the acknowledgement is our conclusion",
    }
}

impl CheckProducts for ProductsEmpty {
    fn check(
        request: &SetSubaccountProductsRequest,
        context: &Context,
        findings: &mut Findings<'_>,
    ) {
        if request.products.is_empty() && !context.acknowledged.disable_everything {
            findings.add(
                Self::INFO,
                "/products",
                "the list of products is empty, which switches off every product of the subaccount",
                "list the products to keep; if everything is to be switched off, say so with \
                 `acknowledged.disable_everything` in the context",
            );
        }
    }
}

//! DC202 `product-dropped`.

use std::collections::HashSet;

use digicert_types::certcentral::SetSubaccountProductsRequest;

use crate::context::Context;
use crate::findings::Findings;
use crate::products::is_blank;
use crate::rule::{CheckProducts, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// Every product that is enabled now, according to the context, is in the new list as well. One
    /// finding names all that are not. It needs `subaccount.products` in the context.
    ///
    /// ## Why it matters
    ///
    /// The new list replaces the old one. What it does not name is switched off, prices and all,
    /// and the service does not say so. Whoever wants to change one price must send every product.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {
    ///   "request": {"products": [
    ///     {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]}
    ///   ]},
    ///   "context": {"subaccount": {"products": {"products": [
    ///     {"product_name_id": "ssl_plus"},
    ///     {"product_name_id": "ssl_basic"}
    ///   ]}}}
    /// }
    /// ```
    ///
    /// ```json,accepted
    /// {
    ///   "request": {"products": [
    ///     {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]}
    ///   ]},
    ///   "context": {"subaccount": {"products": {"products": [{"product_name_id": "ssl_plus"}]}}}
    /// }
    /// ```
    pub ProductDropped {
        code: "DC202",
        name: "product-dropped",
        severity: Warning,
        source: "set products page: the sent array replaces the existing one",
    }
}

impl CheckProducts for ProductDropped {
    fn check(
        request: &SetSubaccountProductsRequest,
        context: &Context,
        findings: &mut Findings<'_>,
    ) {
        let Some(current) = context.current() else {
            return;
        };
        let products = request.products.iter();
        // What is named once is not named again.
        let mut named: HashSet<&str> = products
            .filter_map(|product| product.product_name_id.as_deref())
            .collect();
        let enabled = current.products.iter().flatten();
        let dropped: Vec<String> = enabled
            .filter_map(|product| product.product_name_id.as_deref())
            .filter(|name_id| !is_blank(name_id) && named.insert(name_id))
            .map(|name_id| format!("`{}`", name_id.escape_debug()))
            .collect();
        if !dropped.is_empty() {
            findings.add(
                Self::INFO,
                "/products",
                message(&dropped),
                "the list replaces the one that is stored: add what is to stay enabled",
            );
        }
    }
}

fn message(dropped: &[String]) -> String {
    match dropped {
        [one] => format!("{one} is enabled now, is not in the list, and will be switched off"),
        _ => format!(
            "{} products are enabled now, are not in the list, and will be switched off: {}",
            dropped.len(),
            dropped.join(", "),
        ),
    }
}

//! DC207 `self-billed-ignored`.

use digicert_types::certcentral::SetSubaccountProductsRequest;

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckProducts, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// Neither `currency` nor `prices` is sent for a subaccount that is billed itself. It needs
    /// `subaccount.bill_parent` in the context.
    ///
    /// ## Why it matters
    ///
    /// The service ignores both: such a subaccount sees DigiCert's prices in the currency of its
    /// own account. Whoever sends them expects prices that will never hold.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {
    ///   "request": {
    ///     "currency": "USD",
    ///     "products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]}]
    ///   },
    ///   "context": {"subaccount": {"bill_parent": false}}
    /// }
    /// ```
    ///
    /// ```json,accepted
    /// {
    ///   "request": {"products": [{"product_name_id": "ssl_plus"}]},
    ///   "context": {"subaccount": {"bill_parent": false}}
    /// }
    /// ```
    pub SelfBilledIgnored {
        code: "DC207",
        name: "self-billed-ignored",
        severity: Warning,
        source: "set products page, `currency` and `prices`",
    }
}

impl CheckProducts for SelfBilledIgnored {
    fn check(
        request: &SetSubaccountProductsRequest,
        context: &Context,
        findings: &mut Findings<'_>,
    ) {
        if !context.is_self_billed() {
            return;
        }
        if request.currency.is_some() {
            findings.add(
                Self::INFO,
                "/currency",
                "the subaccount is billed itself, so the currency is ignored",
                "leave `currency` out: it sees prices in the currency of its own account",
            );
        }
        for (index, product) in request.products.iter().enumerate() {
            if product
                .prices
                .as_ref()
                .is_some_and(|prices| !prices.is_empty())
            {
                findings.add(
                    Self::INFO,
                    format_args!("/products/{index}/prices"),
                    "the subaccount is billed itself, so the prices are ignored",
                    "leave `prices` out: it pays what DigiCert asks of its own account",
                );
            }
        }
    }
}

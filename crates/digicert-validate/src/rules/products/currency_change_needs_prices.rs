//! DC206 `currency-change-needs-prices`.

use digicert_types::certcentral::SetSubaccountProductsRequest;

use super::currency_change_resets_balance::{Change, change};
use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckProducts, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// When the currency of a subaccount changes that is billed to its parent, every product of the
    /// list has prices. It needs `subaccount.bill_parent` and `subaccount.products.currency` in the
    /// context.
    ///
    /// ## Why it matters
    ///
    /// Prices are amounts without a currency. The service asks that they are all sent anew with the
    /// new one; a product without prices would be sold at DigiCert's retail price, or for nothing
    /// in a currency that DigiCert does not bill in.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {
    ///   "request": {"currency": "EUR", "products": [{"product_name_id": "ssl_plus"}]},
    ///   "context": {
    ///     "subaccount": {"bill_parent": true, "products": {"currency": "USD"}},
    ///     "acknowledged": {"currency_change": true}
    ///   }
    /// }
    /// ```
    ///
    /// ```json,accepted
    /// {
    ///   "request": {
    ///     "currency": "EUR",
    ///     "products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]}]
    ///   },
    ///   "context": {
    ///     "subaccount": {"bill_parent": true, "products": {"currency": "USD"}},
    ///     "acknowledged": {"currency_change": true}
    ///   }
    /// }
    /// ```
    pub CurrencyChangeNeedsPrices {
        code: "DC206",
        name: "currency-change-needs-prices",
        severity: Error,
        source: "set products page, `currency`",
    }
}

impl CheckProducts for CurrencyChangeNeedsPrices {
    fn check(
        request: &SetSubaccountProductsRequest,
        context: &Context,
        findings: &mut Findings<'_>,
    ) {
        if context.bill_parent() != Some(true) {
            return;
        }
        let Some(Change { from, to }) = change(request, context) else {
            return;
        };
        for (index, product) in request.products.iter().enumerate() {
            if product.prices.as_ref().is_none_or(Vec::is_empty) {
                let (from, to) = (from.escape_debug(), to.escape_debug());
                findings.add(
                    Self::INFO,
                    format_args!("/products/{index}"),
                    format!(
                        "the currency changes from {from} to {to}, and the product has no prices"
                    ),
                    "the subaccount is billed to its parent: send the prices of every product in \
                     the new currency",
                );
            }
        }
    }
}

//! DC205 `currency-change-resets-balance`.

use digicert_types::certcentral::SetSubaccountProductsRequest;

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckProducts, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `currency` is the one that the subaccount has now, in any letter case, unless the context
    /// has `acknowledged.currency_change`. It needs `subaccount.products.currency` in the context.
    ///
    /// ## Why it matters
    ///
    /// A changed currency sets the balance of the subaccount, or the balances of its divisions, to
    /// 0. Nothing brings them back. Orders that were placed in another currency are affected as
    /// well: if one is rejected or revoked, its refund goes to the parent account alone, and no
    /// domains can be added when its certificate is reissued.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {
    ///   "request": {
    ///     "currency": "EUR",
    ///     "products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]}]
    ///   },
    ///   "context": {"subaccount": {"products": {"currency": "USD"}}}
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
    ///     "subaccount": {"products": {"currency": "USD"}},
    ///     "acknowledged": {"currency_change": true}
    ///   }
    /// }
    /// ```
    pub CurrencyChangeResetsBalance {
        code: "DC205",
        name: "currency-change-resets-balance",
        severity: Error,
        source: "set products page, English copy: the note on a changed currency",
    }
}

impl CheckProducts for CurrencyChangeResetsBalance {
    fn check(
        request: &SetSubaccountProductsRequest,
        context: &Context,
        findings: &mut Findings<'_>,
    ) {
        if context.acknowledged.currency_change {
            return;
        }
        if let Some(Change { from, to }) = change(request, context) {
            let from = from.escape_debug();
            findings.add(
                Self::INFO,
                "/currency",
                format!("the currency changes from {from} to {}", to.escape_debug()),
                format!(
                    "leave `currency` out to keep {from}; a change sets the balance of the \
                     subaccount, or those of its divisions, to 0, which cannot be undone, refunds \
                     of orders in other currencies go to the parent alone, and no domains can be \
                     added when their certificates are reissued; if that is meant, say so with \
                     `acknowledged.currency_change` in the context"
                ),
            );
        }
    }
}

/// A currency that is going to be another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change<'a> {
    pub(super) from: &'a str,
    pub(super) to: &'a str,
}

/// How the currency changes, if both are known and it does. A request without a currency keeps the
/// one that was set before.
pub(super) fn change<'a>(
    request: &'a SetSubaccountProductsRequest,
    context: &'a Context,
) -> Option<Change<'a>> {
    let to = request.currency.as_deref()?;
    let from = context.current()?.currency.as_deref()?;
    let changes = !from.trim().is_empty() && !from.eq_ignore_ascii_case(to);
    changes.then_some(Change { from, to })
}

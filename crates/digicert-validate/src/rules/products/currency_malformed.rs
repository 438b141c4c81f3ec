//! DC203 `currency-malformed`.

use digicert_types::certcentral::SetSubaccountProductsRequest;

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckProducts, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `currency` is exactly three letters from A to Z. Lower case is not accepted.
    ///
    /// ## Why it matters
    ///
    /// Codes of currencies have this form and no other. Which answer the service gives to anything
    /// else is not documented; a currency that was not meant cannot be taken back, because a change
    /// sets the balance to 0.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"currency": "usd"}
    /// ```
    ///
    /// ```json,rejected
    /// {"currency": "US dollar"}
    /// ```
    ///
    /// ```json,accepted
    /// {"currency": "USD"}
    /// ```
    pub CurrencyMalformed {
        code: "DC203",
        name: "currency-malformed",
        severity: Error,
        source: "set products page, `currency`: a code; its form is that of ISO 4217",
    }
}

impl CheckProducts for CurrencyMalformed {
    fn check(request: &SetSubaccountProductsRequest, _: &Context, findings: &mut Findings<'_>) {
        let Some(currency) = &request.currency else {
            return;
        };
        if is_well_formed(currency) {
            return;
        }
        let upper = currency.trim().to_ascii_uppercase();
        let help = if is_well_formed(&upper) {
            format!("write it `{upper}`")
        } else {
            "use the three letters of an ISO 4217 code, such as `USD`".to_owned()
        };
        findings.add(
            Self::INFO,
            "/currency",
            format!("the currency {currency:?} is not three letters from A to Z"),
            help,
        );
    }
}

/// Whether it has the form of a code.
pub(super) fn is_well_formed(currency: &str) -> bool {
    currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase())
}

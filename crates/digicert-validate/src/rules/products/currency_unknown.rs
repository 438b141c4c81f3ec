//! DC204 `currency-unknown`.

use digicert_types::certcentral::SetSubaccountProductsRequest;

use super::currency_codes::CURRENCY_CODES;
use super::currency_malformed::is_well_formed;
use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckProducts, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// A `currency` of three letters is an active code of ISO 4217, the codes of funds and metals
    /// included. What is no code at all is for `currency-malformed`.
    ///
    /// ## Why it matters
    ///
    /// Most likely it is a slip. DigiCert's own list of display currencies is not known to us, so
    /// this is a warning: the service may know a code that is new, and may refuse one that is
    /// active.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"currency": "UDS"}
    /// ```
    ///
    /// ```json,accepted
    /// {"currency": "AUD"}
    /// ```
    pub CurrencyUnknown {
        code: "DC204",
        name: "currency-unknown",
        severity: Warning,
        source: "ISO 4217, active codes as of 2026-01-01; that DigiCert uses them is our conclusion",
    }
}

impl CheckProducts for CurrencyUnknown {
    fn check(request: &SetSubaccountProductsRequest, _: &Context, findings: &mut Findings<'_>) {
        let Some(currency) = request.currency.as_deref() else {
            return;
        };
        if is_well_formed(currency) && CURRENCY_CODES.binary_search(&currency).is_err() {
            findings.add(
                Self::INFO,
                "/currency",
                format!("the code {currency} is not an active one of ISO 4217"),
                "check the letters; a code that was withdrawn, such as that of a currency before \
                 the euro, has a successor",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_fit_for_binary_search() {
        assert!(CURRENCY_CODES.is_sorted_by(|a, b| a < b));
        assert!(CURRENCY_CODES.iter().all(|code| is_well_formed(code)));
    }
}

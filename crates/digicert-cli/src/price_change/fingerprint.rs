//! The fingerprint of a live state: two states have the same one if they mean the same.
//!
//! It is `sha256:` and the SHA-256, in hexadecimal digits, of a JSON text without blanks:
//!
//! ```text
//! ["digicert products",1,"USD","custom",222,[["ssl_plus",[[1,"412","0","0"]]]]]
//! ```
//!
//! That is: a name, the version of this form, currency in upper case, pricing method in lower case,
//! limit, each `null` if there is none; then the products in the order of the bytes of their
//! identifiers, each with its different prices in the order of term, cost, additional cost for
//! names and for wildcards. Amounts are in quotes, as short as they can be written; a cost that is
//! not there is 0, and a term or a cost that cannot be read `null`. Names and units are not part of it:
//! no request sets them.
//!
//! Plans hold fingerprints, so the form is never changed: another one gets another version.

use sha2::{Digest as _, Sha256};

use super::LiveState;
use super::meaning::{Meaning, Price};

/// The fingerprint of a live state.
pub(crate) fn fingerprint(live: &LiveState) -> String {
    let digest = Sha256::digest(text(live));
    let digits = digest.iter().map(|byte| format!("{byte:02x}"));
    format!("sha256:{}", digits.collect::<String>())
}

fn text(live: &LiveState) -> String {
    const NAME: &str = "digicert products";
    const VERSION: u32 = 1;
    let live = Meaning::of_live(live);
    let price = |price: &Price| {
        let cost = price.cost.map(|cost| cost.to_string());
        let [fqdn, wildcard] = [price.fqdn, price.wildcard].map(|amount| amount.to_string());
        (price.lifetime, cost, fqdn, wildcard)
    };
    let products = live.products.iter().map(|product| {
        let prices: Vec<_> = product.prices.iter().map(price).collect();
        (product.name_id, prices)
    });
    let whole = (
        NAME,
        VERSION,
        live.currency,
        live.pricing_method,
        live.balance_negative_limit,
        products.collect::<Vec<_>>(),
    );
    let text = serde_json::to_string(&whole);
    debug_assert!(text.is_ok(), "lists of text and numbers are JSON");
    text.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use digicert_types::certcentral::SubaccountProducts;

    use super::*;

    #[test]
    fn the_form_is_the_documented_one() {
        let live = r#"{"currency": "usd", "pricing_method": "Custom", "balance_negative_limit": "222",
            "products": [
                {"product_name_id": "ssl_plus", "product_name": "Standard",
                 "prices": [{"lifetime": 1, "cost": "412.0"}], "unit": {"limit": 3}},
                {"product_name_id": "a\"b"}]}"#;
        let live = serde_json::from_str::<SubaccountProducts>(live).unwrap();
        let live = LiveState::try_from(live).unwrap();
        assert_eq!(
            text(&live),
            r#"["digicert products",1,"USD","custom",222,[["a\"b",[]],["ssl_plus",[[1,"412","0","0"]]]]]"#
        );
        assert_eq!(
            fingerprint(&LiveState::nothing()),
            "sha256:34415752e273fb770cd29c48688759d921ad97c8736a8a8a32aee7ca3796fcbd"
        );
        assert_eq!(
            text(&LiveState::nothing()),
            r#"["digicert products",1,null,null,null,[]]"#
        );
    }
}

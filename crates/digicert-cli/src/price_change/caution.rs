//! What to look at twice in the products that a new subaccount gets. Nothing of it was there before,
//! so nothing is lost and nothing moves: it is shown, and needs no word.

use std::fmt;

use digicert_types::Amount;
use serde::{Deserialize, Serialize};

use super::cost_change::Cost;
use super::danger::{DEFAULT_CURRENCY, list};
use super::render::shown;
use super::{PriceChange, ProductChange};

/// Something that is often a slip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "caution", rename_all = "snake_case")]
pub(crate) enum Caution {
    /// Products that cost nothing.
    PriceOfZero { products: Vec<String> },
    /// Products whose price is left to DigiCert.
    WithoutPrices { products: Vec<String> },
    /// The currency is not the one that subaccounts have unless they are given another.
    OtherCurrency { currency: String },
}

pub(super) fn of_new(change: &PriceChange) -> Vec<Caution> {
    // What the service ignores is a finding of the rules.
    if change.self_billed {
        return Vec::new();
    }
    let named = |is_meant: fn(&ProductChange) -> bool| -> Option<Vec<String>> {
        let products = change.products.iter().filter(|product| is_meant(product));
        let names: Vec<_> = products
            .map(|product| product.product_name_id.clone())
            .collect();
        (!names.is_empty()).then_some(names)
    };
    let currency = change.currency.as_ref().map(|currency| &currency.to);
    let other = currency.filter(|currency| *currency != DEFAULT_CURRENCY);
    [
        other.map(|currency| Caution::OtherCurrency {
            currency: currency.clone(),
        }),
        named(costs_nothing).map(|products| Caution::PriceOfZero { products }),
        named(|product| product.prices.is_empty())
            .map(|products| Caution::WithoutPrices { products }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn costs_nothing(product: &ProductChange) -> bool {
    let mut prices = product.prices.iter();
    prices.any(|price| {
        price.field == Cost::Base && price.to.is_some_and(|amount| amount <= Amount::ZERO)
    })
}

/// In one line: begins in lower case, has no full stop.
impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PriceOfZero { products } => write!(f, "at a price of 0: {}", list(products)),
            Self::WithoutPrices { products } => write!(
                f,
                "without prices, so at DigiCert's retail price, or 0: {}",
                list(products)
            ),
            Self::OtherCurrency { currency } => write!(
                f,
                "its prices are in {}, not in {DEFAULT_CURRENCY}, which a subaccount has unless it \
                 is given another",
                shown(currency)
            ),
        }
    }
}

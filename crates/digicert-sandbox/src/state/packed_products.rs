//! The products of a subaccount in as few bytes as they need: a sandbox with ten thousand
//! subaccounts that may order everything fits into the memory of a small machine.
//!
//! What is to be kept of a request, and what is reported, is for `products`.

use std::fmt;

use digicert_types::Amount;
use serde::{Deserialize, Serialize};

use crate::generated::cost_parameters::COST_PARAMETERS;

/// A list of products, one behind the other, in the `postcard` encoding.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct PackedProducts(Box<[u8]>);

/// A product, unpacked.
#[derive(Debug)]
pub(crate) struct EnabledProduct<'a> {
    pub(crate) name_id: &'a str,
    /// The name that was sent, where there is no other.
    pub(crate) name: Option<&'a str>,
    /// `None` if the product was enabled without prices.
    pub(crate) prices: Option<Vec<Price>>,
}

/// What an order of a product for a term costs.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Price {
    pub(crate) lifetime: i64,
    pub(crate) cost: Amount,
    pub(crate) additional_fqdn_cost: Amount,
    pub(crate) additional_wildcard_cost: Amount,
}

#[derive(Serialize, Deserialize)]
struct PackedProduct<'a> {
    #[serde(borrow)]
    id: PackedId<'a>,
    name: Option<&'a str>,
    prices: Option<Vec<PackedPrice>>,
}

#[derive(Serialize, Deserialize)]
enum PackedId<'a> {
    /// The position in [`COST_PARAMETERS`], which has nearly all products there are.
    Listed(u16),
    Other(&'a str),
}

/// Lifetime, cost, cost of further names, of further wildcards.
#[derive(Serialize, Deserialize)]
struct PackedPrice(i64, PackedAmount, PackedAmount, PackedAmount);

/// Digits and decimals. An [`Amount`] itself is written as a number, which takes a format that
/// tells its types.
#[derive(Serialize, Deserialize)]
struct PackedAmount(i64, u8);

impl PackedProducts {
    pub(crate) fn new<'a>(products: impl IntoIterator<Item = EnabledProduct<'a>>) -> Self {
        let mut bytes = Vec::new();
        for product in products {
            // Fails only where there is no memory, and then not by an error.
            if let Ok(packed) = postcard::to_allocvec(&PackedProduct::from(product)) {
                bytes.extend(packed);
            }
        }
        Self(bytes.into_boxed_slice())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = EnabledProduct<'_>> {
        let mut rest: &[u8] = &self.0;
        // What was packed here can be read here, so it ends at the end.
        std::iter::from_fn(move || {
            let (product, behind) = postcard::take_from_bytes::<PackedProduct<'_>>(rest).ok()?;
            rest = behind;
            Some(product.into())
        })
    }
}

impl fmt::Debug for PackedProducts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a> From<EnabledProduct<'a>> for PackedProduct<'a> {
    fn from(product: EnabledProduct<'a>) -> Self {
        let position = COST_PARAMETERS.binary_search_by_key(&product.name_id, |row| row.0);
        let position = position.ok().and_then(|index| u16::try_from(index).ok());
        let prices = product
            .prices
            .map(|prices| prices.into_iter().map(PackedPrice::from).collect());
        Self {
            id: position.map_or(PackedId::Other(product.name_id), PackedId::Listed),
            name: product.name,
            prices,
        }
    }
}

impl<'a> From<PackedProduct<'a>> for EnabledProduct<'a> {
    fn from(packed: PackedProduct<'a>) -> Self {
        let name_id = match packed.id {
            PackedId::Listed(index) => COST_PARAMETERS
                .get(usize::from(index))
                .map_or("", |row| row.0),
            PackedId::Other(id) => id,
        };
        let prices = packed
            .prices
            .map(|prices| prices.into_iter().map(Price::from).collect());
        Self {
            name_id,
            name: packed.name,
            prices,
        }
    }
}

impl From<Price> for PackedPrice {
    fn from(price: Price) -> Self {
        Self(
            price.lifetime,
            price.cost.into(),
            price.additional_fqdn_cost.into(),
            price.additional_wildcard_cost.into(),
        )
    }
}

impl From<PackedPrice> for Price {
    fn from(packed: PackedPrice) -> Self {
        let PackedPrice(lifetime, cost, fqdn, wildcard) = packed;
        Self {
            lifetime,
            cost: cost.into(),
            additional_fqdn_cost: fqdn.into(),
            additional_wildcard_cost: wildcard.into(),
        }
    }
}

impl From<Amount> for PackedAmount {
    fn from(amount: Amount) -> Self {
        Self(amount.mantissa(), amount.scale())
    }
}

impl From<PackedAmount> for Amount {
    fn from(PackedAmount(mantissa, scale): PackedAmount) -> Self {
        // What came out of an amount fits into one.
        Self::new(mantissa, scale).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(lifetime: i64, cost: &str) -> Price {
        Price {
            lifetime,
            cost: cost.parse().unwrap(),
            additional_fqdn_cost: "0.000000000000001".parse().unwrap(),
            additional_wildcard_cost: Amount::MAX_PRICE,
        }
    }

    #[test]
    fn i5_products_come_out_as_they_went_in() {
        let long = "x".repeat(100_000);
        let products = || {
            [
                EnabledProduct {
                    name_id: "ssl_plus",
                    name: None,
                    prices: None,
                },
                EnabledProduct {
                    name_id: &long,
                    name: Some(""),
                    prices: Some(Vec::new()),
                },
                EnabledProduct {
                    name_id: "",
                    name: Some(&long),
                    prices: Some(vec![price(1, "218"), price(i64::MAX, "12345678.9")]),
                },
            ]
        };
        let packed = PackedProducts::new(products());
        let unpacked: Vec<_> = packed.iter().collect();
        assert_eq!(format!("{unpacked:?}"), format!("{:?}", products()));
    }

    #[test]
    fn all_products_with_prices_for_six_terms_take_little_memory() {
        let all = COST_PARAMETERS.iter().map(|(name_id, ..)| EnabledProduct {
            name_id,
            name: None,
            prices: Some((1..=6).map(|year| price(year, "1307.5")).collect()),
        });
        let size = PackedProducts::new(all).0.len();
        assert!(size < 10_000, "{size} bytes");
    }

    #[test]
    fn the_table_is_sorted_as_the_search_in_it_needs() {
        assert!(COST_PARAMETERS.is_sorted_by(|one, other| one.0 < other.0));
    }
}

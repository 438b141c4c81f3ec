//! What a live state and a request say, in one form that can be compared.
//!
//! A product or a term that is listed twice means any of the two, because nothing documents which
//! one holds: all prices of a product stand together, each different one once.

use digicert_types::certcentral::{
    PriceToSet, PricingMethod, SetSubaccountProductsRequest, SubaccountPrice,
};
use digicert_types::{Amount, QuotableInteger};

use super::LiveState;

#[derive(Debug)]
pub(super) struct Meaning<'a> {
    pub(super) currency: Option<String>,
    pub(super) pricing_method: Option<String>,
    pub(super) balance_negative_limit: Option<i64>,
    /// In the order of the identifiers, each once.
    pub(super) products: Vec<Product<'a>>,
}

#[derive(Debug)]
pub(super) struct Product<'a> {
    /// Empty for a product that has none.
    pub(super) name_id: &'a str,
    pub(super) name: Option<&'a str>,
    /// Whether it is listed without prices, at least once.
    pub(super) unpriced: bool,
    /// In order, each once.
    pub(super) prices: Vec<Price>,
}

/// What is paid for one term; an additional cost that is not there is 0. What the service says of a
/// price and nobody can read is unknown, and neither 0 nor nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Price {
    pub(super) lifetime: Option<i64>,
    pub(super) cost: Option<Amount>,
    pub(super) fqdn: Amount,
    pub(super) wildcard: Amount,
}

impl<'a> Meaning<'a> {
    pub(super) fn of_live(live: &'a LiveState) -> Self {
        let products = live.products().iter().map(|product| {
            let prices = product.prices.iter().flatten();
            Product::new(
                product.product_name_id.as_deref(),
                product.product_name.as_deref(),
                prices.map(Price::of_live).collect(),
            )
        });
        let live = live.reported();
        Self {
            currency: live
                .currency
                .as_deref()
                .map(code)
                .filter(|code| !code.is_empty()),
            pricing_method: live.pricing_method.as_ref().map(method),
            balance_negative_limit: live.balance_negative_limit.map(QuotableInteger::value),
            products: in_order(products.collect()),
        }
    }

    pub(super) fn of_request(request: &'a SetSubaccountProductsRequest) -> Self {
        let products = request.products.iter().map(|product| {
            let prices = product.prices.iter().flatten();
            Product::new(
                product.product_name_id.as_deref(),
                product.product_name.as_deref(),
                prices.map(Price::of_request).collect(),
            )
        });
        Self {
            currency: request.currency.as_deref().map(code),
            pricing_method: request.pricing_method.as_ref().map(method),
            balance_negative_limit: request.balance_negative_limit.map(QuotableInteger::value),
            products: in_order(products.collect()),
        }
    }
}

/// A code of a currency: letter case says nothing.
fn code(text: &str) -> String {
    text.trim().to_ascii_uppercase()
}

fn method(method: &PricingMethod) -> String {
    method.as_str().to_ascii_lowercase()
}

impl<'a> Product<'a> {
    fn new(name_id: Option<&'a str>, name: Option<&'a str>, prices: Vec<Price>) -> Self {
        Self {
            name_id: name_id.unwrap_or_default(),
            name,
            unpriced: prices.is_empty(),
            prices,
        }
    }

    fn take_in(&mut self, other: &mut Self) {
        self.unpriced |= other.unpriced;
        self.prices.append(&mut other.prices);
    }
}

fn in_order(mut products: Vec<Product<'_>>) -> Vec<Product<'_>> {
    products.sort_by_key(|product| product.name_id);
    products.dedup_by(|later, first| {
        let is_same = later.name_id == first.name_id;
        if is_same {
            first.take_in(later);
        }
        is_same
    });
    for product in &mut products {
        product.prices.sort_unstable();
        product.prices.dedup();
    }
    products
}

impl Price {
    fn of_live(price: &SubaccountPrice) -> Self {
        Self {
            lifetime: price.lifetime,
            cost: price.cost,
            fqdn: price.additional_fqdn_cost.unwrap_or_default(),
            wildcard: price.additional_wildcard_cost.unwrap_or_default(),
        }
    }

    fn of_request(price: &PriceToSet) -> Self {
        Self {
            lifetime: Some(price.lifetime),
            cost: Some(price.cost),
            fqdn: price.additional_fqdn_cost.unwrap_or_default(),
            wildcard: price.additional_wildcard_cost.unwrap_or_default(),
        }
    }

    /// Whether it says for which term and how much.
    pub(super) fn is_known(&self) -> bool {
        self.lifetime.is_some() && self.cost.is_some()
    }
}

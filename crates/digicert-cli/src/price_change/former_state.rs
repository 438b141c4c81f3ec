//! A live state as the request that restores it.

use digicert_types::certcentral::{
    PriceToSet, PricingMethod, ProductToSet, SetSubaccountProductsRequest,
};
use digicert_types::{Amount, QuotableInteger};
use digicert_validate::product;

use super::LiveState;
use super::meaning::{Meaning, Price, Product};

/// The request that brings this state back, as far as a request can: not a balance that was reset
/// with the currency, not the units, and not a price that the service reports without its term or
/// its cost.
///
/// It has what the documented request has and nothing else.
pub(crate) fn former_state(live: &LiveState) -> SetSubaccountProductsRequest {
    let meaning = Meaning::of_live(live);
    SetSubaccountProductsRequest::builder()
        .maybe_currency(meaning.currency)
        .maybe_pricing_method(meaning.pricing_method.map(PricingMethod::from))
        .maybe_balance_negative_limit(meaning.balance_negative_limit.map(QuotableInteger::from))
        .products(meaning.products.iter().map(to_set).collect::<Vec<_>>())
        .build()
}

/// The products that have a price that cannot be read, so that no request brings it back.
pub(crate) fn with_unknown_prices(live: &LiveState) -> Vec<String> {
    let products = Meaning::of_live(live).products.into_iter();
    let unknown = products.filter(|product| !product.prices.iter().all(Price::is_known));
    unknown.map(|product| product.name_id.to_owned()).collect()
}

fn to_set(product: &Product<'_>) -> ProductToSet {
    let prices: Vec<_> = product
        .prices
        .iter()
        .filter_map(|price| price_to_set(product.name_id, price))
        .collect();
    ProductToSet::builder()
        .product_name_id(product.name_id)
        .maybe_prices((!prices.is_empty()).then_some(prices))
        .build()
}

/// The service reports 0 for additional costs that a product does not support. They are kept where
/// our table does not say so: a product that does support them needs them.
fn price_to_set(name_id: &str, price: &Price) -> Option<PriceToSet> {
    let known = product(name_id);
    let kept = |supported, cost: Amount| (supported || !cost.is_zero()).then_some(cost);
    let price = PriceToSet::builder()
        .lifetime(price.lifetime?)
        .cost(price.cost?)
        .maybe_additional_fqdn_cost(kept(known.is_none_or(|known| known.fqdn), price.fqdn))
        .maybe_additional_wildcard_cost(kept(
            known.is_none_or(|known| known.wildcard),
            price.wildcard,
        ))
        .build();
    Some(price)
}

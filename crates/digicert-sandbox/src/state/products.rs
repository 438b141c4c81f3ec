//! The products of a subaccount with their prices, kept in the form in which
//! `GET …/products` reports them.

use digicert_types::Amount;
use digicert_types::certcentral::{
    PriceToSet, PricingMethod, ProductToSet, SetSubaccountProductsRequest,
};
use serde::{Serialize, Serializer};

use super::product_name;

/// What a subaccount may order, and what it pays.
#[derive(Debug, Serialize)]
pub(crate) struct ProductSettings {
    currency: Box<str>,
    pricing_method: PricingMethod,
    #[serde(serialize_with = "quoted", skip_serializing_if = "Option::is_none")]
    balance_negative_limit: Option<i64>,
    products: Box<[EnabledProduct]>,
}

#[derive(Debug, Serialize)]
struct EnabledProduct {
    product_name_id: Box<str>,
    product_name: Box<str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    prices: Box<[Price]>,
}

#[derive(Debug, Serialize)]
struct Price {
    lifetime: i64,
    cost: Amount,
    additional_fqdn_cost: Amount,
    additional_wildcard_cost: Amount,
}

impl ProductSettings {
    /// The products of a new subaccount: none, in the currency that holds when none was set.
    pub(crate) fn none() -> Self {
        Self {
            currency: "USD".into(),
            pricing_method: PricingMethod::Default,
            balance_negative_limit: None,
            products: Box::default(),
        }
    }

    /// Replaces all products. What stands beside them stays unless it is sent. An entry without an
    /// identifier names no product, and switches none on.
    pub(crate) fn replace(&mut self, request: SetSubaccountProductsRequest) {
        if let Some(currency) = request.currency {
            self.currency = currency.into();
        }
        if let Some(pricing_method) = request.pricing_method {
            self.pricing_method = pricing_method;
        }
        if let Some(limit) = request.balance_negative_limit {
            self.balance_negative_limit = Some(limit.value());
        }
        self.products = request
            .products
            .into_iter()
            .filter_map(EnabledProduct::new)
            .collect();
    }
}

impl EnabledProduct {
    /// The service has a name of its own for a product. Where that is not known, the name that
    /// was sent stands in for it, or else the identifier.
    fn new(product: ProductToSet) -> Option<Self> {
        let prices = product.prices.iter().flatten().map(Price::new).collect();
        let id = product.product_name_id?;
        let name = match product_name::documented(&id) {
            Some(name) => name.to_owned(),
            None => product.product_name.unwrap_or_else(|| id.clone()),
        };
        Some(Self {
            product_name_id: id.into(),
            product_name: name.into(),
            prices,
        })
    }
}

impl Price {
    fn new(price: &PriceToSet) -> Self {
        Self {
            lifetime: price.lifetime,
            cost: price.cost,
            additional_fqdn_cost: price.additional_fqdn_cost.unwrap_or(Amount::ZERO),
            additional_wildcard_cost: price.additional_wildcard_cost.unwrap_or(Amount::ZERO),
        }
    }
}

/// Writes the limit as the sample of the list products page has it. The table there says it is
/// a number; a client must be able to read both.
#[expect(clippy::ref_option, reason = "the signature that serde calls")]
fn quoted<S: Serializer>(limit: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    match limit {
        Some(limit) => serializer.collect_str(limit),
        None => serializer.serialize_none(),
    }
}

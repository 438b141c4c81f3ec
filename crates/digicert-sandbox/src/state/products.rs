//! The products of a subaccount with their prices: what is kept of a request that sets them, and
//! the form in which `GET …/products` reports them.

use digicert_types::Amount;
use digicert_types::certcentral::{
    PriceToSet, PricingMethod, ProductToSet, SetSubaccountProductsRequest,
};
use serde::{Serialize, Serializer};

use super::packed_products::{EnabledProduct, PackedProducts, Price};
use super::product_name;
use crate::generated::cost_parameters::COST_PARAMETERS;

/// The currency that holds when none was ever set (set products page).
const FIRST_CURRENCY: &str = "USD";

/// What a subaccount may order, and what it pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProductSettings {
    /// The code that was set last, if one was.
    currency: Option<Box<str>>,
    pricing_method: PricingMethod,
    balance_negative_limit: Option<i64>,
    products: PackedProducts,
}

/// Who pays for the orders of a subaccount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Billed {
    Parent,
    Itself,
}

impl ProductSettings {
    /// The products of a new subaccount: none.
    pub(crate) fn none() -> Self {
        Self {
            currency: None,
            pricing_method: PricingMethod::Default,
            balance_negative_limit: None,
            products: PackedProducts::default(),
        }
    }

    /// Replaces all products. What stands beside them stays unless it is sent. Currency and
    /// prices of a self-billed subaccount are ignored, which means not kept (set products page).
    pub(crate) fn replace(&mut self, request: &SetSubaccountProductsRequest, billed: Billed) {
        if let (Some(currency), Billed::Parent) = (&request.currency, billed) {
            self.currency = Some(currency.as_str().into());
        }
        if let Some(pricing_method) = &request.pricing_method {
            self.pricing_method = pricing_method.clone();
        }
        if let Some(limit) = request.balance_negative_limit {
            self.balance_negative_limit = Some(limit.value());
        }
        let products = request.products.iter();
        let enabled = products.filter_map(|product| enabled(product, billed));
        self.products = PackedProducts::new(enabled);
    }

    /// The code of the currency that prices and balance are in.
    pub(crate) fn currency(&self) -> &str {
        self.currency.as_deref().unwrap_or(FIRST_CURRENCY)
    }

    /// The request that brings about the same, as far as it was kept. The currency is left out if
    /// none was ever set.
    pub(crate) fn as_request(&self) -> SetSubaccountProductsRequest {
        let products: Vec<_> = self.products.iter().map(to_set).collect();
        SetSubaccountProductsRequest::builder()
            .maybe_currency(self.currency.as_deref())
            .pricing_method(self.pricing_method.clone())
            .maybe_balance_negative_limit(self.balance_negative_limit)
            .products(products)
            .build()
    }
}

/// What is kept of a product. An entry without an identifier names none, and switches none on.
fn enabled(product: &ProductToSet, billed: Billed) -> Option<EnabledProduct<'_>> {
    let name_id = product.product_name_id.as_deref()?;
    let prices = match billed {
        Billed::Parent => product.prices.as_deref().unwrap_or_default(),
        Billed::Itself => &[],
    };
    let prices: Vec<_> = prices.iter().map(|price| kept(price, name_id)).collect();
    Some(EnabledProduct {
        name_id,
        name: match product_name::documented(name_id) {
            Some(_) => None,
            None => product.product_name.as_deref(),
        },
        prices: (!prices.is_empty()).then_some(prices),
    })
}

/// A cost that the product does not support is ignored (set products page). What a product that
/// is not in the table supports is not known, so both costs are kept.
fn kept(price: &PriceToSet, name_id: &str) -> Price {
    let (fqdn, wildcard) = COST_PARAMETERS
        .binary_search_by_key(&name_id, |row| row.0)
        .map_or((true, true), |index| {
            let (_, fqdn, wildcard) = COST_PARAMETERS[index];
            (fqdn, wildcard)
        });
    let if_supported =
        |supported: bool, cost: Option<Amount>| cost.filter(|_| supported).unwrap_or(Amount::ZERO);
    Price {
        lifetime: price.lifetime,
        cost: price.cost,
        additional_fqdn_cost: if_supported(fqdn, price.additional_fqdn_cost),
        additional_wildcard_cost: if_supported(wildcard, price.additional_wildcard_cost),
    }
}

fn to_set(product: EnabledProduct<'_>) -> ProductToSet {
    let price = |price: Price| {
        PriceToSet::builder()
            .lifetime(price.lifetime)
            .cost(price.cost)
            .additional_fqdn_cost(price.additional_fqdn_cost)
            .additional_wildcard_cost(price.additional_wildcard_cost)
            .build()
    };
    let prices = product
        .prices
        .map(|prices| prices.into_iter().map(price).collect::<Vec<_>>());
    ProductToSet::builder()
        .product_name_id(product.name_id)
        .maybe_product_name(product.name)
        .maybe_prices(prices)
        .build()
}

/// The answer to `GET …/products`.
#[derive(Debug, Serialize)]
pub(crate) struct ProductsReport<'a> {
    currency: &'a str,
    pricing_method: &'a PricingMethod,
    #[serde(serialize_with = "quoted", skip_serializing_if = "Option::is_none")]
    balance_negative_limit: Option<i64>,
    products: ReportedProducts<'a>,
}

/// What holds for products that were enabled without prices.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DefaultPrices {
    /// DigiCert's retail prices, which the sandbox does not know.
    Retail,
    /// 0 for each term from one year to so many (set products page).
    Zero { longest_term: i64 },
}

#[derive(Debug)]
struct ReportedProducts<'a> {
    products: &'a PackedProducts,
    default_prices: DefaultPrices,
}

#[derive(Serialize)]
struct ReportedProduct<'a> {
    product_name_id: &'a str,
    product_name: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    prices: Vec<Price>,
}

impl ProductSettings {
    pub(crate) fn report(&self, default_prices: DefaultPrices) -> ProductsReport<'_> {
        ProductsReport {
            currency: self.currency(),
            pricing_method: &self.pricing_method,
            balance_negative_limit: self.balance_negative_limit,
            products: ReportedProducts {
                products: &self.products,
                default_prices,
            },
        }
    }
}

impl DefaultPrices {
    fn prices(self) -> Vec<Price> {
        let zero = |lifetime| Price {
            lifetime,
            cost: Amount::ZERO,
            additional_fqdn_cost: Amount::ZERO,
            additional_wildcard_cost: Amount::ZERO,
        };
        match self {
            Self::Retail => Vec::new(),
            Self::Zero { longest_term } => (1..=longest_term).map(zero).collect(),
        }
    }
}

impl Serialize for ReportedProducts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.products.iter().map(|product| {
            ReportedProduct {
                product_name_id: product.name_id,
                // The service has a name of its own for a product. Where that is not known, the name
                // that was sent stands in for it, or else the identifier.
                product_name: product_name::documented(product.name_id)
                    .or(product.name)
                    .unwrap_or(product.name_id),
                prices: product
                    .prices
                    .unwrap_or_else(|| self.default_prices.prices()),
            }
        }))
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

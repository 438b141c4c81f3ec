//! The table of products, and the one walk over the products of a request that every product and
//! price rule shares: each product is looked up once.

use digicert_types::certcentral::{PriceToSet, ProductToSet, SetSubaccountProductsRequest};

use crate::context::Context;
use crate::findings::Findings;
use crate::generated::products::{PRODUCTS, SEED, SLOTS};
use crate::registry;

/// A product of DigiCert's table of additional costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Product {
    /// Its identifier, such as `ssl_multi_domain`.
    pub name_id: &'static str,
    /// Whether a price has `additional_fqdn_cost`.
    pub fqdn: bool,
    /// Whether a price has `additional_wildcard_cost`.
    pub wildcard: bool,
}

/// The products of DigiCert's table, in its order. The set is open: there are products that are
/// not in it.
#[must_use]
pub fn products() -> &'static [Product] {
    PRODUCTS
}

/// The product of that identifier.
///
/// ```
/// let product = digicert_validate::product("ssl_multi_domain").expect("it is in the table");
/// assert!(product.fqdn && !product.wildcard);
/// ```
#[must_use]
pub fn product(name_id: &str) -> Option<&'static Product> {
    position(name_id).map(|position| &PRODUCTS[position])
}

/// Where in the table the product stands.
pub(crate) fn position(name_id: &str) -> Option<usize> {
    let slot = hash(name_id.as_bytes()) as usize % SLOTS.len();
    let position = usize::from(SLOTS[slot]);
    (PRODUCTS.get(position)?.name_id == name_id).then_some(position)
}

/// The hash that `cargo xtask codegen` found a seed without collisions for; it has a copy.
fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(SEED, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// One product of a request, where it stands, and what the table knows of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProductAt<'a> {
    pub(crate) index: usize,
    pub(crate) product: &'a ProductToSet,
    /// `None` if the table does not have it, or it has no identifier.
    pub(crate) known: Option<&'static Product>,
    pub(crate) request: &'a SetSubaccountProductsRequest,
}

impl ProductAt<'_> {
    /// A JSON pointer below the product: `at("prices")` is `/products/3/prices`; `at("")` is the
    /// product itself.
    pub(crate) fn at(&self, field: &str) -> String {
        let slash = if field.is_empty() { "" } else { "/" };
        format!("/products/{}{slash}{field}", self.index)
    }

    /// The product in words, for messages.
    pub(crate) fn name(&self) -> &str {
        self.product.product_name_id.as_deref().unwrap_or("a product without product_name_id")
    }

    pub(crate) fn prices(&self) -> &[PriceToSet] {
        self.product.prices.as_deref().unwrap_or_default()
    }
}

/// One price of one product of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PriceAt<'a> {
    pub(crate) of: &'a ProductAt<'a>,
    pub(crate) index: usize,
    pub(crate) price: &'a PriceToSet,
}

impl PriceAt<'_> {
    /// A JSON pointer below the price: `at("cost")` is `/products/3/prices/0/cost`.
    pub(crate) fn at(&self, field: &str) -> String {
        let slash = if field.is_empty() { "" } else { "/" };
        format!("/products/{}/prices/{}{slash}{field}", self.of.index, self.index)
    }
}

/// Runs every product rule and every price rule over a request.
pub(crate) fn walk(
    request: &SetSubaccountProductsRequest,
    context: &Context,
    findings: &mut Findings<'_>,
) {
    for (index, product) in request.products.iter().enumerate() {
        let known = product.product_name_id.as_deref().and_then(self::product);
        let at = ProductAt { index, product, known, request };
        for (_, check) in registry::PRODUCT {
            check(&at, context, findings);
        }
        for (index, price) in at.prices().iter().enumerate() {
            let price = PriceAt { of: &at, index, price };
            for (_, check) in registry::PRICE {
                check(&price, context, findings);
            }
        }
    }
}

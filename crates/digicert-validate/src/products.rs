//! The table of products, and the one walk over the products of a request that every product and
//! price rule shares: each product is looked up once.

mod first_seen;

use digicert_types::Amount;
use digicert_types::certcentral::{
    PriceToSet, ProductToSet, SetSubaccountProductsRequest, SubaccountProduct,
};

use crate::context::Context;
use crate::findings::Findings;
use crate::generated::products::{PRODUCTS, SEED, SLOTS};
use crate::registry;

pub(crate) use first_seen::{FEW, FirstSeen};

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

/// The products of DigiCert's table, in its order. The set is open: there are products that are not
/// in it.
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
    bytes.iter().fold(SEED, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

/// One product of a request, where it stands, and what is known of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProductAt<'a> {
    pub(crate) index: usize,
    pub(crate) product: &'a ProductToSet,
    /// `None` if the table does not have it, or it has no identifier.
    pub(crate) known: Option<&'static Product>,
    /// Where an entry before it has the same identifier.
    pub(crate) repeats: Option<usize>,
    /// The product as it is enabled now; `None` if it is not, or the context does not say.
    pub(crate) current: Option<&'a SubaccountProduct>,
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
    pub(crate) fn name(&self) -> String {
        match self.product.product_name_id.as_deref() {
            Some(name_id) if !is_blank(name_id) => format!("`{}`", name_id.escape_debug()),
            _ => "a product without `product_name_id`".to_owned(),
        }
    }

    pub(crate) fn prices(&self) -> &[PriceToSet] {
        self.product.prices.as_deref().unwrap_or_default()
    }
}

/// Whether an identifier says nothing.
pub(crate) fn is_blank(name_id: &str) -> bool {
    name_id.trim().is_empty()
}

const FQDN: &str = "additional_fqdn_cost";
const WILDCARD: &str = "additional_wildcard_cost";

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
        format!(
            "/products/{}/prices/{}{slash}{field}",
            self.of.index, self.index
        )
    }

    /// Calls `look` with every cost that is there, and its field.
    ///
    /// This and the next are no iterators because those would copy every cost for every rule.
    #[inline]
    pub(crate) fn each_cost(&self, mut look: impl FnMut(&'static str, Amount)) {
        look("cost", self.price.cost);
        if let Some(cost) = self.price.additional_fqdn_cost {
            look(FQDN, cost);
        }
        if let Some(cost) = self.price.additional_wildcard_cost {
            look(WILDCARD, cost);
        }
    }

    /// Calls `look` with the field of each cost that only some products have, whether this product
    /// has it, if that is known, and the cost.
    #[inline]
    pub(crate) fn each_additional(
        &self,
        mut look: impl FnMut(&'static str, Option<bool>, Option<Amount>),
    ) {
        let known = self.of.known;
        let fqdn = known.map(|product| product.fqdn);
        look(FQDN, fqdn, self.price.additional_fqdn_cost);
        let wildcard = known.map(|product| product.wildcard);
        look(WILDCARD, wildcard, self.price.additional_wildcard_cost);
    }
}

/// Whether one amount is more than the other.
///
/// Amounts of as many decimals, which are nearly all, are compared as integers: it takes a tenth of
/// the time.
#[inline]
pub(crate) fn is_above(amount: Amount, other: Amount) -> bool {
    if amount.scale() == other.scale() {
        amount.mantissa() > other.mantissa()
    } else {
        amount > other
    }
}

/// A term in words: `1 year`, `2 years`.
pub(crate) fn years(lifetime: i64) -> String {
    let plural = if lifetime == 1 { "" } else { "s" };
    format!("{lifetime} year{plural}")
}

/// Runs every product rule and every price rule over a request.
///
/// The tables are constants, so the compiler calls each rule directly, and puts a rule in line
/// whose `check` says `#[inline]` and whose report is a function of its own that says `#[cold]`.
/// That is worth the trouble for rules on prices: otherwise calling them takes longer than what
/// they do.
pub(crate) fn walk(
    request: &SetSubaccountProductsRequest,
    context: &Context,
    findings: &mut Findings<'_>,
) {
    let mut lookups = Lookups::new(request, context);
    for (index, product) in request.products.iter().enumerate() {
        let at = lookups.place(index, product);
        for (_, check) in registry::PRODUCT {
            check(&at, context, findings);
        }
        for (index, price) in at.prices().iter().enumerate() {
            let price = PriceAt {
                of: &at,
                index,
                price,
            };
            for (_, check) in registry::PRICE {
                check(&price, context, findings);
            }
        }
    }
}

/// How many products the table has.
const KNOWN: usize = PRODUCTS.len();

/// Finds for each product of the walk what belongs to it.
struct Lookups<'a> {
    request: &'a SetSubaccountProductsRequest,
    /// Where each product of the table stands first in the request.
    known: [Option<usize>; KNOWN],
    /// Where each other identifier stands first.
    unknown: FirstSeen<&'a str>,
    /// The products that are enabled now, and where each stands among them.
    current: &'a [SubaccountProduct],
    enabled: FirstSeen<&'a str>,
}

impl<'a> Lookups<'a> {
    fn new(request: &'a SetSubaccountProductsRequest, context: &'a Context) -> Self {
        let current = context.current().and_then(|now| now.products.as_deref());
        let current = current.unwrap_or_default();
        let mut enabled = FirstSeen::new();
        for (index, product) in current.iter().enumerate() {
            if let Some(name_id) = product.product_name_id.as_deref() {
                enabled.insert(name_id, index);
            }
        }
        Self {
            request,
            known: [None; KNOWN],
            unknown: FirstSeen::new(),
            current,
            enabled,
        }
    }

    fn place(&mut self, index: usize, product: &'a ProductToSet) -> ProductAt<'a> {
        let name_id = product.product_name_id.as_deref();
        let position = name_id.and_then(position);
        let repeats = match (position, name_id) {
            (Some(position), _) => self.first_known(position, index),
            (None, Some(name_id)) if !is_blank(name_id) => self.unknown.insert(name_id, index),
            _ => None,
        };
        ProductAt {
            index,
            product,
            known: position.map(|position| &PRODUCTS[position]),
            repeats,
            current: name_id
                .and_then(|name_id| self.enabled.get(name_id))
                .map(|index| &self.current[index]),
            request: self.request,
        }
    }

    fn first_known(&mut self, position: usize, index: usize) -> Option<usize> {
        let first = &mut self.known[position];
        if first.is_none() {
            *first = Some(index);
            return None;
        }
        *first
    }
}

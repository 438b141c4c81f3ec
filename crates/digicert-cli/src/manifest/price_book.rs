//! A price book: products with prices under a name, shared by any number of subaccounts.

use digicert_types::certcentral::SetSubaccountProductsRequest;

use super::Location;
use super::object::Reader;
use crate::yaml_tree::Field;

/// Products with prices under a name: the body that sets products, as `products set` takes it.
#[derive(Debug)]
pub(crate) struct PriceBook {
    pub(crate) name: String,
    pub(crate) at: Location,
    /// Where its document stands in its file, as a JSON pointer.
    pub(super) pointer: String,
    pub(crate) request: SetSubaccountProductsRequest,
}

impl PriceBook {
    /// Whether a product is in it.
    pub(crate) fn has(&self, product_name_id: &str) -> bool {
        let mut products = self.request.products.iter();
        products.any(|product| product.product_name_id.as_deref() == Some(product_name_id))
    }
}

impl Reader<'_> {
    pub(super) fn price_book(&mut self, field: &Field) -> Option<PriceBook> {
        if field.name.trim().is_empty() {
            self.fault(field.place, "a price book needs a name");
        }
        Some(PriceBook {
            name: field.name.clone(),
            at: self.location(field.place),
            pointer: format!("/price_books/{}", escaped(&field.name)),
            request: self.document(&field.node)?,
        })
    }
}

/// A name as a step of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

//! One subaccount of a manifest: which it is, its price book, and how it differs from that.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use digicert_types::certcentral::{ProductToSet, SetSubaccountProductsRequest};

use super::object::{Object, Reader, shortened};
use super::{Creation, Location, PriceBook};
use crate::yaml_tree::{Field, Node, Value};

const FIELDS: [&str; 7] = [
    "id",
    "create",
    "key_out",
    "price_book",
    "products",
    "without",
    "balance_negative_limit",
];

/// What only makes sense beside a price book.
const OVERRIDES: [&str; 3] = ["products", "without", "balance_negative_limit"];

/// One subaccount, and what it shall have.
#[derive(Debug)]
pub(crate) struct Subaccount {
    pub(crate) at: Location,
    pub(crate) target: Target,
    pub(crate) price_book: Option<Arc<PriceBook>>,
    pub(super) overrides: Option<Box<Overrides>>,
    /// Its number in the list of its file.
    pub(super) index: u32,
}

/// Which subaccount it is.
#[derive(Debug)]
pub(crate) enum Target {
    /// One that is there, by its account ID.
    Existing(i64),
    /// One that is to be created.
    Creation(Box<Creation>),
}

/// How a subaccount differs from its price book.
#[derive(Debug)]
pub(super) struct Overrides {
    /// Products that take the place of those in the book, or come besides; and the limit.
    pub(super) changed: SetSubaccountProductsRequest,
    /// Products of the book that it does not get.
    pub(super) without: Vec<String>,
}

/// Where a product of a subaccount is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// In the price book, at this number.
    Book(usize),
    /// With the subaccount, at this number.
    Own(usize),
}

impl Subaccount {
    /// The products that it shall have, whole; `None` if its products are not looked after.
    pub(crate) fn wanted(&self) -> Option<Cow<'_, SetSubaccountProductsRequest>> {
        let book = self.price_book.as_deref()?;
        let Some(overrides) = &self.overrides else {
            return Some(Cow::Borrowed(&book.request));
        };
        let products: Vec<_> = self
            .origins()
            .into_iter()
            .filter_map(|origin| match origin {
                Origin::Book(index) => book.request.products.get(index),
                Origin::Own(index) => overrides.changed.products.get(index),
            })
            .cloned()
            .collect();
        let limit = overrides.changed.balance_negative_limit;
        let request = SetSubaccountProductsRequest::builder()
            .maybe_currency(book.request.currency.clone())
            .maybe_pricing_method(book.request.pricing_method.clone())
            .maybe_balance_negative_limit(limit.or(book.request.balance_negative_limit))
            .products(products)
            .build();
        Some(Cow::Owned(request))
    }

    /// Where each of the products that it shall have is written: in the order of the book, own
    /// ones in place of the book's, further ones at the end.
    pub(super) fn origins(&self) -> Vec<Origin> {
        let Some(book) = &self.price_book else {
            return Vec::new();
        };
        let in_book = 0..book.request.products.len();
        let Some(overrides) = &self.overrides else {
            return in_book.map(Origin::Book).collect();
        };
        let own = &overrides.changed.products;
        let mut origins = Vec::with_capacity(in_book.len() + own.len());
        let mut placed = vec![false; own.len()];
        for (index, product) in book.request.products.iter().enumerate() {
            let id = product.product_name_id.as_ref();
            if id.is_some_and(|id| overrides.without.contains(id)) {
                continue;
            }
            match own
                .iter()
                .position(|own| id.is_some() && own.product_name_id.as_ref() == id)
            {
                Some(own) => {
                    placed[own] = true;
                    origins.push(Origin::Own(own));
                }
                None => origins.push(Origin::Book(index)),
            }
        }
        let further = placed.iter().enumerate().filter(|(_, placed)| !**placed);
        origins.extend(further.map(|(index, _)| Origin::Own(index)));
        origins
    }
}

/// A subaccount as its file has it, before the price books are known.
#[derive(Debug)]
pub(super) struct Unresolved {
    pub(super) subaccount: Subaccount,
    /// The name of its price book, and where it stands.
    pub(super) price_book: Option<(String, Location)>,
    /// Where each name in `without` stands.
    pub(super) without_at: Vec<Location>,
}

impl Reader<'_> {
    pub(super) fn subaccount(
        &mut self,
        index: u32,
        node: &Node,
        folder: &Path,
    ) -> Option<Unresolved> {
        let object = self.object(node, "a subaccount", &FIELDS)?;
        let target = self.target(&object, folder);
        let book = object.get("price_book");
        let price_book = book.and_then(|field| {
            let at = self.location(field.node.place);
            self.text(field).map(|name| (name.to_owned(), at))
        });
        self.check_without_book(&object, book.is_some(), target.as_ref());
        let mut without_at = Vec::new();
        let overrides = self.overrides(node, &object, &mut without_at);
        Some(Unresolved {
            subaccount: Subaccount {
                at: self.location(node.place),
                target: target?,
                price_book: None,
                overrides: overrides.map(Box::new),
                index,
            },
            price_book,
            without_at,
        })
    }

    fn target(&mut self, object: &Object<'_>, folder: &Path) -> Option<Target> {
        match (object.get("id"), object.get("create")) {
            (Some(id), None) => {
                if let Some(key) = object.get("key_out") {
                    let message =
                        "`key_out` belongs to `create`: a key is shown once, to its creator";
                    self.fault(key.place, message);
                }
                self.account_id(id, "of the subaccount")
                    .map(Target::Existing)
            }
            (None, Some(create)) => {
                let creation = self.creation(create, object, folder)?;
                Some(Target::Creation(Box::new(creation)))
            }
            (None, None) => {
                let message = "a subaccount needs `id`, or `create` if there is none yet";
                self.fault(object.place, message);
                None
            }
            (Some(_), Some(create)) => {
                let message =
                    "a subaccount has `id` or `create`, not both: remove `create` once it exists";
                self.fault(create.place, message);
                None
            }
        }
    }

    /// `whose` follows "the account ID".
    pub(super) fn account_id(&mut self, field: &Field, whose: &str) -> Option<i64> {
        let id = match &field.node.value {
            Value::Number(digits) => digits.parse().ok().filter(|id| *id > 0),
            _ => None,
        };
        if id.is_none() {
            let is_quoted =
                matches!(&field.node.value, Value::Text(text) if text.parse::<u64>().is_ok());
            let quotes = if is_quoted { ", without quotes" } else { "" };
            let message = format!(
                "`{}` is the account ID {whose}: a whole number such as 1122334{quotes}",
                field.name
            );
            self.fault(field.node.place, message);
        }
        id
    }

    fn check_without_book(&mut self, object: &Object<'_>, has_book: bool, target: Option<&Target>) {
        if has_book {
            return;
        }
        let beside = OVERRIDES.iter().find_map(|name| object.get(name));
        match (beside, target) {
            (Some(field), _) => self.fault(
                field.place,
                format!(
                    "`{}` changes a price book: name it in `price_book`",
                    field.name
                ),
            ),
            (None, Some(Target::Existing(_))) => self.fault(
                object.place,
                "there is nothing to do for this subaccount: name its `price_book`",
            ),
            // A subaccount may be created and left as it is.
            (None, _) => {}
        }
    }

    fn overrides(
        &mut self,
        node: &Node,
        object: &Object<'_>,
        without_at: &mut Vec<Location>,
    ) -> Option<Overrides> {
        let [products, without, limit] = OVERRIDES.map(|name| object.get(name));
        if products.is_none() && without.is_none() && limit.is_none() {
            return None;
        }
        let text = |field: Option<&Field>| field.map(|field| field.node.to_json());
        let mut document = format!(
            r#"{{"products":{}"#,
            text(products).as_deref().unwrap_or("[]")
        );
        if let Some(limit) = text(limit) {
            document.push_str(r#","balance_negative_limit":"#);
            document.push_str(&limit);
        }
        document.push('}');
        let changed: Option<SetSubaccountProductsRequest> = self.document_text(node, &document);
        let without = without.map_or(Vec::new(), |field| self.without(field, without_at));
        let changed = changed?;
        if let Some(field) = products {
            self.check_products(field, &changed.products, &without);
        }
        Some(Overrides { changed, without })
    }

    fn without(&mut self, field: &Field, at: &mut Vec<Location>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for node in self.list(field) {
            let Value::Text(name) = &node.value else {
                let message = "`without` lists identifiers of products, such as ssl_plus";
                self.fault(node.place, message);
                continue;
            };
            if names.contains(name) {
                let message = format!("`{}` stands here a second time", shortened(name));
                self.fault(node.place, message);
                continue;
            }
            names.push(name.clone());
            at.push(self.location(node.place));
        }
        names
    }

    /// A product that is there twice would be there with two prices.
    fn check_products(&mut self, field: &Field, products: &[ProductToSet], without: &[String]) {
        for (index, product) in products.iter().enumerate() {
            let place = field.node.nearest_to(&format!("/{index}")).place;
            let Some(id) = &product.product_name_id else {
                self.fault(place, "a product needs `product_name_id`");
                continue;
            };
            let is_same = |other: &ProductToSet| other.product_name_id.as_ref() == Some(id);
            let id = shortened(id);
            if products[..index].iter().any(is_same) {
                self.fault(place, format!("`{id}` stands here a second time"));
            }
            if without.iter().any(|name| **name == id) {
                let message =
                    format!("`{id}` is among `products` and in `without`: which is meant?");
                self.fault(place, message);
            }
        }
    }
}

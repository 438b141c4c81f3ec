//! What a document is a request for, told from its fields.

use super::Kind;
use super::shape;
use super::tree::{Node, Object};
use crate::generated::shapes::{CREATE_SUBACCOUNT_REQUEST, SET_SUBACCOUNT_PRODUCTS_REQUEST};
use crate::nearest::nearest;

impl Kind {
    /// The fields of a document of this kind.
    pub(crate) fn shape(self) -> &'static shape::Object {
        match self {
            Self::CreateSubaccount => &CREATE_SUBACCOUNT_REQUEST,
            Self::SetProducts => &SET_SUBACCOUNT_PRODUCTS_REQUEST,
        }
    }
}

/// The kind of a document whose field has this name; the kinds have no field in common.
pub(crate) fn kind_of_field(name: &str) -> Option<Kind> {
    let has = |kind: &Kind| kind.shape().fields.iter().any(|field| field.name == name);
    Kind::ALL.into_iter().find(has)
}

/// The kind that more of the fields belong to; if none is known, that more of them are a slip for.
pub(crate) fn kind_of_document(root: &Node<'_>) -> Option<Kind> {
    let object = root.as_object()?;
    more(object, |kind, name| Some(kind_of_field(name)? == kind)).or_else(|| {
        more(object, |kind, name| {
            let names = kind.shape().fields.iter().map(|field| field.name);
            Some(nearest(name, names).is_some())
        })
    })
}

fn more(object: &Object<'_>, belongs: impl Fn(Kind, &str) -> Option<bool>) -> Option<Kind> {
    let count = |kind| {
        let fields = object.fields.iter();
        fields
            .filter(|field| belongs(kind, &field.name) == Some(true))
            .count()
    };
    let [creation, products] = [count(Kind::CreateSubaccount), count(Kind::SetProducts)];
    match creation.cmp(&products) {
        std::cmp::Ordering::Greater => Some(Kind::CreateSubaccount),
        std::cmp::Ordering::Less => Some(Kind::SetProducts),
        std::cmp::Ordering::Equal => None,
    }
}

//! What a subaccount has, in answers that say it. Reading is lenient; whoever writes replaces the whole
//! list, so what an answer does not say must not be taken for nothing.

use std::fmt;

use digicert_types::certcentral::{SubaccountProduct, SubaccountProducts};

use crate::failure::Failure;

/// A live state that says which products are enabled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LiveState(SubaccountProducts);

/// Why an answer does not say which products are enabled. Nothing is compared with it, and nothing set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Untold {
    /// The list is not there, or has another name by now. An empty one is there.
    NoList,
    /// A product in it has no identifier.
    Nameless,
}

impl LiveState {
    /// Of a subaccount that is still to be created.
    pub(super) fn nothing() -> Self {
        Self(SubaccountProducts::builder().products([]).build())
    }

    /// As the service reports it.
    pub(crate) fn reported(&self) -> &SubaccountProducts {
        &self.0
    }

    pub(crate) fn has_products(&self) -> bool {
        !self.products().is_empty()
    }

    pub(super) fn products(&self) -> &[SubaccountProduct] {
        self.0.products.as_deref().unwrap_or_default()
    }
}

impl TryFrom<SubaccountProducts> for LiveState {
    type Error = Untold;

    fn try_from(reported: SubaccountProducts) -> Result<Self, Untold> {
        let products = reported.products.as_deref().ok_or(Untold::NoList)?;
        let is_named = |product: &SubaccountProduct| {
            let name_id = product.product_name_id.as_deref();
            name_id.is_some_and(|name_id| !name_id.trim().is_empty())
        };
        if products.iter().all(is_named) {
            Ok(Self(reported))
        } else {
            Err(Untold::Nameless)
        }
    }
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the service does not say which products are enabled: ")?;
        f.write_str(match self {
            Self::NoList => "its answer has no list `products`",
            Self::Nameless => "a product in its answer has no `product_name_id`",
        })
    }
}

impl From<Untold> for Failure {
    fn from(untold: Untold) -> Self {
        Self::unsafe_to_go_on(untold.to_string()).with_result("untold")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(answer: &Value) -> Result<usize, Untold> {
        let reported: SubaccountProducts = serde_json::from_value(answer.clone()).unwrap();
        LiveState::try_from(reported).map(|live| live.products().len())
    }

    #[test]
    fn i8_a_list_that_is_not_there_is_not_an_empty_one() {
        let named = json!({"product_name_id": "ssl_plus"});
        for (answer, expected) in [
            (json!({"products": []}), Ok(0)),
            (json!({"products": [named]}), Ok(1)),
            (json!({"products": named}), Ok(1)),
            (json!({}), Err(Untold::NoList)),
            (json!({"products": null}), Err(Untold::NoList)),
            (json!({"product_list": [named]}), Err(Untold::NoList)),
            (
                json!({"products": [named, {"id": "ssl_basic"}]}),
                Err(Untold::Nameless),
            ),
            (
                json!({"products": [{"product_name_id": " "}]}),
                Err(Untold::Nameless),
            ),
            (json!({"products": {"ssl_plus": {}}}), Err(Untold::Nameless)),
        ] {
            assert_eq!(told(&answer), expected, "{answer}");
        }
    }
}

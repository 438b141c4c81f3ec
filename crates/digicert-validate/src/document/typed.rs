//! A tree as the typed request that the rules take, even when parts of it are missing or faulty.
//!
//! For what is not known a value must be invented. It is invented twice, as differently as can be,
//! and what a rule says of one request but not of the other is a consequence of the invention.

use digicert_types::certcentral::{
    CreateSubaccountRequest, GrandchildType, NewOrganization, NewUser, PriceToSet, PricingMethod,
    ProductToSet, SetSubaccountProductsRequest, SubaccountType,
};
use digicert_types::{Amount, QuotableInteger};

use super::check_shape::quoted_integer;
use super::scalar;
use super::tree::{Node, Object, Span, Value};
use super::whole_number::whole_number;

/// Which of the two requests is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Invention {
    /// What is not known is absent, nothing, or the first of its kind.
    Little,
    /// What is not known is there, a lot, and unlike everything else.
    Much,
}

/// Makes a request of a tree.
#[derive(Debug)]
pub(crate) struct Typed {
    invention: Invention,
    /// Whether anything had to be invented.
    pub(crate) invented: bool,
    /// How many different values were.
    count: u32,
}

/// What is known of a field.
#[derive(Clone, Copy)]
enum Known<'t, 'a> {
    Value(&'t Node<'a>),
    Absent,
    /// A part of the object could not be read; the field may have been in it.
    Perhaps,
}

fn known<'t, 'a>(object: Option<&'t Object<'a>>, name: &str) -> Known<'t, 'a> {
    let Some(object) = object else {
        return Known::Perhaps;
    };
    match object.get(name) {
        Some(node) => Known::Value(node),
        None if object.damaged => Known::Perhaps,
        None => Known::Absent,
    }
}

fn as_object<'t, 'a>(known: Known<'t, 'a>) -> Option<&'t Object<'a>> {
    match known {
        Known::Value(node) => node.as_object(),
        _ => None,
    }
}

impl Typed {
    pub(crate) fn new(invention: Invention) -> Self {
        Self {
            invention,
            invented: false,
            count: 0,
        }
    }

    pub(crate) fn creation(&mut self, root: &Node<'_>) -> CreateSubaccountRequest {
        let object = root.as_object();
        let field = |name| known(object, name);
        CreateSubaccountRequest::builder()
            .account_type(self.required(field("account_type"), account_type, Self::account_type))
            .allowed_grandchildren(self.grandchildren(field("allowed_grandchildren")))
            .maybe_account_manager_user_id(self.integer(field("account_manager_user_id")))
            .maybe_bill_parent(self.flag(field("bill_parent")))
            .maybe_enforce_bill_parent(self.flag(field("enforce_bill_parent")))
            .maybe_child_name(self.text(field("child_name")))
            .user(self.user(as_object(field("user"))))
            .organization(self.organization(as_object(field("organization"))))
            .maybe_max_allowed_multi_year_plan_length(
                self.integer(field("max_allowed_multi_year_plan_length")),
            )
            .maybe_allow_parent_order_renewal(self.flag(field("allow_parent_order_renewal")))
            .build()
    }

    fn user(&mut self, object: Option<&Object<'_>>) -> NewUser {
        let field = |name| known(object, name);
        NewUser::builder()
            .first_name(self.required_text(field("first_name")))
            .last_name(self.required_text(field("last_name")))
            .email(self.required_text(field("email")))
            .maybe_username(self.text(field("username")))
            .maybe_job_title(self.text(field("job_title")))
            .maybe_telephone(self.text(field("telephone")))
            .maybe_disable_renewal_notifications(self.flag(field("disable_renewal_notifications")))
            .build()
    }

    fn organization(&mut self, object: Option<&Object<'_>>) -> NewOrganization {
        let field = |name| known(object, name);
        NewOrganization::builder()
            .name(self.required_text(field("name")))
            .maybe_assumed_name(self.text(field("assumed_name")))
            .address(self.required_text(field("address")))
            .maybe_address2(self.text(field("address2")))
            .zip(self.required_text(field("zip")))
            .city(self.required_text(field("city")))
            .state(self.required_text(field("state")))
            .country(self.required_text(field("country")))
            .maybe_telephone(self.text(field("telephone")))
            .build()
    }

    pub(crate) fn products(&mut self, root: &Node<'_>) -> SetSubaccountProductsRequest {
        let object = root.as_object();
        let field = |name| known(object, name);
        SetSubaccountProductsRequest::builder()
            .maybe_currency(self.text(field("currency")))
            .maybe_pricing_method(self.optional(field("pricing_method"), method, Self::method))
            .maybe_balance_negative_limit(self.optional(
                field("balance_negative_limit"),
                quotable_integer,
                |typed| typed.large().into(),
            ))
            .products(
                self.list(field("products"), Self::product)
                    .unwrap_or_default(),
            )
            .build()
    }

    fn product(&mut self, node: &Node<'_>) -> ProductToSet {
        let object = node.as_object();
        let field = |name| known(object, name);
        ProductToSet::builder()
            .maybe_product_name_id(self.text(field("product_name_id")))
            .maybe_product_name(self.text(field("product_name")))
            .maybe_prices(self.prices(field("prices")))
            .build()
    }

    fn prices(&mut self, known: Known<'_, '_>) -> Option<Vec<PriceToSet>> {
        match known {
            Known::Absent
            | Known::Value(Node {
                value: Value::Null, ..
            }) => None,
            known => self.list(known, Self::price),
        }
    }

    fn price(&mut self, node: &Node<'_>) -> PriceToSet {
        let object = node.as_object();
        let field = |name| known(object, name);
        let most = |_: &mut Self| Amount::MAX_PRICE;
        PriceToSet::builder()
            .lifetime(
                self.required(field("lifetime"), integer, |typed| match typed.invention {
                    Invention::Little => 1,
                    Invention::Much => typed.large(),
                }),
            )
            .cost(
                self.required(field("cost"), amount, |typed| match typed.invention {
                    Invention::Little => Amount::ZERO,
                    Invention::Much => Amount::MAX_PRICE,
                }),
            )
            .maybe_additional_fqdn_cost(self.optional(field("additional_fqdn_cost"), amount, most))
            .maybe_additional_wildcard_cost(self.optional(
                field("additional_wildcard_cost"),
                amount,
                most,
            ))
            .build()
    }

    fn grandchildren(&mut self, known: Known<'_, '_>) -> Vec<GrandchildType> {
        let read = |typed: &mut Self, node: &Node<'_>| {
            typed.required(Known::Value(node), grandchild_type, |typed| {
                match typed.invention {
                    Invention::Little => GrandchildType::Retail,
                    Invention::Much => GrandchildType::Reseller,
                }
            })
        };
        self.list(known, read).unwrap_or_default()
    }

    /// The entries of a list. If some of it is not known, there may have been another entry.
    fn list<T>(
        &mut self,
        known: Known<'_, '_>,
        read: fn(&mut Self, &Node<'_>) -> T,
    ) -> Option<Vec<T>> {
        let list = match known {
            Known::Value(node) => node.as_list(),
            _ => None,
        };
        let items = list.map(|list| list.items.iter()).into_iter().flatten();
        let mut entries: Vec<T> = items.map(|item| read(self, item)).collect();
        if list.is_none_or(|list| list.damaged) {
            self.invented = true;
            match self.invention {
                Invention::Little if list.is_none() => return None,
                Invention::Little => {}
                Invention::Much => entries.push(read(self, &Node::unreadable(Span::at(0)))),
            }
        }
        Some(entries)
    }

    fn required<T>(
        &mut self,
        known: Known<'_, '_>,
        read: fn(&Node<'_>) -> Option<T>,
        invent: fn(&mut Self) -> T,
    ) -> T {
        let value = match known {
            Known::Value(node) => read(node),
            _ => None,
        };
        value.unwrap_or_else(|| {
            self.invented = true;
            invent(self)
        })
    }

    fn optional<T>(
        &mut self,
        known: Known<'_, '_>,
        read: fn(&Node<'_>) -> Option<T>,
        invent: fn(&mut Self) -> T,
    ) -> Option<T> {
        let value = match known {
            Known::Absent
            | Known::Value(Node {
                value: Value::Null, ..
            }) => return None,
            Known::Value(node) => read(node),
            Known::Perhaps => None,
        };
        if value.is_some() {
            return value;
        }
        self.invented = true;
        (self.invention == Invention::Much).then(|| invent(self))
    }

    fn required_text(&mut self, known: Known<'_, '_>) -> String {
        self.required(known, text, |typed| match typed.invention {
            Invention::Little => String::new(),
            Invention::Much => typed.words(),
        })
    }

    fn text(&mut self, known: Known<'_, '_>) -> Option<String> {
        self.optional(known, text, Self::words)
    }

    fn integer(&mut self, known: Known<'_, '_>) -> Option<i64> {
        self.optional(known, integer, Self::large)
    }

    fn flag(&mut self, known: Known<'_, '_>) -> Option<bool> {
        self.optional(known, flag, |_| true)
    }

    fn words(&mut self) -> String {
        format!("unknown {}", self.large())
    }

    fn large(&mut self) -> i64 {
        self.count += 1;
        1_000 + i64::from(self.count)
    }

    fn account_type(&mut self) -> SubaccountType {
        match self.invention {
            Invention::Little => SubaccountType::Retail,
            Invention::Much => SubaccountType::Managed,
        }
    }

    fn method(&mut self) -> PricingMethod {
        self.words().into()
    }
}

/// What was meant as text.
fn text(node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::Text(text) | Value::Number(text) => Some(text.clone().into_owned()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn integer(node: &Node<'_>) -> Option<i64> {
    match &node.value {
        Value::Number(digits) => whole_number(digits).ok(),
        Value::Text(text) => whole_number(&scalar::decimal(text)?).ok(),
        _ => None,
    }
}

fn quotable_integer(node: &Node<'_>) -> Option<QuotableInteger> {
    match &node.value {
        Value::Number(digits) => whole_number(digits).ok().map(QuotableInteger::from),
        Value::Text(text) => quoted_integer(text),
        _ => None,
    }
}

fn amount(node: &Node<'_>) -> Option<Amount> {
    match &node.value {
        Value::Number(digits) | Value::Text(digits) => digits.parse().ok(),
        _ => None,
    }
}

fn flag(node: &Node<'_>) -> Option<bool> {
    match node.value {
        Value::Bool(value) => Some(value),
        _ => None,
    }
}

fn account_type(node: &Node<'_>) -> Option<SubaccountType> {
    match &node.value {
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn grandchild_type(node: &Node<'_>) -> Option<GrandchildType> {
    match &node.value {
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn method(node: &Node<'_>) -> Option<PricingMethod> {
    match &node.value {
        Value::Text(text) => Some((&**text).into()),
        _ => None,
    }
}

//! JSON straight into a request, without a tree, for documents with nothing wrong.
//!
//! At the slightest oddity this gives up without a word, and the document is read thoroughly. So
//! whatever is read here must have no fault, and must be the request that the tree makes.

use std::borrow::Cow;

use digicert_types::certcentral::{
    CreateSubaccountRequest, GrandchildType, NewOrganization, NewUser, PriceToSet, ProductToSet,
    SetSubaccountProductsRequest, SubaccountType,
};
use digicert_types::{Amount, QuotableInteger};

use super::Kind;
use super::check_shape::quoted_integer;
use super::detect::kind_of_field;
use super::scanner::Scanner;

/// A document with nothing wrong.
#[derive(Debug, PartialEq)]
pub(crate) enum Document {
    Creation(Box<CreateSubaccountRequest>),
    Products(SetSubaccountProductsRequest),
}

/// Reads a document; its kind is that of its first field.
pub(crate) fn read(text: &str, kind: Option<Kind>) -> Option<Document> {
    let mut reader = Reader {
        scanner: Scanner::new(text),
    };
    let kind = match kind {
        Some(kind) => kind,
        None => reader.first_kind()?,
    };
    reader.scanner.skip_space();
    let document = match kind {
        Kind::CreateSubaccount => Document::Creation(Box::new(reader.creation()?)),
        Kind::SetProducts => Document::Products(reader.products()?),
    };
    reader.scanner.skip_space();
    reader.scanner.peek().is_none().then_some(document)
}

struct Reader<'a> {
    scanner: Scanner<'a>,
}

/// Sets a field; `None` if it was set before.
fn set<T>(field: &mut Option<T>, value: T) -> Option<()> {
    field.replace(value).is_none().then_some(())
}

impl<'a> Reader<'a> {
    fn first_kind(&self) -> Option<Kind> {
        let mut scanner = self.scanner.clone();
        scanner.skip_space();
        scanner.eat(b'{').then_some(())?;
        scanner.skip_space();
        kind_of_field(scanner.plain_string()?)
    }

    fn products(&mut self) -> Option<SetSubaccountProductsRequest> {
        let mut currency = None;
        let mut pricing_method = None;
        let mut balance_negative_limit = None;
        let mut products = None;
        self.object(|reader, name| match name {
            "currency" => set(&mut currency, reader.text()?),
            "pricing_method" => set(&mut pricing_method, reader.text()?),
            "balance_negative_limit" => {
                set(&mut balance_negative_limit, reader.quotable_integer()?)
            }
            "products" => set(&mut products, reader.list(64, Self::product)?),
            _ => None,
        })?;
        let request = SetSubaccountProductsRequest::builder()
            .maybe_currency(currency)
            .maybe_pricing_method(pricing_method)
            .maybe_balance_negative_limit(balance_negative_limit)
            .products(products?);
        Some(request.build())
    }

    fn product(&mut self) -> Option<ProductToSet> {
        let mut product_name_id = None;
        let mut product_name = None;
        let mut prices = None;
        self.object(|reader, name| match name {
            "product_name_id" => set(&mut product_name_id, reader.text()?),
            "product_name" => set(&mut product_name, reader.text()?),
            "prices" => set(&mut prices, reader.list(3, Self::price)?),
            _ => None,
        })?;
        let product = ProductToSet::builder()
            .maybe_product_name_id(product_name_id)
            .maybe_product_name(product_name)
            .maybe_prices(prices);
        Some(product.build())
    }

    fn price(&mut self) -> Option<PriceToSet> {
        let mut lifetime = None;
        let mut cost = None;
        let mut additional_fqdn_cost = None;
        let mut additional_wildcard_cost = None;
        self.object(|reader, name| match name {
            "lifetime" => set(&mut lifetime, reader.integer()?),
            "cost" => set(&mut cost, reader.amount()?),
            "additional_fqdn_cost" => set(&mut additional_fqdn_cost, reader.amount()?),
            "additional_wildcard_cost" => set(&mut additional_wildcard_cost, reader.amount()?),
            _ => None,
        })?;
        let price = PriceToSet::builder()
            .lifetime(lifetime?)
            .cost(cost?)
            .maybe_additional_fqdn_cost(additional_fqdn_cost)
            .maybe_additional_wildcard_cost(additional_wildcard_cost);
        Some(price.build())
    }

    fn creation(&mut self) -> Option<CreateSubaccountRequest> {
        let mut account_type: Option<SubaccountType> = None;
        let mut allowed_grandchildren = None;
        let mut account_manager_user_id = None;
        let mut bill_parent = None;
        let mut enforce_bill_parent = None;
        let mut child_name = None;
        let mut user = None;
        let mut organization = None;
        let mut max_allowed_multi_year_plan_length = None;
        let mut allow_parent_order_renewal = None;
        self.object(|reader, name| match name {
            "account_type" => set(&mut account_type, reader.text()?.parse().ok()?),
            "allowed_grandchildren" => {
                let list: Vec<GrandchildType> =
                    reader.list(3, |reader| reader.text()?.parse().ok())?;
                set(&mut allowed_grandchildren, list)
            }
            "account_manager_user_id" => set(&mut account_manager_user_id, reader.integer()?),
            "bill_parent" => set(&mut bill_parent, reader.flag()?),
            "enforce_bill_parent" => set(&mut enforce_bill_parent, reader.flag()?),
            "child_name" => set(&mut child_name, reader.text()?),
            "user" => set(&mut user, reader.user()?),
            "organization" => set(&mut organization, reader.organization()?),
            "max_allowed_multi_year_plan_length" => {
                set(&mut max_allowed_multi_year_plan_length, reader.integer()?)
            }
            "allow_parent_order_renewal" => set(&mut allow_parent_order_renewal, reader.flag()?),
            _ => None,
        })?;
        let request = CreateSubaccountRequest::builder()
            .account_type(account_type?)
            .allowed_grandchildren(allowed_grandchildren?)
            .maybe_account_manager_user_id(account_manager_user_id)
            .maybe_bill_parent(bill_parent)
            .maybe_enforce_bill_parent(enforce_bill_parent)
            .maybe_child_name(child_name)
            .user(user?)
            .organization(organization?)
            .maybe_max_allowed_multi_year_plan_length(max_allowed_multi_year_plan_length)
            .maybe_allow_parent_order_renewal(allow_parent_order_renewal);
        Some(request.build())
    }

    fn user(&mut self) -> Option<NewUser> {
        let mut first_name = None;
        let mut last_name = None;
        let mut email = None;
        let mut username = None;
        let mut job_title = None;
        let mut telephone = None;
        let mut disable_renewal_notifications = None;
        self.object(|reader, name| match name {
            "first_name" => set(&mut first_name, reader.text()?),
            "last_name" => set(&mut last_name, reader.text()?),
            "email" => set(&mut email, reader.text()?),
            "username" => set(&mut username, reader.text()?),
            "job_title" => set(&mut job_title, reader.text()?),
            "telephone" => set(&mut telephone, reader.text()?),
            "disable_renewal_notifications" => {
                set(&mut disable_renewal_notifications, reader.flag()?)
            }
            _ => None,
        })?;
        let user = NewUser::builder()
            .first_name(first_name?)
            .last_name(last_name?)
            .email(email?)
            .maybe_username(username)
            .maybe_job_title(job_title)
            .maybe_telephone(telephone)
            .maybe_disable_renewal_notifications(disable_renewal_notifications);
        Some(user.build())
    }

    fn organization(&mut self) -> Option<NewOrganization> {
        let mut name = None;
        let mut assumed_name = None;
        let mut address = None;
        let mut address2 = None;
        let mut zip = None;
        let mut city = None;
        let mut state = None;
        let mut country = None;
        let mut telephone = None;
        self.object(|reader, field| match field {
            "name" => set(&mut name, reader.text()?),
            "assumed_name" => set(&mut assumed_name, reader.text()?),
            "address" => set(&mut address, reader.text()?),
            "address2" => set(&mut address2, reader.text()?),
            "zip" => set(&mut zip, reader.text()?),
            "city" => set(&mut city, reader.text()?),
            "state" => set(&mut state, reader.text()?),
            "country" => set(&mut country, reader.text()?),
            "telephone" => set(&mut telephone, reader.text()?),
            _ => None,
        })?;
        let organization = NewOrganization::builder()
            .name(name?)
            .maybe_assumed_name(assumed_name)
            .address(address?)
            .maybe_address2(address2)
            .zip(zip?)
            .city(city?)
            .state(state?)
            .country(country?)
            .maybe_telephone(telephone);
        Some(organization.build())
    }

    /// Reads an object; `field` reads the value of a field.
    #[inline]
    fn object(&mut self, mut field: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.scanner.eat(b'{').then_some(())?;
        self.scanner.skip_space();
        if self.scanner.eat(b'}') {
            return Some(());
        }
        loop {
            let name = self.scanner.plain_string()?;
            self.scanner.skip_space();
            self.scanner.eat(b':').then_some(())?;
            self.scanner.skip_space();
            field(self, name)?;
            if self.ends(b'}')? {
                return Some(());
            }
        }
    }

    #[inline]
    fn list<T>(
        &mut self,
        expected: usize,
        mut item: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.scanner.eat(b'[').then_some(())?;
        self.scanner.skip_space();
        if self.scanner.eat(b']') {
            return Some(Vec::new());
        }
        let mut items = Vec::with_capacity(expected);
        loop {
            items.push(item(self)?);
            if self.ends(b']')? {
                return Some(items);
            }
        }
    }

    /// Whether a list or an object ends here; if not, the next entry begins here.
    #[inline]
    fn ends(&mut self, closing: u8) -> Option<bool> {
        self.scanner.skip_space();
        if self.scanner.eat(b',') {
            self.scanner.skip_space();
            return Some(false);
        }
        self.scanner.eat(closing).then_some(true)
    }

    #[inline]
    fn text(&mut self) -> Option<String> {
        if let Some(text) = self.scanner.plain_string() {
            return Some(text.to_owned());
        }
        self.escaped_text().map(Cow::into_owned)
    }

    #[cold]
    fn escaped_text(&mut self) -> Option<Cow<'a, str>> {
        if self.scanner.peek() != Some(b'"') {
            return None;
        }
        let lexed = self.scanner.string();
        (lexed.closed && lexed.faults.is_empty()).then_some(lexed.text)
    }

    #[inline]
    fn amount(&mut self) -> Option<Amount> {
        self.scanner.number()?.parse().ok()
    }

    #[inline]
    fn integer(&mut self) -> Option<i64> {
        self.scanner.number()?.parse().ok()
    }

    fn quotable_integer(&mut self) -> Option<QuotableInteger> {
        match self.scanner.plain_string() {
            Some(text) => quoted_integer(text),
            None => self.integer().map(QuotableInteger::from),
        }
    }

    fn flag(&mut self) -> Option<bool> {
        if self.scanner.eat_all(b"true") {
            return Some(true);
        }
        self.scanner.eat_all(b"false").then_some(false)
    }
}

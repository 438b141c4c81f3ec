//! THE TABLES: which rules there are. A rule is its file, one `mod` line, and one line here.

use digicert_types::certcentral::{CreateSubaccountRequest, SetSubaccountProductsRequest};

use crate::context::Context;
use crate::findings::Findings;
use crate::products::{PriceAt, ProductAt};
use crate::request::BillingLink;
use crate::rule::{
    CheckCreation, CheckLink, CheckPrice, CheckProduct, CheckProducts, Rule, RuleInfo,
};
use crate::rules::{billing_link, create_subaccount, document, products};
use crate::validator::UnknownRule;

type Check<T> = (&'static RuleInfo, fn(&T, &Context, &mut Findings<'_>));
type CreationCheck = Check<CreateSubaccountRequest>;
type ProductsCheck = Check<SetSubaccountProductsRequest>;
type ProductCheck = (
    &'static RuleInfo,
    fn(&ProductAt<'_>, &Context, &mut Findings<'_>),
);
type PriceCheck = (
    &'static RuleInfo,
    fn(&PriceAt<'_>, &Context, &mut Findings<'_>),
);
type LinkCheck = (&'static RuleInfo, fn(&BillingLink<'_>, &mut Findings<'_>));

/// Rules on the file itself; the reader of documents reports for them.
pub(crate) const DOCUMENT: &[&RuleInfo] = &[
    document::DocumentMalformed::INFO,
    document::FieldUnknown::INFO,
];

/// Rules on a request to create a subaccount.
pub(crate) const CREATION: &[CreationCheck] = &[
    creation::<create_subaccount::RequiredTextEmpty>(),
    creation::<create_subaccount::EmailMalformed>(),
    creation::<create_subaccount::ChildNameTooLong>(),
    creation::<create_subaccount::MultiYearPlanOutOfRange>(),
    creation::<create_subaccount::MultiYearPlanOverParent>(),
    creation::<create_subaccount::MultiYearPlanOverContract>(),
    creation::<create_subaccount::MultiYearPlanNoLongerSold>(),
    creation::<create_subaccount::CountryUnknown>(),
    creation::<create_subaccount::EnforceBillParentIgnored>(),
    creation::<create_subaccount::GrandchildTypeRepeated>(),
    creation::<create_subaccount::ManagedKeyShownOnce>(),
    creation::<create_subaccount::TextControlCharacter>(),
];

/// Rules on a request to set products, as a whole.
pub(crate) const PRODUCTS: &[ProductsCheck] = &[
    all_products::<products::ProductsEmpty>(),
    all_products::<products::ProductDropped>(),
    all_products::<products::CurrencyMalformed>(),
    all_products::<products::CurrencyUnknown>(),
    all_products::<products::CurrencyChangeResetsBalance>(),
    all_products::<products::CurrencyChangeNeedsPrices>(),
    all_products::<products::SelfBilledIgnored>(),
    all_products::<products::NegativeLimitInvalid>(),
    all_products::<products::PricingMethodUnknown>(),
];

/// Rules on one product.
pub(crate) const PRODUCT: &[ProductCheck] = &[
    product::<products::ProductIdMissing>(),
    product::<products::ProductUnknown>(),
    product::<products::ProductRepeated>(),
    product::<products::PriceDefaults>(),
    product::<products::LifetimeRepeated>(),
    product::<products::LongerTermCheaper>(),
    product::<products::PriceJump>(),
];

/// Rules on one price.
pub(crate) const PRICE: &[PriceCheck] = &[
    price::<products::LifetimeOutOfRange>(),
    price::<products::RequiredCostMissing>(),
    price::<products::CostIgnored>(),
    price::<products::CostOutOfRange>(),
    price::<products::CostTooPrecise>(),
    price::<products::AdditionalCostExceedsBase>(),
];

/// Rules on the keys of a billing link.
pub(crate) const LINK: &[LinkCheck] = &[
    link::<billing_link::KeyMissing>(),
    link::<billing_link::KeyNotHeaderSafe>(),
    link::<billing_link::KeysIdentical>(),
];

const fn creation<R: CheckCreation>() -> CreationCheck {
    (R::INFO, R::check)
}

const fn all_products<R: CheckProducts>() -> ProductsCheck {
    (R::INFO, R::check)
}

const fn product<R: CheckProduct>() -> ProductCheck {
    (R::INFO, R::check)
}

const fn price<R: CheckPrice>() -> PriceCheck {
    (R::INFO, R::check)
}

const fn link<R: CheckLink>() -> LinkCheck {
    (R::INFO, R::check)
}

/// Every rule, by code.
///
/// ```
/// let codes: Vec<_> = digicert_validate::rules().iter().map(|rule| rule.code).collect();
/// assert!(codes.is_sorted());
/// ```
#[must_use]
pub fn rules() -> Vec<&'static RuleInfo> {
    let mut rules = DOCUMENT.to_vec();
    rules.extend(CREATION.iter().map(|(info, _)| *info));
    rules.extend(PRODUCTS.iter().map(|(info, _)| *info));
    rules.extend(PRODUCT.iter().map(|(info, _)| *info));
    rules.extend(PRICE.iter().map(|(info, _)| *info));
    rules.extend(LINK.iter().map(|(info, _)| *info));
    rules.sort_by_key(|rule| rule.code);
    rules
}

/// The rule of that name or code, in any letter case.
#[must_use]
pub fn rule(name_or_code: &str) -> Option<&'static RuleInfo> {
    let same = |text: &str| text.eq_ignore_ascii_case(name_or_code);
    rules()
        .into_iter()
        .find(|rule| same(rule.name) || same(rule.code))
}

/// The rule of that name or code, in any letter case.
///
/// # Errors
///
/// There is none; the message names the one that was probably meant.
///
/// ```
/// let error = digicert_validate::find_rule("price-jmup").unwrap_err();
/// assert!(error.to_string().contains("did you mean `price-jump`?"));
/// ```
pub fn find_rule(name_or_code: &str) -> Result<&'static RuleInfo, UnknownRule> {
    rule(name_or_code).ok_or_else(|| UnknownRule::new(name_or_code))
}

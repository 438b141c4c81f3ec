//! States, requests and their other spellings, for tests.

use digicert_types::Amount;
use digicert_types::certcentral::{
    PriceToSet, ProductToSet, SetSubaccountProductsRequest, SubaccountPrice, SubaccountProduct,
    SubaccountProducts,
};
use digicert_validate::product;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::LiveState;

/// A state without a list has no products.
pub(crate) fn live(mut json: Value) -> LiveState {
    if let Value::Object(fields) = &mut json {
        fields.entry("products").or_insert_with(|| json!([]));
    }
    let reported: SubaccountProducts = serde_json::from_value(json).unwrap();
    LiveState::try_from(reported).unwrap()
}

pub(super) fn wanted(json: Value) -> SetSubaccountProductsRequest {
    serde_json::from_value(json).unwrap()
}

/// One product at one price.
pub(super) fn priced(name_id: &str, cost: &Value) -> Value {
    json!({"product_name_id": name_id, "prices": [{"lifetime": 1, "cost": cost}]})
}

/// Few enough for two states to have some in common; of each kind of support, and two that are
/// not in the table.
const NAME_IDS: [&str; 8] = [
    "ssl_plus",
    "ssl_multi_domain",
    "ssl_wildcard",
    "ssl_basic",
    "ssl_ev_plus",
    "code_signing",
    "ssl_of_tomorrow",
    "\u{1b}[31m|@all\n<b>",
];

pub(super) fn amount() -> impl Strategy<Value = Amount> {
    prop_oneof![
        1 => Just(Amount::ZERO),
        8 => (0_i64..1_000_000, 0_u8..=2).prop_map(|(units, scale)| Amount::new(units, scale).unwrap()),
        1 => (-999_999_999_999_999_i64..=999_999_999_999_999, 0_u8..=15)
            .prop_map(|(units, scale)| Amount::new(units, scale).unwrap()),
    ]
}

fn price(
    amounts: &BoxedStrategy<Amount>,
    lifetime: i64,
    fqdn: bool,
    wildcard: bool,
) -> impl Strategy<Value = SubaccountPrice> + use<> {
    let (fqdn, wildcard) = (extra(amounts, fqdn), extra(amounts, wildcard));
    (amounts.clone(), fqdn, wildcard).prop_map(move |(cost, fqdn, wildcard)| {
        SubaccountPrice::builder()
            .lifetime(lifetime)
            .cost(cost)
            .maybe_additional_fqdn_cost(fqdn)
            .maybe_additional_wildcard_cost(wildcard)
            .build()
    })
}

/// What is not supported is absent or 0.
fn extra(
    amounts: &BoxedStrategy<Amount>,
    supported: bool,
) -> impl Strategy<Value = Option<Amount>> + use<> {
    let any = proptest::option::of(amounts.clone());
    any.prop_map(move |amount| amount.map(|amount| if supported { amount } else { Amount::ZERO }))
}

fn enabled(
    amounts: BoxedStrategy<Amount>,
    name_id: &'static str,
) -> impl Strategy<Value = SubaccountProduct> {
    let (fqdn, wildcard) =
        product(name_id).map_or((true, true), |known| (known.fqdn, known.wildcard));
    let terms = proptest::sample::subsequence(vec![1, 2, 3], 0..=3);
    let prices = terms.prop_flat_map(move |terms| {
        terms
            .into_iter()
            .map(|lifetime| price(&amounts, lifetime, fqdn, wildcard).boxed())
            .collect::<Vec<_>>()
    });
    prices.prop_map(move |prices| {
        SubaccountProduct::builder()
            .product_name_id(name_id)
            .product_name("whatever DigiCert calls it")
            .prices(prices)
            .build()
    })
}

/// A state as the service reports one; with everything beside the products, so that a request can
/// say it all.
pub(super) fn state() -> impl Strategy<Value = LiveState> {
    state_at(amount().boxed())
}

/// A state at prices that the service takes.
pub(crate) fn sound_state() -> impl Strategy<Value = LiveState> {
    let prices = (0_i64..=9_999_999_999).prop_map(|cents| Amount::new(cents, 2).unwrap());
    state_at(prices.boxed())
}

fn state_at(amounts: BoxedStrategy<Amount>) -> impl Strategy<Value = LiveState> {
    let products = proptest::sample::subsequence(NAME_IDS.to_vec(), 0..=NAME_IDS.len());
    let products = products.prop_flat_map(move |name_ids| {
        name_ids
            .into_iter()
            .map(|name_id| enabled(amounts.clone(), name_id).boxed())
            .collect::<Vec<_>>()
    });
    let currency = prop_oneof![Just("USD"), Just("EUR"), Just("JPY")];
    let method = prop_oneof![
        Just("custom"),
        Just("units"),
        Just("default"),
        Just("barter")
    ];
    (currency, method, 0_i64..3, products).prop_map(|(currency, method, limit, products)| {
        SubaccountProducts::builder()
            .currency(currency)
            .pricing_method(method)
            .balance_negative_limit(limit)
            .products(products)
            .build()
            .try_into()
            .unwrap()
    })
}

/// The same state in another spelling: another order, amounts in quotes and with more decimals,
/// costs of 0 left out or put in, another letter case.
pub(super) fn respelled(state: &LiveState) -> impl Strategy<Value = LiveState> + use<> {
    let state = state.reported().clone();
    let order = Just(state.products.clone().unwrap_or_default()).prop_shuffle();
    (order, vec(any::<bool>(), 64)).prop_map(move |(products, choices)| {
        let mut choices = choices.into_iter().cycle();
        let mut choose = move || choices.next().unwrap_or_default();
        let products: Vec<Value> = products
            .iter()
            .map(|product| {
                let mut prices: Vec<Value> = product
                    .prices
                    .iter()
                    .flatten()
                    .map(|price| spelled(price, &mut choose))
                    .collect();
                if choose() {
                    prices.reverse();
                }
                json!({
                    "product_name_id": product.product_name_id,
                    "product_name": "renamed",
                    "prices": prices,
                    "unit": {"limit": 5, "balance": "3"},
                })
            })
            .collect();
        let currency = state.currency.as_deref().unwrap_or_default();
        let method = state.pricing_method.as_ref().unwrap().as_str();
        let limit = state.balance_negative_limit.unwrap().value();
        live(json!({
            "currency": if choose() { currency.to_lowercase() } else { currency.to_owned() },
            "pricing_method": if choose() { method.to_uppercase() } else { method.to_owned() },
            "balance_negative_limit": if choose() { json!(limit.to_string()) } else { json!(limit) },
            "products": products,
        }))
    })
}

fn spelled(price: &SubaccountPrice, choose: &mut impl FnMut() -> bool) -> Value {
    let mut fields = serde_json::Map::new();
    fields.insert("lifetime".to_owned(), json!(price.lifetime));
    for (field, amount) in [
        ("cost", price.cost),
        ("additional_fqdn_cost", price.additional_fqdn_cost),
        ("additional_wildcard_cost", price.additional_wildcard_cost),
    ] {
        let amount = amount.unwrap_or_default();
        if field != "cost" && amount.is_zero() && choose() {
            continue;
        }
        let text = if choose() {
            format!("{amount:.4}")
        } else {
            amount.to_string()
        };
        fields.insert(field.to_owned(), json!(text));
    }
    Value::Object(fields)
}

/// A request that may be anything: products and terms that are listed twice, costs that are not
/// supported, products without prices.
pub(super) fn request() -> impl Strategy<Value = SetSubaccountProductsRequest> {
    let price = (
        1_i64..4,
        amount(),
        proptest::option::of(amount()),
        proptest::option::of(amount()),
    );
    let price = price.prop_map(|(lifetime, cost, fqdn, wildcard)| {
        PriceToSet::builder()
            .lifetime(lifetime)
            .cost(cost)
            .maybe_additional_fqdn_cost(fqdn)
            .maybe_additional_wildcard_cost(wildcard)
            .build()
    });
    let name_id = proptest::option::of(proptest::sample::select(&NAME_IDS[..]));
    let product =
        (name_id, proptest::option::of(vec(price, 0..4))).prop_map(|(name_id, prices)| {
            ProductToSet::builder()
                .maybe_product_name_id(name_id)
                .maybe_prices(prices)
                .build()
        });
    let currency = proptest::option::of(prop_oneof![Just("usd"), Just("EUR"), Just(" \u{9b}|@a")]);
    (currency, vec(product, 0..8)).prop_map(|(currency, products)| {
        SetSubaccountProductsRequest::builder()
            .maybe_currency(currency)
            .products(products)
            .build()
    })
}

/// Which amounts a state has, by product, term and field.
pub(super) fn amounts() -> impl Strategy<Value = std::collections::BTreeMap<i64, (Amount, Amount)>>
{
    btree_map(1_i64..6, (amount(), amount()), 1..5)
}

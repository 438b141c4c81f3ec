//! What holds of every change, and one example of each kind.

use std::collections::BTreeSet;

use digicert_types::Amount;
use proptest::prelude::*;
use serde_json::json;

use super::cost_change::{Cost, Jump};
use super::samples::{amounts, live, priced, request, respelled, state, wanted};
use super::{
    Danger, Kind, PriceChange, ProductChange, Word, fingerprint, former_state, render,
    with_unknown_prices,
};

fn words(change: &PriceChange) -> Vec<Word> {
    change.dangers().iter().map(Danger::word).collect()
}

fn kinds(change: &PriceChange) -> Vec<(&str, Kind)> {
    let products = change.products.iter();
    products
        .map(|product| (product.product_name_id.as_str(), product.kind))
        .collect()
}

proptest! {
    #[test]
    fn a_state_and_its_former_state_in_another_spelling_are_the_same(
        (state, respelled) in state().prop_flat_map(|state| (Just(state.clone()), respelled(&state)))
    ) {
        let change = PriceChange::of(&state, &former_state(&respelled), None);
        prop_assert!(change.is_empty() && change.is_fulfilled(), "{change:?}");
        prop_assert_eq!(change.dangers(), []);
        prop_assert_eq!(fingerprint(&state), fingerprint(&respelled));
        prop_assert_eq!(former_state(&state), former_state(&respelled));
    }

    #[test]
    fn a_former_state_survives_being_a_file(state in state()) {
        let text = serde_json::to_string(&former_state(&state)).unwrap();
        let read = serde_json::from_str(&text).unwrap();
        prop_assert!(PriceChange::of(&state, &read, None).is_empty());
    }

    #[test]
    fn fingerprints_are_equal_where_nothing_changes_and_nowhere_else(a in state(), b in state()) {
        let change = PriceChange::of(&a, &former_state(&b), None);
        prop_assert_eq!(change.is_empty(), fingerprint(&a) == fingerprint(&b));
    }

    #[test]
    fn i8_what_is_enabled_and_not_asked_for_is_shown_as_disabled(state in state(), request in request()) {
        let change = PriceChange::of(&state, &request, None);
        let asked: BTreeSet<_> = request.products.iter().map(|product| product.product_name_id.as_deref()).collect();
        let gone: Vec<_> = state
            .products()
            .iter()
            .filter_map(|product| product.product_name_id.as_deref())
            .filter(|name_id| !asked.contains(&Some(*name_id)))
            .collect();
        let shown: BTreeSet<_> = change
            .of_kind(Kind::Disabled)
            .map(|product| product.product_name_id.as_str())
            .collect();
        prop_assert_eq!(&shown, &gone.iter().copied().collect());
        prop_assert_eq!(words(&change).contains(&Word::Disable), !gone.is_empty());
    }

    /// Against a second way to find them: one that only multiplies.
    #[test]
    fn i8_a_factor_of_ten_is_always_a_jump(old in amounts(), new in amounts()) {
        let jumps = |old: Amount, new: Amount| {
            let tenfold = |low: Amount, high: Amount| low.checked_mul(10).is_some_and(|ten| ten <= high);
            old != new && (old <= Amount::ZERO || new <= Amount::ZERO || tenfold(old, new) || tenfold(new, old))
        };
        let prices = |amounts: &std::collections::BTreeMap<i64, (Amount, Amount)>| {
            let prices: Vec<_> = amounts.iter().map(|(lifetime, (cost, fqdn))| {
                json!({"lifetime": lifetime, "cost": cost.to_string(), "additional_fqdn_cost": fqdn.to_string()})
            }).collect();
            json!({"products": [{"product_name_id": "ssl_multi_domain", "prices": prices}]})
        };
        let change = PriceChange::of(&live(prices(&old)), &wanted(prices(&new)), None);
        let mut expected = false;
        for (lifetime, (cost, fqdn)) in &old {
            expected |= match new.get(lifetime) {
                Some((new_cost, new_fqdn)) => jumps(*cost, *new_cost) || jumps(*fqdn, *new_fqdn),
                None => true,
            };
        }
        // What holds for a term that has no price, nobody knows.
        expected |= new.keys().any(|lifetime| !old.contains_key(lifetime));
        prop_assert_eq!(words(&change) == [Word::PriceJump], expected, "{:?}", change);
    }

    #[test]
    fn i5_amounts_are_shown_to_the_digit(cost in super::samples::amount()) {
        let text = cost.to_string();
        let change = PriceChange::of(
            &live(json!({})),
            &wanted(json!({"products": [priced("ssl_plus", &json!(text))]})), None);
        prop_assert_eq!(change.products[0].prices[0].to, Some(cost));
        let human = render::human(&change, false);
        let mut cells = human.lines().flat_map(|line| line.split("  "));
        prop_assert!(cells.any(|cell| cell == text), "{human}");
        let json: serde_json::Value = serde_json::from_str(&serde_json::to_string(&change).unwrap()).unwrap();
        let amount: Amount = serde_json::from_value(json["products"][0]["prices"][0]["to"].clone()).unwrap();
        prop_assert_eq!(amount, cost);
    }

    #[test]
    fn the_order_of_a_request_says_nothing(state in state(), (a, b) in request().prop_flat_map(|request| {
        let shuffled = Just(request.products.clone()).prop_shuffle();
        let twin = request.clone();
        (Just(request), shuffled.prop_map(move |products| {
            let mut twin = twin.clone();
            twin.products = products;
            twin
        }))
    })) {
        prop_assert_eq!(PriceChange::of(&state, &a, None), PriceChange::of(&state, &b, None));
    }

    #[test]
    fn counts_agree_with_the_products(state in state(), request in request()) {
        let change = PriceChange::of(&state, &request, None);
        let counts = change.counts();
        prop_assert_eq!(counts.live, state.products().len());
        prop_assert_eq!(counts.live + counts.enabled, change.products.len());
    }

    #[test]
    fn i10_nothing_of_a_name_reaches_a_terminal_or_markdown(state in state(), request in request()) {
        let change = PriceChange::of(&state, &request, None);
        let human = render::human(&change, false) + &render::dangers(&change.dangers(), false);
        prop_assert!(human.chars().all(|character| character == '\n' || !character.is_control()), "{human:?}");
        let markdown = render::markdown(&change);
        prop_assert!(!markdown.contains('@') && !markdown.contains("<b>"), "{markdown}");
        prop_assert!(markdown.chars().all(|character| character == '\n' || !character.is_control()));
    }

    #[test]
    fn only_a_repeated_entry_makes_a_price_change_twice(state in state(), other in state()) {
        let change = PriceChange::of(&state, &former_state(&other), None);
        for product in &change.products {
            let places: BTreeSet<_> = product.prices.iter().map(|price| (price.lifetime, price.field)).collect();
            prop_assert_eq!(places.len(), product.prices.len());
        }
    }
}

#[test]
fn what_a_request_leaves_out_beside_the_products_stays() {
    let now = live(
        json!({"currency": "EUR", "pricing_method": "custom", "balance_negative_limit": "222"}),
    );
    assert!(PriceChange::of(&now, &wanted(json!({"products": []})), None).is_empty());
    let same = json!({"currency": "eur", "pricing_method": "CUSTOM", "balance_negative_limit": 222, "products": []});
    assert!(PriceChange::of(&now, &wanted(same), None).is_empty());
    let other = json!({"balance_negative_limit": 223, "products": []});
    assert!(!PriceChange::of(&now, &wanted(other), None).is_empty());
}

#[test]
fn i8_every_change_of_currency_is_a_danger_but_to_the_documented_default() {
    for (from, to, dangerous) in [
        (json!("USD"), "EUR", true),
        (json!("EUR"), "USD", true),
        (json!("usd"), "USD", false),
        (json!(null), "USD", false),
        (json!(" "), "usd", false),
        (json!(null), "EUR", true),
        (json!("USD"), "", true),
    ] {
        let now = live(json!({"currency": from}));
        let request = wanted(json!({"currency": to, "products": []}));
        for change in [
            PriceChange::of(&now, &request, None),
            PriceChange::of(&now, &request, Some(false)),
        ] {
            let expected = if dangerous {
                vec![Word::CurrencyChange]
            } else {
                vec![]
            };
            assert_eq!(words(&change), expected, "{from} → {to}");
        }
    }
}

#[test]
fn i8_a_product_that_loses_its_prices_jumps_to_where_nobody_knows() {
    let now = live(json!({"products": [priced("ssl_plus", &json!(412))]}));
    for prices in [json!(null), json!([])] {
        let mut product = json!({"product_name_id": "ssl_plus"});
        if prices.is_array() {
            product["prices"] = prices;
        }
        let change = PriceChange::of(&now, &wanted(json!({"products": [product]})), None);
        assert_eq!(kinds(&change), [("ssl_plus", Kind::Repriced)]);
        assert_eq!(change.products[0].prices[0].jump, Some(Jump::ToUnknown));
        assert_eq!(words(&change), [Word::PriceJump]);
        assert!(!change.is_empty() && change.is_fulfilled());
    }
}

#[test]
fn i8_a_term_that_is_dropped_jumps_to_where_nobody_knows() {
    let now = live(
        json!({"products": [{"product_name_id": "ssl_plus", "prices": [
        {"lifetime": 1, "cost": 412}, {"lifetime": 2, "cost": 782}]}]}),
    );
    let change = PriceChange::of(
        &now,
        &wanted(json!({"products": [priced("ssl_plus", &json!(412))]})),
        None,
    );
    assert_eq!(change.products[0].prices.len(), 1);
    assert_eq!(change.products[0].prices[0].lifetime, Some(2));
    assert_eq!(words(&change), [Word::PriceJump]);
}

#[test]
fn i8_the_first_price_of_an_enabled_product_moves_from_where_nobody_knows() {
    let retail = live(json!({"products": [{"product_name_id": "ssl_plus"}]}));
    for cost in [412, 0] {
        let request = wanted(json!({"products": [priced("ssl_plus", &json!(cost))]}));
        let change = PriceChange::of(&retail, &request, None);
        assert_eq!(kinds(&change), [("ssl_plus", Kind::Repriced)]);
        assert_eq!(change.products[0].prices[0].jump, Some(Jump::FromUnknown));
        assert_eq!(words(&change), [Word::PriceJump]);
        assert_eq!(change.counts().price_jumps, 1);
        assert!(!change.is_fulfilled());
        let itself = PriceChange::of(&retail, &request, Some(false));
        assert!(itself.is_empty() && itself.dangers().is_empty());
    }
    let other_term = json!({"products": [
        {"product_name_id": "ssl_plus", "prices": [{"lifetime": 2, "cost": 782}]}]});
    let request = wanted(
        json!({"products": [{"product_name_id": "ssl_plus", "prices": [
        {"lifetime": 1, "cost": 412}, {"lifetime": 2, "cost": 782}]}]}),
    );
    let change = PriceChange::of(&live(other_term), &request, None);
    assert_eq!(words(&change), [Word::PriceJump]);
}

#[test]
fn i8_a_product_is_enabled_at_0_only_with_the_word() {
    let nothing = live(json!({}));
    for (cost, expected) in [(0, vec![Word::PriceJump]), (412, vec![])] {
        let request = wanted(json!({"products": [priced("ssl_plus", &json!(cost))]}));
        let change = PriceChange::of(&nothing, &request, None);
        assert_eq!(kinds(&change), [("ssl_plus", Kind::Enabled)]);
        assert_eq!(words(&change), expected);
        assert_eq!(change.counts().price_jumps, expected.len());
        // A new subaccount has shown it as what to look at twice.
        assert_eq!(words(&PriceChange::of_new(&request, Some(true))), []);
    }
}

#[test]
fn i8_a_price_that_cannot_be_read_is_neither_none_nor_the_same() {
    let request = wanted(json!({"products": [priced("ssl_plus", &json!(1))]}));
    let retail = wanted(json!({"products": [{"product_name_id": "ssl_plus"}]}));
    let state = |price: &serde_json::Value| {
        live(json!({"products": [{"product_name_id": "ssl_plus", "prices": [price]}]}))
    };
    let mut fingerprints = BTreeSet::new();
    for price in [
        json!({"lifetime": 1, "price": 218}),
        json!({"lifetime": 1, "cost": null, "additional_fqdn_cost": 5}),
        json!({"cost": 218}),
        json!({"term": 1, "price": 218}),
    ] {
        let now = state(&price);
        let change = PriceChange::of(&now, &request, None);
        assert_eq!(words(&change), [Word::PriceJump], "{price}");
        let jumps: Vec<_> = change.products[0].jumps().map(|(_, jump)| jump).collect();
        assert!(jumps.contains(&Jump::FromUnknown), "{price}: {jumps:?}");
        assert_eq!(
            words(&PriceChange::of(&now, &retail, None)),
            [Word::PriceJump]
        );
        let back = PriceChange::of(&now, &former_state(&now), None);
        assert!(!back.is_empty(), "{price} is restored as if it were known");
        assert_eq!(with_unknown_prices(&now), ["ssl_plus"]);
        fingerprints.insert(fingerprint(&now));
        let human = render::human(&change, false);
        assert!(human.contains("not reported → "), "{human}");
    }
    fingerprints.insert(fingerprint(&state(&json!({"lifetime": 1, "cost": 1}))));
    fingerprints.insert(fingerprint(&live(former_json(&retail))));
    assert_eq!(fingerprints.len(), 6, "each is another state");
    assert_eq!(
        with_unknown_prices(&state(&json!({"lifetime": 1, "cost": 1}))),
        Vec::<String>::new()
    );
}

fn former_json(
    request: &digicert_types::certcentral::SetSubaccountProductsRequest,
) -> serde_json::Value {
    serde_json::to_value(request).unwrap()
}

#[test]
fn i8_another_pricing_method_is_a_danger_where_prices_stay() {
    let request =
        wanted(json!({"pricing_method": "units", "products": [priced("ssl_plus", &json!(412))]}));
    for (products, expected) in [
        (
            json!([priced("ssl_plus", &json!(412))]),
            vec![Word::PriceJump],
        ),
        (json!([]), vec![]),
    ] {
        let now = live(json!({"pricing_method": "custom", "products": products}));
        assert_eq!(words(&PriceChange::of(&now, &request, None)), expected);
    }
}

#[test]
fn i8_a_product_that_is_listed_twice_is_every_price_it_could_have() {
    let now = live(json!({"products": [priced("ssl_plus", &json!(412))]}));
    let twice = wanted(
        json!({"products": [priced("ssl_plus", &json!(412)), priced("ssl_plus", &json!(4.12))]}),
    );
    let change = PriceChange::of(&now, &twice, None);
    assert_eq!(words(&change), [Word::PriceJump]);
    let bare = wanted(
        json!({"products": [priced("ssl_plus", &json!(412)), {"product_name_id": "ssl_plus"}]}),
    );
    assert_eq!(
        words(&PriceChange::of(&now, &bare, None)),
        [Word::PriceJump]
    );
}

#[test]
fn a_cost_that_is_not_supported_is_ignored_as_long_as_the_service_does() {
    let with = |fqdn: i64| {
        json!({"products": [{"product_name_id": "ssl_plus",
            "prices": [{"lifetime": 1, "cost": 412, "additional_fqdn_cost": fqdn}]}]})
    };
    let change = PriceChange::of(&live(with(0)), &wanted(with(135)), None);
    assert!(change.is_empty());
    assert_eq!(change.products[0].ignored[0].field, Cost::Fqdn);
    assert_eq!(change.products[0].ignored[0].amount, Amount::from(135));
    let change = PriceChange::of(&live(with(100)), &wanted(with(135)), None);
    assert_eq!(kinds(&change), [("ssl_plus", Kind::Repriced)]);
    assert_eq!(change.products[0].ignored, []);
}

#[test]
fn i8_an_absent_additional_cost_is_compared_as_nothing() {
    let now = live(json!({"products": [{"product_name_id": "ssl_multi_domain",
        "prices": [{"lifetime": 1, "cost": 412, "additional_fqdn_cost": 135}]}]}));
    let change = PriceChange::of(
        &now,
        &wanted(json!({"products": [priced("ssl_multi_domain", &json!(412))]})),
        None,
    );
    assert_eq!(change.products[0].prices[0].jump, Some(Jump::ToZero));
}

#[test]
fn a_subaccount_that_pays_for_itself_has_no_prices_to_change() {
    let now = live(
        json!({"currency": "USD", "products": [priced("ssl_plus", &json!(412)), priced("ssl_basic", &json!(1))]}),
    );
    let request = wanted(
        json!({"currency": "USD", "products": [priced("ssl_plus", &json!(4)), {"product_name_id": "ssl_basic"}]}),
    );
    let change = PriceChange::of(&now, &request, Some(false));
    assert!(change.is_empty() && change.is_fulfilled() && change.dangers().is_empty());
    let dropped = wanted(json!({"products": [priced("ssl_plus", &json!(4))]}));
    assert_eq!(
        words(&PriceChange::of(&now, &dropped, Some(false))),
        [Word::Disable]
    );
}

#[test]
fn a_changed_currency_changes_every_price() {
    let now = live(json!({"currency": "USD", "products": [priced("ssl_plus", &json!(412))]}));
    let request = wanted(json!({"currency": "EUR", "products": [priced("ssl_plus", &json!(412))]}));
    let change = PriceChange::of(&now, &request, None);
    assert_eq!(kinds(&change), [("ssl_plus", Kind::Repriced)]);
    assert_eq!(change.products[0].prices[0].percent, None);
    assert_eq!(words(&change), [Word::CurrencyChange]);
}

/// What is restored is what the rules accept.
#[test]
fn a_former_state_has_the_costs_that_its_products_need() {
    let now = live(json!({"currency": "USD", "products": [
        {"product_name_id": "ssl_multi_domain", "prices": [{"lifetime": 1, "cost": 412}]},
        {"product_name_id": "ssl_plus", "product_name": "Standard", "unit": {"limit": 1},
         "prices": [{"lifetime": 1, "cost": 218, "additional_fqdn_cost": 0, "additional_wildcard_cost": 0}]},
        {"product_name_id": "ssl_basic"}]}));
    let request = former_state(&now);
    assert_eq!(
        serde_json::to_value(&request).unwrap(),
        json!({"currency": "USD", "products": [
            {"product_name_id": "ssl_basic"},
            {"product_name_id": "ssl_multi_domain",
             "prices": [{"lifetime": 1, "cost": 412, "additional_fqdn_cost": 0}]},
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 218}]}]})
    );
    let report = digicert_validate::validate(&request, &digicert_validate::Context::default());
    assert_eq!(
        report.count(digicert_validate::Severity::Error),
        0,
        "{report}"
    );
}

fn everything() -> PriceChange {
    let now = live(json!({
        "currency": "USD", "pricing_method": "custom", "balance_negative_limit": "222",
        "products": [
            {"product_name_id": "ssl_basic", "prices": [
                {"lifetime": 1, "cost": 218, "additional_fqdn_cost": 99}, {"lifetime": 2, "cost": 400.5}]},
            {"product_name_id": "ssl_ev_plus", "prices": [{"lifetime": 1, "cost": 344}]},
            {"product_name_id": "ssl_multi_domain", "prices": [
                {"lifetime": 1, "cost": 412, "additional_fqdn_cost": 1351},
                {"lifetime": 2, "cost": 782, "additional_fqdn_cost": 257}]},
            {"product_name_id": "ssl_wildcard", "prices": [
                {"lifetime": 1, "cost": 688, "additional_wildcard_cost": 658}]},
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 99_999_999.99}]}],
    }));
    PriceChange::of(
        &now,
        &wanted(json!({
            "balance_negative_limit": 500,
            "products": [
                {"product_name_id": "ssl_plus", "prices": [
                    {"lifetime": 1, "cost": "99999999.99", "additional_fqdn_cost": 7}]},
                {"product_name_id": "ssl_wildcard", "prices": [
                    {"lifetime": 1, "cost": 690.25, "additional_wildcard_cost": 658}]},
                {"product_name_id": "ssl_ev_plus", "prices": [{"lifetime": 1, "cost": 344}]},
                {"product_name_id": "ssl_multi_domain", "prices": [
                    {"lifetime": 1, "cost": 450, "additional_fqdn_cost": 135.1},
                    {"lifetime": 3, "cost": 1100, "additional_fqdn_cost": 300}]},
                {"product_name_id": "\u{1b}[2J|@all <b>x</b>\n", "prices": [{"lifetime": 1, "cost": 5}]},
                {"product_name_id": "ssl_securesite"}],
        })),
        None,
    )
}

#[test]
fn a_change_for_people() {
    let change = everything();
    let text = render::human(&change, false) + "\n" + &render::dangers(&change.dangers(), false);
    insta::assert_snapshot!(text);
}

#[test]
fn a_change_in_colour() {
    let change = everything();
    insta::assert_snapshot!(
        render::human(&change, true)
            .escape_debug()
            .to_string()
            .replace("\\n", "\n")
    );
}

#[test]
fn a_change_for_a_pull_request() {
    insta::assert_snapshot!(render::markdown(&everything()));
}

#[test]
fn a_change_in_json() {
    let mut json = serde_json::to_value(everything()).unwrap();
    json["products"]
        .as_array_mut()
        .unwrap()
        .retain(|product| product["change"] != "unchanged");
    json.sort_all_objects();
    insta::assert_snapshot!(serde_json::to_string_pretty(&json).unwrap());
}

#[test]
fn another_currency_for_people() {
    let now = live(json!({"currency": "USD", "pricing_method": "default",
        "products": [priced("ssl_plus", &json!(412)), priced("ssl_ev_plus", &json!(344))]}));
    let request = wanted(json!({"currency": "EUR", "pricing_method": "custom",
        "products": [priced("ssl_plus", &json!(412)), priced("ssl_ev_plus", &json!(310.5))]}));
    let change = PriceChange::of(&now, &request, None);
    let text = render::human(&change, false) + "\n" + &render::dangers(&change.dangers(), false);
    insta::assert_snapshot!(text);
}

#[test]
fn nothing_and_everything_switched_off_for_people() {
    let now = live(json!({"products": [priced("ssl_plus", &json!(412))]}));
    let same = PriceChange::of(&now, &former_state(&now), None);
    let off = PriceChange::of(&now, &wanted(json!({"products": []})), None);
    let dangers = render::dangers(&off.dangers(), false);
    insta::assert_snapshot!(
        [
            render::human(&same, false),
            render::human(&off, false),
            dangers
        ]
        .join("---\n")
    );
}

#[test]
fn kinds_are_counted_from_both_sides() {
    let change = everything();
    let counts = change.counts();
    assert_eq!(
        (
            counts.live,
            counts.enabled,
            counts.disabled,
            counts.repriced,
            counts.unchanged
        ),
        (5, 2, 1, 2, 2)
    );
    assert_eq!(counts.price_jumps, 5);
    assert!(!change.products.iter().all(ProductChange::is_unchanged));
}

/// What a careful reader of a live state that is odd is told.
#[test]
fn odd_live_states_are_told_as_they_are() {
    let product =
        |prices: serde_json::Value| json!({"product_name_id": "ssl_plus", "prices": prices});
    let term = |lifetime: i64, cost: i64| json!({"lifetime": lifetime, "cost": cost});
    let wanted = wanted(json!({"products": [product(json!([term(1, 218)]))]}));
    for (prices, shown) in [
        // A price below 0 is no price of 0.
        (json!([term(1, -5)]), "-5 → 218 USD  from below 0\n"),
        (json!([term(1, 0)]), "0 → 218 USD  from 0\n"),
        // There may be one, of a term or an amount that nobody tells.
        (json!([{"cost": 218}]), "not reported → 218 USD"),
        (
            json!([{"lifetime": 1, "cost": null}]),
            "not reported → 218 USD",
        ),
        (json!([]), "not reported → 218 USD"),
        // Nobody knows which of two holds.
        (
            json!([term(1, 218), term(1, 300)]),
            "repriced, from one of several prices that the service lists for 1 year\n",
        ),
    ] {
        let now = live(json!({"currency": "USD", "products": [product(prices.clone())]}));
        let change = PriceChange::of(&now, &wanted, Some(true));
        let text = render::human(&change, false);
        assert!(text.contains(shown), "{prices}: {text}");
    }
    let twice = json!([
        product(json!([term(1, 218)])),
        product(json!([term(1, 300)]))
    ]);
    let now = live(json!({"currency": "USD", "products": twice}));
    let change = PriceChange::of(&now, &wanted, Some(true));
    assert_eq!(change.products[0].terms_priced_twice, [1]);
    let markdown = render::markdown(&change);
    assert!(
        markdown.contains("repriced, from one of several prices"),
        "{markdown}"
    );
}

#[test]
fn a_limit_that_is_ten_times_as_high_is_remarked() {
    for (from, to, is_remarked) in [
        (json!(222), 22200, true),
        (json!("222"), 2220, true),
        (json!(222), 2219, false),
        (json!(0), 500, false),
        (json!(null), 500, false),
        (json!(222), 0, false),
    ] {
        let now = live(json!({"balance_negative_limit": from}));
        let wanted = wanted(json!({"balance_negative_limit": to, "products": []}));
        let text = render::human(&PriceChange::of(&now, &wanted, None), false);
        let remark = "(ten times as much or more)";
        assert_eq!(text.contains(remark), is_remarked, "{text}");
    }
}

#[test]
fn space_around_an_identifier_can_be_seen() {
    let wanted = wanted(json!({"products": [{"product_name_id": " ssl_plus"}]}));
    let text = render::human(&PriceChange::of(&live(json!({})), &wanted, None), false);
    assert!(text.starts_with("+ ` ssl_plus`: enabled"), "{text}");
}

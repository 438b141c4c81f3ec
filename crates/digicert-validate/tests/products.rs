//! The rules on a request to set products, at their edges. What each rule is for, and its plain
//! examples, are in its documentation, which `doc_examples.rs` runs.

#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

use digicert_types::certcentral::SetSubaccountProductsRequest;
use digicert_types::examples;
use digicert_validate::{Context, Finding, Report, Severity, Validator, validate};
use serde_json::{Value, json};

/// The findings of every rule, without a context.
#[track_caller]
fn check(request: &Value) -> Report {
    check_in(request, &json!({}))
}

#[track_caller]
fn check_in(request: &Value, context: &Value) -> Report {
    let request: SetSubaccountProductsRequest = serde_json::from_str(&request.to_string())
        .unwrap_or_else(|error| panic!("{request}: {error}"));
    validate(&request, &context_of(context))
}

#[track_caller]
fn context_of(context: &Value) -> Context {
    serde_json::from_str(&context.to_string()).unwrap_or_else(|error| panic!("{context}: {error}"))
}

/// Where a rule fires, in the order of the report.
fn at<'a>(report: &'a Report, rule: &str) -> Vec<&'a str> {
    of(report, rule)
        .map(|finding| finding.pointer.as_str())
        .collect()
}

fn of<'a>(report: &'a Report, rule: &str) -> impl Iterator<Item = &'a Finding> {
    assert!(digicert_validate::rule(rule).is_some(), "no rule {rule}");
    report
        .findings()
        .iter()
        .filter(move |finding| finding.rule.name == rule)
}

/// The one finding of a rule.
#[track_caller]
fn one<'a>(report: &'a Report, rule: &str) -> &'a Finding {
    let found: Vec<_> = of(report, rule).collect();
    assert_eq!(found.len(), 1, "{rule}: {report}");
    found[0]
}

/// Every finding as rule and pointer.
fn all(report: &Report) -> Vec<(&str, &str)> {
    let findings = report.findings().iter();
    findings
        .map(|finding| (finding.rule.name, finding.pointer.as_str()))
        .collect()
}

/// A request for one product that no rule has anything against, and its prices.
fn prices(name_id: &str, prices: &Value) -> Value {
    json!({"products": [{"product_name_id": name_id, "prices": prices}]})
}

fn clean_product(name_id: &str) -> Value {
    json!({"product_name_id": name_id, "prices": [{"lifetime": 1, "cost": 412}]})
}

/// A clean request with another field.
fn with(field: &str, value: Value) -> Value {
    let mut request = json!({"products": [clean_product("ssl_plus")]});
    request[field] = value;
    request
}

#[test]
fn the_sample_of_the_documentation_yields_exactly_two_findings() {
    let sample = examples::find("set_subaccount_products", "request", "sample").unwrap();
    let request: SetSubaccountProductsRequest = serde_json::from_str(sample.json).unwrap();
    let report = validate(&request, &Context::default());
    assert_eq!(
        all(&report),
        [
            ("price-defaults", "/products/0"),
            (
                "additional-cost-exceeds-base",
                "/products/1/prices/0/additional_fqdn_cost"
            ),
        ]
    );
    let text = report.to_string();
    assert!(text.contains("1351") && text.contains("412"), "{text}");
    assert_eq!(report.count(Severity::Error), 0);
}

#[test]
fn a_clean_request_has_no_finding() {
    let mut request = prices(
        "ssl_geotrust_truebizid",
        &json!([
            {"lifetime": 1, "cost": 412, "additional_fqdn_cost": 135.5, "additional_wildcard_cost": 0},
            {"lifetime": 2, "cost": "782.25", "additional_fqdn_cost": 257, "additional_wildcard_cost": 658},
        ]),
    );
    request["currency"] = json!("USD");
    request["pricing_method"] = json!("custom");
    request["balance_negative_limit"] = json!("222");
    assert_eq!(all(&check(&request)), []);
}

mod products_empty {
    use super::*;

    #[test]
    fn only_an_acknowledged_empty_list_passes() {
        let empty = json!({"products": []});
        assert_eq!(all(&check(&empty)), [("products-empty", "/products")]);
        for (context, silent) in [
            (json!({"acknowledged": {"disable_everything": true}}), true),
            (
                json!({"acknowledged": {"disable_everything": false}}),
                false,
            ),
            (json!({"acknowledged": {"currency_change": true}}), false),
        ] {
            let report = check_in(&empty, &context);
            assert_eq!(
                at(&report, "products-empty").is_empty(),
                silent,
                "{context}"
            );
        }
    }
}

mod i8_product_dropped {
    use super::*;

    const RULE: &str = "product-dropped";

    fn now(name_ids: &[&str]) -> Value {
        let products: Vec<Value> = name_ids
            .iter()
            .map(|name_id| json!({"product_name_id": name_id}))
            .collect();
        json!({"subaccount": {"products": {"products": products}}})
    }

    #[test]
    fn one_finding_names_them_all_as_they_stand_now() {
        let request = json!({"products": [clean_product("ssl_plus")]});
        let context = now(&["ssl_wildcard", "newest_product", "ssl_plus", "ssl_basic"]);
        let report = check_in(&request, &context);
        let finding = one(&report, RULE);
        assert_eq!(finding.pointer, "/products");
        let message = &finding.message;
        assert!(message.starts_with("3 products"), "{message}");
        assert!(
            message.ends_with("`ssl_wildcard`, `newest_product`, `ssl_basic`"),
            "{message}"
        );
    }

    #[test]
    fn an_empty_list_drops_everything() {
        let mut context = now(&["ssl_plus"]);
        for acknowledged in [false, true] {
            context["acknowledged"] = json!({"disable_everything": acknowledged});
            let report = check_in(&json!({"products": []}), &context);
            let message = &one(&report, RULE).message;
            assert!(message.starts_with("`ssl_plus` is"), "{message}");
        }
    }

    #[test]
    fn silent_without_a_context_or_a_loss() {
        let request = json!({"products": [clean_product("ssl_plus"), clean_product("ssl_basic")]});
        for context in [
            json!({}),
            json!({"subaccount": {}}),
            json!({"subaccount": {"products": {}}}),
            now(&["ssl_basic", "ssl_plus"]),
            now(&["", " "]),
            json!({"subaccount": {"products": {"products": [{"product_name": "WildCard"}]}}}),
        ] {
            assert_eq!(
                at(&check_in(&request, &context), RULE),
                [""; 0],
                "{context}"
            );
        }
    }

    #[test]
    fn a_product_that_stands_twice_is_named_once() {
        let request = json!({"products": [clean_product("ssl_plus")]});
        let report = check_in(&request, &now(&["ssl_basic", "ssl_basic"]));
        assert_eq!(one(&report, RULE).message.matches("ssl_basic").count(), 1);
    }

    #[test]
    fn a_name_cannot_write_to_the_terminal() {
        let request = json!({"products": [clean_product("ssl_plus")]});
        let report = check_in(&request, &now(&["\u{1b}[2J\n"]));
        assert!(!one(&report, RULE).message.contains(char::is_control));
    }
}

mod currency {
    use super::*;

    #[test]
    fn malformed_is_anything_but_three_capital_letters() {
        for malformed in [
            "", " ", "US", "USDD", "US1", "U$D", "usd", "Usd", " USD", "USD ", "ÜSD", "UＳD", "$",
        ] {
            let report = check(&with("currency", json!(malformed)));
            assert_eq!(
                all(&report),
                [("currency-malformed", "/currency")],
                "{malformed:?}"
            );
            let message = &one(&report, "currency-malformed").message;
            assert!(message.contains(&format!("{malformed:?}")), "{message}");
        }
        for fine in ["USD", "EUR", "JPY"] {
            assert_eq!(all(&check(&with("currency", json!(fine)))), []);
        }
    }

    #[test]
    fn malformed_helps_with_the_letters_in_upper_case() {
        for (malformed, helps) in [("usd", true), ("Usd ", true), ("us", false), ("u$d", false)] {
            let report = check(&with("currency", json!(malformed)));
            let help = &one(&report, "currency-malformed").help;
            assert_eq!(help == "write it `USD`", helps, "{malformed:?}: {help}");
        }
    }

    #[test]
    fn unknown_is_what_is_no_active_code() {
        // Withdrawn: the lev, the kuna, the guilder of the Antilles, the dollar of Zimbabwe.
        for unknown in ["UDS", "ABC", "BGN", "HRK", "ANG", "ZWL", "AAA", "ZZZ"] {
            let report = check(&with("currency", json!(unknown)));
            assert_eq!(
                all(&report),
                [("currency-unknown", "/currency")],
                "{unknown}"
            );
            let finding = one(&report, "currency-unknown");
            assert!(finding.message.contains(unknown), "{finding}");
            assert_eq!(finding.severity, Severity::Warning);
        }
        // The first and the last, funds, metals, no currency, and the newest.
        for known in [
            "AED", "ZWG", "USN", "CHE", "XAU", "XXX", "XCG", "XAD", "SLE",
        ] {
            assert_eq!(all(&check(&with("currency", json!(known)))), [], "{known}");
        }
    }
}

mod i8_currency_change {
    use super::*;

    const RULE: &str = "currency-change-resets-balance";

    #[test]
    fn a_known_currency_that_differs_is_an_error() {
        let request = with("currency", json!("EUR"));
        for (now, differs) in [
            (json!("USD"), true),
            (json!("EUR"), false),
            (json!("eur"), false),
            (json!(""), false),
            (json!(null), false),
        ] {
            let context = json!({"subaccount": {"products": {"currency": now}}});
            let report = check_in(&request, &context);
            assert_eq!(at(&report, RULE).len(), usize::from(differs), "{now}");
        }
        let context = json!({"subaccount": {"products": {"currency": "USD"}}});
        let report = check_in(&request, &context);
        let finding = one(&report, RULE);
        assert_eq!(finding.pointer, "/currency");
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(finding.message, "the currency changes from USD to EUR");
        for said in ["balance", "cannot be undone", "parent", "domains"] {
            assert!(finding.help.contains(said), "{said}: {}", finding.help);
        }
    }

    #[test]
    fn silent_if_it_stays_or_is_acknowledged_or_nothing_is_known() {
        let usd = json!({"products": {"currency": "USD"}});
        let stays = with("pricing_method", json!("custom"));
        assert_eq!(all(&check_in(&stays, &json!({"subaccount": usd}))), []);
        let changes = with("currency", json!("EUR"));
        assert_eq!(all(&check(&changes)), []);
        let said = json!({"subaccount": usd, "acknowledged": {"currency_change": true}});
        assert_eq!(all(&check_in(&changes, &said)), []);
        let other = json!({"subaccount": usd, "acknowledged": {"disable_everything": true}});
        assert_eq!(all(&check_in(&changes, &other)), [(RULE, "/currency")]);
    }

    #[test]
    fn it_needs_prices_if_the_parent_pays() {
        let request = json!({"currency": "EUR", "products": [
            {"product_name_id": "ssl_basic"},
            clean_product("ssl_plus"),
            {"product_name_id": "ssl_wildcard", "prices": []},
        ]});
        let context = |bill_parent: Value, now: &str| {
            json!({
                "subaccount": {"bill_parent": bill_parent, "products": {"currency": now}},
                "acknowledged": {"currency_change": true},
            })
        };
        let found = |bill_parent: Value, now: &str| {
            let report = check_in(&request, &context(bill_parent, now));
            at(&report, "currency-change-needs-prices")
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(found(json!(true), "USD"), ["/products/0", "/products/2"]);
        assert_eq!(found(json!(true), "eur"), [""; 0]);
        assert_eq!(found(json!(false), "USD"), [""; 0]);
        assert_eq!(found(json!(null), "USD"), [""; 0]);
        assert_eq!(
            at(&check(&request), "currency-change-needs-prices"),
            [""; 0]
        );
    }
}

mod self_billed_ignored {
    use super::*;

    #[test]
    fn what_is_sent_is_reported_where_it_stands() {
        let request = json!({"currency": "USD", "products": [
            clean_product("ssl_plus"),
            {"product_name_id": "ssl_basic"},
            {"product_name_id": "ssl_ev_plus", "prices": []},
        ]});
        let context = json!({"subaccount": {"bill_parent": false}});
        // And nothing about default prices, which do not hold for it either.
        assert_eq!(
            all(&check_in(&request, &context)),
            [
                ("self-billed-ignored", "/currency"),
                ("self-billed-ignored", "/products/0/prices"),
            ]
        );
        for context in [json!({}), json!({"subaccount": {"bill_parent": true}})] {
            let report = check_in(&request, &context);
            assert_eq!(at(&report, "self-billed-ignored"), [""; 0], "{context}");
        }
    }
}

mod negative_limit_invalid {
    use super::*;

    #[test]
    fn zero_is_the_lowest() {
        for (limit, fires) in [
            (json!(-1), true),
            (json!("-222"), true),
            (json!(i64::MIN), true),
            (json!(0), false),
            (json!("222"), false),
            (json!(i64::MAX), false),
        ] {
            let report = check(&with("balance_negative_limit", limit.clone()));
            let pointers = at(&report, "negative-limit-invalid");
            assert_eq!(pointers.len(), usize::from(fires), "{limit}");
        }
        let report = check(&with("balance_negative_limit", json!("-222")));
        let finding = one(&report, "negative-limit-invalid");
        assert_eq!(finding.pointer, "/balance_negative_limit");
        assert!(finding.message.contains("-222"), "{finding}");
    }
}

mod pricing_method_unknown {
    use super::*;

    #[test]
    fn the_documented_ones_pass_in_any_letter_case() {
        for known in ["default", "Custom", "UNITS", "Units"] {
            assert_eq!(all(&check(&with("pricing_method", json!(known)))), []);
        }
        for unknown in ["", "unit", "retail", " units"] {
            let report = check(&with("pricing_method", json!(unknown)));
            let finding = one(&report, "pricing-method-unknown");
            assert_eq!(finding.pointer, "/pricing_method");
            assert!(
                finding.message.contains(&format!("{unknown:?}")),
                "{finding}"
            );
        }
    }
}

mod identifiers {
    use super::*;

    fn named(name_ids: &[&str]) -> Report {
        let products: Vec<Value> = name_ids.iter().copied().map(clean_product).collect();
        check(&json!({"products": products}))
    }

    #[test]
    fn missing_is_reported_at_the_entry_and_blank_at_the_field() {
        let report = check(&json!({"products": [
            {"product_name": "WildCard", "prices": [{"lifetime": 1, "cost": 688}]},
            clean_product(""),
            clean_product(" \t\u{a0}"),
            clean_product(""),
            clean_product("ssl_plus"),
        ]}));
        // A blank one is neither unknown nor repeated.
        assert_eq!(
            all(&report),
            [
                ("product-id-missing", "/products/0"),
                ("product-id-missing", "/products/1/product_name_id"),
                ("product-id-missing", "/products/2/product_name_id"),
                ("product-id-missing", "/products/3/product_name_id"),
            ]
        );
    }

    #[test]
    fn unknown_suggests_what_is_near() {
        for (written, meant) in [
            ("ssl_puls", Some("ssl_plus")),
            ("SSL_PLUS", Some("ssl_plus")),
            ("ssl-plus", Some("ssl_plus")),
            (" ssl_plus", Some("ssl_plus")),
            ("ssl_multidomain", Some("ssl_multi_domain")),
            ("ssl_ev_secure_site", Some("ssl_ev_securesite")),
            ("client_premium_sha256", Some("client_premium_sha2")),
            // Five characters of thirty-three, which is more than a slip.
            ("client_premium_data_encipherXXXXX", None),
            ("newest_product", None),
            ("ssl", None),
            ("x", None),
        ] {
            let report = named(&[written]);
            let finding = one(&report, "product-unknown");
            assert_eq!(finding.pointer, "/products/0/product_name_id");
            assert_eq!(finding.severity, Severity::Warning);
            assert!(finding.message.contains(written), "{finding}");
            let help = meant.map_or_else(String::new, |meant| format!("did you mean `{meant}`?"));
            let helps = finding.help.starts_with("did you mean");
            assert_eq!(
                (helps, helps && finding.help == help),
                (meant.is_some(), meant.is_some())
            );
        }
    }

    #[test]
    fn a_very_long_identifier_is_no_trouble() {
        let long = "ssl_plus".repeat(100_000);
        let report = named(&[&long, &long]);
        assert_eq!(at(&report, "product-unknown").len(), 2);
        assert_eq!(at(&report, "product-repeated").len(), 1);
    }

    #[test]
    fn repeated_is_reported_at_every_further_occurrence() {
        let names = [
            "Bad",
            "ssl_plus",
            "bad",
            "ssl_basic",
            "bad",
            "ssl_plus",
            "ssl_plus",
        ];
        let report = named(&names);
        let repeated: Vec<_> = of(&report, "product-repeated")
            .map(|finding| (&*finding.pointer, &*finding.message))
            .collect();
        let bad = "`bad` is listed before, at /products/2";
        let ssl_plus = "`ssl_plus` is listed before, at /products/1";
        assert_eq!(
            repeated,
            [
                ("/products/4/product_name_id", bad),
                ("/products/5/product_name_id", ssl_plus),
                ("/products/6/product_name_id", ssl_plus),
            ]
        );
    }

    #[test]
    fn repeated_is_found_among_many_unknown_ones() {
        for count in [1, 15, 16, 17, 40] {
            let mut names: Vec<String> = (0..count).map(|index| format!("new_{index}")).collect();
            names.extend(names.clone());
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let report = named(&names);
            let expected: Vec<String> = (count..2 * count)
                .map(|index| format!("/products/{index}/product_name_id"))
                .collect();
            assert_eq!(at(&report, "product-repeated"), expected);
        }
    }

    #[test]
    fn every_known_product_may_stand_once() {
        let names: Vec<&str> = digicert_validate::products()
            .iter()
            .map(|product| product.name_id)
            .collect();
        let report = named(&names);
        assert_eq!(at(&report, "product-repeated"), [""; 0]);
        assert_eq!(at(&report, "product-unknown"), [""; 0]);
    }
}

mod price_defaults {
    use super::*;

    #[test]
    fn absent_and_empty_are_notes_at_different_places() {
        let request = json!({"products": [
            {"product_name_id": "ssl_plus"},
            {"product_name_id": "ssl_basic", "prices": []},
            {"product_name_id": "ssl_ev_plus", "prices": null},
            clean_product("ssl_ev_securesite"),
        ]});
        for context in [json!({}), json!({"subaccount": {"bill_parent": true}})] {
            let report = check_in(&request, &context);
            let pointers = ["/products/0", "/products/1/prices", "/products/2"];
            assert_eq!(at(&report, "price-defaults"), pointers);
            assert_eq!(report.count(Severity::Note), 3);
        }
        let report = check_in(&request, &json!({"subaccount": {"bill_parent": false}}));
        assert_eq!(at(&report, "price-defaults"), [""; 0]);
    }
}

mod lifetimes {
    use super::*;

    fn priced(lifetimes: &[i64]) -> Report {
        let list: Vec<Value> = lifetimes
            .iter()
            .map(|lifetime| json!({"lifetime": lifetime, "cost": 412}))
            .collect();
        check(&prices("ssl_plus", &json!(list)))
    }

    #[test]
    fn repeated_is_reported_at_every_further_occurrence() {
        for (lifetimes, repeated) in [
            (&[1, 2, 3][..], &[][..]),
            (&[3, 2, 1], &[]),
            (&[2, 3, 1], &[]),
            (&[1, 1], &[1]),
            (&[1, 2, 1, 3, 2, 1], &[2, 4, 5]),
            (&[3, 3, 3], &[1, 2]),
        ] {
            let expected: Vec<String> = repeated
                .iter()
                .map(|index| format!("/products/0/prices/{index}/lifetime"))
                .collect();
            assert_eq!(at(&priced(lifetimes), "lifetime-repeated"), expected);
        }
        let report = priced(&[2, 1, 1]);
        let message = &one(&report, "lifetime-repeated").message;
        assert!(message.starts_with("1 year of `ssl_plus`"), "{message}");
        assert!(message.ends_with("/products/0/prices/1"), "{message}");
    }

    #[test]
    fn the_same_term_in_two_products_is_not_repeated() {
        let request =
            json!({"products": [clean_product("ssl_plus"), clean_product("ssl_ev_plus")]});
        assert_eq!(all(&check(&request)), []);
    }

    #[test]
    fn one_year_is_the_shortest() {
        let report = priced(&[i64::MIN, -1, 0, 1, 6, i64::MAX]);
        assert_eq!(
            at(&report, "lifetime-out-of-range"),
            [
                "/products/0/prices/0/lifetime",
                "/products/0/prices/1/lifetime",
                "/products/0/prices/2/lifetime",
            ]
        );
        let message = &of(&report, "lifetime-out-of-range").nth(1).unwrap().message;
        assert!(message.contains("-1 years"), "{message}");
    }
}

mod additional_costs {
    use super::*;

    const FQDN: &str = "additional_fqdn_cost";
    const WILDCARD: &str = "additional_wildcard_cost";

    #[test]
    fn required_has_one_finding_for_each_missing_field() {
        for (name_id, missing) in [
            ("ssl_plus", &[][..]),
            ("ssl_multi_domain", &[FQDN]),
            ("ssl_wildcard", &[WILDCARD]),
            ("ssl_basic", &[FQDN, WILDCARD]),
            ("newest_product", &[]),
        ] {
            let request = prices(name_id, &json!([{"lifetime": 1, "cost": 412}]));
            let report = check(&request);
            let found: Vec<_> = of(&report, "required-cost-missing").collect();
            assert_eq!(found.len(), missing.len(), "{name_id}: {report}");
            for (finding, field) in found.iter().zip(missing) {
                assert_eq!(finding.pointer, "/products/0/prices/0");
                assert!(finding.message.contains(field), "{finding}");
            }
        }
    }

    #[test]
    fn required_looks_at_every_price() {
        let list = json!([
            {"lifetime": 1, "cost": 412, FQDN: 0},
            {"lifetime": 2, "cost": 782},
            {"lifetime": 3, "cost": 900, FQDN: null},
        ]);
        let report = check(&prices("ssl_multi_domain", &list));
        assert_eq!(
            at(&report, "required-cost-missing"),
            ["/products/0/prices/1", "/products/0/prices/2"]
        );
    }

    #[test]
    fn ignored_passes_a_cost_of_zero_and_an_unknown_product() {
        let list = |cost: &str| {
            let cost: Value = serde_json::from_str(cost).unwrap();
            json!([{"lifetime": 1, "cost": 412, FQDN: cost, WILDCARD: cost}])
        };
        for zero in ["0", "0.00", "\"0\"", "-0.0"] {
            assert_eq!(all(&check(&prices("ssl_plus", &list(zero)))), [], "{zero}");
        }
        assert_eq!(
            all(&check(&prices(
                "ssl_ev_plus",
                &json!([{"lifetime": 1, "cost": 412}])
            ))),
            []
        );
        let report = check(&prices("ssl_plus", &list("0.01")));
        assert_eq!(
            all(&report),
            [
                ("cost-ignored", "/products/0/prices/0/additional_fqdn_cost"),
                (
                    "cost-ignored",
                    "/products/0/prices/0/additional_wildcard_cost"
                ),
            ]
        );
        let report = check(&prices("newest_product", &list("0.01")));
        assert_eq!(at(&report, "cost-ignored"), [""; 0]);
    }

    #[test]
    fn above_the_base_is_strictly_above() {
        for (base, additional, fires) in [
            ("412", "412", false),
            ("412", "412.00", false),
            ("412", "412.01", true),
            ("412.01", "412", false),
            ("412.1", "412.09", false),
            ("412.09", "412.1", true),
            ("0", "0.01", true),
            ("0", "0", false),
            ("99999999.99", "99999999.98", false),
        ] {
            let list = format!(
                r#"[{{"lifetime": 1, "cost": {base}, "additional_fqdn_cost": {additional}}}]"#
            );
            let list: Value = serde_json::from_str(&list).unwrap();
            for name_id in ["ssl_multi_domain", "newest_product"] {
                let report = check(&prices(name_id, &list));
                let found = at(&report, "additional-cost-exceeds-base");
                assert_eq!(
                    found.len(),
                    usize::from(fires),
                    "{base} {additional} {name_id}"
                );
            }
            // There the field is ignored, which is said by another rule.
            let report = check(&prices("ssl_plus", &list));
            assert_eq!(at(&report, "additional-cost-exceeds-base"), [""; 0]);
        }
    }

    #[test]
    fn above_the_base_looks_at_each_field_and_at_the_same_price() {
        let list = json!([
            {"lifetime": 1, "cost": 10, FQDN: 11, WILDCARD: 12},
            {"lifetime": 2, "cost": 20, FQDN: 11, WILDCARD: 21},
        ]);
        let report = check(&prices("ssl_basic", &list));
        assert_eq!(
            at(&report, "additional-cost-exceeds-base"),
            [
                "/products/0/prices/0/additional_fqdn_cost",
                "/products/0/prices/0/additional_wildcard_cost",
                "/products/0/prices/1/additional_wildcard_cost",
            ]
        );
    }
}

mod costs {
    use super::*;

    const FIELDS: [&str; 3] = ["cost", "additional_fqdn_cost", "additional_wildcard_cost"];

    /// A report on three costs that are all the same.
    fn three(cost: &str) -> Report {
        let list = format!(
            r#"[{{"lifetime": 1, "cost": {cost}, "additional_fqdn_cost": {cost},
                  "additional_wildcard_cost": {cost}}}]"#
        );
        check(&prices("ssl_basic", &serde_json::from_str(&list).unwrap()))
    }

    fn at_every_cost() -> Vec<String> {
        FIELDS
            .map(|field| format!("/products/0/prices/0/{field}"))
            .to_vec()
    }

    #[test]
    fn the_range_ends_with_the_documented_maximum() {
        for inside in [
            "0",
            "0.01",
            "99999999",
            "99999999.9",
            "99999999.98",
            "99999999.99",
        ] {
            assert_eq!(all(&three(inside)), [], "{inside}");
        }
        for outside in [
            "100000000",
            "100000000.00",
            "99999999.991",
            "999999999999999",
        ] {
            let report = three(outside);
            assert_eq!(
                at(&report, "cost-out-of-range"),
                at_every_cost(),
                "{outside}"
            );
            let finding = of(&report, "cost-out-of-range").next().unwrap();
            assert!(finding.message.contains("above 99999999.99"), "{finding}");
        }
        for outside in ["-0.01", "-1", "-0.000000001", "-999999999999999"] {
            let report = three(outside);
            assert_eq!(
                at(&report, "cost-out-of-range"),
                at_every_cost(),
                "{outside}"
            );
            let finding = of(&report, "cost-out-of-range").next().unwrap();
            assert!(finding.message.contains(outside), "{finding}");
            assert!(finding.message.contains("below 0"), "{finding}");
        }
    }

    #[test]
    fn the_range_is_exact_with_many_decimals() {
        // As many digits as there are, of which most are decimals.
        assert_eq!(
            at(&three("0.999999999999999"), "cost-out-of-range"),
            [""; 0]
        );
        assert_eq!(at(&three("9.99999999999999"), "cost-out-of-range"), [""; 0]);
        assert_eq!(at(&three("99999999.9999999"), "cost-out-of-range").len(), 3);
    }

    #[test]
    fn two_decimals_are_the_most() {
        for fine in ["412", "412.5", "412.55", "412.5500", "4125e-1", "0.10"] {
            assert_eq!(at(&three(fine), "cost-too-precise"), [""; 0], "{fine}");
        }
        for (precise, decimals) in [("412.555", 3), ("0.001", 3), ("0.0001", 4)] {
            let report = three(precise);
            assert_eq!(
                at(&report, "cost-too-precise"),
                at_every_cost(),
                "{precise}"
            );
            let finding = of(&report, "cost-too-precise").next().unwrap();
            let expected = format!("{precise}: {decimals} decimals");
            assert!(finding.message.contains(&expected), "{finding}");
        }
    }
}

mod longer_term_cheaper {
    use super::*;

    /// Index and message of each term that is too cheap.
    fn too_cheap(terms: &[(i64, &str)]) -> Vec<String> {
        let list: Vec<Value> = terms
            .iter()
            .map(|(lifetime, cost)| json!({"lifetime": lifetime, "cost": cost}))
            .collect();
        let report = check(&prices("ssl_plus", &json!(list)));
        of(&report, "longer-term-cheaper")
            .map(|finding| {
                let pointer = finding.pointer.strip_prefix("/products/0/prices/").unwrap();
                let pointer = pointer.strip_suffix("/cost").unwrap();
                format!("{pointer}: {}", finding.message)
            })
            .collect()
    }

    #[test]
    fn equal_costs_pass() {
        assert_eq!(too_cheap(&[(1, "412"), (2, "412.00"), (3, "412")]), [""; 0]);
        assert_eq!(too_cheap(&[(3, "412"), (2, "412"), (1, "412")]), [""; 0]);
        assert_eq!(too_cheap(&[(1, "0"), (2, "0")]), [""; 0]);
        assert_eq!(too_cheap(&[(1, "412")]), [""; 0]);
    }

    #[test]
    fn a_cent_less_is_too_cheap() {
        assert_eq!(
            too_cheap(&[(1, "412"), (2, "411.99")]),
            ["1: 2 years of `ssl_plus` cost 411.99, less than 1 year at 412"]
        );
    }

    #[test]
    fn the_most_expensive_shorter_term_is_named_once() {
        assert_eq!(
            too_cheap(&[(1, "5"), (2, "9"), (3, "4")]),
            ["2: 3 years of `ssl_plus` cost 4, less than 2 years at 9"]
        );
        assert_eq!(
            too_cheap(&[(3, "4"), (2, "4.5"), (1, "5")]),
            [
                "0: 3 years of `ssl_plus` cost 4, less than 1 year at 5",
                "1: 2 years of `ssl_plus` cost 4.5, less than 1 year at 5",
            ]
        );
    }

    #[test]
    fn two_prices_of_one_term_are_not_compared() {
        assert_eq!(too_cheap(&[(1, "9"), (1, "5")]), [""; 0]);
    }
}

mod i8_price_jump {
    use super::*;

    const RULE: &str = "price-jump";

    fn now(products: &Value) -> Value {
        json!({"subaccount": {"products": {"products": products}}})
    }

    /// Whether one cost that becomes another is a jump, for an unknown product, where no other rule
    /// says anything about its costs.
    fn jumps(old: &str, new: &str) -> bool {
        let price = |cost: &str| {
            let cost: Value = serde_json::from_str(cost).unwrap();
            json!([{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": cost}]}])
        };
        let report = check_in(&json!({"products": price(new)}), &now(&price(old)));
        !at(&report, RULE).is_empty()
    }

    #[test]
    fn ten_times_and_a_tenth_are_jumps_exactly() {
        for (old, new, jump) in [
            ("412", "412", false),
            ("412", "4119.99", false),
            ("412", "4120", true),
            ("412", "4120.00", true),
            ("412", "41.21", false),
            ("412", "41.2", true),
            ("412", "41.19", true),
            ("0.1", "1", true),
            ("0.1", "0.99", false),
            ("0.3", "0.03", true),
            ("0.01", "0.001", true),
            ("0.01", "0.0011", false),
            ("99999999.99", "9999999.999", true),
            ("99999999.99", "10000000", false),
            ("1", "99999999.99", true),
        ] {
            assert_eq!(jumps(old, new), jump, "{old} -> {new}");
        }
    }

    #[test]
    fn to_zero_is_a_jump_and_from_zero_is_not() {
        assert!(jumps("412", "0"));
        assert!(jumps("0.01", "0.00"));
        assert!(jumps("412", "-412"));
        assert!(!jumps("0", "412"));
        assert!(!jumps("0", "0"));
        assert!(!jumps("-412", "412"));
    }

    #[test]
    fn amounts_at_the_end_of_what_can_be_held_are_compared() {
        assert!(!jumps("999999999999999", "999999999999998"));
        assert!(jumps("100000000000000", "10000000000000"));
        assert!(jumps("10000000000000", "100000000000000"));
        assert!(!jumps("100000000000000", "999999999999999"));
        assert!(jumps("999999999999999", "0.000000000000001"));
        assert!(jumps("0.000000000000001", "0.00000000000001"));
        assert!(jumps("999999999999999", "-999999999999999"));
    }

    #[test]
    fn the_finding_shows_both_at_the_field() {
        let old = json!([{"product_name_id": "ssl_basic", "prices": [
            {"lifetime": 1, "cost": 412, "additional_fqdn_cost": 100, "additional_wildcard_cost": 200},
            {"lifetime": 2, "cost": 782, "additional_fqdn_cost": 100, "additional_wildcard_cost": 200},
        ]}]);
        let new = json!({"products": [{"product_name_id": "ssl_basic", "prices": [
            {"lifetime": 2, "cost": 7820, "additional_fqdn_cost": 10, "additional_wildcard_cost": 20.01},
            {"lifetime": 1, "cost": 412, "additional_fqdn_cost": 99, "additional_wildcard_cost": 2},
        ]}]});
        let report = check_in(&new, &now(&old));
        let texts: Vec<_> = of(&report, RULE)
            .map(|finding| (&*finding.pointer, &*finding.message))
            .collect();
        let at = |index, field| format!("/products/0/prices/{index}/{field}");
        assert_eq!(
            texts,
            [
                (
                    &*at(0, "cost"),
                    "`cost` of `ssl_basic` for 2 years: 782 → 7820, ten times as much or more"
                ),
                (
                    &*at(0, "additional_fqdn_cost"),
                    "`additional_fqdn_cost` of `ssl_basic` for 2 years: 100 → 10, a tenth or less"
                ),
                (
                    &*at(1, "additional_wildcard_cost"),
                    "`additional_wildcard_cost` of `ssl_basic` for 1 year: 200 → 2, a tenth or less"
                ),
            ]
        );
    }

    #[test]
    fn only_the_same_product_and_term_are_compared() {
        let request = prices("ssl_plus", &json!([{"lifetime": 1, "cost": 4120}]));
        let price = json!([{"lifetime": 1, "cost": 412}]);
        for (product, compared) in [
            (
                json!({"product_name_id": "ssl_plus", "prices": price}),
                true,
            ),
            (
                json!({"product_name_id": "ssl_basic", "prices": price}),
                false,
            ),
            (
                json!({"product_name_id": "SSL_PLUS", "prices": price}),
                false,
            ),
            (json!({"prices": price}), false),
            (json!({"product_name_id": "ssl_plus"}), false),
            (
                json!({"product_name_id": "ssl_plus", "prices": [{"lifetime": 2, "cost": 412}]}),
                false,
            ),
            (
                json!({"product_name_id": "ssl_plus", "prices": [{"cost": 412}]}),
                false,
            ),
            (
                json!({"product_name_id": "ssl_plus", "prices": [{"lifetime": 1}]}),
                false,
            ),
        ] {
            let report = check_in(&request, &now(&json!([product])));
            assert_eq!(at(&report, RULE).len(), usize::from(compared), "{product}");
        }
        assert_eq!(at(&check(&request), RULE), [""; 0]);
    }

    #[test]
    fn only_the_same_currency_is_compared() {
        let product = |cost: i64| json!([{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": cost}]}]);
        for (old, new, compared) in [
            (json!("USD"), json!("USD"), true),
            (json!("usd"), json!("USD"), true),
            (json!("USD"), json!("JPY"), false),
            (json!("JPY"), json!(null), true),
            (json!(null), json!("JPY"), true),
            (json!(null), json!(null), true),
        ] {
            let request = json!({"currency": new, "products": product(4120)});
            let context = json!({
                "subaccount": {"products": {"currency": old, "products": product(412)}},
                "acknowledged": {"currency_change": true},
            });
            let report = check_in(&request, &context);
            assert_eq!(
                at(&report, RULE).len(),
                usize::from(compared),
                "{old} {new}"
            );
        }
    }

    #[test]
    fn it_finds_its_way_through_many_products_and_terms() {
        let products = |factor: i64| {
            let prices: Vec<Value> = (1..=40)
                .map(|term| json!({"lifetime": term, "cost": term * factor}))
                .collect();
            let products: Vec<Value> = (0..40)
                .map(|index| json!({"product_name_id": format!("new_{index}"), "prices": prices}))
                .collect();
            json!(products)
        };
        let report = check_in(&json!({"products": products(10)}), &now(&products(1)));
        assert_eq!(at(&report, RULE).len(), 1600);
        let report = check_in(&json!({"products": products(9)}), &now(&products(1)));
        assert_eq!(at(&report, RULE), [""; 0]);
    }
}

mod reports {
    use super::*;

    #[test]
    fn findings_come_in_the_order_of_the_document() {
        let mut products: Vec<Value> = (0..11).map(|_| clean_product("ssl_plus")).collect();
        products[2] = json!({"prices": [
            {"lifetime": 0, "cost": -1, "additional_fqdn_cost": 0.001},
            {"lifetime": 0, "cost": -2},
        ]});
        let request = json!({
            "products": products,
            "balance_negative_limit": -1,
            "pricing_method": "retail",
            "currency": "usd",
        });
        let context = json!({"subaccount": {"products": {
            "currency": "EUR",
            "products": [{"product_name_id": "ssl_basic"}],
        }}});
        let report = check_in(&request, &context);
        let mut expected = vec![
            ("currency-malformed", "/currency".to_owned()),
            ("currency-change-resets-balance", "/currency".to_owned()),
            ("pricing-method-unknown", "/pricing_method".to_owned()),
            (
                "negative-limit-invalid",
                "/balance_negative_limit".to_owned(),
            ),
            ("product-dropped", "/products".to_owned()),
        ];
        for index in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] {
            if index != 2 {
                expected.push((
                    "product-repeated",
                    format!("/products/{index}/product_name_id"),
                ));
                continue;
            }
            for (rule, at) in [
                ("product-id-missing", ""),
                ("lifetime-out-of-range", "/prices/0/lifetime"),
                ("cost-out-of-range", "/prices/0/cost"),
                ("cost-too-precise", "/prices/0/additional_fqdn_cost"),
                (
                    "additional-cost-exceeds-base",
                    "/prices/0/additional_fqdn_cost",
                ),
                ("lifetime-repeated", "/prices/1/lifetime"),
                ("lifetime-out-of-range", "/prices/1/lifetime"),
                ("cost-out-of-range", "/prices/1/cost"),
            ] {
                expected.push((rule, format!("/products/2{at}")));
            }
        }
        let expected: Vec<_> = expected.iter().map(|(rule, at)| (*rule, &**at)).collect();
        assert_eq!(all(&report), expected);
    }

    #[test]
    fn a_rule_that_is_off_finds_nothing_and_a_raised_one_counts() {
        let request = json!({"products": [{"product_name_id": "ssl_plus"}]});
        let request: SetSubaccountProductsRequest =
            serde_json::from_str(&request.to_string()).unwrap();
        let off = Validator::new().off("DC213").unwrap();
        assert!(off.validate(&request, &Context::default()).is_empty());
        let raised = Validator::new()
            .raise("price-defaults", Severity::Error)
            .unwrap();
        let report = raised.validate(&request, &Context::default());
        assert_eq!(report.count(Severity::Error), 1);
    }
}

/// That the work grows with the input and not with its square is counted by the tests beside the
/// code; here it would only take minutes.
mod i10_much_input {
    use super::*;

    const MANY: usize = 100_000;

    /// Too long to be a slip of a known identifier, which would be looked for.
    const LONG: &str = "a_product_that_is_newer_than_the_table_of_the_page_";

    #[test]
    fn many_prices() {
        let list: Vec<Value> = (0..MANY)
            .map(|index| json!({"lifetime": index * 7919 % MANY + 1, "cost": 412}))
            .collect();
        assert_eq!(all(&check(&prices("ssl_plus", &json!(list)))), []);

        let list: Vec<Value> = (0..MANY)
            .map(|index| json!({"lifetime": index % (MANY / 2) + 1, "cost": MANY - index}))
            .collect();
        let report = check(&prices("ssl_plus", &json!(list)));
        assert_eq!(at(&report, "lifetime-repeated").len(), MANY / 2);
        assert_eq!(at(&report, "longer-term-cheaper").len(), MANY - 2);
    }

    #[test]
    fn many_products_and_many_that_are_enabled_now() {
        let products = |from: usize| {
            let products: Vec<String> = (from..from + MANY)
                .map(|index| format!(r#"{{"product_name_id":"{LONG}{}"}}"#, index % (MANY + 9)))
                .collect();
            format!(r#"{{"products":[{}]}}"#, products.join(","))
        };
        let request: SetSubaccountProductsRequest = serde_json::from_str(&products(10)).unwrap();
        let context = format!(r#"{{"subaccount":{{"products":{}}}}}"#, products(0));
        let report = validate(&request, &serde_json::from_str(&context).unwrap());
        assert_eq!(at(&report, "product-unknown").len(), MANY);
        assert_eq!(at(&report, "product-repeated"), [""; 0]);
        // Of 0 to 9, the last round brings 0 back.
        let dropped = &one(&report, "product-dropped").message;
        assert!(dropped.starts_with("9 products"), "{}", &dropped[..40]);
    }
}

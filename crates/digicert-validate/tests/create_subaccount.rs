//! The rules on a request to create a subaccount, at the edges of what they check.

#![expect(
    clippy::expect_used,
    reason = "the sample is a constant of digicert-types"
)]

use digicert_types::certcentral::{CreateSubaccountRequest, GrandchildType, SubaccountType};
use digicert_types::examples;
use digicert_validate::{Context, Contract, ParentContext, Report, Severity, Validator, validate};
use proptest::prelude::*;

/// The sample of the documentation.
fn sample() -> CreateSubaccountRequest {
    let sample = examples::find("create_subaccount", "request", "sample").expect("it is there");
    serde_json::from_str(sample.json).expect("it is a request")
}

fn sample_with(change: impl FnOnce(&mut CreateSubaccountRequest)) -> CreateSubaccountRequest {
    let mut request = sample();
    change(&mut request);
    request
}

/// The findings without a context: name and pointer of each.
#[track_caller]
fn found(request: &CreateSubaccountRequest) -> Vec<(&'static str, String)> {
    found_in(request, &Context::default())
}

#[track_caller]
fn found_in(request: &CreateSubaccountRequest, context: &Context) -> Vec<(&'static str, String)> {
    listed(&validate(request, context))
}

fn listed(report: &Report) -> Vec<(&'static str, String)> {
    let findings = report.findings().iter();
    findings
        .map(|finding| (finding.rule.name, finding.pointer.clone()))
        .collect()
}

fn at(name: &'static str, pointer: &str) -> Vec<(&'static str, String)> {
    vec![(name, pointer.to_owned())]
}

fn parent(years: Option<i64>, contract: Option<Contract>) -> Context {
    let mut parent = ParentContext::default();
    parent.max_allowed_multi_year_plan_length = years;
    parent.contract = contract;
    let mut context = Context::default();
    context.parent = Some(parent);
    context
}

mod samples {
    use super::*;

    #[test]
    fn the_sample_of_the_documentation_has_nothing_to_say() {
        assert_eq!(validate(&sample(), &Context::default()), Report::default());
    }

    #[test]
    fn no_example_of_the_documents_has_an_error() {
        let requests = examples::EXAMPLES.iter().filter(|example| {
            example.operation == "create_subaccount" && example.part == "request"
        });
        let mut count = 0;
        for example in requests {
            let request: CreateSubaccountRequest =
                serde_json::from_str(example.json).expect("an example is a request");
            let report = validate(&request, &Context::default());
            assert_eq!(
                report.count(Severity::Error),
                0,
                "{}: {report}",
                example.name
            );
            count += 1;
        }
        assert!(count > 0);
    }
}

mod required_text_empty {
    use super::*;

    /// A required text and the pointer to it.
    type Field = (
        &'static str,
        fn(&mut CreateSubaccountRequest) -> &mut String,
    );

    const FIELDS: [Field; 9] = [
        ("/user/first_name", |request| &mut request.user.first_name),
        ("/user/last_name", |request| &mut request.user.last_name),
        ("/user/email", |request| &mut request.user.email),
        ("/organization/name", |request| {
            &mut request.organization.name
        }),
        ("/organization/address", |request| {
            &mut request.organization.address
        }),
        ("/organization/zip", |request| &mut request.organization.zip),
        ("/organization/city", |request| {
            &mut request.organization.city
        }),
        ("/organization/state", |request| {
            &mut request.organization.state
        }),
        ("/organization/country", |request| {
            &mut request.organization.country
        }),
    ];

    #[test]
    fn an_empty_or_blank_text_is_found_and_is_found_once() {
        for (pointer, field) in FIELDS {
            for blank in ["", " ", "\t\r\n", "\u{a0}", "\u{3000}\u{2003}"] {
                let request = sample_with(|request| blank.clone_into(field(request)));
                assert_eq!(
                    found(&request),
                    at("required-text-empty", pointer),
                    "{blank:?}"
                );
            }
        }
    }

    #[test]
    fn one_character_is_a_text() {
        for (pointer, field) in FIELDS {
            let request = sample_with(|request| " x ".clone_into(field(request)));
            let names: Vec<_> = found(&request).into_iter().map(|(name, _)| name).collect();
            assert!(
                !names.contains(&"required-text-empty"),
                "{pointer}: {names:?}"
            );
        }
    }

    #[test]
    fn an_optional_text_may_be_empty() {
        let empty = || Some(String::new());
        let request = sample_with(|request| {
            request.child_name = empty();
            request.user.username = empty();
            request.user.job_title = empty();
            request.user.telephone = empty();
            request.organization.assumed_name = empty();
            request.organization.address2 = empty();
            request.organization.telephone = empty();
        });
        assert_eq!(found(&request), []);
    }

    #[test]
    fn the_message_tells_empty_from_blank() {
        let message = |text: &str| {
            let request = sample_with(|request| text.clone_into(&mut request.organization.zip));
            validate(&request, &Context::default()).findings()[0]
                .message
                .clone()
        };
        assert_eq!(message(""), "the required text `zip` is empty");
        assert_eq!(
            message(" "),
            "the required text `zip` has nothing but white space"
        );
    }
}

mod email_malformed {
    use super::*;

    fn with(email: &str) -> CreateSubaccountRequest {
        sample_with(|request| email.clone_into(&mut request.user.email))
    }

    #[test]
    fn an_address_passes() {
        for email in [
            "a@b.c",
            "john.smith@example.com",
            "john.smith+digicert@example.com",
            "john..smith.@example.com",
            "o'neil/x=y_{z}!#$%&*?^`|~-@example.com",
            "john@EXAMPLE.Com",
            "john@1.2.example",
            "john@a-b.xn--bcher-kva.example",
            "\"john smith\"@example.com",
            "\"john@smith\"@example.com",
            "\"john\\\"smith\"@example.com",
            "jürgen@bücher.example",
            "用户@例子.例子",
            "अजय@डाटा.भारत",
        ] {
            assert_eq!(found(&with(email)), [], "{email}");
        }
    }

    #[test]
    fn what_is_no_address_is_found() {
        for email in [
            "john",
            "@",
            "@example.com",
            "john@",
            "john@example",
            "john@.com",
            "john@example.",
            "john@example..com",
            "john@-example.com",
            "john@example-.com",
            "john@exa_mple.com",
            "john@exa mple.com",
            "john@example.com ",
            "john@example.com\n",
            "john@[192.0.2.1]",
            "john@example.com, jane@example.com",
            "john@smith@example.com",
            " john@example.com",
            "john smith@example.com",
            "john\u{a0}smith@example.com",
            "john\u{7}@example.com",
            "\"john\nsmith\"@example.com",
            "John Smith <john.smith@example.com>",
            "<john.smith@example.com>",
            "mailto:john.smith@example.com",
            "\"\"@example.com",
            "\"@example.com",
            "\"john\"smith\"@example.com",
            "john\"smith@example.com",
            "john@exam\u{85}ple.com",
            "john@exam\u{3000}ple.com",
        ] {
            assert_eq!(
                found(&with(email)),
                at("email-malformed", "/user/email"),
                "{email:?}"
            );
        }
    }

    #[test]
    fn the_part_before_the_at_has_64_bytes() {
        let address = |local: String| with(&format!("{local}@example.com"));
        assert_eq!(found(&address("a".repeat(64))), []);
        assert_eq!(
            found(&address("a".repeat(65))),
            at("email-malformed", "/user/email")
        );
        assert_eq!(found(&address("ü".repeat(32))), []);
        assert_eq!(
            found(&address("ü".repeat(33))),
            at("email-malformed", "/user/email")
        );
    }

    #[test]
    fn the_whole_has_254_bytes() {
        let address = |bytes: usize| with(&format!("john@{}.com", "a".repeat(bytes - 9)));
        assert_eq!(address(254).user.email.len(), 254);
        assert_eq!(found(&address(254)), []);
        assert_eq!(found(&address(255)), at("email-malformed", "/user/email"));
        let report = validate(&address(255), &Context::default());
        assert!(
            report.findings()[0].message.contains("255 bytes"),
            "{report}"
        );
    }

    #[test]
    fn the_message_shows_the_address_on_one_line() {
        let report = validate(&with("john\n@example.com"), &Context::default());
        assert_eq!(
            report.findings()[0].message,
            r#""john\n@example.com" is not an e-mail address: it has a control character before the `@`"#,
        );
    }
}

mod text_control_character {
    use super::*;

    #[test]
    fn what_nobody_sees_is_found_in_every_text_and_only_there() {
        for (text, is_found) in [
            ("Example\n", true),
            ("Exa\tmple", true),
            ("\u{1b}[2J", true),
            ("Exa\u{202e}mple", true),
            ("Exa\u{2028}mple", true),
            ("Müller & Söhne, 漢字", false),
            ("a b\u{a0}c", false),
        ] {
            let request = sample_with(|request| {
                request.child_name = Some(text.to_owned());
                request.organization.city = text.to_owned();
            });
            let names = found(&request).into_iter();
            let mut places: Vec<_> = names
                .filter(|(name, _)| *name == "text-control-character")
                .map(|(_, place)| place)
                .collect();
            places.sort();
            let expected: &[&str] = if is_found {
                &["/child_name", "/organization/city"]
            } else {
                &[]
            };
            assert_eq!(places, expected, "{text:?}");
        }
    }
}

mod child_name_too_long {
    use super::*;

    fn with(name: String) -> CreateSubaccountRequest {
        sample_with(|request| request.child_name = Some(name))
    }

    #[test]
    fn a_name_has_64_characters_whatever_their_bytes() {
        for character in ["a", "ü", "書", "🐢"] {
            assert_eq!(found(&with(character.repeat(64))), [], "{character}");
            let too_long = found(&with(character.repeat(65)));
            assert_eq!(
                too_long,
                at("child-name-too-long", "/child_name"),
                "{character}"
            );
        }
    }

    #[test]
    fn the_message_counts_characters() {
        let report = validate(&with("ü".repeat(70)), &Context::default());
        assert!(
            report.findings()[0].message.contains("70 characters"),
            "{report}"
        );
        assert_eq!(report.findings()[0].help, "shorten it by 6");
    }
}

mod multi_year_plan {
    use super::*;

    const POINTER: &str = "/max_allowed_multi_year_plan_length";

    fn with(years: i64) -> CreateSubaccountRequest {
        sample_with(|request| request.max_allowed_multi_year_plan_length = Some(years))
    }

    fn names(years: i64, context: &Context) -> Vec<&'static str> {
        let found = found_in(&with(years), context);
        assert!(
            found.iter().all(|(_, pointer)| pointer == POINTER),
            "{found:?}"
        );
        found.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn up_to_3_years_are_fine() {
        for years in 1..=3 {
            assert_eq!(names(years, &Context::default()), [""; 0], "{years}");
        }
    }

    #[test]
    fn from_4_to_6_years_are_no_longer_sold() {
        for years in 4..=6 {
            let expected = ["multi-year-plan-no-longer-sold"];
            assert_eq!(names(years, &Context::default()), expected, "{years}");
        }
    }

    #[test]
    fn a_length_out_of_range_is_that_and_nothing_else() {
        let strict = parent(Some(1), Some(Contract::Ela));
        for years in [i64::MIN, -1, 0, 7, 12, i64::MAX] {
            for context in [&Context::default(), &strict] {
                assert_eq!(
                    names(years, context),
                    ["multi-year-plan-out-of-range"],
                    "{years}"
                );
            }
        }
    }

    #[test]
    fn a_length_is_at_most_that_of_the_parent() {
        let context = parent(Some(2), None);
        assert_eq!(names(1, &context), [""; 0]);
        assert_eq!(names(2, &context), [""; 0]);
        assert_eq!(names(3, &context), ["multi-year-plan-over-parent"]);
        let both = [
            "multi-year-plan-over-parent",
            "multi-year-plan-no-longer-sold",
        ];
        assert_eq!(names(4, &context), both);
        assert_eq!(
            names(6, &parent(Some(6), None)),
            ["multi-year-plan-no-longer-sold"]
        );
    }

    #[test]
    fn an_ela_or_flat_fee_contract_allows_2_years() {
        for contract in [Contract::Ela, Contract::FlatFee] {
            let context = parent(None, Some(contract));
            assert_eq!(names(1, &context), [""; 0]);
            assert_eq!(names(2, &context), [""; 0]);
            assert_eq!(names(3, &context), ["multi-year-plan-over-contract"]);
        }
        assert_eq!(names(3, &parent(None, Some(Contract::Standard))), [""; 0]);
    }

    #[test]
    fn each_limit_is_named() {
        let context = parent(Some(2), Some(Contract::FlatFee));
        let both = [
            "multi-year-plan-over-parent",
            "multi-year-plan-over-contract",
        ];
        assert_eq!(names(3, &context), both);
        let report = validate(&with(3), &context);
        assert!(
            report.findings()[1].message.contains("Flat Fee"),
            "{report}"
        );
    }

    #[test]
    fn without_a_context_or_without_a_length_there_is_nothing_to_compare() {
        assert_eq!(names(3, &Context::default()), [""; 0]);
        assert_eq!(names(3, &parent(None, None)), [""; 0]);
        assert_eq!(
            found_in(&sample(), &parent(Some(1), Some(Contract::Ela))),
            []
        );
    }
}

mod country_unknown {
    use super::*;

    fn with(country: &str) -> CreateSubaccountRequest {
        sample_with(|request| country.clone_into(&mut request.organization.country))
    }

    #[test]
    fn of_all_pairs_of_letters_249_are_countries() {
        let letters = || 'A'..='Z';
        let pairs =
            letters().flat_map(|first| letters().map(move |second| format!("{first}{second}")));
        let known: Vec<_> = pairs.filter(|pair| found(&with(pair)).is_empty()).collect();
        assert_eq!(known.len(), 249, "{known:?}");
        for country in ["AD", "DE", "GB", "SS", "US", "XK", "ZW"] {
            // Kosovo's XK is in wide use, and is not assigned.
            assert_eq!(
                known.iter().any(|code| code == country),
                country != "XK",
                "{country}"
            );
        }
    }

    #[test]
    fn letter_case_does_not_matter() {
        for country in ["US", "us", "Us", "uS", "zw", "aD"] {
            assert_eq!(found(&with(country)), [], "{country}");
        }
    }

    #[test]
    fn anything_else_is_unknown() {
        for country in [
            "U",
            "USA",
            "XX",
            "UK",
            "EU",
            "840",
            "United States",
            " US",
            "U S",
            "ÜS",
            "é",
        ] {
            let expected = at("country-unknown", "/organization/country");
            assert_eq!(found(&with(country)), expected, "{country:?}");
        }
    }

    #[test]
    fn the_help_has_the_code_that_was_meant() {
        let help = |country: &str| {
            validate(&with(country), &Context::default()).findings()[0]
                .help
                .clone()
        };
        assert_eq!(help("uk"), "write `GB`");
        assert_eq!(help("USA"), "write `US`");
        assert_eq!(help("El"), "write `GR`");
        assert_eq!(help(" de\n"), "write `DE`");
        assert_eq!(
            help("Ruritania"),
            "write the two letters of the country, such as `US`"
        );
    }

    #[test]
    fn a_long_text_is_not_repeated() {
        let report = validate(&with(&"x".repeat(100_000)), &Context::default());
        assert!(
            report.to_string().len() < 300,
            "{} bytes",
            report.to_string().len()
        );
    }
}

#[test]
fn enforce_bill_parent_is_ignored_beside_bill_parent_alone() {
    for bill_parent in [None, Some(false), Some(true)] {
        for enforce in [None, Some(false), Some(true)] {
            let request = sample_with(|request| {
                request.bill_parent = bill_parent;
                request.enforce_bill_parent = enforce;
            });
            let expected = if bill_parent == Some(true) && enforce.is_some() {
                at("enforce-bill-parent-ignored", "/enforce_bill_parent")
            } else {
                vec![]
            };
            assert_eq!(found(&request), expected, "{bill_parent:?} {enforce:?}");
        }
    }
}

#[test]
fn a_repeated_type_is_found_at_each_repetition() {
    use GrandchildType::{Enterprise, Reseller, Retail};
    let pointers = |types: &[GrandchildType]| -> Vec<String> {
        let request = sample_with(|request| request.allowed_grandchildren = types.to_vec());
        let found = found(&request).into_iter();
        found
            .map(|(name, pointer)| {
                assert_eq!(name, "grandchild-type-repeated");
                pointer
            })
            .collect()
    };
    assert_eq!(pointers(&[]), [""; 0]);
    assert_eq!(pointers(&[Reseller]), [""; 0]);
    assert_eq!(pointers(&[Reseller, Enterprise, Retail]), [""; 0]);
    assert_eq!(pointers(&[Retail, Retail]), ["/allowed_grandchildren/1"]);
    assert_eq!(
        pointers(&[Retail, Enterprise, Enterprise, Reseller, Retail, Retail]),
        [
            "/allowed_grandchildren/2",
            "/allowed_grandchildren/4",
            "/allowed_grandchildren/5"
        ],
    );
}

#[test]
fn a_managed_subaccount_gets_a_note_and_no_other_type_does() {
    for kind in [
        SubaccountType::Retail,
        SubaccountType::Enterprise,
        SubaccountType::Reseller,
        SubaccountType::Managed,
    ] {
        let request = sample_with(|request| request.account_type = kind);
        let report = validate(&request, &Context::default());
        if kind == SubaccountType::Managed {
            assert_eq!(
                listed(&report),
                at("managed-key-shown-once", "/account_type")
            );
            assert_eq!(report.count(Severity::Note), 1);
            assert!(report.into_result().is_ok());
        } else {
            assert_eq!(report, Report::default());
        }
    }
}

/// A request that nearly every rule has something against.
fn all_wrong() -> CreateSubaccountRequest {
    sample_with(|request| {
        request.account_type = SubaccountType::Managed;
        request.allowed_grandchildren = vec![GrandchildType::Retail; 2];
        request.bill_parent = Some(true);
        request.enforce_bill_parent = Some(true);
        request.child_name = Some("x".repeat(65));
        request.user.first_name.clear();
        request.user.last_name.clear();
        "john".clone_into(&mut request.user.email);
        request.organization.name.clear();
        request.organization.address.clear();
        request.organization.zip.clear();
        request.organization.city.clear();
        request.organization.state.clear();
        "USA".clone_into(&mut request.organization.country);
        request.max_allowed_multi_year_plan_length = Some(4);
    })
}

mod report {
    use super::*;

    #[test]
    fn findings_come_in_the_order_of_the_documentation() {
        let context = parent(Some(2), Some(Contract::Ela));
        let expected = [
            ("managed-key-shown-once", "/account_type"),
            ("grandchild-type-repeated", "/allowed_grandchildren/1"),
            ("enforce-bill-parent-ignored", "/enforce_bill_parent"),
            ("child-name-too-long", "/child_name"),
            ("required-text-empty", "/user/first_name"),
            ("required-text-empty", "/user/last_name"),
            ("email-malformed", "/user/email"),
            ("required-text-empty", "/organization/name"),
            ("required-text-empty", "/organization/address"),
            ("required-text-empty", "/organization/zip"),
            ("required-text-empty", "/organization/city"),
            ("required-text-empty", "/organization/state"),
            ("country-unknown", "/organization/country"),
            (
                "multi-year-plan-over-parent",
                "/max_allowed_multi_year_plan_length",
            ),
            (
                "multi-year-plan-over-contract",
                "/max_allowed_multi_year_plan_length",
            ),
            (
                "multi-year-plan-no-longer-sold",
                "/max_allowed_multi_year_plan_length",
            ),
        ];
        let expected = expected.map(|(name, pointer)| (name, pointer.to_owned()));
        assert_eq!(found_in(&all_wrong(), &context), expected);
    }

    #[test]
    fn a_typed_request_has_no_places() {
        let report = validate(&all_wrong(), &Context::default());
        assert!(
            report
                .findings()
                .iter()
                .all(|finding| finding.place.is_none())
        );
    }

    #[test]
    fn into_result_fails_on_errors_alone() {
        let warned = sample_with(|request| "USA".clone_into(&mut request.organization.country));
        let report = validate(&warned, &Context::default());
        assert_eq!(report.clone().into_result(), Ok(report));

        let refused = sample_with(|request| request.user.email.clear());
        let report = validate(&refused, &Context::default());
        assert_eq!(report.clone().into_result(), Err(report));
    }

    #[test]
    fn display_has_one_line_a_finding() {
        let request = sample_with(|request| {
            request.child_name = Some("x".repeat(66));
            request.organization.country = "UK".to_owned();
        });
        assert_eq!(
            validate(&request, &Context::default()).to_string(),
            "error[DC103 child-name-too-long] /child_name: the name has 66 characters, at most 64 \
             are allowed; shorten it by 2\n\
             warning[DC108 country-unknown] /organization/country: \"UK\" is not an ISO 3166-1 code \
             of two letters; write `GB`",
        );
    }
}

mod levels {
    use super::*;

    fn managed() -> CreateSubaccountRequest {
        sample_with(|request| request.account_type = SubaccountType::Managed)
    }

    #[test]
    fn a_rule_is_switched_off_by_name_or_code() {
        for rule in [
            "managed-key-shown-once",
            "DC111",
            "dc111",
            "Managed-Key-Shown-Once",
        ] {
            let validator = Validator::new().off(rule).expect("there is such a rule");
            assert_eq!(
                validator.validate(&managed(), &Context::default()),
                Report::default()
            );
        }
    }

    #[test]
    fn a_rule_that_is_off_leaves_the_others() {
        let off = Validator::new().off("DC101").expect("there is such a rule");
        let report = off.validate(&all_wrong(), &Context::default());
        let all = validate(&all_wrong(), &Context::default());
        let others: Vec<_> = listed(&all)
            .into_iter()
            .filter(|(name, _)| *name != "required-text-empty")
            .collect();
        assert!(others.len() < all.findings().len());
        assert_eq!(listed(&report), others);
    }

    #[test]
    fn a_rule_is_raised_by_name_or_code() {
        for rule in ["managed-key-shown-once", "DC111"] {
            let validator = Validator::new()
                .raise(rule, Severity::Error)
                .expect("there is such a rule");
            let report = validator.validate(&managed(), &Context::default());
            assert_eq!(report.findings()[0].severity, Severity::Error);
            assert_eq!(report.findings()[0].rule.severity, Severity::Note);
            assert!(report.into_result().is_err());
        }
    }

    #[test]
    fn the_last_word_counts() {
        let validator = Validator::new()
            .off("DC111")
            .and_then(|validator| validator.raise("managed-key-shown-once", Severity::Warning))
            .expect("there is such a rule");
        let report = validator.validate(&managed(), &Context::default());
        assert_eq!(report.count(Severity::Warning), 1);
    }

    #[test]
    fn a_rule_that_does_not_exist_is_refused() {
        for rule in ["DC199", "managed_key_shown_once", ""] {
            assert!(Validator::new().off(rule).is_err(), "{rule}");
            assert!(
                Validator::new().raise(rule, Severity::Error).is_err(),
                "{rule}"
            );
        }
    }
}

proptest! {
    /// I10, and a message is one line whatever it quotes.
    #[test]
    fn i10_no_text_panics_a_rule(
        email in "\\PC{0,4}|[a-z\"\\\\@.\\- ü\n]{0,12}",
        country in "\\PC{0,4}|[A-Za-z]{0,3}|[\n\u{1b}]{1,2}",
        name in any::<String>(),
        years in any::<Option<i64>>(),
        most in any::<Option<i64>>(),
    ) {
        let request = sample_with(|request| {
            request.user.email = email;
            request.organization.country = country;
            request.user.first_name.clone_from(&name);
            request.child_name = Some(name);
            request.max_allowed_multi_year_plan_length = years;
        });
        let report = validate(&request, &parent(most, Some(Contract::Ela)));
        for finding in report.findings() {
            prop_assert!(!finding.message.contains(char::is_control), "{:?}", finding.message);
            prop_assert!(!finding.help.contains(char::is_control), "{:?}", finding.help);
        }
    }
}

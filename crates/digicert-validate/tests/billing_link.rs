//! The rules on the two keys of a billing link, and that none of them lets a key out (I2).

use digicert_types::{CertCentralApiKey, PartnerApiKey};
use digicert_validate::{BillingLink, Context, Report, Severity, Validator, validate};
use proptest::prelude::*;

const PARTNER: &str = "made-up-partner-key";
const CERTCENTRAL: &str = "made-up-certcentral-key";

fn report(partner: &str, certcentral: &str) -> Report {
    let partner_key = PartnerApiKey::new(partner);
    let certcentral_key = CertCentralApiKey::new(certcentral);
    let link = BillingLink {
        partner_key: &partner_key,
        certcentral_key: &certcentral_key,
    };
    validate(&link, &Context::default())
}

/// Name and pointer of each finding.
fn found(partner: &str, certcentral: &str) -> Vec<(&'static str, String)> {
    let report = report(partner, certcentral);
    let findings = report.findings().iter();
    findings
        .map(|finding| (finding.rule.name, finding.pointer.clone()))
        .collect()
}

fn at(name: &'static str, pointer: &str) -> (&'static str, String) {
    (name, pointer.to_owned())
}

#[test]
fn two_keys_have_nothing_to_say() {
    assert_eq!(report(PARTNER, CERTCENTRAL), Report::default());
    let every_visible: String = ('!'..='~').collect();
    assert_eq!(report(&every_visible, CERTCENTRAL), Report::default());
}

#[test]
fn a_missing_key_is_found_where_it_is_missing() {
    let partner = || at("key-missing", "/partner_key");
    let certcentral = || at("key-missing", "/certcentral_key");
    for blank in ["", " ", "\n", "\u{a0}"] {
        assert_eq!(found(blank, CERTCENTRAL), [partner()], "{blank:?}");
        assert_eq!(found(PARTNER, blank), [certcentral()], "{blank:?}");
        assert_eq!(found(blank, blank), [partner(), certcentral()], "{blank:?}");
    }
}

#[test]
fn the_help_names_the_header() {
    assert!(
        report("", CERTCENTRAL).findings()[0]
            .help
            .contains("X-PARTNER-APIKEY")
    );
    assert!(
        report(PARTNER, "").findings()[0]
            .help
            .contains("X-DC-DEVKEY")
    );
}

#[test]
fn a_character_that_is_not_visible_ascii_is_found() {
    for character in [
        '\0',
        '\t',
        '\n',
        '\r',
        ' ',
        '\u{7f}',
        '\u{a0}',
        '\u{ad}',
        'é',
        '\u{200b}',
        '\u{2011}',
        '–',
        '\u{2212}',
        '\u{feff}',
        '🔑',
        '\u{10ffff}',
    ] {
        for bad in [
            format!("{character}ab"),
            format!("a{character}b"),
            format!("ab{character}"),
        ] {
            let partner = at("key-not-header-safe", "/partner_key");
            assert_eq!(found(&bad, CERTCENTRAL), [partner], "{bad:?}");
            let certcentral = at("key-not-header-safe", "/certcentral_key");
            assert_eq!(found(PARTNER, &bad), [certcentral], "{bad:?}");
        }
    }
}

#[test]
fn the_message_names_code_point_and_position() {
    let message = |key: &str| report(key, CERTCENTRAL).findings()[0].message.clone();
    assert_eq!(
        message("ab\u{2011}cd"),
        "character 3 of the Partner Subscriptions key, U+2011 (a non-breaking hyphen), is not safe \
         in an HTTP header",
    );
    // Characters, not bytes.
    assert!(message("é\nx").starts_with("character 1 of the Partner Subscriptions key, U+00E9, "));
    assert!(
        message("ab\n").starts_with("character 3 of the Partner Subscriptions key, U+000A (a line")
    );
    assert!(message("a🔑").contains("U+1F511, "));
    assert!(message("a b\n").ends_with("HTTP header, and so is one more"));
    assert!(message("a b c\n").ends_with("HTTP header, and so are 2 more"));
}

#[test]
fn the_help_fits_the_character() {
    let help = |key: &str| report(key, CERTCENTRAL).findings()[0].help.clone();
    assert!(help("a\u{2011}b").contains("hyphen"));
    assert!(help("ab\n").contains("white space"));
    assert!(help("a\u{0}b").contains("plain text"));
}

#[test]
fn the_same_key_in_both_headers_is_found_at_the_second() {
    assert_eq!(
        found(PARTNER, PARTNER),
        [at("keys-identical", "/certcentral_key")]
    );
    assert_eq!(found("key", "KEY"), []);
    assert_eq!(found("key", "key2"), []);
}

#[test]
fn white_space_around_a_key_does_not_make_it_another_one() {
    let expected = [
        at("key-not-header-safe", "/certcentral_key"),
        at("keys-identical", "/certcentral_key"),
    ];
    assert_eq!(found("key", "key\n"), expected);
}

#[test]
fn two_missing_keys_are_not_identical_ones() {
    let rules: Vec<_> = found("", "").into_iter().chain(found(" ", "\t")).collect();
    assert!(
        rules.iter().all(|(name, _)| *name == "key-missing"),
        "{rules:?}"
    );
}

#[test]
fn each_rule_is_an_error_that_can_be_switched_off() {
    for (partner, certcentral, rule) in [
        ("", CERTCENTRAL, "DC301"),
        ("a b", CERTCENTRAL, "key-not-header-safe"),
        (PARTNER, PARTNER, "DC303"),
    ] {
        let report = report(partner, certcentral);
        assert_eq!(report.count(Severity::Error), 1, "{report}");
        let (partner, certcentral) = (partner.into(), certcentral.into());
        let link = BillingLink {
            partner_key: &partner,
            certcentral_key: &certcentral,
        };
        let off = Validator::new().off(rule).expect("there is such a rule");
        assert_eq!(off.validate(&link, &Context::default()), Report::default());
    }
}

/// Everything that a report, its findings and the link itself print.
fn everything_printed(partner: &str, certcentral: &str) -> String {
    let partner_key = PartnerApiKey::new(partner);
    let certcentral_key = CertCentralApiKey::new(certcentral);
    let link = BillingLink {
        partner_key: &partner_key,
        certcentral_key: &certcentral_key,
    };
    let report = validate(&link, &Context::default());
    assert!(
        !report.is_empty(),
        "a report without findings proves nothing"
    );
    let findings = report.findings().iter().map(|finding| {
        format!(
            "{finding}\n{finding:?}\n{}\n{}\n",
            finding.message, finding.help
        )
    });
    let findings: Vec<_> = findings.collect();
    let printed = format!("{report}\n{report:?}\n{report:#?}\n{link:?}\n{link:#?}\n{findings:#?}");
    match report.into_result() {
        Ok(report) => printed + &report.to_string(),
        Err(report) => printed + &format!("{:?}", Box::<dyn std::error::Error>::from(report)),
    }
}

#[test]
fn i2_no_finding_repeats_a_key_or_a_part_of_it() {
    let wrong = [
        ("c4n4ry\u{2011}p4rtn3r", "c4n4ry c3rtc3ntr4l"),
        ("c4n4ry\np4rtn3r", ""),
        ("", "\u{feff}c4n4ryc3rtc3ntr4l"),
        ("c4n4ry", "c4n4ry"),
        ("c4n4ryp4rtn3r\r\n", "c4n4ryp4rtn3r"),
        ("c4n4ry\u{0}p4rtn3r", "c3rtc3ntr4l"),
    ];
    for (partner, certcentral) in wrong {
        let printed = everything_printed(partner, certcentral);
        for canary in ["c4n4ry", "p4rtn3r", "c3rtc3ntr4l"] {
            assert!(!printed.contains(canary), "{canary} in {printed}");
        }
    }
}

proptest! {
    /// The letters of the key are of a script that no message is written in.
    #[test]
    fn i2_and_i10_any_key_is_checked_and_never_repeated(
        partner in "[ᚠ-ᛪ]{1,20}",
        certcentral in "[ᚠ-ᛪ \u{2011}\n]{0,20}",
    ) {
        let printed = everything_printed(&partner, &certcentral);
        let leaked: String = printed.chars().filter(|c| ('ᚠ'..='ᛪ').contains(c)).collect();
        prop_assert_eq!(leaked, "");
    }

    #[test]
    fn i10_no_pair_of_keys_panics_a_rule(partner in any::<String>(), certcentral in any::<String>()) {
        for finding in report(&partner, &certcentral).findings() {
            prop_assert!(!finding.to_string().contains(char::is_control), "{}", finding);
        }
    }
}

#[test]
fn findings_come_in_the_order_of_the_keys() {
    let found = found("a b", "");
    let expected = [
        at("key-not-header-safe", "/partner_key"),
        at("key-missing", "/certcentral_key"),
    ];
    assert_eq!(found, expected);
}

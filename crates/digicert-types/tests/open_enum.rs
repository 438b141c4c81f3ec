//! Open enums, shown on two generated ones: a value without a variant is kept (I7).

#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

use digicert_types::certcentral::{PricingMethod, PricingModel};

fn read<T: serde::de::DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap()
}

fn written(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn known_values_are_variants() {
    assert_eq!(read::<PricingModel>("\"flatfee\""), PricingModel::Flatfee);
    assert_eq!(PricingModel::from("none"), PricingModel::None);
    assert_eq!(PricingModel::from(String::from("none")), PricingModel::None);
    assert_eq!("none".parse(), Ok(PricingModel::None));
    assert_eq!(written(&PricingModel::Flatfee), "\"flatfee\"");
    assert_eq!(
        PricingModel::KNOWN,
        ["flatfee", "percert", "combined", "none"]
    );
    for known in PricingModel::KNOWN {
        assert!(PricingModel::from(*known).is_known());
        assert_eq!(PricingModel::from(*known).as_str(), *known);
    }
}

#[test]
fn i7_unknown_values_come_back_unchanged() {
    for json in [
        "\"FlatFee\"",
        "\" none\"",
        "\"\"",
        "\"per\\ncert\"",
        "\"é\"",
    ] {
        let value: PricingModel = read(json);
        assert!(!value.is_known(), "{json}");
        assert_eq!(value.as_str(), read::<String>(json));
        assert_eq!(written(&value), json);
    }
}

#[test]
fn i7_what_is_no_text_is_read_as_its_text() {
    for (json, text) in [("1", "1"), ("-2.5", "-2.5"), ("true", "true")] {
        assert_eq!(read::<PricingModel>(json).as_str(), text);
    }
    assert_eq!(read::<Option<PricingModel>>("null"), None);
    for json in ["null", "[]", "{}"] {
        assert!(
            serde_json::from_str::<PricingModel>(json).is_err(),
            "{json}"
        );
    }
}

#[test]
fn any_case_is_read_and_the_documented_case_is_written() {
    for text in ["units", "Units", "UNITS"] {
        assert_eq!(PricingMethod::from(text), PricingMethod::Units);
    }
    assert_eq!(written(&read::<PricingMethod>("\"Custom\"")), "\"custom\"");
    assert_eq!(written(&read::<PricingMethod>("\"Tiered\"")), "\"Tiered\"");
}

#[test]
fn display_is_the_text_and_pads() {
    assert_eq!(
        format!("{:>8}|{:<5}|", PricingModel::Flatfee, PricingModel::None),
        " flatfee|none |"
    );
    let unknown = PricingModel::from("ela");
    assert_eq!(
        format!("{unknown:4}|{unknown:?}"),
        "ela |Unknown(UnknownValue(\"ela\"))"
    );
}

#[cfg(feature = "schemars")]
#[test]
fn the_schema_turns_no_value_away() {
    let schema = schemars::schema_for!(PricingModel);
    assert_eq!(schema.get("type"), Some(&"string".into()));
    assert_eq!(schema.get("enum"), None);
    let description = schema.get("description").unwrap().as_str().unwrap();
    assert_eq!(
        description,
        "Known values: flatfee, percert, combined, none. Others may appear."
    );
}

#[cfg(feature = "builder")]
#[test]
fn a_builder_takes_text() {
    use digicert_types::certcentral::Account;

    let account = Account::builder().pricing_model("none").build();
    assert_eq!(account.pricing_model, Some(PricingModel::None));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        cases: 512,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn i10_any_text_is_a_value(text in proptest::prelude::any::<String>()) {
        let value = PricingModel::from(text.as_str());
        assert_eq!(value.as_str(), text);
        assert_eq!(read::<PricingModel>(&written(&value)), value);
    }
}

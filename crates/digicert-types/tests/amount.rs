//! `Amount`: what it holds, reads and writes, and that it never rounds (I5) or panics (I10).

#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

use std::cmp::Ordering;
use std::collections::HashSet;

use digicert_types::{Amount, AmountError};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, F64Deserializer, MapDeserializer};
use serde::{Deserialize, Serialize};

fn amount(text: &str) -> Amount {
    text.parse()
        .unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn from_f64(value: f64) -> Result<Amount, ValueError> {
    let deserializer: F64Deserializer<ValueError> = value.into_deserializer();
    Amount::deserialize(deserializer)
}

mod holds {
    use super::*;

    #[test]
    fn i5_equal_values_are_one_amount() {
        let forms = ["1.5", "1.50", "15e-1", "0.15E+1", "001.500"];
        let distinct: HashSet<Amount> = forms.iter().map(|form| amount(form)).collect();
        assert_eq!(distinct, HashSet::from([Amount::new(15, 1).unwrap()]));
        assert_eq!(amount("-0.00"), Amount::ZERO);
        assert_eq!(Amount::default(), Amount::ZERO);
    }

    #[test]
    fn i5_fifteen_digits_fit_and_sixteen_do_not() {
        for text in [
            "999999999999999",
            "-999999999999999",
            "0.000000000000001",
            "0.999999999999999",
            "9999999.99999999",
        ] {
            assert_eq!(amount(text).to_string(), text);
        }
        for text in [
            "1000000000000000",
            "-1000000000000000",
            "0.0000000000000001",
            "1.000000000000001",
            "99999999.99999999",
            "9223372036854775808",
            "1e15",
            "1e-16",
            "1e999999999999999999999",
            "1e-999999999999999999999",
        ] {
            let error = text.parse::<Amount>().unwrap_err();
            assert!(!error.is_malformed(), "{text}");
            assert_eq!(
                error.to_string(),
                "an amount of more than 15 digits cannot be held exactly"
            );
        }
    }

    #[test]
    fn zeros_that_do_not_count_are_not_counted() {
        assert_eq!(amount("1.50000000000000000000000000"), amount("1.5"));
        assert_eq!(amount("00000000000000000000000000012"), amount("12"));
        assert_eq!(amount("0.00000000000000000000000e-99"), Amount::ZERO);
        assert_eq!(amount("0e999999999999999999999"), Amount::ZERO);
        assert_eq!(amount("100000000000000000000e-20"), amount("1"));
        let far = format!("0.{}1e1001", "0".repeat(1000));
        assert_eq!(amount(&far), amount("1"));
    }

    #[test]
    fn new_normalizes_before_it_judges() {
        let parts = |amount: Amount| (amount.mantissa(), amount.scale(), amount.decimals());
        assert_eq!(Amount::new(41_250, 2).map(parts), Ok((4_125, 1, 1)));
        assert_eq!(
            Amount::new(1_000_000_000_000_000_000, 4).map(parts),
            Ok((100_000_000_000_000, 0, 0))
        );
        assert_eq!(Amount::new(10, 16).map(parts), Ok((1, 15, 15)));
        assert_eq!(Amount::new(0, 255), Ok(Amount::ZERO));
        for (mantissa, scale) in [
            (1, 16),
            (1_000_000_000_000_000, 0),
            (i64::MIN, 0),
            (i64::MIN, 255),
        ] {
            assert!(Amount::new(mantissa, scale).is_err(), "{mantissa} {scale}");
        }
    }

    #[test]
    fn integers_convert() {
        assert_eq!(Amount::from(412), amount("412"));
        assert_eq!(Amount::from(u32::MAX), amount("4294967295"));
        assert_eq!(Amount::from(7u16), Amount::from(7u8));
        assert_eq!(Amount::from_integer(i32::MIN), amount("-2147483648"));
        assert_eq!(Amount::try_from(-5i64), Ok(amount("-5")));
        assert_eq!(Amount::try_from(5u64), Ok(amount("5")));
        assert!(Amount::try_from(1_000_000_000_000_000_i64).is_err());
        assert!(Amount::try_from(u64::MAX).is_err());
    }

    #[test]
    fn wrong_prices_are_held_for_the_rules() {
        assert!(amount("-1").is_negative());
        assert!(!amount("0").is_negative() && amount("0").is_zero());
        assert!(!amount("0.01").is_zero());
        assert!(amount("100000000") > Amount::MAX_PRICE);
        assert_eq!(amount("0.12345").decimals(), 5);
        assert_eq!(Amount::MAX_PRICE, amount("99999999.99"));
    }

    #[test]
    fn i5_arithmetic_is_exact_or_none() {
        assert_eq!(
            amount("0.1").checked_add(amount("0.2")),
            Some(amount("0.3"))
        );
        assert_eq!(
            amount("0.3").checked_sub(amount("0.1")),
            Some(amount("0.2"))
        );
        assert_eq!(
            Amount::MAX_PRICE.checked_mul(10),
            Some(amount("999999999.9"))
        );
        let most = amount("999999999999999");
        assert_eq!(most.checked_add(amount("1")), None);
        assert_eq!(most.checked_add(amount("0.1")), None);
        assert_eq!(most.checked_sub(most), Some(Amount::ZERO));
        assert_eq!(most.checked_mul(u32::MAX), None);
    }
}

mod text {
    use super::*;

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "", "-", "+1", "--1", ".5", "-.5", "1.", "-1.", ".", " 1", "1 ", "1 2", "1,5", "1_000",
            "1.2.3", "NaN", "inf", "Infinity", "0x1", "1e", "1e+", "1e1.5", "e1", "1e1e1", "1.e1",
            "٣", "１", "1\0",
        ] {
            let error = text.parse::<Amount>().unwrap_err();
            assert!(error.is_malformed(), "{text:?}");
            assert_eq!(error.to_string(), "not a decimal number");
        }
    }

    #[test]
    fn display_pads_and_never_rounds() {
        let half = amount("-412.5");
        assert_eq!(
            format!("{half}|{half:.2}|{half:.0}"),
            "-412.5|-412.50|-412.5"
        );
        assert_eq!(
            format!("{half:>8}|{half:<8}|{half:*^9}|{half:08}"),
            "  -412.5|-412.5  |*-412.5**|-00412.5"
        );
        assert_eq!(
            format!(
                "{:+}|{:.2}|{:.1}",
                amount("1"),
                amount("1"),
                amount("0.125")
            ),
            "+1|1.00|0.125"
        );
        assert_eq!(format!("{:>10.2}", amount("99.9")), "     99.90");
        assert_eq!(amount("-0.05").to_string(), "-0.05");
        assert_eq!(
            format!("{half:?} {:#?}", amount("7")),
            "Amount(-412.5) Amount(7)"
        );
    }

    #[test]
    fn the_error_is_an_error() {
        fn is_error<E: std::error::Error + Send + Sync + 'static>() {}
        is_error::<AmountError>();
    }
}

mod json {
    use super::*;

    #[test]
    fn i5_is_written_as_a_price_list_writes_it() {
        for text in [
            "0",
            "412",
            "-3",
            "412.5",
            "99999999.99",
            "0.3",
            "999999999999999",
            "1351.01",
        ] {
            assert_eq!(serde_json::to_string(&amount(text)).unwrap(), text);
            assert_eq!(
                serde_json::to_value(amount(text)).unwrap().to_string(),
                text
            );
        }
    }

    #[test]
    fn i7_numbers_are_read_with_and_without_quotes() {
        for (json, text) in [
            ("412", "412"),
            ("\"412\"", "412"),
            ("1e2", "100"),
            ("\"1e2\"", "100"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("\"0099.90\"", "99.9"),
            (" 99999999.99 ", "99999999.99"),
        ] {
            assert_eq!(
                serde_json::from_str::<Amount>(json).unwrap(),
                amount(text),
                "{json}"
            );
        }
    }

    #[derive(Debug, PartialEq, Deserialize, Serialize)]
    struct Price {
        cost: Amount,
        #[serde(default)]
        extra: Option<Amount>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        price: Price,
    }

    #[test]
    fn i5_is_read_from_every_source() {
        let json = r#"{ "cost": 412.10, "extra": "0.3" }"#;
        let price = Price {
            cost: amount("412.1"),
            extra: Some(amount("0.3")),
        };
        assert_eq!(serde_json::from_str::<Price>(json).unwrap(), price);
        assert_eq!(
            serde_json::from_slice::<Price>(json.as_bytes()).unwrap(),
            price
        );
        assert_eq!(
            serde_json::from_reader::<_, Price>(json.as_bytes()).unwrap(),
            price
        );
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(Price::deserialize(&value).unwrap(), price);
        assert_eq!(serde_json::from_value::<Price>(value).unwrap(), price);
        assert_eq!(serde_json::from_str::<Flat>(json).unwrap(), Flat { price });
        let none = serde_json::from_str::<Price>(r#"{"cost":1,"extra":null}"#).unwrap();
        assert_eq!(
            none,
            Price {
                cost: Amount::from(1),
                extra: None
            }
        );
    }

    #[test]
    fn errors_name_what_was_found() {
        for (json, found) in [
            ("null", "null"),
            ("true", "boolean `true`"),
            ("false", "boolean `false`"),
            ("[1]", "sequence"),
            ("[]", "sequence"),
            (r#"{"a":1}"#, "map"),
            ("{}", "map"),
        ] {
            let error = serde_json::from_str::<Amount>(json)
                .unwrap_err()
                .to_string();
            let expected = format!("invalid type: {found}, expected a decimal number");
            assert!(error.starts_with(&expected), "{json}: {error}");
        }
        for json in [
            r#""""#,
            r#""free""#,
            r#"" 1""#,
            "\"1\\u0000\"",
            r#""\"1\"""#,
        ] {
            let error = serde_json::from_str::<Amount>(json)
                .unwrap_err()
                .to_string();
            assert!(error.starts_with("not a decimal number"), "{json}: {error}");
        }
    }

    #[test]
    #[cfg(feature = "exact-json")]
    fn i5_digits_beyond_a_double_are_refused() {
        for json in [
            "0.10000000000000001",
            "\"0.10000000000000001\"",
            "412.0000000000000001",
        ] {
            let error = serde_json::from_str::<Amount>(json)
                .unwrap_err()
                .to_string();
            assert!(error.contains("more than 15 digits"), "{json}: {error}");
            let error = serde_json::from_reader::<_, Amount>(json.as_bytes()).unwrap_err();
            assert!(
                error.to_string().contains("more than 15 digits"),
                "{json}: {error}"
            );
        }
    }

    #[test]
    fn numbers_that_another_crate_made_arbitrarily_precise_are_read() {
        let read = |key: &'static str, digits: &'static str| {
            let entries = [(key, digits)].into_iter();
            Amount::deserialize(MapDeserializer::<_, ValueError>::new(entries))
        };
        assert_eq!(
            read("$serde_json::private::Number", "412.50"),
            Ok(amount("412.5"))
        );
        assert!(read("$serde_json::private::Number", "0.10000000000000001").is_err());
        assert!(read("cost", "1").is_err());
    }
}

#[cfg(feature = "schemars")]
#[test]
fn the_schema_is_a_number() {
    let schema = schemars::schema_for!(Amount);
    assert_eq!(schema.get("type"), Some(&"number".into()));
    assert_eq!(schema.get("title"), Some(&"Amount".into()));
}

mod floats {
    use super::*;

    #[test]
    fn i5_a_double_is_the_decimal_that_was_meant_or_an_error() {
        for (value, text) in [
            (0.1, "0.1"),
            (-0.0, "0"),
            (99_999_999.99, "99999999.99"),
            (1e-15, "0.000000000000001"),
        ] {
            assert_eq!(from_f64(value).unwrap(), amount(text));
        }
        for value in [
            0.1 + 0.2,
            1.0 / 3.0,
            1e15,
            1e-16,
            f64::MIN_POSITIVE,
            f64::MAX,
            f64::from(0.1f32),
        ] {
            let error = from_f64(value).unwrap_err().to_string();
            assert!(error.contains("more than 15 digits"), "{value}: {error}");
        }
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(
                from_f64(value).unwrap_err().to_string(),
                "not a decimal number"
            );
        }
    }

    #[test]
    fn wide_integers_are_read_or_refused() {
        let wide = |value: i128| {
            Amount::deserialize(IntoDeserializer::<ValueError>::into_deserializer(value))
        };
        assert_eq!(wide(-412), Ok(Amount::from(-412)));
        assert!(wide(i128::MAX).is_err());
        let unsigned = |value: u128| {
            Amount::deserialize(IntoDeserializer::<ValueError>::into_deserializer(value))
        };
        assert_eq!(unsigned(412), Ok(Amount::from(412)));
        assert!(unsigned(u128::MAX).is_err());
    }
}

/// Decimals as strings of digits. Nothing here shares a thought with the code under test.
mod oracle {
    /// Sign, digits before the point and digits after it, with the exponent worked in and
    /// without zeros that say nothing.
    fn parts(text: &str) -> (bool, String, String) {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (text, exponent) = match text.split_once(['e', 'E']) {
            Some((text, exponent)) => (text, exponent.parse::<i32>().unwrap()),
            None => (text, 0),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let (mut whole, mut fraction) = (whole.to_owned(), fraction.to_owned());
        for _ in 0..exponent {
            whole.push(if fraction.is_empty() {
                '0'
            } else {
                fraction.remove(0)
            });
        }
        for _ in exponent..0 {
            fraction.insert(0, whole.pop().unwrap_or('0'));
        }
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        (
            negative && !(whole.is_empty() && fraction.is_empty()),
            whole,
            fraction,
        )
    }

    /// The text as an amount displays it.
    pub(crate) fn canonical(text: &str) -> String {
        let (negative, whole, fraction) = parts(text);
        let sign = if negative { "-" } else { "" };
        let whole = if whole.is_empty() { "0" } else { &whole };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }

    /// Whether at most 15 digits write it.
    pub(crate) fn fits(text: &str) -> bool {
        let (_, whole, fraction) = parts(text);
        if whole.is_empty() {
            fraction.len() <= 15
        } else {
            whole.len() + fraction.len() <= 15
        }
    }

    /// The value times 10^15.
    pub(crate) fn scaled(text: &str) -> i128 {
        let (negative, whole, fraction) = parts(text);
        let value: i128 = format!("{whole}{fraction:0<15}").parse().unwrap();
        if negative { -value } else { value }
    }
}

/// A decimal of at most 15 digits, with zeros at its ends as they come.
fn decimal() -> impl Strategy<Value = String> {
    let digits =
        ("[1-9][0-9]{0,14}", any::<prop::sample::Index>()).prop_map(|(digits, point)| match digits
            .split_at(1 + point.index(digits.len()))
        {
            (whole, "") => whole.to_owned(),
            (whole, fraction) => format!("{whole}.{fraction}"),
        });
    let positive = prop_oneof![
        3 => digits,
        1 => "0\\.[0-9]{1,15}",
        1 => "[0-9]",
        3 => "[1-9][0-9]{0,3}\\.[0-9]{2}",
    ];
    ("-?", positive).prop_map(|(sign, digits)| sign + &digits)
}

/// A decimal that may have far too many digits, and many zeros.
fn long_decimal() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,2})?",
        "-?(0|[1-9][0-9]{0,5}0{0,20})(\\.0{0,20}[0-9]{1,6}0{0,20})?([eE][+-]?[0-9]{1,2})?",
    ]
}

fn config() -> Config {
    Config {
        cases: 1024,
        failure_persistence: None,
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn i5_every_way_in_keeps_the_digits(text in decimal()) {
        let digits = oracle::canonical(&text);
        let quoted = format!("\"{text}\"");
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let read = [
            text.parse::<Amount>().unwrap(),
            serde_json::from_str(&text).unwrap(),
            serde_json::from_slice(quoted.as_bytes()).unwrap(),
            serde_json::from_reader(text.as_bytes()).unwrap(),
            Amount::deserialize(&value).unwrap(),
            serde_json::from_value(value).unwrap(),
            from_f64(text.parse().unwrap()).unwrap(),
        ];
        for amount in read {
            prop_assert_eq!(amount.to_string(), digits.as_str());
        }
    }

    #[test]
    fn i5_every_way_out_keeps_the_digits(text in decimal()) {
        let digits = oracle::canonical(&text);
        let amount = amount(&text);
        let json = serde_json::to_string(&amount).unwrap();
        prop_assert_eq!(oracle::canonical(&json), digits.as_str());
        prop_assert_eq!(serde_json::to_value(amount).unwrap().to_string(), json.as_str());
        prop_assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), amount);
        prop_assert!(!digits.ends_with(".0") && (digits.contains('.') || !json.contains('.')));
    }

    #[test]
    fn i5_too_many_digits_are_refused_and_never_rounded(text in long_decimal()) {
        let parsed = text.parse::<Amount>().ok().map(|amount| amount.to_string());
        let expected = oracle::fits(&text).then(|| oracle::canonical(&text));
        prop_assert_eq!(&parsed, &expected);
        let quoted = serde_json::from_str::<Amount>(&format!("\"{text}\""));
        prop_assert_eq!(quoted.ok().map(|amount| amount.to_string()), expected);
    }

    #[test]
    #[cfg(feature = "exact-json")]
    fn i5_too_many_digits_in_json_are_refused_and_never_rounded(text in long_decimal()) {
        let expected = oracle::fits(&text).then(|| oracle::canonical(&text));
        let in_text = serde_json::from_str::<Amount>(&text);
        prop_assert_eq!(in_text.ok().map(|amount| amount.to_string()), expected.clone());
        let in_reader = serde_json::from_reader::<_, Amount>(text.as_bytes());
        prop_assert_eq!(in_reader.ok().map(|amount| amount.to_string()), expected);
    }

    #[test]
    fn i5_any_double_is_kept_or_refused(bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        if let Ok(amount) = from_f64(value) {
            let back: f64 = amount.to_string().parse().unwrap();
            prop_assert_eq!(back.partial_cmp(&value), Some(Ordering::Equal));
        }
    }

    #[test]
    fn i5_neighbours_of_a_price_are_not_taken_for_it(text in decimal(), up in any::<bool>()) {
        let value: f64 = text.parse().unwrap();
        let neighbour = if up { value.next_up() } else { value.next_down() };
        prop_assert!(from_f64(neighbour).is_err(), "{neighbour:e}");
    }

    #[test]
    fn i5_order_is_by_value(left in decimal(), right in decimal()) {
        let order = oracle::scaled(&left).cmp(&oracle::scaled(&right));
        prop_assert_eq!(amount(&left).cmp(&amount(&right)), order);
        prop_assert_eq!(amount(&left) == amount(&right), order.is_eq());
    }

    #[test]
    fn i5_sums_are_exact(left in decimal(), right in decimal(), factor in 0..5000u32) {
        let (l, r) = (oracle::scaled(&left), oracle::scaled(&right));
        let (left, right) = (amount(&left), amount(&right));
        let scaled = |amount: Amount| oracle::scaled(&amount.to_string());
        let holds = |value: i128| {
            let (whole, fraction) = (value / 10i128.pow(15), value % 10i128.pow(15));
            oracle::fits(&format!("{}.{:015}", whole.abs(), fraction.abs())).then_some(value)
        };
        prop_assert_eq!(left.checked_add(right).map(scaled), holds(l + r));
        prop_assert_eq!(left.checked_sub(right).map(scaled), holds(l - r));
        prop_assert_eq!(left.checked_mul(factor).map(scaled), holds(l * i128::from(factor)));
    }

    #[test]
    fn i5_display_with_a_precision_is_the_same_amount(text in decimal(), precision in 0..20usize) {
        let shown = format!("{:.precision$}", amount(&text));
        prop_assert_eq!(amount(&shown), amount(&text));
        prop_assert!(shown.split_once('.').map_or(0, |(_, decimals)| decimals.len()) >= precision);
    }

    #[test]
    fn i10_no_text_panics(text in any::<String>(), near in "[-+]{0,2}[0-9.]{0,20}[eE]?[-+0-9.]{0,25}") {
        for text in [text, near] {
            let parsed = text.parse::<Amount>().ok();
            prop_assert_eq!(parsed.and_then(|amount| amount.to_string().parse().ok()), parsed);
            let _ = serde_json::from_str::<Amount>(&text);
            let quoted = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(serde_json::from_str::<Amount>(&quoted).ok(), parsed);
        }
    }

    #[test]
    fn i10_no_bytes_panic(bytes in any::<Vec<u8>>()) {
        let _ = serde_json::from_slice::<Amount>(&bytes);
        let _ = serde_json::from_reader::<_, Amount>(bytes.as_slice());
    }
}

//! Plain scalars of YAML: what a word without quotes means, by the core schema of YAML 1.2.

use std::borrow::Cow;

use super::scanner::Scanner;
use super::tree::Value;

/// The value of a scalar without quotes. `yes` and `2024-01-31` are texts, as YAML 1.2 has it.
pub(crate) fn plain(text: Cow<'_, str>) -> Value<'_> {
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Value::NotFinite(".nan"),
        _ => {}
    }
    if let Some(infinite) = infinite(&text) {
        return Value::NotFinite(infinite);
    }
    if !text.starts_with([
        '+', '-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
    ]) {
        return Value::Text(text);
    }
    let number = match &text {
        Cow::Borrowed(text) => yaml_number(text),
        Cow::Owned(text) => yaml_number(text).map(Cow::into_owned).map(Cow::Owned),
    };
    number.map_or(Value::Text(text), Value::Number)
}

/// The number that a scalar of YAML without quotes is by the core schema, in the grammar of JSON: `.5` is
/// `0.5`, `0x1F` is `31`. `None` for a text, and for what JSON has no number for.
///
/// For programs that read the documents that were checked here with a reader of their own, so that
/// both mean the same.
///
/// ```
/// use digicert_validate::yaml_number;
///
/// assert_eq!(yaml_number(".5").as_deref(), Some("0.5"));
/// assert_eq!(yaml_number("1_000"), None);
/// ```
#[must_use]
pub fn yaml_number(text: &str) -> Option<Cow<'_, str>> {
    decimal(text).or_else(|| radix(text))
}

fn infinite(text: &str) -> Option<&'static str> {
    let (sign, word) = match text.strip_prefix('-') {
        Some(word) => ("-.inf", word),
        None => (".inf", text.strip_prefix('+').unwrap_or(text)),
    };
    matches!(word, ".inf" | ".Inf" | ".INF").then_some(sign)
}

/// A decimal number as people write it, in the grammar of JSON: `+.5` is `0.5`, `007` is `7`.
pub(crate) fn decimal(text: &str) -> Option<Cow<'_, str>> {
    let mut scanner = Scanner::new(text);
    if scanner.number().is_some() && scanner.peek().is_none() {
        return Some(Cow::Borrowed(text));
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let exponent_at = rest.find(['e', 'E']).unwrap_or(rest.len());
    let (significand, exponent) = rest.split_at(exponent_at);
    let (whole, fraction) = significand.split_once('.').unwrap_or((significand, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    let number = format!("{sign}{whole}{point}{fraction}{exponent}");
    let mut scanner = Scanner::new(&number);
    (scanner.number().is_some() && scanner.peek().is_none()).then_some(Cow::Owned(number))
}

/// `0o17` and `0xff`. What is beyond 128 bits stays beyond everything that any field holds.
fn radix(text: &str) -> Option<Cow<'_, str>> {
    let (digits, radix) = match text.strip_prefix("0o") {
        Some(digits) => (digits, 8),
        None => (text.strip_prefix("0x")?, 16),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let value = u128::from_str_radix(digits, radix).unwrap_or(u128::MAX);
    Some(Cow::Owned(value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match plain(Cow::Borrowed(text)) {
            Value::Text(text) => format!("text {text}"),
            value => value.to_string(),
        }
    }

    #[test]
    fn plain_scalars_mean_what_the_core_schema_says() {
        let cases = [
            ("", "null"),
            ("~", "null"),
            ("Null", "null"),
            ("nULL", "text nULL"),
            ("TRUE", "true"),
            ("False", "false"),
            ("yes", "text yes"),
            ("off", "text off"),
            ("12345", "the number 12345"),
            ("-0", "the number -0"),
            ("+12", "the number 12"),
            ("007", "the number 7"),
            (".5", "the number 0.5"),
            ("5.", "the number 5"),
            ("-.5e3", "the number -0.5e3"),
            ("1e3", "the number 1e3"),
            ("0x1F", "the number 31"),
            ("0o17", "the number 15"),
            ("0x", "text 0x"),
            ("0o8", "text 0o8"),
            ("1_000", "text 1_000"),
            ("1,000", "text 1,000"),
            ("12:30", "text 12:30"),
            ("2024-01-31", "text 2024-01-31"),
            ("1.2.3", "text 1.2.3"),
            (".", "text ."),
            ("-", "text -"),
            ("+", "text +"),
            ("1e", "text 1e"),
            (".nan", ".nan"),
            ("-.INF", "-.inf"),
            ("+.inf", ".inf"),
            ("nan", "text nan"),
        ];
        for (text, value) in cases {
            assert_eq!(shown(text), value, "{text}");
        }
    }
}

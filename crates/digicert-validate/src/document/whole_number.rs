//! Whole numbers out of the digits of a document, exactly.

/// Why a number is not a whole number that can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotWhole {
    /// It has decimals.
    Fraction,
    /// It is beyond what 64 bits hold.
    TooLarge,
}

/// Reads a number in the grammar of JSON. `2`, `2.0` and `0.2e1` are the same number.
pub(crate) fn whole_number(text: &str) -> Result<i64, NotWhole> {
    if let Ok(value) = text.parse() {
        return Ok(value);
    }
    let (negative, text) = text
        .strip_prefix('-')
        .map_or((false, text), |text| (true, text));
    let (significand, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = significand.split_once('.').unwrap_or((significand, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = || {
        whole
            .bytes()
            .chain(fraction.bytes())
            .skip_while(|digit| *digit == b'0')
    };
    if digits().next().is_none() {
        return Ok(0);
    }
    let exponent = saturating(exponent).saturating_sub(length(fraction));
    if exponent < 0 {
        return without_decimals(negative, whole, fraction, exponent);
    }
    scaled(negative, digits(), exponent)
}

/// The exponent may take away zeros at the end of the whole digits: `200e-2`.
fn without_decimals(
    negative: bool,
    whole: &str,
    fraction: &str,
    exponent: i64,
) -> Result<i64, NotWhole> {
    let kept = whole.trim_end_matches('0');
    let zeros = length(whole) - length(kept);
    if !fraction.is_empty() || exponent.saturating_add(zeros) < 0 {
        return Err(NotWhole::Fraction);
    }
    let digits = kept.bytes().skip_while(|digit| *digit == b'0');
    scaled(negative, digits, exponent + zeros)
}

fn scaled(
    negative: bool,
    digits: impl Iterator<Item = u8>,
    exponent: i64,
) -> Result<i64, NotWhole> {
    let mut value = 0i64;
    let zeros = (0..exponent).map(|_| b'0');
    for digit in digits.chain(zeros) {
        let digit = i64::from(digit - b'0');
        let next = value.checked_mul(10);
        let next = next.and_then(|value| value.checked_add(if negative { -digit } else { digit }));
        value = next.ok_or(NotWhole::TooLarge)?;
    }
    Ok(value)
}

/// An exponent, as far as it matters: nothing that fits into 64 bits has more zeros.
fn saturating(exponent: &str) -> i64 {
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, exponent.trim_start_matches('+')),
    };
    digits.bytes().fold(0i64, |value, digit| {
        value
            .saturating_mul(10)
            .saturating_add(sign * i64::from(digit - b'0'))
    })
}

fn length(digits: &str) -> i64 {
    i64::try_from(digits.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_however_they_are_written() {
        let cases = [
            ("0", 0),
            ("-0", 0),
            ("0.000", 0),
            ("0e999999999999999999999", 0),
            ("2", 2),
            ("2.0", 2),
            ("0.2e1", 2),
            ("200e-2", 2),
            ("20.0e-1", 2),
            ("-1.5e1", -15),
            ("1E+2", 100),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("-9.223372036854775808e18", i64::MIN),
        ];
        for (text, value) in cases {
            assert_eq!(whole_number(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_told_apart() {
        for text in [
            "0.5",
            "1.5",
            "15e-1",
            "-0.1",
            "1e-99999999999999999999",
            "2.50e0",
            "2.5e-1",
        ] {
            assert_eq!(whole_number(text), Err(NotWhole::Fraction), "{text}");
        }
        for text in [
            "9223372036854775808",
            "-9223372036854775809",
            "1e19",
            "1e99999999999999999999",
        ] {
            assert_eq!(whole_number(text), Err(NotWhole::TooLarge), "{text}");
        }
    }
}

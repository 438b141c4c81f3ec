//! [`Amount`], exact decimal money: holding it, reading it from text and through serde, writing it.
//!
//! What a price may be (not negative, at most two decimals, at most [`Amount::MAX_PRICE`]) is
//! for the rules of `digicert-validate`; this module refuses only what it cannot hold exactly.

use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::lenient::JSON_NUMBER;

/// Every decimal of up to 15 digits survives the way into an IEEE double and back.
const MAX_DIGITS: u8 = 15;

/// With as many decimals as digits, `mantissa / 10^scale` is a division of two integers that a
/// double holds exactly, hence correctly rounded.
const MAX_SCALE: u8 = MAX_DIGITS;

const POWERS: [i64; MAX_DIGITS as usize + 1] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
    1_000_000_000,
    10_000_000_000,
    100_000_000_000,
    1_000_000_000_000,
    10_000_000_000_000,
    100_000_000_000_000,
    1_000_000_000_000_000,
];

const POWERS_F64: [f64; MAX_DIGITS as usize + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

const LIMIT: i64 = POWERS[MAX_DIGITS as usize];

/// The name by which `serde_json`, with its feature `raw_value`, gives a value as it was written.
const JSON_RAW_VALUE: &str = "$serde_json::private::RawValue";

/// An exact decimal amount of money, without a currency.
///
/// It holds every decimal of at most 15 digits before and after the decimal point together:
/// from `0.000000000000001` to `999999999999999`, and the same below zero. Any other number is
/// refused, never rounded. It also holds what is wrong as a price (negative, too high, five
/// decimals), so that the rules can report it.
///
/// Equal values are equal however they were written: `1.50`, `1.5` and `15e-1` are one amount.
///
/// ```
/// use digicert_types::Amount;
///
/// let price: Amount = "412.50".parse()?;
/// assert_eq!(price, Amount::new(41250, 2)?);
/// assert_eq!(price.to_string(), "412.5");
/// assert_eq!(format!("{price:.2}"), "412.50");
/// assert!(price < Amount::MAX_PRICE);
/// # Ok::<(), digicert_types::AmountError>(())
/// ```
///
/// # Serde
///
/// An amount is written as a number, `412` as `412` and `99999999.99` as itself, and read from
/// a number or a number in quotes. The formats must describe themselves, as JSON does.
///
/// With the feature `exact-json` (on by default) the digits are read as they stand in the JSON
/// text. Two ways lead past that: `#[serde(flatten)]` and untagged enums, and a
/// `serde_json::Value`. Both hold a number as a double before it gets here. What was written with
/// at most 15 digits arrives unchanged nevertheless, but a number of more digits can no longer
/// be told from its rounding.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Amount {
    /// Below `LIMIT`, and without trailing zeros as long as there are decimals.
    mantissa: i64,
    scale: u8,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self::from_integer(0);

    /// The highest price that the page "Set subaccount products" documents for the base price
    /// and for additional names: `99999999.99`.
    pub const MAX_PRICE: Self = Self {
        mantissa: 9_999_999_999,
        scale: 2,
    };

    /// The amount `mantissa / 10^scale`.
    ///
    /// ```
    /// use digicert_types::Amount;
    ///
    /// const SETUP_FEE: Amount = match Amount::new(19_95, 2) {
    ///     Ok(amount) => amount,
    ///     Err(_) => panic!("more than 15 digits"),
    /// };
    /// assert_eq!(SETUP_FEE.to_string(), "19.95");
    /// assert!(Amount::new(1_000_000_000_000_000, 0).is_err());
    /// ```
    pub const fn new(mantissa: i64, scale: u8) -> Result<Self, AmountError> {
        let amount = Self::normalized(mantissa, scale);
        if amount.mantissa.unsigned_abs() >= LIMIT.unsigned_abs() || amount.scale > MAX_SCALE {
            return Err(AmountError::INEXACT);
        }
        Ok(amount)
    }

    /// A whole amount.
    #[must_use]
    pub const fn from_integer(value: i32) -> Self {
        Self {
            mantissa: value as i64,
            scale: 0,
        }
    }

    #[inline]
    const fn normalized(mut mantissa: i64, mut scale: u8) -> Self {
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// The digits without the decimal point: 4125 for `412.5`.
    #[must_use]
    pub const fn mantissa(self) -> i64 {
        self.mantissa
    }

    /// The power of ten that [`mantissa`](Self::mantissa) is divided by: 1 for `412.5`.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// How many decimals it takes to write the amount: 1 for `412.50`, 0 for `412`.
    #[must_use]
    pub const fn decimals(self) -> u8 {
        self.scale
    }

    /// Whether this is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// Whether this is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// The exact sum, or `None` if it takes more than 15 digits.
    ///
    /// ```
    /// # use digicert_types::Amount;
    /// let sum = "0.1".parse::<Amount>()?.checked_add("0.2".parse()?);
    /// assert_eq!(sum, Some("0.3".parse()?));
    /// # Ok::<(), digicert_types::AmountError>(())
    /// ```
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::from_units(self.units() + other.units(), MAX_SCALE)
    }

    /// The exact difference, or `None` if it takes more than 15 digits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self::from_units(self.units() - other.units(), MAX_SCALE)
    }

    /// The exact product, or `None` if it takes more than 15 digits.
    #[must_use]
    pub fn checked_mul(self, factor: u32) -> Option<Self> {
        Self::from_units(i128::from(self.mantissa) * i128::from(factor), self.scale)
    }

    /// The amount in units of the smallest amount; below 10^30, so two of them can be added.
    fn units(self) -> i128 {
        i128::from(self.mantissa) * i128::from(POWERS[usize::from(MAX_SCALE - self.scale)])
    }

    fn from_units(mut units: i128, mut scale: u8) -> Option<Self> {
        while scale > 0 && units % 10 == 0 {
            units /= 10;
            scale -= 1;
        }
        Self::new(i64::try_from(units).ok()?, scale).ok()
    }

    /// The nearest double, from which [`Self::from_f64`] finds the same amount again.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a mantissa of 15 digits is below 2^53"
    )]
    fn to_f64(self) -> f64 {
        self.mantissa as f64 / POWERS_F64[usize::from(self.scale)]
    }

    /// The one amount whose nearest double is `value`.
    ///
    /// There is at most one, because decimals of 15 digits lie further apart than doubles. The
    /// product is off by less than a quarter, so rounding it finds the mantissa if there is one,
    /// and the division, which is correctly rounded, tells whether there is.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounded, and below 10^15 when it is cast"
    )]
    #[expect(clippy::float_cmp, reason = "exactly this double is asked for")]
    fn from_f64(value: f64) -> Result<Self, AmountError> {
        if !value.is_finite() {
            return Err(AmountError::MALFORMED);
        }
        for (scale, power) in (0..).zip(POWERS_F64) {
            let mantissa = (value * power).round();
            if mantissa.abs() < POWERS_F64[usize::from(MAX_DIGITS)] && mantissa / power == value {
                return Self::new(mantissa as i64, scale);
            }
        }
        Err(AmountError::INEXACT)
    }
}

/// Text that is not an [`Amount`]: no decimal number, or one of more than 15 digits.
///
/// It does not repeat the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountError {
    kind: AmountErrorKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AmountErrorKind {
    Malformed,
    Inexact,
}

impl AmountError {
    const MALFORMED: Self = Self {
        kind: AmountErrorKind::Malformed,
    };
    const INEXACT: Self = Self {
        kind: AmountErrorKind::Inexact,
    };

    /// Whether it was no number at all; if not, it was a number of more than 15 digits.
    #[must_use]
    pub fn is_malformed(&self) -> bool {
        self.kind == AmountErrorKind::Malformed
    }
}

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            AmountErrorKind::Malformed => "not a decimal number",
            AmountErrorKind::Inexact => "an amount of more than 15 digits cannot be held exactly",
        })
    }
}

impl Error for AmountError {}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        self.units().cmp(&other.units())
    }
}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

macro_rules! from_small_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Amount {
            fn from(value: $integer) -> Self {
                Self { mantissa: i64::from(value), scale: 0 }
            }
        }
    )*};
}

from_small_integers!(i32, u32, u16, u8);

impl TryFrom<i64> for Amount {
    type Error = AmountError;

    #[inline]
    fn try_from(value: i64) -> Result<Self, AmountError> {
        Self::new(value, 0)
    }
}

impl TryFrom<u64> for Amount {
    type Error = AmountError;

    #[inline]
    fn try_from(value: u64) -> Result<Self, AmountError> {
        i64::try_from(value)
            .map_err(|_| AmountError::INEXACT)
            .and_then(Self::try_from)
    }
}

/// Writes the digits, without an exponent and without trailing zeros.
///
/// A precision is a minimum: `{:.2}` writes `412.00` and `0.125`, because money is not rounded
/// on its way to a reader. Width, fill, alignment, `+` and `0` work as they do for integers.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!("{:0>1$}", self.mantissa.unsigned_abs(), scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        match f.precision().unwrap_or(0).max(scale) {
            0 => f.pad_integral(!self.is_negative(), "", whole),
            decimals => f.pad_integral(
                !self.is_negative(),
                "",
                &format!("{whole}.{fraction:0<decimals$}"),
            ),
        }
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({self})")
    }
}

/// Reads a number as JSON writes it, with or without decimals and exponent: `412`, `-0.5`,
/// `4.125e2`.
///
/// Leading zeros (`007.50`) pass, since they leave no doubt about the value. Nothing else does:
/// no `+` in front, no blank, no thousands separator, no digit missing on either side of the
/// point.
impl FromStr for Amount {
    type Err = AmountError;

    #[inline]
    fn from_str(text: &str) -> Result<Self, AmountError> {
        match parse_short(text.as_bytes()) {
            Some(amount) => Ok(amount),
            None => parse(text.as_bytes()),
        }
    }
}

/// Reads what nearly every price looks like; `None` leaves text to [`parse`], and says nothing
/// about it.
#[inline]
fn parse_short(text: &[u8]) -> Option<Amount> {
    if text.len() > usize::from(MAX_DIGITS) {
        return None;
    }
    let mut mantissa = 0;
    let mut whole_digits = None;
    for (index, &byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + i64::from(byte - b'0'),
            b'.' if whole_digits.is_none() && index > 0 => whole_digits = Some(index),
            _ => return None,
        }
    }
    let last = text.len().checked_sub(1)?;
    match whole_digits {
        None => Some(Amount { mantissa, scale: 0 }),
        Some(point) if point == last => None,
        Some(point) => {
            let scale = u8::try_from(last - point).ok()?;
            Some(Amount::normalized(mantissa, scale))
        }
    }
}

fn parse(text: &[u8]) -> Result<Amount, AmountError> {
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let (whole, rest) = split_digits(text)?;
    let (fraction, rest) = match rest {
        [b'.', rest @ ..] => split_digits(rest)?,
        _ => (&rest[..0], rest),
    };
    let exponent = match rest {
        [] => 0,
        [b'e' | b'E', rest @ ..] => parse_exponent(rest)?,
        _ => return Err(AmountError::MALFORMED),
    };
    let mut significand = Significand::default();
    for &byte in whole.iter().chain(fraction) {
        significand.push(byte - b'0')?;
    }
    let decimals = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    significand.into_amount(negative, exponent.saturating_sub(decimals))
}

/// At least one digit, and what follows the digits.
fn split_digits(text: &[u8]) -> Result<(&[u8], &[u8]), AmountError> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 {
        return Err(AmountError::MALFORMED);
    }
    Ok(text.split_at(count))
}

fn parse_exponent(text: &[u8]) -> Result<i64, AmountError> {
    let (sign, text) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        _ => (1, text),
    };
    let (digits, rest) = split_digits(text)?;
    if !rest.is_empty() {
        return Err(AmountError::MALFORMED);
    }
    // Saturating is exact enough: no text is long enough to bring such an exponent back.
    Ok(digits.iter().fold(0i64, |exponent, byte| {
        exponent
            .saturating_mul(10)
            .saturating_add(sign * i64::from(byte - b'0'))
    }))
}

/// The digits between leading and trailing zeros, which may be many without being significant.
#[derive(Default)]
struct Significand {
    value: i64,
    digits: i64,
    trailing_zeros: i64,
}

impl Significand {
    fn push(&mut self, digit: u8) -> Result<(), AmountError> {
        if digit == 0 {
            self.trailing_zeros += i64::from(self.value != 0);
            return Ok(());
        }
        let shift = self.trailing_zeros + 1;
        self.digits += shift;
        if self.digits > i64::from(MAX_DIGITS) {
            return Err(AmountError::INEXACT);
        }
        self.value = self.value * power(shift)? + i64::from(digit);
        self.trailing_zeros = 0;
        Ok(())
    }

    fn into_amount(self, negative: bool, exponent: i64) -> Result<Amount, AmountError> {
        if self.value == 0 {
            return Ok(Amount::ZERO);
        }
        let value = if negative { -self.value } else { self.value };
        let exponent = exponent.saturating_add(self.trailing_zeros);
        if exponent < 0 {
            let scale = u8::try_from(exponent.unsigned_abs()).map_err(|_| AmountError::INEXACT)?;
            return Amount::new(value, scale);
        }
        let mantissa = value.checked_mul(power(exponent)?);
        Amount::new(mantissa.ok_or(AmountError::INEXACT)?, 0)
    }
}

fn power(exponent: i64) -> Result<i64, AmountError> {
    usize::try_from(exponent)
        .ok()
        .and_then(|exponent| POWERS.get(exponent).copied())
        .ok_or(AmountError::INEXACT)
}

/// Writes an integer where there are no decimals, else the nearest double.
///
/// The double loses nothing: a serializer prints the shortest digits that give the same double,
/// at most the 15 of this amount, and two different decimals of at most 15 digits never share a
/// double. So the digits it prints are this amount's.
impl Serialize for Amount {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.scale == 0 {
            serializer.serialize_i64(self.mantissa)
        } else {
            serializer.serialize_f64(self.to_f64())
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    /// Asks for the text of the number.
    ///
    /// `serde_json` turns a number with decimals into a double before any visitor sees it, so an
    /// amount of more than 15 digits would arrive rounded, and look like another amount. Its
    /// protocol for `RawValue` is a newtype struct of a reserved name, to which it answers with
    /// the text; to every other format, and to `serde_json` without `raw_value`, the name means
    /// nothing and the newtype struct is the value itself. Should the name ever change, amounts
    /// are read from doubles, and a test fails.
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(JSON_RAW_VALUE, AmountVisitor)
    }
}

struct AmountVisitor;

impl<'de> Visitor<'de> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number")
    }

    #[inline]
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Amount, D::Error> {
        inner.deserialize_any(self)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Amount, A::Error> {
        match map.next_key_seed(JsonTextKey)? {
            Some(true) => map.next_value_seed(JsonText),
            _ => Err(de::Error::invalid_type(Unexpected::Map, &self)),
        }
    }

    #[inline]
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Amount, E> {
        Amount::try_from(value).map_err(E::custom)
    }

    #[inline]
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Amount, E> {
        Amount::try_from(value).map_err(E::custom)
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Amount, E> {
        Amount::from_units(value, 0).ok_or_else(|| E::custom(AmountError::INEXACT))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Amount, E> {
        let value = i128::try_from(value).unwrap_or(i128::MAX);
        self.visit_i128(value)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Amount, E> {
        Amount::from_f64(value).map_err(E::custom)
    }

    #[inline]
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
        text.parse().map_err(E::custom)
    }
}

/// Whether a map's key says that its value is a piece of JSON text.
struct JsonTextKey;

impl<'de> DeserializeSeed<'de> for JsonTextKey {
    type Value = bool;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for JsonTextKey {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    #[inline]
    fn visit_str<E>(self, key: &str) -> Result<bool, E> {
        Ok(key == JSON_RAW_VALUE || key == JSON_NUMBER)
    }
}

/// An amount as it stands in JSON text: a number, or a number in quotes.
struct JsonText;

impl<'de> DeserializeSeed<'de> for JsonText {
    type Value = Amount;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Amount, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for JsonText {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AmountVisitor.expecting(f)
    }

    #[inline]
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
        let found = match text.as_bytes() {
            // Escapes are not resolved: no encoder escapes a digit.
            [b'"', .., b'"'] => return AmountVisitor.visit_str(&text[1..text.len() - 1]),
            [b'{', ..] => Unexpected::Map,
            [b'[', ..] => Unexpected::Seq,
            b"null" => Unexpected::Unit,
            b"true" => Unexpected::Bool(true),
            b"false" => Unexpected::Bool(false),
            _ => return AmountVisitor.visit_str(text),
        };
        Err(E::invalid_type(found, &self))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Amount {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        concat!(module_path!(), "::Amount").into()
    }

    /// Says `number` alone, though a number in quotes is read as well: the schema is for those
    /// who write documents.
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "number",
            "description": "An amount of money, exact to the digit: at most 15 digits in all.",
        })
    }
}

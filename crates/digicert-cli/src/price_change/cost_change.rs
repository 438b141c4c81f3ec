//! One amount of one term of one product that changes: from what, to what, by how much, and
//! whether it jumps.

use digicert_types::Amount;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Which of the three amounts of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Cost {
    #[serde(rename = "cost")]
    Base,
    #[serde(rename = "additional_fqdn_cost")]
    Fqdn,
    #[serde(rename = "additional_wildcard_cost")]
    Wildcard,
}

impl Cost {
    /// The field in JSON.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Base => "cost",
            Self::Fqdn => "additional_fqdn_cost",
            Self::Wildcard => "additional_wildcard_cost",
        }
    }
}

/// An amount that changes, that comes with a product, or that goes with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct CostChange {
    /// The term, in years; `None` if the service does not say it.
    pub(crate) lifetime: Option<i64>,
    pub(crate) field: Cost,
    /// `None` if the product is new, or nobody here knows what holds.
    pub(crate) from: Option<Amount>,
    /// `None` if the request has none. If the product stays, DigiCert's retail price holds then,
    /// or 0.
    pub(crate) to: Option<Amount>,
    /// `None` without two amounts of one currency, the first of them above 0.
    pub(crate) percent: Option<Percent>,
    /// `None` for an amount that goes no further than from 412 to 41.21 or to 4119.99.
    pub(crate) jump: Option<Jump>,
}

impl CostChange {
    /// Why it looks like a mistake, in words.
    pub(crate) fn jump_in_words(&self) -> Option<&'static str> {
        let is_below_zero = self.from.is_some_and(|from| from < Amount::ZERO);
        self.jump.map(|jump| match jump {
            Jump::FromZero if is_below_zero => "from below 0",
            other => other.as_str(),
        })
    }
}

/// As it is written. Percent is for reading, and made anew from what it was made from.
impl<'de> Deserialize<'de> for CostChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Shape {
            lifetime: Option<i64>,
            field: Cost,
            from: Option<Amount>,
            to: Option<Amount>,
            percent: Option<IgnoredAny>,
            jump: Option<Jump>,
        }
        let Shape {
            lifetime,
            field,
            from,
            to,
            percent,
            jump,
        } = Shape::deserialize(deserializer)?;
        let percent = percent.and_then(|_| Percent::between(from?, to?));
        Ok(Self {
            lifetime,
            field,
            from,
            to,
            percent,
            jump,
        })
    }
}

/// Why a change of an amount looks like a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Jump {
    TenTimesOrMore,
    TenthOrLess,
    /// Or from below.
    FromZero,
    ToZero,
    /// The request has no amount where there is one now, so that DigiCert's retail price holds, or
    /// 0: nobody here knows which.
    ToUnknown,
    /// The product is enabled, and nobody here knows at which price: at DigiCert's retail price, or 0, or
    /// the service reports one that cannot be read.
    FromUnknown,
}

impl Jump {
    fn as_str(self) -> &'static str {
        match self {
            Self::TenTimesOrMore => "ten times as much or more",
            Self::TenthOrLess => "a tenth or less",
            Self::FromZero => "from 0",
            Self::ToZero => "to 0",
            Self::ToUnknown => "to DigiCert's retail price, or 0",
            Self::FromUnknown => "from a price that is not known",
        }
    }

    /// How an amount jumps, if it does.
    pub(super) fn between(from: Amount, to: Amount) -> Option<Self> {
        if from == to {
            None
        } else if from <= Amount::ZERO {
            Some(Self::FromZero)
        } else if to <= Amount::ZERO {
            Some(Self::ToZero)
        } else if is_ten_times(to, from) {
            Some(Self::TenTimesOrMore)
        } else if is_ten_times(from, to) {
            Some(Self::TenthOrLess)
        } else {
            None
        }
    }
}

/// Ten times an amount that has no room for it is above every amount.
fn is_ten_times(high: Amount, low: Amount) -> bool {
    low.checked_mul(10).is_some_and(|tenfold| high >= tenfold)
}

/// By how much an amount changes, to a tenth of a percent: for reading, never for money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Percent {
    tenths: i128,
    /// Whether it is not 0 before it is rounded.
    rises: bool,
}

impl Percent {
    /// `None` if there is nothing to compare with.
    pub(super) fn between(from: Amount, to: Amount) -> Option<Self> {
        if from <= Amount::ZERO {
            return None;
        }
        let scale = from.scale().max(to.scale());
        let units = |amount: Amount| {
            i128::from(amount.mantissa()) * 10_i128.pow(u32::from(scale - amount.scale()))
        };
        // Both are below 10^30, so there is room for a factor of 2000.
        let (from, to) = (units(from), units(to));
        let difference = to - from;
        let doubled = 2000 * difference.abs() / from;
        let tenths = (doubled + 1) / 2;
        Some(Self {
            tenths: tenths * difference.signum(),
            rises: difference > 0,
        })
    }
}

/// `+9.2 %`, `-90 %`; what is rounded away is `+0.0 %`.
impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.rises { '+' } else { '-' };
        let tenths = self.tenths.unsigned_abs();
        f.pad(&format!("{sign}{}.{} %", tenths / 10, tenths % 10))
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "rounded as it is: for reading, never for money"
        )]
        serializer.serialize_f64(self.tenths as f64 / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    #[test]
    fn i8_a_factor_of_ten_is_a_jump_and_less_is_none() {
        for (from, to, jump) in [
            ("412", "4120", Some(Jump::TenTimesOrMore)),
            ("412", "4119.99", None),
            ("412", "41.2", Some(Jump::TenthOrLess)),
            ("412", "41.21", None),
            ("0", "0.01", Some(Jump::FromZero)),
            ("0.01", "0", Some(Jump::ToZero)),
            ("412", "-412", Some(Jump::ToZero)),
            ("-1", "412", Some(Jump::FromZero)),
            ("412", "412", None),
            (
                "0.000000000000001",
                "999999999999999",
                Some(Jump::TenTimesOrMore),
            ),
            ("999999999999999", "100000000000000", None),
            (
                "999999999999999",
                "99999999999999.9",
                Some(Jump::TenthOrLess),
            ),
        ] {
            assert_eq!(
                Jump::between(amount(from), amount(to)),
                jump,
                "{from} → {to}"
            );
        }
    }

    #[test]
    fn percent_is_rounded_and_says_which_way() {
        for (from, to, shown) in [
            ("412", "450", "+9.2 %"),
            ("412", "41.2", "-90.0 %"),
            ("100", "100.05", "+0.1 %"),
            ("100", "100.04", "+0.0 %"),
            ("100", "99.96", "-0.0 %"),
            ("100", "0", "-100.0 %"),
            (
                "0.000000000000001",
                "999999999999999",
                "+99999999999999899999999999999900.0 %",
            ),
        ] {
            let percent = Percent::between(amount(from), amount(to)).unwrap();
            assert_eq!(percent.to_string(), shown, "{from} → {to}");
        }
        assert_eq!(Percent::between(Amount::ZERO, amount("1")), None);
    }
}

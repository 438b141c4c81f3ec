//! [`QuotableInteger`], an integer that the service also writes in quotes.
//!
//! Only for fields that are sent as well as read. A field that is only read is a plain integer,
//! read by `lenient`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::lenient::Scalar;

/// An integer that may stand in quotes, as `balance_negative_limit` does in the samples of the
/// service's documentation.
///
/// It is written the way it was read; one that is made from an integer is written without
/// quotes. Comparing, ordering and hashing look at the value alone.
///
/// ```
/// use digicert_types::QuotableInteger;
///
/// let quoted: QuotableInteger = serde_json::from_str(r#""222""#)?;
/// assert_eq!(quoted, QuotableInteger::from(222));
/// assert_eq!(serde_json::to_string(&quoted)?, r#""222""#);
/// assert_eq!(serde_json::to_string(&QuotableInteger::from(222))?, "222");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// A number without a fraction in another form, such as `222.0` or `"0222"`, is read too and
/// written as `222` or `"222"`.
#[derive(Clone, Copy, Debug)]
pub struct QuotableInteger {
    value: i64,
    quoted: bool,
}

impl QuotableInteger {
    /// The integer.
    #[must_use]
    pub const fn value(self) -> i64 {
        self.value
    }

    /// Whether it was read from quotes, and is going to be written in quotes.
    #[must_use]
    pub const fn is_quoted(self) -> bool {
        self.quoted
    }
}

impl From<i64> for QuotableInteger {
    fn from(value: i64) -> Self {
        Self {
            value,
            quoted: false,
        }
    }
}

impl From<i32> for QuotableInteger {
    fn from(value: i32) -> Self {
        i64::from(value).into()
    }
}

impl PartialEq for QuotableInteger {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for QuotableInteger {}

impl Ord for QuotableInteger {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}

impl PartialOrd for QuotableInteger {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for QuotableInteger {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

/// Writes the number, never the quotes.
impl fmt::Display for QuotableInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl Serialize for QuotableInteger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.quoted {
            serializer.collect_str(&self.value)
        } else {
            serializer.serialize_i64(self.value)
        }
    }
}

impl<'de> Deserialize<'de> for QuotableInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scalar = Scalar::deserialize(deserializer)?;
        Ok(Self {
            value: scalar.integer().map_err(de::Error::custom)?,
            quoted: matches!(scalar, Scalar::Text(_)),
        })
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for QuotableInteger {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "QuotableInteger".into()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        concat!(module_path!(), "::QuotableInteger").into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "An integer, which may stand in quotes.",
            "anyOf": [
                { "type": "integer", "format": "int64" },
                { "type": "string", "pattern": "^-?[0-9]+$" },
            ],
        })
    }
}

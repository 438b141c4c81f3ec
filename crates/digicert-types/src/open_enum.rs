//! `open_enum!`, the behaviour of the enums that answers use, and [`UnknownValue`], which keeps a
//! value that they do not name.
//!
//! The enums themselves are generated. Closed ones, which only requests use, need none of this.

use std::fmt;

/// A value that the service sent and this version of the crate does not name.
///
/// Only this crate makes one, from a value that is not known; to make an enum from text, use
/// its `From<&str>`, which knows the known ones.
///
/// ```compile_fail
/// digicert_types::UnknownValue(String::from("active"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(String);

impl UnknownValue {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The value as the service sent it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Gives an enum with a variant `Unknown(UnknownValue)` its behaviour: text in, text out, and a
/// value that has no variant unchanged.
///
/// Takes the enum, `exact_case` or `any_case`, and the text of every other variant. With
/// `any_case` a known value is read in any case, and written as it is listed.
macro_rules! open_enum {
    ($name:ident, exact_case, $variants:tt) => {
        $crate::open_enum::open_enum!(@implement $name, str::eq, $variants);
    };
    ($name:ident, any_case, $variants:tt) => {
        $crate::open_enum::open_enum!(@implement $name, str::eq_ignore_ascii_case, $variants);
    };
    (@implement $name:ident, $same:path, [$(($variant:ident, $text:literal)),+ $(,)?]) => {
        impl $name {
            /// The values that have a variant, as they are written.
            pub const KNOWN: &'static [&'static str] = &[$($text),+];

            /// The value as it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(value) => value.as_str(),
                }
            }

            /// Whether the value has a variant of its own.
            #[must_use]
            pub fn is_known(&self) -> bool {
                !::core::matches!(self, Self::Unknown(_))
            }

            fn known(text: &str) -> ::core::option::Option<Self> {
                $(if $same(text, $text) {
                    return ::core::option::Option::Some(Self::$variant);
                })+
                ::core::option::Option::None
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::core::convert::From<::std::borrow::Cow<'_, str>> for $name {
            fn from(text: ::std::borrow::Cow<'_, str>) -> Self {
                Self::known(&text).unwrap_or_else(|| {
                    Self::Unknown($crate::open_enum::UnknownValue::new(text))
                })
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                ::std::borrow::Cow::Borrowed(text).into()
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                ::std::borrow::Cow::<str>::Owned(text).into()
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(text.into())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::lenient::text(deserializer).map(Self::from)
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::core::stringify!($name).into()
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::core::concat!(::core::module_path!(), "::", ::core::stringify!($name)).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                $crate::open_enum::schema(Self::KNOWN)
            }
        }
    };
}

pub(crate) use open_enum;

/// Names the known values in words: as an `enum` they would turn the others away.
#[cfg(feature = "schemars")]
pub(crate) fn schema(known: &[&str]) -> schemars::Schema {
    let description = format!("Known values: {}. Others may appear.", known.join(", "));
    schemars::json_schema!({ "type": "string", "description": description })
}

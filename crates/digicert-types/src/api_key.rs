//! The two API keys, [`CertCentralApiKey`] and [`PartnerApiKey`].
//!
//! Here is what holds, compares, hides and wipes them. Where they come from and where they are
//! sent is for `digicert-client` and `digicert-cli`; whether one can be a header at all is not
//! asked here.

use std::fmt;
use std::hint::black_box;

use serde::de::{self, Deserializer, Unexpected, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use zeroize::Zeroizing;

macro_rules! api_key {
    ($(#[$attribute:meta])* $name:ident, $description:literal) => {
        $(#[$attribute])*
        ///
        /// Its text comes out in two ways only: by [`expose_secret`](Self::expose_secret), and by
        /// serializing it. `Debug` hides it, there is no `Display`, an error that is about it does
        /// not repeat it, and its memory is wiped when it is dropped. Comparing two keys takes the
        /// same time wherever they differ; it tells whether they have the same length.
        ///
        /// # Serde
        ///
        /// It is written as its text, because that is what an answer that hands out a key
        /// consists of. So serialize it only to where the key is meant to go: an answer of the
        /// sandbox, a key file. A value that holds one must not be logged as JSON.
        ///
        /// It is read from text. Of the buffers that it passes on the way, those that a
        /// deserializer keeps for itself are not wiped.
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Secret);

        impl $name {
            /// Takes over the text, whatever it is.
            ///
            /// A `String` is taken over without a copy. A `&str` is copied, and the original stays
            /// where it is.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(Secret::new(text.into()))
            }

            /// The text of the key, to send it or to store it.
            #[must_use]
            pub fn expose_secret(&self) -> &str {
                &self.0.0
            }

            /// Whether there is no text.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.0.is_empty()
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(REDACTED)"))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.expose_secret())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Secret::deserialize(deserializer).map(Self)
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($name)).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "format": "password",
                    "description": $description,
                })
            }
        }
    };
}

api_key! {
    /// A key of the CertCentral Services API, sent in the header `X-DC-DEVKEY`.
    ///
    /// ```
    /// use digicert_types::CertCentralApiKey;
    ///
    /// let key = CertCentralApiKey::new("made-up");
    /// assert_eq!(key.expose_secret(), "made-up");
    /// assert_eq!(format!("{key:?}"), "CertCentralApiKey(REDACTED)");
    /// ```
    ///
    /// It is no [`PartnerApiKey`], and cannot be turned into one by accident:
    ///
    /// ```compile_fail,E0308
    /// # use digicert_types::{CertCentralApiKey, PartnerApiKey};
    /// let partner: PartnerApiKey = CertCentralApiKey::new("made-up");
    /// ```
    ///
    /// ```compile_fail,E0277
    /// # use digicert_types::{CertCentralApiKey, PartnerApiKey};
    /// let partner = PartnerApiKey::from(CertCentralApiKey::new("made-up"));
    /// ```
    ///
    /// Nor does it print:
    ///
    /// ```compile_fail,E0277
    /// # use digicert_types::CertCentralApiKey;
    /// println!("{}", CertCentralApiKey::new("made-up"));
    /// ```
    CertCentralApiKey,
    "A key of the CertCentral Services API."
}

api_key! {
    /// A key of the Partner Subscriptions API, sent in the header `X-PARTNER-APIKEY`.
    ///
    /// ```
    /// use digicert_types::PartnerApiKey;
    ///
    /// let key = PartnerApiKey::new("made-up");
    /// assert_eq!(key.expose_secret(), "made-up");
    /// assert_eq!(format!("{key:?}"), "PartnerApiKey(REDACTED)");
    /// ```
    ///
    /// It is no [`CertCentralApiKey`], and cannot be turned into one by accident:
    ///
    /// ```compile_fail,E0308
    /// # use digicert_types::{CertCentralApiKey, PartnerApiKey};
    /// let certcentral: CertCentralApiKey = PartnerApiKey::new("made-up");
    /// ```
    ///
    /// ```compile_fail,E0277
    /// # use digicert_types::{CertCentralApiKey, PartnerApiKey};
    /// let certcentral = CertCentralApiKey::from(PartnerApiKey::new("made-up"));
    /// ```
    ///
    /// Nor does it print:
    ///
    /// ```compile_fail,E0277
    /// # use digicert_types::PartnerApiKey;
    /// println!("{}", PartnerApiKey::new("made-up"));
    /// ```
    PartnerApiKey,
    "A key of the Partner Subscriptions API."
}

/// The text of a key. It has no `Debug`, so that nothing which holds one derives it.
#[derive(Clone)]
struct Secret(Zeroizing<String>);

impl Secret {
    fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.0.as_bytes(), other.0.as_bytes());
        let difference = left
            .iter()
            .zip(right)
            // The optimizer could leave the loop at the first difference.
            .fold(0, |difference, (l, r)| black_box(difference | (l ^ r)));
        left.len() == right.len() && difference == 0
    }
}

impl Eq for Secret {}

impl<'de> Deserialize<'de> for Secret {
    /// Leaves the type open: asked for a string, `serde_json` answers a number itself, with an
    /// error that quotes it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecretVisitor)
    }
}

/// Refuses what is not text, as serde would, without repeating it.
struct SecretVisitor;

impl SecretVisitor {
    fn refuse<E: de::Error>(self, found: &'static str) -> Result<Secret, E> {
        Err(E::invalid_type(Unexpected::Other(found), &self))
    }
}

impl Visitor<'_> for SecretVisitor {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text of an API key")
    }

    fn visit_str<E>(self, text: &str) -> Result<Secret, E> {
        Ok(Secret::new(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Secret, E> {
        Ok(Secret::new(text))
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Secret, E> {
        self.refuse("boolean")
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Secret, E> {
        self.refuse("integer")
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Secret, E> {
        self.refuse("integer")
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<Secret, E> {
        self.refuse("integer")
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<Secret, E> {
        self.refuse("integer")
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Secret, E> {
        self.refuse("floating point number")
    }
}

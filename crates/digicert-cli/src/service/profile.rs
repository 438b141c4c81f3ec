//! What a profile holds: one service with its keys, limits and thresholds. Where profiles are read
//! from is `config_file.rs`.

use std::fmt;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use digicert_client::{RateLimits, Window};
use digicert_types::Amount;
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, Visitor};

/// Settings for one service. Each may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    #[serde(default, deserialize_with = "region")]
    pub(crate) region: Option<digicert_client::Region>,
    pub(crate) origin: Option<String>,
    /// The account that it is for: what changes something refuses the key of another one.
    #[serde(default, deserialize_with = "account_id")]
    pub(crate) account_id: Option<i64>,
    pub(crate) api_key_file: Option<PathBuf>,
    pub(crate) partner_api_key_file: Option<PathBuf>,
    #[serde(default)]
    pub(crate) rate_limits: Limits,
    #[serde(default)]
    pub(crate) plan: PlanThresholds,
    // Here so that a key gets an answer of its own, and is read by nobody.
    #[serde(default, rename = "api_key", deserialize_with = "no_key")]
    _api_key: (),
    #[serde(
        default,
        rename = "partner_api_key",
        deserialize_with = "no_partner_key"
    )]
    _partner_api_key: (),
}

/// The fields of a profile that only exist to be refused.
pub(crate) const REFUSED: [&str; 2] = ["api_key", "partner_api_key"];

/// Other limits than those that DigiCert documents.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    /// No limits at all, for a sandbox on this machine.
    #[serde(default)]
    pub(crate) off: bool,
    windows: Option<Vec<LimitWindow>>,
    at_once: Option<NonZeroUsize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitWindow {
    requests: NonZeroUsize,
    seconds: NonZeroU64,
}

/// What `digicert plan` lets through by itself, where it differs from the careful defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names of the options")]
pub(crate) struct PlanThresholds {
    /// Subaccounts that are changed or created.
    pub(crate) max_subaccounts: Option<usize>,
    /// Subaccounts that are created.
    pub(crate) max_creations: Option<usize>,
    /// Products that are switched off, over all subaccounts.
    pub(crate) max_disabled: Option<usize>,
    /// The share of its products that one subaccount loses, in percent.
    #[serde(default, deserialize_with = "percent")]
    pub(crate) max_disabled_share: Option<u8>,
    /// By how much a price is multiplied or divided.
    #[serde(default, deserialize_with = "factor")]
    pub(crate) max_price_factor: Option<Amount>,
    /// Billing links that are made.
    pub(crate) max_billing_links: Option<usize>,
}

impl Limits {
    /// The limits that a client is to keep.
    pub(crate) fn rate_limits(&self) -> RateLimits {
        if self.off {
            return RateLimits::none();
        }
        let mut limits = RateLimits::default();
        if let Some(windows) = &self.windows {
            limits.windows = windows.iter().map(LimitWindow::window).collect();
        }
        if let Some(at_once) = self.at_once {
            limits.at_once = Some(at_once.get());
        }
        limits
    }
}

impl LimitWindow {
    fn window(&self) -> Window {
        Window::new(self.requests.get(), Duration::from_secs(self.seconds.get()))
    }
}

fn region<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<digicert_client::Region>, D::Error> {
    // The value is not repeated: a key may have got there by mistake.
    let region = super::region_of(&String::deserialize(deserializer)?);
    region
        .map(Some)
        .ok_or_else(|| de::Error::custom("a region is `us` or `eu`"))
}

fn account_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let id = i64::deserialize(deserializer)?;
    let id = Some(id).filter(|id| *id > 0);
    id.map(Some)
        .ok_or_else(|| de::Error::custom("an account ID is a whole number such as 1122331"))
}

fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let percent = u8::deserialize(deserializer)?;
    let percent = Some(percent).filter(|percent| *percent <= 100);
    percent
        .map(Some)
        .ok_or_else(|| de::Error::custom("a share is at most 100 percent"))
}

fn factor<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Amount>, D::Error> {
    struct Factor;

    impl Visitor<'_> for Factor {
        type Value = Amount;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number from 1 up, such as 3 or 1.5")
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<Amount, E> {
            self.visit_str(&number.to_string())
        }

        fn visit_f64<E: de::Error>(self, number: f64) -> Result<Amount, E> {
            self.visit_str(&number.to_string())
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
            let factor = text.parse::<Amount>().ok();
            let factor = factor.filter(|factor| *factor >= Amount::from(1_u32));
            factor.ok_or_else(|| E::custom("a factor is a number from 1 up, such as 3 or 1.5"))
        }
    }

    deserializer.deserialize_any(Factor).map(Some)
}

fn no_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    refuse(deserializer, "api_key_file")
}

fn no_partner_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    refuse(deserializer, "partner_api_key_file")
}

fn refuse<'de, D: Deserializer<'de>>(deserializer: D, instead: &str) -> Result<(), D::Error> {
    IgnoredAny::deserialize(deserializer)?;
    Err(de::Error::custom(format!(
        "no key belongs into this file, which is easily shared; put it into a file that only you \
         can read, and name that in `{instead}`"
    )))
}

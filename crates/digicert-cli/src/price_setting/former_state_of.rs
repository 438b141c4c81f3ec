//! Whose former state a file is. The file says it itself, in a member beside the request that it holds:
//!
//! ```json
//! {"former_state_of": {"format_version": 1, "origin": "https://www.digicert.com",
//!    "subaccount_id": 1122334, "subaccount_name": "Example Company, LLC",
//!    "kept_at": "2026-01-02T03:04:05Z"},
//!  "currency": "USD", "products": []}
//! ```
//!
//! The member is never sent. Files of earlier versions do not have it, and are restored as they were;
//! of those the ledger may know whose they are.

use std::time::SystemTime;

use digicert_validate::{DocumentReport, Kind};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

const MEMBER_POINTER: &str = "/former_state_of";
const FORMAT_VERSION: u32 = 1;

/// Whose former state it is. What is only for people may be absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FormerStateOf {
    #[serde(deserialize_with = "known_version")]
    format_version: u32,
    /// Scheme and host of the service.
    pub(crate) origin: String,
    pub(crate) subaccount_id: i64,
    /// The organization, and the name within it if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subaccount_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kept_at: Option<String>,
}

impl FormerStateOf {
    /// Kept now.
    pub(super) fn now(origin: &str, subaccount_id: i64, subaccount_name: Option<&str>) -> Self {
        let now = humantime::format_rfc3339_seconds(SystemTime::now());
        Self {
            format_version: FORMAT_VERSION,
            origin: origin.to_owned(),
            subaccount_id,
            subaccount_name: subaccount_name.map(str::to_owned),
            kept_at: Some(now.to_string()),
        }
    }

    /// Whether it is of this subaccount at this service, whatever it is called and whenever it was kept.
    pub(crate) fn is_of(&self, origin: &str, subaccount_id: i64) -> bool {
        self.origin == origin && self.subaccount_id == subaccount_id
    }
}

fn known_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let version = u32::deserialize(deserializer)?;
    if version == FORMAT_VERSION {
        return Ok(version);
    }
    Err(D::Error::custom(format!(
        "`former_state_of` has format_version {version}, and this program reads {FORMAT_VERSION}"
    )))
}

/// A file, as far as it says whose former state it is.
#[derive(Debug, Deserialize)]
pub(crate) struct Member {
    #[serde(default)]
    pub(crate) former_state_of: Option<FormerStateOf>,
}

/// Takes from a report that the request has no such field: it is not sent.
pub(crate) fn without_member(mut document: DocumentReport) -> DocumentReport {
    if document.kind == Some(Kind::SetProducts) {
        document.report.retain(|finding| {
            finding.rule.name != "field-unknown" || finding.pointer != MEMBER_POINTER
        });
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_former_state_says_whose_it_is_or_nothing_or_it_is_an_error() {
        let read = |text: &str| serde_json::from_str::<Member>(text);
        let whole = r#"{"former_state_of": {"format_version": 1, "origin": "http://a",
            "subaccount_id": 7, "later": true}, "products": []}"#;
        let of = read(whole).unwrap().former_state_of.unwrap();
        assert!(of.is_of("http://a", 7) && !of.is_of("http://a", 8) && !of.is_of("http://b", 7));
        let old = read(r#"{"products": []}"#).unwrap();
        assert_eq!(old.former_state_of, None);
        for (text, why) in [
            (
                r#"{"former_state_of": {"format_version": 2, "of": 7}}"#,
                "has format_version 2, and this program reads 1",
            ),
            (
                r#"{"former_state_of": {"format_version": 1, "origin": "http://a"}}"#,
                "missing field `subaccount_id`",
            ),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}

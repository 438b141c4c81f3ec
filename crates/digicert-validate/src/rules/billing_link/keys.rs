//! The two keys of a billing link side by side, for rules that treat them alike. What is wrong
//! with a key is for those rules to say.

use crate::request::BillingLink;

/// One of the two keys. It has no `Debug`, so that its text is never printed.
pub(super) struct Key<'a> {
    /// Where it stands.
    pub(super) pointer: &'static str,
    /// What it is called, for messages.
    pub(super) name: &'static str,
    /// The header that it is sent in.
    pub(super) header: &'static str,
    text: &'a str,
}

/// Both keys, in the order of the documentation.
pub(super) fn of<'a>(link: &BillingLink<'a>) -> [Key<'a>; 2] {
    [
        Key {
            pointer: "/partner_key",
            name: "Partner Subscriptions key",
            header: "X-PARTNER-APIKEY",
            text: link.partner_key.expose_secret(),
        },
        Key {
            pointer: "/certcentral_key",
            name: "CertCentral key",
            header: "X-DC-DEVKEY",
            text: link.certcentral_key.expose_secret(),
        },
    ]
}

impl<'a> Key<'a> {
    /// Its text, unless there is none but white space.
    pub(super) fn text(&self) -> Option<&'a str> {
        Some(self.text).filter(|text| !text.trim().is_empty())
    }
}

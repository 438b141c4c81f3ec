//! `GET /_sandbox/keys`: the keys that were made up, so that nobody has to copy them from a
//! terminal to send a request from the page.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use digicert_types::{CertCentralApiKey, PartnerApiKey};
use serde::Serialize;

use crate::answer::json;

/// The keys that the page may have. A key that was given is never among them: it may be one of a
/// real account. Nor is any where others than this machine can ask.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfferedKeys(Arc<Keys>);

#[derive(Debug, Default, Serialize)]
struct Keys {
    certcentral_key: Option<CertCentralApiKey>,
    partner_key: Option<PartnerApiKey>,
}

impl OfferedKeys {
    /// Of the keys that were made up, those that may be offered at this address.
    pub(crate) fn new(
        address: SocketAddr,
        certcentral_key: Option<CertCentralApiKey>,
        partner_key: Option<PartnerApiKey>,
    ) -> Self {
        if !address.ip().is_loopback() {
            return Self::default();
        }
        Self(Arc::new(Keys {
            certcentral_key,
            partner_key,
        }))
    }
}

pub(super) async fn keys(State(OfferedKeys(keys)): State<OfferedKeys>) -> Response {
    json(StatusCode::OK, &*keys)
}

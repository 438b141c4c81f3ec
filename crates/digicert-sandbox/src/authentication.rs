//! The two key headers: reading them, and refusing a request whose keys are missing or wrong.
//!
//! What the owner of a key may do is not decided here.

use axum::http::{HeaderMap, HeaderName};
use digicert_types::{CertCentralApiKey, PartnerApiKey};

use crate::answer::{Refusal, invalid, missing};
use crate::keys::KeyOwner;
use crate::state::{PartnerAccount, State};

const CERTCENTRAL_HEADER: HeaderName = HeaderName::from_static("x-dc-devkey");
const PARTNER_HEADER: HeaderName = HeaderName::from_static("x-partner-apikey");

/// The account that asks, for a call of the CertCentral API.
pub(crate) fn certcentral_account(headers: &HeaderMap, state: &State) -> Result<KeyOwner, Refusal> {
    one_value(headers, &CERTCENTRAL_HEADER)
        .and_then(|text| state.owner(&CertCentralApiKey::new(text)))
        .ok_or_else(Refusal::invalid_certcentral_key)
}

/// The account that asks, for a call of the Partner Subscriptions API.
pub(crate) fn partner_account<'s>(
    headers: &HeaderMap,
    state: &'s State,
) -> Result<&'s PartnerAccount, Refusal> {
    let account = one_value(headers, &PARTNER_HEADER)
        .and_then(|text| state.partner_account(&PartnerApiKey::new(text)))
        .ok_or_else(Refusal::invalid_partner_key)?;
    if account.active {
        Ok(account)
    } else {
        Err(Refusal::inactive_partner_key())
    }
}

/// The account that is to pay, for the billing link: there its key is a parameter, and a wrong
/// one is a bad request.
pub(crate) fn billing_account(headers: &HeaderMap, state: &State) -> Result<KeyOwner, Refusal> {
    const NAME: &str = "X-DC-DEVKEY";
    if !headers.contains_key(CERTCENTRAL_HEADER) {
        return Err(Refusal::faults(vec![missing(NAME)]));
    }
    let owner = one_value(headers, &CERTCENTRAL_HEADER)
        .and_then(|text| state.owner(&CertCentralApiKey::new(text)));
    owner.ok_or_else(|| {
        let reason = "it must be one CertCentral API key that belongs to a valid account";
        Refusal::faults(vec![invalid(NAME, reason)])
    })
}

/// The value of a header that is there exactly once. Of two keys neither is taken: which one
/// counts would be a guess.
fn one_value<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    match values.next() {
        None => value.to_str().ok(),
        Some(_) => None,
    }
}

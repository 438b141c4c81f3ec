//! The accounts of the Partner Subscriptions API: the parent, its subaccounts, and which billing
//! account each of them is linked to.
//!
//! They have nothing to do with the accounts of CertCentral but these links (partner overview).

use digicert_types::PartnerApiKey;
use serde::{Deserialize, Serialize};

use super::parent;
use crate::keys::KeyOwner;

/// The ID of the parent among the accounts of the Partner Subscriptions API.
pub(crate) const PARENT_ID: i64 = 1;

const PARENT_NAME: &str = "Sandbox partner account";

/// An account of the Partner Subscriptions API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartnerAccount {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// Of a subaccount. The parent has the key that was given to the sandbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<PartnerApiKey>,
    /// Whether its key may do anything.
    pub(crate) active: bool,
    /// The ID of the CertCentral account that is linked to this very account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) billing_account_id: Option<i64>,
}

impl PartnerAccount {
    pub(crate) fn parent() -> Self {
        Self {
            id: PARENT_ID,
            name: PARENT_NAME.to_owned(),
            key: None,
            active: true,
            billing_account_id: None,
        }
    }

    pub(crate) fn subaccount(id: i64, name: String, key: PartnerApiKey) -> Self {
        Self {
            id,
            name,
            key: Some(key),
            ..Self::parent()
        }
    }

    /// This account, linked to the one that pays for it.
    pub(crate) fn linked_to(&self, payer: KeyOwner) -> Self {
        let payer = match payer {
            KeyOwner::Parent => parent::ACCOUNT_ID,
            KeyOwner::Subaccount(id) => id,
        };
        Self {
            billing_account_id: Some(payer),
            ..self.clone()
        }
    }
}

/// A subaccount of the Partner Subscriptions API, as [`Sandbox::add_partner_subaccount`] makes it.
///
/// [`Sandbox::add_partner_subaccount`]: crate::Sandbox::add_partner_subaccount
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PartnerSubaccount {
    /// The ID of the account.
    pub id: i64,
    /// Its key, for the header `X-PARTNER-APIKEY`.
    pub key: PartnerApiKey,
}

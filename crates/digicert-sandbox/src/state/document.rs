//! [`StateDocument`], all that a sandbox remembers as one JSON document, and what makes a document
//! one that cannot be loaded.
//!
//! The given keys of the two parent accounts are not in it, the clock is not, and neither are the
//! faults and the request log.

use std::collections::HashSet;

use digicert_types::{CertCentralApiKey, PartnerApiKey};
use serde::{Deserialize, Serialize};

use super::error::StateError;
use super::parent::{self, Parent};
use super::partner::{self, PartnerAccount};
use super::subaccount::Subaccount;
use super::subaccount_record::HIGHEST_ID;

/// The version that this sandbox writes, and the only one that it reads.
pub(crate) const FORMAT_VERSION: u64 = 1;

/// All that a sandbox remembers: the settings of the parent account, the subaccounts with their
/// users, organizations, containers, products and balances, and the accounts of the Partner
/// Subscriptions API with their links.
///
/// Its JSON form is made to be kept and loaded again. It holds the keys that the sandbox has made
/// up for subaccounts, so that they still work; `Debug` hides them.
///
/// ```
/// # use digicert_sandbox::{Sandbox, StateDocument};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = Sandbox::start().await?;
/// let kept = sandbox.state().to_json();
/// sandbox.load(&StateDocument::from_json(kept.as_bytes())?)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateDocument {
    format_version: u64,
    pub(crate) parent: Parent,
    pub(crate) subaccounts: Vec<Subaccount>,
    pub(crate) partner_accounts: Vec<PartnerAccount>,
}

impl StateDocument {
    pub(crate) fn new(
        parent: Parent,
        subaccounts: Vec<Subaccount>,
        partner_accounts: Vec<PartnerAccount>,
    ) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            parent,
            subaccounts,
            partner_accounts,
        }
    }

    /// Reads a document, and looks whether it can be loaded.
    pub fn from_json(json: &[u8]) -> Result<Self, StateError> {
        #[derive(Deserialize)]
        struct Version {
            format_version: u64,
        }
        // First of all, because a document of another version fits nothing else.
        let version: Version =
            serde_json::from_slice(json).map_err(|error| StateError::not_json(&error))?;
        if version.format_version != FORMAT_VERSION {
            return Err(StateError::version(version.format_version));
        }
        let document: Self =
            serde_json::from_slice(json).map_err(|error| StateError::not_json(&error))?;
        document.check()?;
        Ok(document)
    }

    /// The document as JSON. It holds keys.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Fails only for maps whose keys are no text, and there are none in it.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether a subaccount has the key of one of the parent accounts.
    pub(super) fn has_key(&self, certcentral: &CertCentralApiKey, partner: &PartnerApiKey) -> bool {
        let mut keys = self.subaccounts.iter().map(|one| &one.api_key);
        let mut partner_keys = self.partner_accounts.iter().map(|account| &account.key);
        keys.any(|key| key.as_ref() == Some(certcentral))
            || partner_keys.any(|key| key.as_ref() == Some(partner))
    }

    /// Whether all of it can be as it stands there.
    pub(crate) fn check(&self) -> Result<(), StateError> {
        let mut seen = Seen::default();
        for (index, subaccount) in self.subaccounts.iter().enumerate() {
            if let Some(reason) = seen.fault_of_subaccount(subaccount) {
                return Err(StateError::damaged(Place("subaccounts", index), reason));
            }
        }
        for (index, account) in self.partner_accounts.iter().enumerate() {
            if let Some(reason) = seen.fault_of_partner_account(account) {
                return Err(StateError::damaged(
                    Place("partner_accounts", index),
                    reason,
                ));
            }
        }
        match self.partner_accounts.first() {
            Some(first) if first.id == partner::PARENT_ID => Ok(()),
            _ => Err(StateError::damaged(
                "partner_accounts",
                "does not begin with the parent account, whose id is 1",
            )),
        }
    }
}

struct Place(&'static str, usize);

impl From<Place> for String {
    fn from(Place(list, index): Place) -> Self {
        format!("{list}[{index}]")
    }
}

/// What must not be there twice, or must be there to be referred to.
#[derive(Default)]
struct Seen<'d> {
    accounts: HashSet<i64>,
    organizations: HashSet<i64>,
    containers: HashSet<i64>,
    users: HashSet<i64>,
    keys: HashSet<&'d str>,
    partner_accounts: HashSet<i64>,
    partner_keys: HashSet<&'d str>,
}

impl<'d> Seen<'d> {
    fn fault_of_subaccount(&mut self, subaccount: &'d Subaccount) -> Option<&'static str> {
        let ids = subaccount.ids;
        let is_new = self.accounts.insert(ids.account)
            & self.organizations.insert(ids.organization)
            & self.containers.insert(ids.container)
            & self.users.insert(ids.user);
        if !is_new {
            return Some("has an ID that another subaccount has");
        }
        let key = subaccount.api_key.as_ref()?.expose_secret();
        fault_of_key(&mut self.keys, key)
    }

    fn fault_of_partner_account(&mut self, account: &'d PartnerAccount) -> Option<&'static str> {
        if !(1..=HIGHEST_ID).contains(&account.id) {
            return Some("has an ID that is not from 1 to 1000000000000");
        }
        if !self.partner_accounts.insert(account.id) {
            return Some("has an ID that another account has");
        }
        if account.key.is_none() != (account.id == partner::PARENT_ID) {
            return Some("has no key, or is the parent account, whose key is not kept here");
        }
        let linked = account.billing_account_id;
        if linked.is_some_and(|id| id != parent::ACCOUNT_ID && !self.accounts.contains(&id)) {
            return Some("is linked to a billing account that does not exist");
        }
        let key = account.key.as_ref()?.expose_secret();
        fault_of_key(&mut self.partner_keys, key)
    }
}

fn fault_of_key<'d>(keys: &mut HashSet<&'d str>, key: &'d str) -> Option<&'static str> {
    if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some("has a key that no header can hold");
    }
    (!keys.insert(key)).then_some("has a key that another account has")
}

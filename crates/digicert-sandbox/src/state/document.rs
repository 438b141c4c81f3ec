//! [`StateDocument`], all that a sandbox remembers as one JSON document, and what makes a document
//! one that cannot be loaded.
//!
//! The given keys of the two parent accounts are not in it, the clock is not, and neither are the
//! faults and the request log.

use std::collections::HashSet;

use digicert_types::certcentral::{
    CreateSubaccountRequest, PriceToSet, SetSubaccountProductsRequest, SubaccountType,
};
use digicert_types::{Amount, CertCentralApiKey, PartnerApiKey};
use serde::{Deserialize, Serialize};

use super::date_created::is_date_created;
use super::error::StateError;
use super::identifiers::SubaccountIds;
use super::parent::{self, Parent};
use super::partner::{self, PartnerAccount};
use super::products::ProductSettings;
use super::subaccount::Subaccount;

/// The version that this sandbox writes, and the only one that it reads.
pub(crate) const FORMAT_VERSION: u64 = 1;

/// Leaves room for more accounts than anybody creates.
const HIGHEST_ID: i64 = 1_000_000_000_000;

const LONGEST_CHILD_NAME: usize = 64;

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
    pub(super) parent: Parent,
    pub(super) subaccounts: Vec<SubaccountRecord>,
    pub(super) partner_accounts: Vec<PartnerAccount>,
}

/// One subaccount in a document, and in a state file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubaccountRecord {
    pub(crate) account_id: i64,
    organization_id: i64,
    container_id: i64,
    user_id: i64,
    date_created: Box<str>,
    max_allowed_multi_year_plan_length: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api_key: Option<CertCentralApiKey>,
    balance: Amount,
    /// What it was created from.
    created_from: CreateSubaccountRequest,
    /// The request that sets its products.
    products: SetSubaccountProductsRequest,
}

impl StateDocument {
    pub(super) fn new(
        parent: Parent,
        subaccounts: Vec<SubaccountRecord>,
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
        let mut keys = self.subaccounts.iter().map(|record| &record.api_key);
        let mut partner_keys = self.partner_accounts.iter().map(|account| &account.key);
        keys.any(|key| key.as_ref() == Some(certcentral))
            || partner_keys.any(|key| key.as_ref() == Some(partner))
    }

    /// Whether all of it can be as it stands there.
    pub(super) fn check(&self) -> Result<(), StateError> {
        let mut seen = Seen::default();
        for (index, record) in self.subaccounts.iter().enumerate() {
            let found = record.fault().or_else(|| seen.fault_of_subaccount(record));
            if let Some(reason) = found {
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

impl SubaccountRecord {
    /// What is wrong with it on its own.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        let request = &self.created_from;
        let child_name = request.child_name.as_deref().unwrap_or_default();
        let is_managed = matches!(request.account_type, SubaccountType::Managed);
        let ids = self.ids();
        let has_ids = [ids.account, ids.organization, ids.container, ids.user]
            .iter()
            .all(|id| (1..=HIGHEST_ID).contains(id));
        [
            (!has_ids, "has an ID that is not from 1 to 1000000000000"),
            (
                ids.account == parent::ACCOUNT_ID,
                "has the account_id of the parent account",
            ),
            (
                !is_date_created(&self.date_created),
                "has a date_created that is no time such as 2018-11-29 01:48:04",
            ),
            (
                !(1..=6).contains(&self.max_allowed_multi_year_plan_length),
                "has a max_allowed_multi_year_plan_length that is not from 1 to 6",
            ),
            (
                child_name.chars().count() > LONGEST_CHILD_NAME,
                "has a child_name of more than 64 characters",
            ),
            (
                is_managed && self.api_key.is_none(),
                "is managed and has no api_key",
            ),
            (
                !is_managed && self.api_key.is_some(),
                "has an api_key and is not managed",
            ),
            (
                !self.products_can_be(),
                "has products that the sandbox would refuse",
            ),
        ]
        .into_iter()
        .find_map(|(is_wrong, reason)| is_wrong.then_some(reason))
    }

    fn products_can_be(&self) -> bool {
        let costs = |price: &PriceToSet| {
            let extra = [price.additional_fqdn_cost, price.additional_wildcard_cost];
            extra.into_iter().flatten().chain([price.cost])
        };
        let price_can_be = |price: &PriceToSet| {
            let possible = Amount::ZERO..=Amount::MAX_PRICE;
            price.lifetime >= 1 && costs(price).all(|cost| possible.contains(&cost))
        };
        let products = self.products.products.iter();
        let mut prices = products
            .filter_map(|product| product.prices.as_ref())
            .flatten();
        prices.all(price_can_be)
    }

    fn ids(&self) -> SubaccountIds {
        SubaccountIds {
            account: self.account_id,
            organization: self.organization_id,
            container: self.container_id,
            user: self.user_id,
        }
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
    fn fault_of_subaccount(&mut self, record: &'d SubaccountRecord) -> Option<&'static str> {
        let is_new = self.accounts.insert(record.account_id)
            & self.organizations.insert(record.organization_id)
            & self.containers.insert(record.container_id)
            & self.users.insert(record.user_id);
        if !is_new {
            return Some("has an ID that another subaccount has");
        }
        let key = record.api_key.as_ref()?.expose_secret();
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

impl From<&Subaccount> for SubaccountRecord {
    fn from(subaccount: &Subaccount) -> Self {
        Self {
            account_id: subaccount.ids.account,
            organization_id: subaccount.ids.organization,
            container_id: subaccount.ids.container,
            user_id: subaccount.ids.user,
            date_created: subaccount.date_created.clone(),
            max_allowed_multi_year_plan_length: subaccount.max_multi_year_plan_length,
            api_key: subaccount.api_key.clone(),
            balance: subaccount.balance,
            created_from: subaccount.request.clone(),
            products: subaccount.products.as_request(),
        }
    }
}

impl From<SubaccountRecord> for Subaccount {
    fn from(record: SubaccountRecord) -> Self {
        let mut subaccount = Self {
            id: record.account_id,
            date_created: record.date_created.clone(),
            ids: record.ids(),
            request: record.created_from,
            max_multi_year_plan_length: record.max_allowed_multi_year_plan_length,
            api_key: record.api_key,
            products: ProductSettings::none(),
            balance: record.balance,
        };
        let billed = subaccount.billed();
        subaccount.products.replace(&record.products, billed);
        subaccount
    }
}

//! A subaccount as JSON, as it stands in a document and in a state file, and what makes one that
//! cannot be.
//!
//! Subaccounts are read one by one and packed at once, so that the many words of JSON are never in
//! memory together.

use digicert_types::certcentral::{
    CreateSubaccountRequest, PriceToSet, SetSubaccountProductsRequest, SubaccountType,
};
use digicert_types::{Amount, CertCentralApiKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::date_created::is_date_created;
use super::identifiers::SubaccountIds;
use super::parent;
use super::products::ProductSettings;
use super::subaccount::Subaccount;

/// Leaves room for more accounts than anybody creates.
pub(super) const HIGHEST_ID: i64 = 1_000_000_000_000;

const LONGEST_CHILD_NAME: usize = 64;

/// The fields of a subaccount as JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubaccountRecord {
    account_id: i64,
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

impl Serialize for Subaccount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SubaccountRecord::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Subaccount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let record = SubaccountRecord::deserialize(deserializer)?;
        match record.fault() {
            Some(reason) => {
                let id = record.account_id;
                Err(de::Error::custom(format!("subaccount {id} {reason}")))
            }
            None => Ok(record.into()),
        }
    }
}

impl SubaccountRecord {
    /// What is wrong with it on its own.
    fn fault(&self) -> Option<&'static str> {
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

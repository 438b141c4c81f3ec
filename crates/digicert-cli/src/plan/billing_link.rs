//! Billing links: which account pays, and which one has paid before. Where that is known from is in
//! `links_in_ledger`.

use std::fmt;
use std::path::PathBuf;

use digicert_client::certcentral::Client;
use digicert_types::certcentral::Account;
use serde::{Deserialize, Serialize};

use super::Spot;
use crate::failure::Failure;
use crate::ledger::{Detail, Entry, EntryId};
use crate::patient_reads::PatientReads;

/// The account that pays by a billing link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payer {
    pub(crate) id: i64,
    pub(crate) name: Option<String>,
    /// The account that its orders are billed to, if the service tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) billing_account_id: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) billing_account_name: Option<String>,
}

/// A billing link that is left out because it was made before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LinkedBefore {
    pub(crate) at: Spot,
    pub(crate) partner_api_key_file: PathBuf,
    pub(crate) api_key_file: PathBuf,
    pub(crate) pays: Payer,
    /// The entry of the ledger that says so.
    pub(crate) entry: EntryId,
}

/// Another account that has paid until a link is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PaidBefore {
    pub(crate) pays: Payer,
    /// The entry of the ledger that says so.
    pub(crate) entry: EntryId,
    /// Whether it was linked for sure, and to the same partner account as far as its key file tells.
    pub(crate) is_known: bool,
}

impl Payer {
    const ID: &str = "paying_account";
    const NAME: &str = "paying_account_name";
    const BILLED: &str = "billing_account";
    const BILLED_NAME: &str = "billing_account_name";

    /// The account of the key of a client.
    pub(crate) async fn of(client: &Client, reads: &PatientReads) -> Result<Self, Failure> {
        let account = reads.read(|| client.get_account()).await;
        let account = account.map_err(|error| {
            Failure::from(error).with_beginning("the account that would pay cannot be read: ")
        })?;
        Self::of_account(&account).ok_or_else(|| {
            Failure::new("the account that would pay is not known: the service names no ID")
        })
    }

    /// `None` for an account without an ID.
    pub(crate) fn of_account(account: &Account) -> Option<Self> {
        Some(Self {
            id: account.id?,
            name: account.primary_organization_name.clone(),
            billing_account_id: account.billing_account_id,
            billing_account_name: account.billing_account_name.clone(),
        })
    }

    /// As an entry of the ledger has it.
    pub(crate) fn written_to(&self, detail: Detail) -> Detail {
        let mut detail = detail.with(Self::ID, self.id);
        if let Some(id) = self.billing_account_id {
            detail = detail.with(Self::BILLED, id);
        }
        let names = [
            (Self::NAME, &self.name),
            (Self::BILLED_NAME, &self.billing_account_name),
        ];
        for (place, name) in names {
            if let Some(name) = name {
                detail = detail.with(place, name.clone());
            }
        }
        detail
    }

    /// Who pays by the link of an entry. The account of the key is the one that pays where nothing
    /// else is said: entries of `billing link` once had no more.
    pub(super) fn in_entry(entry: &Entry) -> Option<Self> {
        Some(Self {
            id: entry.detail.integer(Self::ID).or(entry.account_id)?,
            name: entry.detail.text(Self::NAME).map(str::to_owned),
            billing_account_id: entry.detail.integer(Self::BILLED),
            billing_account_name: entry.detail.text(Self::BILLED_NAME).map(str::to_owned),
        })
    }

    /// Whether it pays by the link of an entry.
    pub(crate) fn is_in(&self, entry: &Entry) -> bool {
        Self::in_entry(entry).is_some_and(|payer| self.is(&payer))
    }

    /// Whether both are the same account, billed to the same one as far as both tell.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let billed = [self.billing_account_id, other.billing_account_id];
        let are_billed_alike = match billed {
            [Some(one), Some(other)] => one == other,
            _ => true,
        };
        self.id == other.id && are_billed_alike
    }
}

/// `account 1122344 (Acme GmbH) has paid until now (entry 7)`.
impl fmt::Display for PaidBefore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_paid = if self.is_known {
            "has paid"
        } else {
            "may have paid"
        };
        write!(
            f,
            "{} {has_paid} until now (entry {})",
            self.pays, self.entry
        )
    }
}

/// `account 1122344 (Beta Ltd) with billing account 1122331 (Example)`; the billing account is left out
/// if it is the same.
impl fmt::Display for Payer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "account {} ({name})", self.id)?,
            None => write!(f, "account {}", self.id)?,
        }
        let other = self.billing_account_id.filter(|id| *id != self.id);
        let Some(other) = other else { return Ok(()) };
        match &self.billing_account_name {
            Some(name) => write!(f, " with billing account {other} ({name})"),
            None => write!(f, " with billing account {other}"),
        }
    }
}

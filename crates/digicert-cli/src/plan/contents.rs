//! What a plan says, in the shape in which it stands in its file. Others script against it: it only
//! grows, and what a reader would misunderstand gets another `format_version`. Never a key.

use std::collections::BTreeSet;
use std::path::PathBuf;

use digicert_types::certcentral::CreateSubaccountRequest;
use serde::{Deserialize, Serialize};

use super::{
    Drift, Existing, KeyInDoubt, LinkedBefore, MadeElsewhere, PaidBefore, Payer, Thresholds,
    UnderWay,
};
use crate::manifest::{Location, Manifest, ManifestFinding};
use crate::outcome::Outcome;
use crate::price_change::{Caution, PriceChange};

/// What a plan was made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    /// Scheme and host of the service.
    pub(crate) origin: String,
    /// The account of the key; `None` if the service does not tell.
    pub(crate) account_id: Option<i64>,
    pub(crate) manifests: Manifests,
    pub(crate) thresholds: Thresholds,
}

/// The manifests that a plan was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifests {
    /// As they were named on the command line.
    pub(crate) path: PathBuf,
    pub(crate) sha256: String,
}

/// Where something is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spot {
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Spot {
    pub(crate) fn of(manifest: &Manifest, location: Location) -> Self {
        Self {
            path: manifest.path(location).display().to_string(),
            line: location.place.line,
            column: location.place.column,
        }
    }

    /// `acme.yaml:3`.
    pub(crate) fn short(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }
}

/// A subaccount whose products change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlannedChange {
    pub(crate) subaccount_id: i64,
    /// As the service names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) organization_name: Option<String>,
    /// What tells it from the others of its organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) child_name: Option<String>,
    pub(crate) at: Spot,
    pub(crate) price_book: String,
    /// Which live state it was made from.
    pub(crate) live_fingerprint: String,
    /// SHA-256 of the body that is to be sent.
    pub(crate) request_sha256: String,
    /// Whether the subaccount is known to pay for itself.
    pub(crate) self_billed: bool,
    /// In one line.
    pub(crate) summary: String,
    /// The words that it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) words: Vec<String>,
}

/// The same with what only its readers need.
#[derive(Debug, Serialize)]
pub(crate) struct WholeChange<'a> {
    #[serde(flatten)]
    pub(crate) planned: &'a PlannedChange,
    pub(crate) change: &'a PriceChange,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) findings: &'a [ManifestFinding],
}

/// A subaccount that is created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlannedCreation {
    pub(crate) name: String,
    pub(crate) account_type: String,
    pub(crate) at: Spot,
    /// Where its key goes, if it gets one.
    pub(crate) key_out: Option<PathBuf>,
    /// SHA-256 of the body that is to be sent.
    pub(crate) request_sha256: String,
    /// What follows it.
    pub(crate) price_book: Option<String>,
    /// How many products it gets then.
    pub(crate) products: usize,
    /// SHA-256 of the body that sets them.
    pub(crate) products_sha256: Option<String>,
    /// The body that is to be sent; plans of an earlier version do not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<Box<CreateSubaccountRequest>>,
    /// The products that it gets then, with their prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) change: Option<Box<PriceChange>>,
    /// What to look at twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) cautions: Vec<Caution>,
    /// What its organization has already, of its type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) existing: Vec<Existing>,
}

/// A billing account that is linked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlannedLink {
    pub(crate) at: Spot,
    pub(crate) partner_api_key_file: PathBuf,
    pub(crate) api_key_file: PathBuf,
    /// The account of the key, if its file was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pays: Option<Payer>,
    /// Another account that has paid until now, as far as the ledger knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) paid_before: Option<PaidBefore>,
    /// The creation that makes the key, by its name.
    pub(crate) after_creation: Option<String>,
}

/// A subaccount or a billing link that is left out: it could not be read, or another subaccount is in
/// its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "members of the file, which only grows"
)]
pub(crate) struct PlannedFailure {
    pub(crate) subaccount: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_link: bool,
    /// Whether it can be read, but not told which subaccount is meant.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_clash: bool,
    /// Whether the service refused to let it be read; a plan of an earlier version does not say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_refused: bool,
    /// Whether the service answers, and does not say which products the subaccount has.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_untold: bool,
    pub(crate) at: Spot,
    pub(crate) message: String,
}

impl PlannedChange {
    /// The subaccount as people know it: `subaccount 1122344, Acme GmbH (north)`.
    pub(crate) fn subaccount(&self) -> String {
        let id = self.subaccount_id;
        match (self.name(), &self.child_name) {
            (Some(name), Some(_)) => format!("subaccount {id}, {name}"),
            (Some(name), None) => format!("subaccount {id} ({name})"),
            (None, _) => format!("subaccount {id}"),
        }
    }

    /// The organization, and the name within it if it has one.
    pub(crate) fn name(&self) -> Option<String> {
        let organization = self.organization_name.as_ref()?;
        Some(match &self.child_name {
            Some(child) => format!("{organization} ({child})"),
            None => organization.clone(),
        })
    }
}

impl PlannedFailure {
    /// How it ends the making of the plan and the applying of it.
    pub(crate) fn outcome(&self) -> Outcome {
        match (self.is_untold, self.is_refused) {
            (true, _) => Outcome::Unsafe,
            (false, true) => Outcome::Refused,
            (false, false) => Outcome::Unusable,
        }
    }
}

/// Everything but the changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tail {
    pub(crate) creations: Vec<PlannedCreation>,
    /// Another account that many of them were made for before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) made_elsewhere: Option<MadeElsewhere>,
    pub(crate) billing_links: Vec<PlannedLink>,
    /// Billing links that are left out because the ledger has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) linked_before: Vec<LinkedBefore>,
    /// Creations that are there, but whose key may be nowhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) keys_in_doubt: Vec<KeyInDoubt>,
    /// Creations that are there, and have not ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) under_way: Vec<UnderWay>,
    /// What creations that are there have otherwise than their files say. Neither changes nor failures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) drift: Vec<Drift>,
    pub(crate) failures: Vec<PlannedFailure>,
    /// What the rules find in price books and creations; findings on changes stand with them.
    pub(crate) findings: Vec<ManifestFinding>,
    pub(crate) summary: Summary,
    /// Why it must not be applied.
    pub(crate) refusals: Vec<String>,
}

/// How much a plan does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// Whether everything was looked at; nothing is when the rules refuse the manifests as they are.
    pub(crate) complete: bool,
    pub(crate) subaccounts: usize,
    pub(crate) unchanged: usize,
    pub(crate) changed: usize,
    pub(crate) created: usize,
    /// What is left out, clashes included.
    pub(crate) failed: usize,
    /// What is left out because another subaccount is in its way.
    #[serde(default)]
    pub(crate) clashes: usize,
    pub(crate) billing_links: usize,
    pub(crate) products: ProductCounts,
    pub(crate) currency_changes: usize,
    pub(crate) price_jumps: usize,
    /// The words that the changes need, all together.
    pub(crate) words: BTreeSet<String>,
}

/// How many products change, over all subaccounts that are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProductCounts {
    pub(crate) enabled: usize,
    pub(crate) disabled: usize,
    pub(crate) repriced: usize,
}

impl Summary {
    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.changed + self.created + self.billing_links == 0
    }

    pub(super) fn add(&mut self, change: &PriceChange) {
        let counts = change.counts();
        self.changed += 1;
        self.products.enabled += counts.enabled;
        self.products.disabled += counts.disabled;
        self.products.repriced += counts.repriced;
        self.price_jumps += counts.price_jumps;
        // A subaccount that pays for itself keeps its own.
        let is_changed = change.currency.is_some() && !change.self_billed;
        self.currency_changes += usize::from(is_changed);
        for danger in change.dangers() {
            self.words.insert(danger.word().to_string());
        }
    }
}

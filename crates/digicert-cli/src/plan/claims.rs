//! Which subaccounts are known to be somebody else's than those of a creation: another entry of the
//! manifests looks after them, or the ledger says that another document made them.

use std::collections::{HashMap, HashSet};

use super::CreationsInLedger;
use crate::earlier_creation;
use crate::existing_subaccount::Sibling;
use crate::manifest::{Creation, Manifest, Target};
use crate::subaccount_name::Identity;

/// Everything that is spoken for.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    ids: HashSet<i64>,
    names: HashSet<Identity>,
    made: HashMap<i64, Identity>,
}

impl Claims {
    pub(crate) fn of(manifest: &Manifest, ledger: &CreationsInLedger) -> Self {
        let mut claims = Self::default();
        for subaccount in &manifest.subaccounts {
            match &subaccount.target {
                Target::Existing(id) => drop(claims.ids.insert(*id)),
                Target::Creation(creation) => drop(claims.names.insert(creation.identity())),
            }
        }
        for entry in ledger.entries() {
            let made = earlier_creation::request(entry).as_ref().map(Identity::of);
            claims.made.extend(entry.subaccount_id.zip(made));
        }
        claims
    }

    /// Whether a subaccount of the organization of a creation is not the one that it makes.
    pub(crate) fn have(&self, sibling: &Sibling, creation: &Creation) -> bool {
        let own = creation.identity();
        let name = sibling.identity(&creation.request.organization.name);
        let made = self.made.get(&sibling.id);
        self.ids.contains(&sibling.id)
            || name != own && self.names.contains(&name)
            || made.is_some_and(|made| *made != own)
    }
}

/// Why a creation is not planned, or not sent: that of its type, without a name to tell it by.
pub(crate) fn indistinct(sibling: &Sibling) -> String {
    let named = sibling.details.child_name.as_ref();
    let named = named.map_or_else(String::new, |name| format!(", with the child_name {name}"));
    format!(
        "the organization has a subaccount of this type already ({sibling}{named}), and this one has \
         no `child_name` to be told from it by; if that one is meant, write its `id` instead of \
         `create`; if not, give this one a `child_name`"
    )
}

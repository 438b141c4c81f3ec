//! What stands where in the manifests: a plan names everything by its place.

use std::collections::HashMap;

use super::Spot;
use crate::manifest::{BillingLink, Creation, Manifest, Subaccount, Target};

/// Subaccounts and billing links by where they are written.
#[derive(Debug)]
pub(crate) struct Places<'m> {
    subaccounts: HashMap<PlaceKey, &'m Subaccount>,
    billing_links: HashMap<PlaceKey, &'m BillingLink>,
}

type PlaceKey = (String, u32, u32);

impl<'m> Places<'m> {
    pub(crate) fn of(manifest: &'m Manifest) -> Self {
        let at = |location| key(&Spot::of(manifest, location));
        let subaccounts = manifest.subaccounts.iter();
        let links = manifest.billing_links.iter();
        Self {
            subaccounts: subaccounts.map(|one| (at(one.at), one)).collect(),
            billing_links: links.map(|one| (at(one.at), one)).collect(),
        }
    }

    pub(crate) fn subaccount(&self, spot: &Spot) -> Option<&'m Subaccount> {
        self.subaccounts.get(&key(spot)).copied()
    }

    pub(crate) fn creation(&self, spot: &Spot) -> Option<&'m Creation> {
        match &self.subaccount(spot)?.target {
            Target::Creation(creation) => Some(creation),
            Target::Existing(_) => None,
        }
    }

    pub(crate) fn billing_link(&self, spot: &Spot) -> Option<&'m BillingLink> {
        self.billing_links.get(&key(spot)).copied()
    }
}

fn key(spot: &Spot) -> PlaceKey {
    (spot.path.clone(), spot.line, spot.column)
}

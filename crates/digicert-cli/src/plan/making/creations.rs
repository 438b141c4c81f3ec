//! The creations of the manifests: which are still to be done, and which subaccounts are there.

use std::collections::HashMap;

use super::{Created, Judge, Making, Work};
use crate::existing_subaccount::{Sibling, siblings};
use crate::failure::Failure;
use crate::manifest::{Creation, Subaccount, Target};
use crate::plan::key_in_doubt::Why;
use crate::plan::reading::Wanted;
use crate::plan::{Claims, KeyInDoubt, PlannedCreation, Spot, indistinct, request_sha256};
use crate::price_change::PriceChange;

impl Work<'_> {
    /// Finds out which creations are still to be done; gives every subaccount that is there.
    pub(super) async fn settle_creations(
        &mut self,
        judge: &mut Judge<'_>,
    ) -> Result<Vec<Wanted>, Failure> {
        let manifest = &self.making.manifest;
        let mut wanted = Vec::with_capacity(manifest.subaccounts.len());
        let mut ids = HashMap::new();
        for (number, subaccount) in manifest.subaccounts.iter().enumerate() {
            let id = match &subaccount.target {
                Target::Existing(id) => Some(*id),
                Target::Creation(creation) => {
                    self.settle_creation(subaccount, creation, judge).await?
                }
            };
            let Some(id) = id else { continue };
            if let Some(first) = ids.insert(id, subaccount.at) {
                let message = format!(
                    "it is subaccount {id}, which {} looks after already",
                    manifest.show(first)
                );
                self.clash(subaccount, &format!("subaccount {id}"), message);
                continue;
            }
            wanted.push(Wanted { number, id });
        }
        Ok(wanted)
    }

    /// The ID of the subaccount if it is there; else it is planned, or left out.
    async fn settle_creation(
        &mut self,
        subaccount: &Subaccount,
        creation: &Creation,
        judge: &mut Judge<'_>,
    ) -> Result<Option<i64>, Failure> {
        let Making { client, reads, .. } = self.making;
        let found = match reads.read(|| siblings(client, &creation.request)).await {
            Ok(Ok(found)) => found,
            Ok(Err(untold)) => {
                self.clash(subaccount, &creation.name(), untold.to_string());
                return Ok(None);
            }
            Err(error) => {
                self.failed(subaccount, &creation.name(), error.into())
                    .await?;
                return Ok(None);
            }
        };
        match the_one(creation, found.of_name) {
            Ok(Some(there)) => {
                let id = there.id;
                self.doubt_key(subaccount, creation, id);
                let drift = judge.drift(subaccount, creation, &there);
                self.tail.drift.extend(drift);
                self.there
                    .extend(creation.key_out.clone().map(|key_out| Created {
                        key_out,
                        id,
                        organization: creation.request.organization.name.clone(),
                    }));
                return Ok(Some(id));
            }
            Ok(None) => match self.unclaimed(creation, &found.indistinct) {
                Some(sibling) => self.clash(subaccount, &creation.name(), indistinct(sibling)),
                None => self.create(subaccount, creation, judge),
            },
            Err(message) => self.clash(subaccount, &creation.name(), message),
        }
        Ok(None)
    }

    /// The first one that may be what a creation makes.
    fn unclaimed<'s>(&self, creation: &Creation, found: &'s [Sibling]) -> Option<&'s Sibling> {
        let Making {
            manifest,
            creations_in_ledger,
            ..
        } = self.making;
        found.iter().find(|sibling| {
            let claims = self
                .claims
                .get_or_init(|| Claims::of(manifest, creations_in_ledger));
            !claims.have(sibling, creation)
        })
    }

    fn create(&mut self, subaccount: &Subaccount, creation: &Creation, judge: &mut Judge<'_>) {
        let wanted = subaccount.wanted();
        let bill_parent = creation.request.bill_parent;
        let change = wanted
            .as_ref()
            .map(|wanted| PriceChange::of_new(wanted, bill_parent));
        self.tail
            .findings
            .extend(judge.creation(subaccount, creation));
        self.tail.summary.created += 1;
        self.tail.creations.push(PlannedCreation {
            name: creation.name(),
            account_type: creation.request.account_type.to_string(),
            at: Spot::of(&self.making.manifest, subaccount.at),
            key_out: creation.key_out.clone(),
            request_sha256: request_sha256(&creation.request),
            price_book: subaccount.price_book.as_ref().map(|book| book.name.clone()),
            products: wanted.as_ref().map_or(0, |wanted| wanted.products.len()),
            products_sha256: wanted.as_deref().map(request_sha256),
            request: Some(Box::new(creation.request.clone())),
            cautions: change
                .as_ref()
                .map_or_else(Vec::new, PriceChange::cautions_of_new),
            change: change.map(Box::new),
        });
    }

    /// A subaccount that is there has its key where it was to go, unless the ledger says otherwise.
    fn doubt_key(&mut self, subaccount: &Subaccount, creation: &Creation, id: i64) {
        let in_ledger = &self.making.creations_in_ledger;
        let key_out = creation.key_out.as_deref();
        let in_doubt = in_ledger.in_doubt(&request_sha256(&creation.request), key_out);
        let Some((entry, why)) = in_doubt else {
            return;
        };
        self.tail.keys_in_doubt.push(KeyInDoubt {
            at: Spot::of(&self.making.manifest, subaccount.at),
            name: creation.name(),
            subaccount_id: id,
            entry,
            is_open: why == Why::Open,
            missing: creation.key_out.clone().filter(|_| why == Why::NotSeen),
        });
    }
}

/// Which of those of its name a creation has made, if any; else why that cannot be told. One of
/// another type is not it, but a second one beside it is not created without a word either.
fn the_one(creation: &Creation, found: Vec<Sibling>) -> Result<Option<Sibling>, String> {
    let wanted = creation.request.account_type;
    let (mut same, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|one| one.is_of_type(wanted));
    match (&same[..], &others[..]) {
        ([_], _) => Ok(same.pop()),
        ([], []) => Ok(None),
        ([], [other, ..]) => Err(format!(
            "there is a subaccount of that organization and child_name already ({other}), but this \
             one is {wanted}, and digicert cannot change a type; if that one is meant, write its \
             type here, or its `id` instead of `create`; if not, give this one a `child_name` of its \
             own"
        )),
        ([first, second, ..], _) => Err(format!(
            "there are {} subaccounts of that organization and child_name, such as {} and {}; \
             write the `id` of the one that is meant instead of `create`",
            same.len(),
            first.id,
            second.id
        )),
    }
}

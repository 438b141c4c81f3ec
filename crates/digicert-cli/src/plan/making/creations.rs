//! The creations of the manifests: which are still to be done, and which subaccounts are there.

use std::collections::HashMap;
use std::mem;

use digicert_types::certcentral::SubaccountType;

use super::{Judge, Making, NewSubaccount, Work};
use crate::existing_subaccount::{Sibling, siblings};
use crate::failure::Failure;
use crate::ledger::EntryId;
use crate::manifest::{Creation, Subaccount, Target};
use crate::plan::key_in_doubt::Why;
use crate::plan::reading::ToRead;
use crate::plan::{
    Claims, Existing, KeyInDoubt, PlannedCreation, Spot, UnderWay, indistinct, request_sha256,
};
use crate::price_change::PriceChange;

impl Work<'_> {
    /// Finds out which creations are still to be done; gives every subaccount that is there.
    pub(super) async fn settle_creations(
        &mut self,
        judge: &mut Judge<'_>,
    ) -> Result<Vec<ToRead>, Failure> {
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
            wanted.push(ToRead { number, id });
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
        let mut found = match reads.read(|| siblings(client, &creation.request)).await {
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
        match the_one(creation, mem::take(&mut found.of_name)) {
            Ok(Some(there)) => return Ok(Some(self.is_there(subaccount, creation, &there, judge))),
            Ok(None) => {
                let sent = request_sha256(&creation.request);
                if let Some((entry, id)) = self.making.creations_in_ledger.made(&sent) {
                    let made = Made { entry, id };
                    return self.made_before(subaccount, creation, made, judge).await;
                }
                match self.unclaimed(creation, found.indistinct()) {
                    Some(sibling) => self.clash(subaccount, &creation.name(), indistinct(sibling)),
                    None => self.create(subaccount, creation, &found.others, judge),
                }
            }
            Err(message) => self.clash(subaccount, &creation.name(), message),
        }
        Ok(None)
    }

    /// Looks after the subaccount that a creation has made; gives its ID.
    fn is_there(
        &mut self,
        subaccount: &Subaccount,
        creation: &Creation,
        there: &Sibling,
        judge: &mut Judge<'_>,
    ) -> i64 {
        self.doubt(subaccount, creation, there.id);
        let drift = judge.drift(subaccount, creation, there);
        self.tail.drift.extend(drift);
        self.there
            .extend(creation.key_out.clone().map(|key_out| NewSubaccount {
                key_out,
                id: there.id,
                organization: creation.request.organization.name.clone(),
            }));
        there.id
    }

    /// The ledger has it as made, and the service lists none of its name. It is never planned as a
    /// creation: only somebody who looks can say whether the one that was made is still the customer.
    async fn made_before(
        &mut self,
        subaccount: &Subaccount,
        creation: &Creation,
        made: Made,
        judge: &mut Judge<'_>,
    ) -> Result<Option<i64>, Failure> {
        let Making { client, reads, .. } = self.making;
        let message = match reads.read(|| client.get_subaccount(made.id)).await {
            Ok(details) => {
                let there = Sibling {
                    id: made.id,
                    details,
                };
                let organization = there.details.organization_name.as_deref();
                let organization = organization.unwrap_or(&creation.request.organization.name);
                if there.identity(organization) == creation.identity() {
                    return Ok(Some(self.is_there(subaccount, creation, &there, judge)));
                }
                made.has_another_name(organization, there.details.child_name.as_deref())
            }
            Err(error) if error.status().is_some_and(|status| status == 404) => made.is_gone(),
            Err(error) => {
                let name = creation.name();
                self.failed(subaccount, &name, error.into()).await?;
                return Ok(None);
            }
        };
        self.clash(subaccount, &creation.name(), message);
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

    fn create(
        &mut self,
        subaccount: &Subaccount,
        creation: &Creation,
        others: &[Sibling],
        judge: &mut Judge<'_>,
    ) {
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
            existing: others.iter().map(Existing::from).collect(),
        });
    }

    /// A subaccount that is there has its key where it was to go, unless the ledger says otherwise. Only
    /// a managed one has a key.
    fn doubt(&mut self, subaccount: &Subaccount, creation: &Creation, id: i64) {
        let in_ledger = &self.making.creations_in_ledger;
        let sent = request_sha256(&creation.request);
        if let Some(entry) = in_ledger.under_way(&sent) {
            self.tail.under_way.push(UnderWay {
                at: Spot::of(&self.making.manifest, subaccount.at),
                name: creation.name(),
                subaccount_id: id,
                entry,
            });
            return;
        }
        let has_key = creation.request.account_type == SubaccountType::Managed;
        let key_out = creation.key_out.as_deref();
        let in_doubt = in_ledger.in_doubt(&sent, key_out);
        let Some((entry, why)) = in_doubt.filter(|_| has_key) else {
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

/// What the ledger says that a creation has made.
#[derive(Clone, Copy, Debug)]
struct Made {
    entry: EntryId,
    id: i64,
}

impl Made {
    fn has_another_name(self, organization: &str, child_name: Option<&str>) -> String {
        let Self { entry, id } = self;
        let child = child_name.map_or_else(String::new, |child| format!(" ({child})"));
        format!(
            "it was created before, as subaccount {id} (entry {entry}), which is called \
             {organization}{child} by now; if that one is meant, write `id: {id}` in place of `create`; \
             if not, `digicert subaccount create --another` creates one more"
        )
    }

    fn is_gone(self) -> String {
        let Self { entry, id } = self;
        format!(
            "it was created before, as subaccount {id} (entry {entry}), which the service does not have \
             any more; `digicert subaccount create --another` creates one more, if that is meant"
        )
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

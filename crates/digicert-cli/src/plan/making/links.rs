//! The billing links of the manifests: which account would pay, and which are made already.

use super::failures::refuse_pause;
use super::{Making, Work};
use crate::failure::Failure;
use crate::manifest::{BillingLink, Target, is_same_file};
use crate::outcome::Outcome;
use crate::plan::{LinkedBefore, Payer, PlannedFailure, PlannedLink, Spot};

/// Whose key a billing link takes.
enum Pays {
    /// The account of a key that is there.
    Known(Payer),
    /// The subaccount of a creation that is still to be done, by its name.
    After(String),
}

/// A key that CertCentral does not know may be one of the other API.
const SWAPPED: &str = ". Were `api_key_file` and `partner_api_key_file` swapped?";

impl Work<'_> {
    pub(super) async fn links(&mut self) -> Result<(), Failure> {
        let making = self.making;
        for link in &making.manifest.billing_links {
            let (pays, after_creation) = match self.pays(link).await {
                Ok(Pays::Known(payer)) => (Some(payer), None),
                Ok(Pays::After(name)) => (None, Some(name)),
                Err(failure) => {
                    refuse_pause(&failure)?;
                    let swapped = if failure.is_access_denied() {
                        SWAPPED
                    } else {
                        ""
                    };
                    self.fail_link(link, &failure.with_end(swapped));
                    continue;
                }
            };
            let before = pays.clone().and_then(|pays| self.linked_before(link, pays));
            if let Some(before) = before {
                self.tail.linked_before.push(before);
                continue;
            }
            let paid_before = making.links_in_ledger.paid_before(link, pays.as_ref());
            self.tail.summary.billing_links += 1;
            self.tail.billing_links.push(PlannedLink {
                at: Spot::of(&making.manifest, link.at),
                partner_api_key_file: link.partner_api_key_file.clone(),
                api_key_file: link.api_key_file.clone(),
                pays,
                paid_before,
                after_creation,
            });
        }
        Ok(())
    }

    /// The key of a creation that is still to be done is that of its subaccount, whatever lies in
    /// its place by now. Where a key was made and is not on this machine, the subaccount is known.
    async fn pays(&self, link: &BillingLink) -> Result<Pays, Failure> {
        let Making { client, reads, .. } = self.making;
        let path = &link.api_key_file;
        if let Some(name) = self.pending(link) {
            return Ok(Pays::After(name));
        }
        if let Some(client) = self.making.payers.get(path) {
            let client = client.as_ref().map_err(Clone::clone)?;
            return Payer::of(client, reads).await.map(Pays::Known);
        }
        let mut there = self.there.iter();
        let Some(made) = there.find(|made| is_same_file(&made.key_out, path)) else {
            return Err(Failure::new(format!(
                "the key file {} is not there, so nobody can tell which account would pay; put the \
                 key of that account into it and make the plan anew",
                path.display()
            )));
        };
        let details = reads.read(|| client.get_subaccount(made.id)).await?;
        Ok(Pays::Known(Payer {
            id: made.id,
            name: Some(made.organization.clone()),
            billing_account_id: details.billing_account_id,
            billing_account_name: details.billing_account_name,
        }))
    }

    /// The name of the creation that is planned and makes the key.
    fn pending(&self, link: &BillingLink) -> Option<String> {
        let mut subaccounts = self.making.manifest.subaccounts.iter();
        let name = subaccounts.find_map(|subaccount| {
            let Target::Creation(creation) = &subaccount.target else {
                return None;
            };
            let key_out = creation.key_out.as_ref()?;
            is_same_file(key_out, &link.api_key_file).then(|| creation.name())
        })?;
        let mut planned = self.tail.creations.iter();
        planned.any(|planned| planned.name == name).then_some(name)
    }

    fn linked_before(&self, link: &BillingLink, pays: Payer) -> Option<LinkedBefore> {
        let entry = self.making.links_in_ledger.made(link, &pays)?;
        Some(LinkedBefore {
            at: Spot::of(&self.making.manifest, link.at),
            partner_api_key_file: link.partner_api_key_file.clone(),
            api_key_file: link.api_key_file.clone(),
            pays,
            entry,
        })
    }

    fn fail_link(&mut self, link: &BillingLink, failure: &Failure) {
        self.leave_out(PlannedFailure {
            subaccount: format!("billing link of {}", link.partner_api_key_file.display()),
            is_link: true,
            is_clash: false,
            is_untold: false,
            is_refused: failure.outcome() == Outcome::Refused,
            at: Spot::of(&self.making.manifest, link.at),
            message: failure.to_string(),
        });
    }
}

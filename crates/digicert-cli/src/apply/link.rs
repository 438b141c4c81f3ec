//! Linking a billing account of a plan. Repeating a link does no harm, so one whose outcome is not
//! known is made again. What is sure about one is the account that pays: it is read right before.

use digicert_types::{CertCentralApiKey, PartnerApiKey};
use digicert_validate::{BillingLink as Keys, Context, Severity, validate};

use super::Applying;
use super::report::{Ended, Happened};
use crate::failure::{Failure, with_cause};
use crate::ledger::{Action, Detail, Ending, EndingKind, Entry, EntryId, KnownFrom, NewEntry};
use crate::manifest::BillingLink;
use crate::plan::{LinksInLedger, Payer, PlannedLink, link_fingerprint};

impl Applying<'_> {
    /// `created` is the subaccount whose key it takes, if the plan creates that first.
    pub(super) async fn link(
        &self,
        planned: &PlannedLink,
        link: Option<&BillingLink>,
        created: Option<i64>,
    ) -> Happened {
        let Some(link) = link else {
            return Happened::not_in_manifests();
        };
        match self.try_to_link(planned, link, created).await {
            Ok(happened) => happened,
            Err(failure) => Happened::failed(&failure),
        }
    }

    async fn try_to_link(
        &self,
        planned: &PlannedLink,
        link: &BillingLink,
        created: Option<i64>,
    ) -> Result<Happened, Failure> {
        let (partner_file, key_file) = (&link.partner_api_key_file, &link.api_key_file);
        let is_early = created.is_none() || !key_file.exists();
        if planned.after_creation.is_some() && is_early {
            return Ok(Happened::new(Ended::Left).because("its subaccount is not created yet"));
        }
        let partner_key = self.service.partner_key_in(partner_file)?;
        let key: CertCentralApiKey = self.service.certcentral_key_in(key_file)?;
        if let Some(why) = refused_by_rules(&partner_key, &key) {
            return Ok(Happened::refused_here(why));
        }
        let payer = Payer::of(&self.service.certcentral_with(&key)?).await?;
        if let Some(why) = not_as_shown(planned, created, &payer) {
            return Ok(Happened::refused_here(why));
        }
        let in_ledger = LinksInLedger::read(self.ledger, &self.plan.head.origin)?;
        if let Some(made) = in_ledger.made(link, &payer) {
            let happened = Happened::new(Ended::DoneBefore).entry(made);
            return Ok(happened.because(format!("{payer} pays")));
        }
        let client = self.service.partner_with(&partner_key)?;
        let entry = self.ledger.begin(&self.link_entry(link, &payer))?;
        let linked = client.link_billing_account(&key).await;
        let (ending, happened) = match linked {
            Ok(()) => {
                let happened = Happened::new(Ended::Done).because(format!("{payer} pays"));
                (Ending::done(), happened)
            }
            Err(error) => {
                let message = with_cause(&error);
                let may_be = error.may_have_been_applied();
                let mut happened = Happened::of_error(error);
                // It is the partner key that was refused, and others are not affected.
                happened.is_access_denied = false;
                let ending = match happened.result {
                    Ended::Refused => Ending::new(EndingKind::Refused).because(message),
                    _ if may_be => Ending::new(EndingKind::Unknown).because(message),
                    _ => Ending::new(EndingKind::NotSent).because(message),
                };
                (ending, happened)
            }
        };
        // That it cannot be written down changes nothing about what has happened.
        let _ = self.ledger.end(entry, &ending);
        if happened.result == Ended::Done {
            let same = in_ledger.of_files(link);
            self.settle_made_again(same.filter(|entry| payer.is_in(entry)), entry);
        }
        Ok(happened.entry(entry))
    }

    fn link_entry(&self, link: &BillingLink, payer: &Payer) -> NewEntry {
        let partner_file = link.partner_api_key_file.display();
        let mut entry = NewEntry::new(
            Action::LinkBillingAccount,
            &self.plan.head.origin,
            format!("{payer} pays for the partner account of the key in {partner_file}"),
        );
        entry.account_id = self.plan.head.account_id;
        entry.fingerprint = Some(link_fingerprint(link));
        entry.part_of = Some(self.plan.sha256.clone());
        entry.detail = Detail::default()
            .with(Payer::DETAIL, payer.id)
            .with("partner_api_key_file", partner_file.to_string())
            .with("api_key_file", link.api_key_file.display().to_string());
        entry
    }

    /// Whether an earlier, interrupted attempt came through makes no difference any more.
    fn settle_made_again<'e>(&self, former: impl Iterator<Item = &'e Entry>, again: EntryId) {
        let ending = Ending::done()
            .known_from(KnownFrom::Lookup)
            .because(format!("the same link was made again (entry {again})"));
        for entry in former.filter(|entry| entry.is_unfinished()) {
            // If it cannot be written down, the entry stays open, and `digicert history` shows it.
            let _ = self.ledger.end(entry.id, &ending);
        }
    }
}

/// What is wrong with the keys themselves.
fn refused_by_rules(partner_key: &PartnerApiKey, key: &CertCentralApiKey) -> Option<String> {
    let keys = Keys {
        partner_key,
        certcentral_key: key,
    };
    let report = validate(&keys, &Context::default());
    let mut errors = report.findings().iter();
    let error = errors.find(|finding| finding.severity == Severity::Error)?;
    Some(format!("{}; {}", error.message, error.help))
}

/// Another account would pay than the plan shows. A key that a creation makes is not known before;
/// then the account is the one that was created.
fn not_as_shown(planned: &PlannedLink, created: Option<i64>, payer: &Payer) -> Option<String> {
    match (&planned.pays, created) {
        (_, Some(id)) if id == payer.id => None,
        (_, Some(id)) => Some(format!(
            "{payer} would pay, and the plan lets subaccount {id} pay, which it creates; the file \
             holds the key of another account"
        )),
        (Some(shown), None) if shown.id == payer.id => None,
        (Some(shown), None) => Some(format!(
            "{payer} would pay, and the plan shows {shown}; make a new plan"
        )),
        (None, None) => Some(format!(
            "{payer} would pay, which the plan does not show, because the key was not there when \
             it was made; make a new plan"
        )),
    }
}

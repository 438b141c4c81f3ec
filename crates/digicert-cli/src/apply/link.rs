//! Linking a billing account of a plan. Repeating a link does no harm, so one whose outcome is not
//! known is made again. What is sure about one is the account that pays: it is read right before.

use std::path::Path;

use digicert_types::{CertCentralApiKey, PartnerApiKey};
use digicert_validate::{BillingLink as Keys, Context, Severity, validate};

use super::Applying;
use super::goes_on::GoesOn;
use super::item_result::ItemResult;
use super::partner_keys::PartnerKeys;
use super::report::Happened;
use crate::billing_link::{self, Linked, Linking};
use crate::failure::Failure;
use crate::ledger::{Action, AsRead, Detail, Ending, EntryId, KnownFrom, NewEntry};
use crate::manifest::BillingLink;
use crate::plan::{
    LinksInLedger, PaidBefore, PartnerKeyFrom, Payer, PlannedLink, link_fingerprint,
};
use crate::requested_wait;
use crate::stop::STOPPED;

/// The billing links of a plan.
pub(super) struct Links<'a> {
    applying: &'a Applying<'a>,
    partner_keys: PartnerKeys<'a>,
}

impl<'a> Links<'a> {
    pub(super) fn of(applying: &'a Applying<'a>) -> Self {
        let needs_keys = !applying.plan.tail.billing_links.is_empty();
        Self {
            applying,
            partner_keys: if needs_keys {
                PartnerKeys::read(applying.manifest, applying.service)
            } else {
                PartnerKeys::default()
            },
        }
    }

    /// `created` is the subaccount whose key the link takes, if the plan creates that first.
    pub(super) async fn make(
        &self,
        planned: &PlannedLink,
        link: Option<&BillingLink>,
        created: Option<i64>,
    ) -> Happened {
        let Some(link) = link else {
            return Happened::not_in_manifests();
        };
        match self.try_to_make(planned, link, created).await {
            Ok(happened) => happened,
            Err(failure) => Happened::failed(&failure),
        }
    }

    async fn try_to_make(
        &self,
        planned: &PlannedLink,
        link: &BillingLink,
        created: Option<i64>,
    ) -> Result<Happened, Failure> {
        let Applying {
            service,
            ledger,
            plan,
            stop,
            ..
        } = self.applying;
        let key_file = &link.api_key_file;
        if let (Some(_), Some(why)) = (&planned.after_creation, too_early(created, key_file)) {
            let mut happened = Happened::new(ItemResult::Left).because(why);
            happened.goes_on = match created {
                Some(_) => GoesOn::OncePutRight,
                // As the creation does.
                None => GoesOn::Otherwise,
            };
            return Ok(happened);
        }
        let partner_key = self.partner_keys.of(link)?;
        let key = service.certcentral_key_in(key_file)?;
        if let Some(why) = refused_by_rules(partner_key, &key) {
            return Ok(Happened::refused_here(why));
        }
        let of_key = service.certcentral_with(&key)?;
        let payer = Box::pin(Payer::of(&of_key, &self.applying.reads));
        let Some(payer) = stop.unless_asked(payer).await else {
            return Ok(Happened::stopped());
        };
        let payer = payer?;
        if let Some(why) = not_as_shown(planned, created, &payer) {
            return Ok(Happened::refused_here(why));
        }
        let entry = self.entry(link, &payer);
        let mine = match billing_link::take(ledger, &entry, stop).await {
            Err(failure) if failure.result() == STOPPED => return Ok(Happened::stopped()),
            taken => taken?,
        };
        let in_ledger = LinksInLedger::read(ledger, &plan.head.origin)?;
        if let Some(made) = in_ledger.made(link, &payer) {
            let happened = Happened::new(ItemResult::DoneBefore).entry(made);
            return Ok(happened.because(format!("{payer} pays")));
        }
        let client = service.partner_with(partner_key)?;
        let last_look = async || {
            let payer = Box::pin(Payer::of(&of_key, &self.applying.reads)).await?;
            match not_as_shown(planned, created, &payer) {
                None => Ok(()),
                Some(why) => Err(Failure::unsafe_to_go_on(why)),
            }
        };
        let linking = Linking {
            client: &client,
            key: &key,
            last_look,
            stop,
            patience: requested_wait::OF_LONG_WORK,
        };
        let linked = linking.make(ledger, &entry, &mine).await?;
        if linked.result.is_ok() {
            self.settle_made_again(in_ledger.open(link, &payer), linked.entry);
        }
        let paid_before = in_ledger.paid_before(link, Some(&payer));
        Ok(happened(linked, &payer, paid_before.as_ref()))
    }

    fn entry(&self, link: &BillingLink, payer: &Payer) -> NewEntry {
        let plan = self.applying.plan;
        let partner_file = link.partner_api_key_file.display();
        let mut entry = NewEntry::new(
            Action::LinkBillingAccount,
            &plan.head.origin,
            format!("{payer} pays for the partner account of the key in {partner_file}"),
        );
        entry.account_id = plan.head.account_id;
        entry.fingerprint = Some(link_fingerprint(link));
        entry.part_of = Some(plan.sha256.clone());
        let detail = payer.written_to(Detail::default());
        entry.detail = PartnerKeyFrom::File(&link.partner_api_key_file)
            .written_to(detail)
            .with("api_key_file", link.api_key_file.display().to_string());
        entry
    }

    /// Whether an earlier, interrupted attempt came through makes no difference any more.
    fn settle_made_again(&self, open: impl Iterator<Item = AsRead>, again: EntryId) {
        let ending = Ending::done()
            .known_from(KnownFrom::Lookup)
            .because(format!("the same link was made again (entry {again})"));
        for entry in open {
            // If it cannot be written down, the entry stays open, and `digicert history` shows it.
            let _ = self.applying.ledger.end_as_read(entry, &ending);
        }
    }
}

fn happened(linked: Linked, payer: &Payer, paid_before: Option<&PaidBefore>) -> Happened {
    let before = paid_before.map_or_else(String::new, |before| format!("; {before}"));
    let happened = match linked.result {
        Ok(()) => Happened::new(ItemResult::Done).because(format!("{payer} pays{before}")),
        Err(failure) if failure.result() == STOPPED => return Happened::stopped(),
        // If access is denied, it is to the partner key, and others are not affected.
        Err(failure) => Happened::failed(&failure),
    };
    let mut happened = happened.entry(linked.entry);
    // That changes nothing about what has happened.
    if let Some(error) = linked.unrecorded {
        let said = happened.message.unwrap_or_default();
        happened.message = Some(format!("{said}; the end is not in the ledger: {error}"));
    }
    happened
}

/// Why a link that follows a creation cannot be made yet.
fn too_early(created: Option<i64>, key_file: &Path) -> Option<String> {
    match created {
        None => Some("its subaccount is not created yet".to_owned()),
        Some(id) if !key_file.exists() => Some(format!(
            "its subaccount {id} is created, but its key is not in {}; once it is there, the same \
             command links it",
            key_file.display()
        )),
        Some(_) => None,
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
        (Some(shown), None) if shown.is(payer) => None,
        (Some(shown), None) => Some(format!(
            "{payer} would pay, and the plan shows {shown}; make a new plan"
        )),
        (None, None) => Some(format!(
            "{payer} would pay, which the plan does not show, because the key was not there when \
             it was made; make a new plan"
        )),
    }
}

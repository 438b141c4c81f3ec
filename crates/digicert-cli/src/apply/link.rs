//! Linking a billing account of a plan. Repeating a link does no harm, so one whose outcome is not
//! known is made again.

use digicert_types::CertCentralApiKey;
use digicert_validate::{BillingLink as Keys, Context, Severity, validate};

use super::Applying;
use super::report::{Ended, Happened};
use crate::failure::{Failure, with_cause};
use crate::ledger::{
    Action, Detail, Ending, EndingKind, Entry, EntryId, Filter, KnownFrom, NewEntry,
};
use crate::manifest::BillingLink;
use crate::plan::{PlannedLink, link_fingerprint};

impl Applying<'_> {
    pub(super) async fn link(&self, planned: &PlannedLink, link: &BillingLink) -> Happened {
        match self.try_to_link(planned, link).await {
            Ok(happened) => happened,
            Err(failure) => Happened::failed(&failure),
        }
    }

    /// Whether an earlier, interrupted attempt came through makes no difference any more.
    fn settle_made_again(&self, former: &[Entry], again: EntryId) {
        let ending = Ending::done()
            .known_from(KnownFrom::Lookup)
            .because(format!("the same link was made again (entry {again})"));
        for entry in former.iter().filter(|entry| entry.is_unfinished()) {
            // If it cannot be written down, the entry stays open, and `digicert history` shows it.
            let _ = self.ledger.end(entry.id, &ending);
        }
    }

    async fn try_to_link(
        &self,
        planned: &PlannedLink,
        link: &BillingLink,
    ) -> Result<Happened, Failure> {
        let (partner_file, key_file) = (&link.partner_api_key_file, &link.api_key_file);
        let fingerprint = link_fingerprint(link);
        let origin = &self.plan.head.origin;
        let former = self.ledger.entries(&Filter {
            action: Some(Action::LinkBillingAccount),
            origin: Some(origin.clone()),
            fingerprint: Some(fingerprint.clone()),
            ..Filter::default()
        })?;
        if let Some(done) = former
            .iter()
            .rfind(|entry| entry.ending() == Some(EndingKind::Done))
        {
            return Ok(Happened::new(Ended::DoneBefore).entry(done.id));
        }
        if planned.after_creation.is_some() && !key_file.exists() {
            return Ok(Happened::new(Ended::Left).because("its subaccount is not created yet"));
        }
        let partner_key = self.service.partner_key_in(partner_file)?;
        let key: CertCentralApiKey = self.service.certcentral_key_in(key_file)?;
        let keys = Keys {
            partner_key: &partner_key,
            certcentral_key: &key,
        };
        let report = validate(&keys, &Context::default());
        let mut errors = report.findings().iter();
        if let Some(error) = errors.find(|finding| finding.severity == Severity::Error) {
            let message = format!("{}; {}", error.message, error.help);
            return Ok(Happened::refused_here(message));
        }
        let client = self.service.partner_with(&partner_key)?;
        let mut entry = NewEntry::new(
            Action::LinkBillingAccount,
            origin,
            format!(
                "billing account of the key in {} for the partner account of the key in {}",
                key_file.display(),
                partner_file.display()
            ),
        );
        entry.account_id = self.plan.head.account_id;
        entry.fingerprint = Some(fingerprint);
        entry.part_of = Some(self.plan.sha256.clone());
        entry.detail = Detail::default()
            .with("partner_api_key_file", partner_file.display().to_string())
            .with("api_key_file", key_file.display().to_string());
        let entry = self.ledger.begin(&entry)?;
        let linked = client.link_billing_account(&key).await;
        let (ending, happened) = match linked {
            Ok(()) => (Ending::done(), Happened::new(Ended::Done)),
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
            self.settle_made_again(&former, entry);
        }
        Ok(happened.entry(entry))
    }
}

//! Setting the products of one subaccount of a plan, or finding that nothing is left to do.

use digicert_types::certcentral::SetSubaccountProductsRequest;

use super::item_result::ItemResult;
use super::report::Happened;
use super::{Applying, Before, EarlierEntry};
use crate::failure::Failure;
use crate::ledger::{Ending, EndingKind, KnownFrom};
use crate::manifest::Subaccount;
use crate::plan::{PlannedChange, request_sha256, words};
use crate::price_change::{LiveState, PriceChange, fingerprint, is_self_billed, render};
use crate::price_setting::{
    FormerStatePlace, PriceSetting, Seen, SentSetting, Set, SettingEnd, Stale,
};
use crate::requested_wait;
use crate::stop::STOPPED;

impl Applying<'_> {
    pub(super) async fn change(
        &self,
        planned: &PlannedChange,
        subaccount: Option<&Subaccount>,
        before: &Before,
    ) -> Happened {
        let Some(subaccount) = subaccount else {
            return Happened::not_in_manifests();
        };
        let Some(wanted) = subaccount.wanted() else {
            return Happened::refused_here("it has no price book any more");
        };
        if request_sha256(&*wanted) != planned.request_sha256 {
            return Happened::refused_here("this program makes another request of the manifests");
        }
        let id = planned.subaccount_id;
        let read = || self.client.list_subaccount_products(id);
        let live = match self.read(read).await {
            None => return Happened::stopped(),
            Some(Err(error)) => return Happened::of_error(error),
            Some(Ok(live)) => live,
        };
        let live = match LiveState::try_from(live) {
            Ok(live) => live,
            Err(untold) => return Happened::refused_here(untold.to_string()),
        };
        let bill_parent = planned.self_billed.then_some(false);
        let change = PriceChange::of(&live, &wanted, bill_parent);
        let is_shown = fingerprint(&live) == planned.live_fingerprint;
        let former = before.of_subaccount(id);
        // What is still as it was shown was not done, or somebody has undone it since.
        let may_be_done = !is_shown && former.is_some_and(EarlierEntry::may_be_done);
        if change.is_empty() || (may_be_done && change.is_fulfilled()) {
            return self.found_done_as_paid(planned, former).await;
        }
        if !is_shown {
            return Happened::refused_here(
                "its live state is not the one that was shown; make a new plan",
            );
        }
        // A plan of an earlier version may show fewer.
        let mut words = words(&change).into_iter();
        if let Some(word) = words.find(|word| !planned.words.contains(word)) {
            return Happened::refused_here(format!(
                "it needs {word}, which the plan does not show; make a new plan"
            ));
        }
        if let Err(failure) = self.settle_as_not_done(former) {
            return Happened::failed(&failure);
        }
        let name = planned.name();
        self.set(id, name.as_deref(), &wanted, &change, &live).await
    }

    /// Sets what was shown; `live` is what it was shown with.
    pub(super) async fn set(
        &self,
        subaccount_id: i64,
        subaccount_name: Option<&str>,
        wanted: &SetSubaccountProductsRequest,
        change: &PriceChange,
        live: &LiveState,
    ) -> Happened {
        let setting = PriceSetting {
            origin: &self.plan.head.origin,
            subaccount_id,
            subaccount_name,
            request: wanted,
            change,
            shown: live,
            former_state: FormerStatePlace::beside(self.ledger.path()),
            part_of: Some(self.plan.sha256.clone()),
            stop: &self.stop,
            patience: requested_wait::OF_LONG_WORK,
        };
        match setting.set(&self.client, self.ledger).await {
            Ok(Set::Sent(sent)) => {
                let restore = setting.restore(&sent);
                let mut happened = happened(*sent);
                happened.restore = restore;
                happened
            }
            Ok(Set::Stale(stale)) => stale_by_now(*stale),
            Err(failure) if failure.result() == STOPPED => Happened::stopped(),
            Err(failure) => Happened::failed(&failure),
        }
    }

    /// The service has what is wanted, if who pays is still who was shown: prices that were ignored
    /// then are another matter when they count.
    async fn found_done_as_paid(
        &self,
        planned: &PlannedChange,
        former: Option<EarlierEntry>,
    ) -> Happened {
        if planned.self_billed {
            let read = || self.client.get_subaccount(planned.subaccount_id);
            match self.read(read).await {
                None => return Happened::stopped(),
                Some(Err(error)) => return Happened::of_error(error),
                Some(Ok(now)) if !is_self_billed(now.bill_parent) => {
                    return Happened::refused_here(
                        "it paid for itself when the plan was made, and does not any more, so its \
                         prices count now; make a new plan",
                    );
                }
                Some(Ok(_)) => {}
            }
        }
        self.found_done(former)
    }

    /// The service has what is wanted. If an earlier run was interrupted, that is how it ended.
    pub(super) fn found_done(&self, former: Option<EarlierEntry>) -> Happened {
        let happened = Happened::new(ItemResult::DoneBefore);
        let is_it =
            |entry: &EarlierEntry| entry.is_unfinished || entry.ending == Some(EndingKind::Done);
        let Some(entry) = former.filter(is_it) else {
            return happened;
        };
        let happened = happened.entry(entry.as_read.id);
        if !entry.is_unfinished {
            return happened;
        }
        let ending = Ending::done()
            .known_from(KnownFrom::Lookup)
            .because("found to be carried out");
        // What somebody has said of it since the run began stays said.
        match self.ledger.end_as_read(entry.as_read, &ending) {
            Ok(_) => happened,
            Err(error) => happened.because(format!("it cannot be written down: {error}")),
        }
    }

    /// The service has what it had before: an earlier run was interrupted before it did anything.
    pub(super) fn settle_as_not_done(&self, former: Option<EarlierEntry>) -> Result<(), Failure> {
        let Some(entry) = former.filter(|entry| entry.is_unfinished) else {
            return Ok(());
        };
        let ending = Ending::new(EndingKind::NotDone)
            .known_from(KnownFrom::Lookup)
            .because("the former state was found");
        self.ledger.end_as_read(entry.as_read, &ending)?;
        Ok(())
    }
}

fn happened(sent: SentSetting) -> Happened {
    let happened = match &sent.end {
        SettingEnd::Not(failure) => Happened::failed(failure),
        SettingEnd::Taken(Seen::Fulfilled(_)) | SettingEnd::Unknown(_, Seen::Fulfilled(_)) => {
            Happened::new(ItemResult::Done)
        }
        SettingEnd::Taken(Seen::Left(left, _)) => {
            let left = render::sentence(left);
            let message = format!("the service took the request, but still has to change: {left}");
            Happened::new(ItemResult::Different).because(message)
        }
        SettingEnd::Taken(Seen::Nothing(failure)) => {
            let message = format!(
                "the service took the request, but what it has now cannot be read back: {failure}; \
                 the same command again compares it"
            );
            Happened::new(ItemResult::NotReadBack).because(message)
        }
        SettingEnd::Taken(Seen::NotLooked) => Happened::new(ItemResult::NotReadBack).because(
            "the service took the request, and Ctrl-C ended it before it was read back; the same \
             command again compares it",
        ),
        SettingEnd::Unknown(failure, _) => {
            Happened::new(ItemResult::Unknown).because(failure.to_string())
        }
    };
    let mut happened = happened.entry(sent.entry);
    happened.is_access_denied = sent.is_access_denied();
    happened.not_before = sent.not_before();
    happened.former_state = Some(sent.former_state);
    happened.unrecorded(sent.unrecorded)
}

fn stale_by_now(stale: Stale) -> Happened {
    Happened::refused_here(format!("{}; make a new plan", stale.what))
        .entry(stale.entry)
        .unrecorded(stale.unrecorded)
}

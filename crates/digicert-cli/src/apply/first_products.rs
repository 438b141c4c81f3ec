//! The products that a subaccount gets once it has been created, by this run or by an earlier one.

use super::creation::Created;
use super::item_result::ItemResult;
use super::report::Happened;
use super::{Applying, Before, EarlierEntry};
use crate::manifest::Subaccount;
use crate::plan::{PlannedCreation, request_sha256, words};
use crate::price_change::{LiveState, PriceChange, is_self_billed};

/// What is said of a creation that was stopped after the subaccount was created.
const NOT_SET_YET: &str = "its products are not set yet";

impl Applying<'_> {
    /// Gives a subaccount that was created its products, unless it has them or somebody has given
    /// it others.
    pub(super) async fn give_products(
        &self,
        created: &Created,
        planned: &PlannedCreation,
        subaccount: &Subaccount,
        before: &Before,
    ) -> Happened {
        let id = created.id;
        let former = before.of_subaccount(id);
        let Some(wanted) = subaccount.wanted() else {
            return Happened::new(ItemResult::DoneBefore);
        };
        if Some(request_sha256(&*wanted)) != planned.products_sha256 {
            return Happened::refused_here("this program makes another request of the manifests");
        }
        let read = async || {
            let details = self.client.get_subaccount(id).await?;
            let live = self.client.list_subaccount_products(id).await?;
            Ok((live, details.bill_parent))
        };
        let (live, bill_parent) = match self.read(read).await {
            None => return Happened::stopped().because(NOT_SET_YET),
            Some(Err(error)) => return Happened::of_error(error),
            Some(Ok(read)) => read,
        };
        let live = match LiveState::try_from(live) {
            Ok(live) => live,
            Err(untold) => return Happened::refused_here(untold.to_string()),
        };
        if let Some(why) = paid_otherwise(planned, bill_parent) {
            return Happened::refused_here(why);
        }
        let change = PriceChange::of(&live, &wanted, bill_parent);
        let may_be_done = live.has_products() && former.is_some_and(EarlierEntry::may_be_done);
        if change.is_empty() || (may_be_done && change.is_fulfilled()) {
            return self.found_done(former);
        }
        if live.has_products() {
            return Happened::refused_here(
                "somebody has given it other products since it was created; make a new plan",
            );
        }
        if let Err(failure) = self.settle_as_not_done(former) {
            return Happened::failed(&failure);
        }
        // The plan shows what a creation gets, and asks for no word: a new subaccount has no balance
        // to lose, and no price that moves. One that has been there for a while may.
        let words = words(&change);
        if !created.is_new && !words.is_empty() {
            return Happened::refused_here(format!(
                "its products are not set: that needs {} by now, which the plan does not show; \
                 make a new plan",
                words.join(" ")
            ));
        }
        let happened = self
            .set(id, Some(&planned.name), &wanted, &change, &live)
            .await;
        match happened.result {
            ItemResult::Left => {
                let why = happened.message.as_deref();
                let why = why.map_or_else(String::new, |why| format!(": {why}"));
                happened.because(format!("{NOT_SET_YET}{why}"))
            }
            _ => happened,
        }
    }
}

/// Why the products are not those that the plan shows: whether their prices count, the service decides
/// where the manifest does not. A plan of an earlier version does not show it.
fn paid_otherwise(planned: &PlannedCreation, bill_parent: Option<bool>) -> Option<&'static str> {
    let shown = planned.change.as_ref()?.self_billed;
    match (shown, is_self_billed(bill_parent)) {
        (true, false) => Some(
            "by the plan it pays for itself and its prices are ignored, but they count; make a new \
             plan, which shows them",
        ),
        (false, true) => Some(
            "it pays for itself, so the service ignores prices that the plan shows; make a new plan",
        ),
        _ => None,
    }
}

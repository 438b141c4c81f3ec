//! The last look before a request goes out: whether the subaccount still is as it was shown, in what
//! it has and in who pays for it. A subaccount that pays for itself ignores prices; once its parent
//! pays, the same request moves them.

use digicert_client::certcentral;

use super::PriceSetting;
use crate::failure::Failure;
use crate::ledger::{EntryId, LedgerError};
use crate::price_change::{LiveState, fingerprint, is_self_billed};

/// The calls that are reserved together, so that between them nobody waits for the limits.
const LOOK_AND_WRITE: usize = 3;

/// What the service has right before the write.
#[derive(Debug)]
pub(super) struct LiveWithPayer {
    pub(super) products: LiveState,
    bill_parent: Option<bool>,
}

/// A setting that was entered, and not sent, because the subaccount is another one than was shown.
#[derive(Debug)]
pub(crate) struct Stale {
    /// What is not as it was shown, as half a sentence.
    pub(crate) what: &'static str,
    pub(crate) live: LiveState,
    pub(crate) entry: EntryId,
    /// Why the ledger does not have the end. It has the beginning.
    pub(crate) unrecorded: Option<LedgerError>,
}

impl PriceSetting<'_> {
    /// Looks, and gives the client that may write at once. The products come last: they change more
    /// often.
    pub(super) async fn last_look(
        &self,
        client: &certcentral::Client,
    ) -> Result<(LiveWithPayer, certcentral::Client), Failure> {
        let client = client.reserve(LOOK_AND_WRITE).await;
        let bill_parent = client.get_subaccount(self.subaccount_id).await?.bill_parent;
        let products = client.list_subaccount_products(self.subaccount_id).await?;
        let live = LiveWithPayer {
            products: products.try_into()?,
            bill_parent,
        };
        Ok((live, client))
    }

    pub(super) fn is_shown(&self, live: &LiveWithPayer) -> bool {
        self.is_paid_as_shown(live) && fingerprint(&live.products) == fingerprint(self.shown)
    }

    pub(super) fn what_is_stale(&self, live: &LiveWithPayer) -> &'static str {
        if self.is_paid_as_shown(live) {
            "the live state is no longer the one that was shown"
        } else if self.change.self_billed {
            "the subaccount paid for itself when that was shown, and does not any more, so its prices \
             count now"
        } else {
            "the subaccount pays for itself by now, so the service ignores prices that were shown"
        }
    }

    fn is_paid_as_shown(&self, live: &LiveWithPayer) -> bool {
        is_self_billed(live.bill_parent) == self.change.self_billed
    }
}

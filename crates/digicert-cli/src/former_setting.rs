//! An earlier setting of products that was interrupted, or whose outcome nobody knows: what the
//! service has now says more. It settles nothing, because somebody else may have set the same, or set
//! it back.

use digicert_client::certcentral;
use digicert_types::certcentral::SetSubaccountProductsRequest;
use serde::Serialize;

use crate::advised_command;
use crate::failure::Failure;
use crate::ledger::Entry;
use crate::price_change::{LiveState, PriceChange, fingerprint};
use crate::price_setting::FORMER_FINGERPRINT;

/// What the service has now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum NowReported {
    /// What was asked for.
    AsAsked,
    /// What it had before.
    AsBefore,
    Otherwise,
}

impl NowReported {
    /// Asks the service; `None` if the entry does not say what was asked for.
    pub(crate) async fn of(
        client: &certcentral::Client,
        entry: &Entry,
    ) -> Result<Option<Self>, Failure> {
        let request = entry.request.as_deref();
        let request = request.and_then(|text| serde_json::from_str(text).ok());
        let (Some(id), Some(request)) = (entry.subaccount_id, request) else {
            return Ok(None);
        };
        let request: SetSubaccountProductsRequest = request;
        let subaccount = client.get_subaccount(id).await?;
        let live = LiveState::try_from(client.list_subaccount_products(id).await?)?;
        let left = PriceChange::of(&live, &request, subaccount.bill_parent);
        let former = entry.detail.text(FORMER_FINGERPRINT);
        let is_as_before = former == Some(fingerprint(&live).as_str());
        // Prices that are left to DigiCert may have been any before as well.
        Ok(Some(match (left.is_empty(), is_as_before) {
            (true, _) => Self::AsAsked,
            (false, true) => Self::AsBefore,
            (false, false) if left.is_fulfilled() => Self::AsAsked,
            (false, false) => Self::Otherwise,
        }))
    }

    /// As a sentence.
    pub(crate) fn sentence(self, entry: &Entry) -> String {
        let id = entry.subaccount_id.unwrap_or_default();
        match self {
            Self::AsAsked => "The service reports what was asked for: it was carried out, or \
                              somebody else has set the same."
                .to_owned(),
            Self::AsBefore => {
                "So far the service reports what it had before: it was not carried out, \
                               or is still on its way, or was set back."
                    .to_owned()
            }
            Self::Otherwise => format!(
                "The service reports neither what was asked for nor what it had before: `{}` shows \
                 what holds now.",
                advised_command::on_service(&format!("products show {id}"))
            ),
        }
    }
}

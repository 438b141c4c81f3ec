//! `PUT /finance/account-link`: links a CertCentral billing account to the Partner Subscriptions
//! account. Both are named by keys alone; a body is not read.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::answer::{Refusal, no_content};
use crate::authentication::{billing_account, partner_account};
use crate::state::{Change, SharedState};

pub(crate) async fn link_billing_account(
    State(state): State<SharedState>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    state
        .change(move |state| {
            let account = partner_account(&headers, state)?;
            let payer = billing_account(&headers, state)?;
            let linked = account.linked_to(payer);
            Ok::<_, Refusal>((Change::PartnerAccount(linked), ()))
        })
        .await?;
    Ok(no_content())
}

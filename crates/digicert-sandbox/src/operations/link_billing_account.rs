//! `PUT /finance/account-link`: links a CertCentral billing account to the Partner Subscriptions
//! account. Both are named by keys alone; a body is not read.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::answer::{Refusal, no_content};
use crate::authentication::{billing_account, partner_account};
use crate::state::SharedState;

pub(crate) async fn link_billing_account(
    State(state): State<SharedState>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let mut state = state.write();
    partner_account(&headers, &state)?;
    let owner = billing_account(&headers, &state)?;
    state.link_billing_account(owner);
    Ok(no_content())
}

//! `GET /account/subaccount/{subaccount_id}/products`: what a subaccount may order.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{SubaccountId, subaccount_id};
use crate::answer::{Refusal, json};
use crate::authentication::certcentral_account;
use crate::state::SharedState;

pub(crate) async fn list_subaccount_products(
    State(state): State<SharedState>,
    id: SubaccountId,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let state = state.read();
    let owner = certcentral_account(&headers, &state)?;
    let subaccount = state
        .subaccount(owner, subaccount_id(id)?)
        .ok_or_else(Refusal::unknown_subaccount)?;
    Ok(json(StatusCode::OK, &subaccount.products(state.parent())))
}

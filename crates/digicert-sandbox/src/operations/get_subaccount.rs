//! `GET /account/subaccount/{subaccount_id}`: one subaccount in full.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{SubaccountId, subaccount_id};
use crate::answer::{Refusal, json};
use crate::authentication::certcentral_account;
use crate::state::SharedState;

pub(crate) async fn get_subaccount(
    State(state): State<SharedState>,
    id: SubaccountId,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let state = state.read();
    let owner = certcentral_account(&headers, &state)?;
    let subaccount = state
        .subaccount(owner, subaccount_id(id)?)
        .ok_or_else(Refusal::unknown_subaccount)?;
    Ok(json(StatusCode::OK, &subaccount.details()))
}

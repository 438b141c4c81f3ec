//! `GET /account`: the account that the key belongs to.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use crate::answer::{Refusal, json};
use crate::authentication::certcentral_account;
use crate::state::SharedState;

pub(crate) async fn get_account(
    State(state): State<SharedState>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let state = state.read();
    let owner = certcentral_account(&headers, &state)?;
    Ok(json(StatusCode::OK, &state.account(owner)))
}

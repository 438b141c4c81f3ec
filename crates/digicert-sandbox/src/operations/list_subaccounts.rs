//! `GET /account/subaccount`: a page of the subaccounts of the account that asks.
//!
//! Which page that is is for `listing`.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use digicert_types::certcentral::{Page, SubaccountSummary};
use serde::Serialize;

use crate::answer::{Refusal, json};
use crate::authentication::certcentral_account;
use crate::listing::Listing;
use crate::state::{SharedState, Subaccount};

/// The array has the name of the sample, not of the table, and is there when it is empty.
#[derive(Debug, Serialize)]
struct SubaccountList {
    subaccounts: Vec<SubaccountSummary>,
    page: Page,
}

pub(crate) async fn list_subaccounts(
    State(state): State<SharedState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let state = state.read();
    let owner = certcentral_account(&headers, &state)?;
    let listing = Listing::from_query(query.as_deref().unwrap_or_default())?;
    let (page, total) = listing.select(state.subaccounts(owner));
    let list = SubaccountList {
        subaccounts: page.into_iter().map(Subaccount::summary).collect(),
        page: Page::builder()
            .total(integer(total))
            .limit(integer(listing.limit))
            .offset(integer(listing.offset))
            .build(),
    };
    Ok(json(StatusCode::OK, &list))
}

fn integer(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

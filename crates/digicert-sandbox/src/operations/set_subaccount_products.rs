//! `PUT /account/subaccount/{subaccount_id}/products`: replaces what a subaccount may order.

use axum::extract::{Request, State};
use axum::response::Response;

use super::{SubaccountId, subaccount_id};
use crate::answer::{Refusal, no_content};
use crate::authentication::certcentral_account;
use crate::request_body;
use crate::request_shape::Field;
use crate::state::SharedState;

pub(crate) async fn set_subaccount_products(
    State(state): State<SharedState>,
    id: SubaccountId,
    request: Request,
) -> Result<Response, Refusal> {
    let id = addressed_subaccount(&state, id, &request)?;
    let products = request_body::read(request, check).await?;
    state
        .change(move |state| {
            let change = state.with_products(id, &products);
            let change = change.ok_or_else(Refusal::unknown_subaccount)?;
            Ok::<_, Refusal>((change, ()))
        })
        .await?;
    Ok(no_content())
}

/// The ID of a subaccount that exists and belongs to the account that asks.
fn addressed_subaccount(
    state: &SharedState,
    id: SubaccountId,
    request: &Request,
) -> Result<i64, Refusal> {
    let state = state.read();
    let owner = certcentral_account(request.headers(), &state)?;
    let id = subaccount_id(id)?;
    match state.subaccount(owner, id) {
        Some(_) => Ok(id),
        None => Err(Refusal::unknown_subaccount()),
    }
}

/// The request fields of the set products page.
fn check(request: &mut Field<'_>) {
    request.field("currency").text();
    request.field("pricing_method").text();
    request.field("balance_negative_limit").quotable_integer();
    request
        .field("products")
        .required()
        .list(|product| product.object(check_product));
}

/// The page calls the identifier optional, so it may be missing.
fn check_product(product: &mut Field<'_>) {
    product.field("product_name_id").text();
    product.field("product_name").text();
    product
        .field("prices")
        .list(|price| price.object(check_price));
}

fn check_price(price: &mut Field<'_>) {
    price.field("lifetime").required().integer_from(1);
    price.field("cost").required().price();
    price.field("additional_fqdn_cost").price();
    price.field("additional_wildcard_cost").price();
}

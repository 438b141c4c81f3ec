//! `POST /account`: creates a subaccount. For a managed one the answer carries its key, and no
//! other answer ever does.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use digicert_types::certcentral::CreateSubaccountRequest;

use crate::answer::{Refusal, json};
use crate::authentication::certcentral_account;
use crate::request_body;
use crate::request_shape::Field;
use crate::state::{Change, SharedState};

const SUBACCOUNT_TYPES: [&str; 4] = ["retail", "enterprise", "reseller", "managed"];
const GRANDCHILD_TYPES: [&str; 3] = ["retail", "enterprise", "reseller"];

const LONGEST_CHILD_NAME: usize = 64;

pub(crate) async fn create_subaccount(
    State(state): State<SharedState>,
    request: Request,
) -> Result<Response, Refusal> {
    let longest_plan = permitted_plan_length(&state, &request)?;
    let check = |request: &mut Field<'_>| check(request, longest_plan);
    let request: CreateSubaccountRequest = request_body::read(request, check).await?;
    let created = state
        .change(move |state| {
            let subaccount = state.new_subaccount(request)?;
            let created = subaccount.created();
            Ok::<_, Refusal>((Change::Subaccount(Box::new(subaccount)), created))
        })
        .await?;
    Ok(json(StatusCode::CREATED, &created))
}

/// The longest plan that the account that asks may give to a subaccount, if it may create one.
fn permitted_plan_length(state: &SharedState, request: &Request) -> Result<i64, Refusal> {
    let state = state.read();
    let owner = certcentral_account(request.headers(), &state)?;
    if state.may_create_subaccounts(owner) {
        Ok(state.parent().max_multi_year_plan_length())
    } else {
        Err(Refusal::subaccounts_not_enabled())
    }
}

/// The request fields of the create page.
fn check(request: &mut Field<'_>, longest_plan: i64) {
    request
        .field("account_type")
        .required()
        .one_of(&SUBACCOUNT_TYPES);
    request
        .field("allowed_grandchildren")
        .required()
        .list(|grandchild| grandchild.one_of(&GRANDCHILD_TYPES));
    request.field("account_manager_user_id").integer();
    request.field("bill_parent").boolean();
    request.field("enforce_bill_parent").boolean();
    request.field("child_name").text_up_to(LONGEST_CHILD_NAME);
    request.field("user").required().object(check_user);
    request
        .field("organization")
        .required()
        .object(check_organization);
    request
        .field("max_allowed_multi_year_plan_length")
        .integer_between(1, longest_plan);
    request.field("allow_parent_order_renewal").boolean();
}

fn check_user(user: &mut Field<'_>) {
    for name in ["first_name", "last_name", "email"] {
        user.field(name).required().text();
    }
    for name in ["username", "job_title", "telephone"] {
        user.field(name).text();
    }
    user.field("disable_renewal_notifications").boolean();
}

fn check_organization(organization: &mut Field<'_>) {
    for name in ["name", "address", "zip", "city", "state", "country"] {
        organization.field(name).required().text();
    }
    for name in ["assumed_name", "address2", "telephone"] {
        organization.field(name).text();
    }
}

//! Paths and methods, and what becomes of a request that matches none.

use axum::Router;
use axum::routing::{get, put};

use crate::answer::Refusal;
use crate::app::App;
use crate::operations::{
    create_subaccount, get_account, get_subaccount, link_billing_account, list_subaccount_products,
    list_subaccounts, set_subaccount_products,
};
use crate::page;

/// Where the CertCentral API begins, below the origin.
pub(crate) const CERTCENTRAL: &str = "/services/v2";

/// Where the Partner Subscriptions API begins, below the origin.
pub(crate) const PARTNER: &str = "/partner-subscription/api/v1";

/// All operations on their real paths.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .nest(CERTCENTRAL, certcentral())
        .nest(PARTNER, partner())
        .merge(page::routes())
        .fallback(unknown_route)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(app)
}

fn certcentral() -> Router<App> {
    Router::new()
        .route("/account", get(get_account).post(create_subaccount))
        .route("/account/subaccount", get(list_subaccounts))
        .route("/account/subaccount/{subaccount_id}", get(get_subaccount))
        .route(
            "/account/subaccount/{subaccount_id}/products",
            get(list_subaccount_products).put(set_subaccount_products),
        )
}

fn partner() -> Router<App> {
    Router::new().route("/finance/account-link", put(link_billing_account))
}

async fn unknown_route() -> Refusal {
    Refusal::unknown_route()
}

async fn method_not_allowed() -> Refusal {
    Refusal::method_not_allowed()
}

//! Paths and methods, and what becomes of a request that matches none.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, put};

use crate::answer::Refusal;
use crate::app::App;
use crate::control;
use crate::exchange::exchange;
use crate::limits::limit;
use crate::operations::{
    create_subaccount, get_account, get_subaccount, link_billing_account, list_subaccount_products,
    list_subaccounts, set_subaccount_products,
};
use crate::page;

/// Where the CertCentral API begins, below the origin.
pub(crate) const CERTCENTRAL: &str = "/services/v2";

/// Where the Partner Subscriptions API begins, below the origin.
pub(crate) const PARTNER: &str = "/partner-subscription/api/v1";

/// All operations on their real paths, and beside them what is not of the API.
///
/// Around the operations stand, from the outside inwards, the request log, the faults and the limits.
/// The page and the control path are outside of them.
pub(crate) fn router(app: App) -> Router {
    let api = Router::new()
        .nest(
            CERTCENTRAL,
            certcentral().layer(from_fn_with_state(app.clone(), limit)),
        )
        .nest(PARTNER, partner())
        .fallback(unknown_route)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(app.clone(), exchange));
    let beside_it = page::routes()
        .merge(control::routes())
        .layer(from_fn(control::from_here_only));
    api.merge(beside_it).with_state(app)
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

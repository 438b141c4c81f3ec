//! The control path, `/_sandbox/…`: looking into the sandbox and changing what it does, from
//! outside of the program. The real service has nothing like it.
//!
//! What is here is no call of the API: it is not in the request log, and no fault befalls it.

mod clock;
mod events;
mod faults;
mod from_here;
mod json_body;
mod requests;
mod state;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{any, delete, get, post};

use crate::answer::{Refusal, refusal};
use crate::app::App;

pub(crate) use self::from_here::from_here_only;

/// Where it begins.
const PATH: &str = "/_sandbox";

/// All that there is.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .nest(PATH, below())
        // What is nested does not include this.
        .route("/_sandbox/", any(unknown_path))
}

fn below() -> Router<App> {
    Router::new()
        .route("/state", get(state::dump).put(state::load))
        .route("/reset", post(state::reset))
        .route("/requests", get(requests::list).delete(requests::clear))
        .route(
            "/faults",
            get(faults::list).post(faults::add).delete(faults::clear),
        )
        .route("/faults/{id}", delete(faults::remove))
        .route("/clock", get(clock::show).put(clock::set))
        .route("/clock/advance", post(clock::advance))
        .route("/events", get(events::stream))
        .fallback(unknown_path)
        .method_not_allowed_fallback(method_not_allowed)
}

async fn unknown_path() -> Refusal {
    let message = "There is no such control path; there are /_sandbox/state, /_sandbox/reset, \
                   /_sandbox/requests, /_sandbox/faults, /_sandbox/clock, \
                   /_sandbox/clock/advance and /_sandbox/events.";
    refusal(StatusCode::NOT_FOUND, "not_found|route", message)
}

async fn method_not_allowed() -> Refusal {
    Refusal::method_not_allowed()
}

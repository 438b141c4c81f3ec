//! What is served for people and tools beside the API itself: the page at `/`, what it shows of the
//! state, and the OpenAPI documents.
//!
//! None of it is logged, faulted or limited. What the page can change goes through `control` or
//! through the API.

mod files;
mod offered_keys;
mod overview;

use axum::Router;
use axum::routing::get;

use crate::app::App;

use self::files::FILES;
use self::offered_keys::keys;
use self::overview::overview;

pub(crate) use self::offered_keys::OfferedKeys;

/// The routes of everything here.
pub(crate) fn routes() -> Router<App> {
    let mut router = Router::new()
        .route("/_sandbox/overview", get(overview))
        .route("/_sandbox/keys", get(keys));
    for file in FILES {
        router = router.route(file.path, get(|| async { file.response() }));
    }
    router
}

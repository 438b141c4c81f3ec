//! What is served for people and tools beside the API itself: the OpenAPI documents.
//!
//! None of it is logged, faulted or limited.

mod files;

use axum::Router;
use axum::routing::get;

use crate::app::App;

use self::files::FILES;

/// The routes of everything here.
pub(crate) fn routes() -> Router<App> {
    let mut router = Router::new();
    for file in FILES {
        router = router.route(file.path, get(|| async { file.response() }));
    }
    router
}

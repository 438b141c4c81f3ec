//! What all requests to one sandbox share.
//!
//! Each extractor takes the part that it needs, so an operation asks for `State<SharedState>` and
//! knows of nothing else.

use axum::extract::FromRef;

use crate::clock::Clock;
use crate::page::OfferedKeys;
use crate::state::SharedState;

/// The parts of a running sandbox. Cheap to clone: each part is shared.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) state: SharedState,
    pub(crate) clock: Clock,
    pub(crate) offered_keys: OfferedKeys,
}

impl FromRef<App> for SharedState {
    fn from_ref(app: &App) -> Self {
        app.state.clone()
    }
}

impl FromRef<App> for Clock {
    fn from_ref(app: &App) -> Self {
        app.clock.clone()
    }
}

impl FromRef<App> for OfferedKeys {
    fn from_ref(app: &App) -> Self {
        app.offered_keys.clone()
    }
}

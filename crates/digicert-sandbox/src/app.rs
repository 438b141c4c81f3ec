//! What all requests to one sandbox share.
//!
//! Each extractor takes the part that it needs, so an operation asks for `State<SharedState>` and
//! knows of nothing else.

use axum::extract::FromRef;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::limits::Limits;
use crate::page::OfferedKeys;
use crate::request_log::RequestLog;
use crate::state::SharedState;

/// The parts of a running sandbox. Cheap to clone: each part is shared.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) state: SharedState,
    pub(crate) clock: Clock,
    pub(crate) offered_keys: OfferedKeys,
    pub(crate) log: RequestLog,
    pub(crate) faults: Faults,
    pub(crate) limits: Limits,
    /// Fails to change once the sandbox stops, for streams that have no other end.
    pub(crate) stopped: watch::Receiver<()>,
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

impl FromRef<App> for Faults {
    fn from_ref(app: &App) -> Self {
        app.faults.clone()
    }
}

impl FromRef<App> for RequestLog {
    fn from_ref(app: &App) -> Self {
        app.log.clone()
    }
}

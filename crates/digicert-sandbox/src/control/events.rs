//! `/_sandbox/events`: what happens, as it happens, by server-sent events.
//!
//! `request` has an entry of the log, `state` the revision of the state, and `faults` those that
//! are switched on. The latter two also come at the beginning.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, Sse};
use futures_util::stream::{self, Stream};
use serde::Serialize;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::sleep;

use super::faults::FaultList;
use crate::app::App;

/// What happens within so short a time is told together.
const PAUSE: Duration = Duration::from_millis(20);

/// At most so many requests are told at once, the latest. The others can be asked for.
const REQUESTS_AT_ONCE: usize = 100;

/// Requests are told from now on, or, to who comes back, from the last one that they were told.
pub(super) async fn stream(
    State(app): State<App>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let last_told = headers.get("last-event-id");
    let last_told = last_told.and_then(|value| value.to_str().ok()?.parse().ok());
    let feed = Feed::new(app, last_told);
    Sse::new(stream::unfold(feed, async |mut feed| {
        let event = feed.next().await?;
        Some((Ok(event), feed))
    }))
}

/// What one listener is told.
struct Feed {
    app: App,
    requests: watch::Receiver<u64>,
    state: watch::Receiver<u64>,
    faults: watch::Receiver<u64>,
    stopped: watch::Receiver<()>,
    /// The number of the last request that was told.
    told: u64,
    due: VecDeque<Event>,
}

impl Feed {
    fn new(app: App, last_told: Option<u64>) -> Self {
        let mut requests = app.log.watch();
        let latest = *requests.borrow_and_update();
        // The number of a request that there was not is from another run.
        let told = last_told.filter(|told| *told <= latest).unwrap_or(latest);
        let mut feed = Self {
            requests,
            state: app.state.revision(),
            faults: app.faults.watch(),
            stopped: app.stopped.clone(),
            app,
            told,
            due: VecDeque::new(),
        };
        feed.tell_state();
        feed.tell_faults();
        feed.tell_requests();
        feed
    }

    /// The next event, or nothing once the sandbox stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.due.pop_front() {
                return Some(event);
            }
            tokio::select! {
                _ = self.stopped.changed() => return None,
                Ok(()) = self.requests.changed() => {
                    sleep(PAUSE).await;
                    self.tell_requests();
                }
                Ok(()) = self.state.changed() => self.tell_state(),
                Ok(()) = self.faults.changed() => self.tell_faults(),
                else => return None,
            }
        }
    }

    fn tell_state(&mut self) {
        let revision = *self.state.borrow_and_update();
        self.tell("state", None, &json!({ "revision": revision }));
    }

    fn tell_faults(&mut self) {
        self.faults.mark_unchanged();
        let faults = self.app.faults.list();
        self.tell("faults", None, &FaultList { faults });
    }

    fn tell_requests(&mut self) {
        self.requests.mark_unchanged();
        let requests = self.app.log.since(self.told);
        let skipped = requests.len().saturating_sub(REQUESTS_AT_ONCE);
        for request in requests.iter().skip(skipped) {
            self.told = request.number();
            self.tell("request", Some(request.number()), request);
        }
    }

    fn tell(&mut self, name: &str, id: Option<u64>, data: &impl Serialize) {
        // All that is told can be written as JSON, and has no line breaks then.
        let data = serde_json::to_string(data).unwrap_or_default();
        let mut event = Event::default().event(name).data(data);
        if let Some(id) = id {
            event = event.id(id.to_string());
        }
        self.due.push_back(event);
    }
}

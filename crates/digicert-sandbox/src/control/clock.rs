//! `/_sandbox/clock`: the time that the sandbox goes by.

use std::time::{Duration, SystemTime};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::json_body;
use crate::answer::{Refusal, invalid, json};
use crate::clock::Clock;
use crate::timestamp;

#[derive(Serialize)]
struct Shown {
    #[serde(serialize_with = "timestamp::serialize")]
    now: SystemTime,
    /// Whether it stands still.
    frozen: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    #[serde(deserialize_with = "timestamp::deserialize")]
    now: SystemTime,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

pub(super) async fn show(State(clock): State<Clock>) -> Response {
    shown(&clock)
}

pub(super) async fn set(State(clock): State<Clock>, request: Request) -> Result<Response, Refusal> {
    let set: Set = json_body::read(request).await?;
    clock.set(set.now);
    Ok(shown(&clock))
}

pub(super) async fn advance(
    State(clock): State<Clock>,
    request: Request,
) -> Result<Response, Refusal> {
    let advance: Advance = json_body::read(request).await?;
    let by = Duration::try_from_secs_f64(advance.seconds).map_err(|_| {
        let reason = "it must be a number of at least 0";
        Refusal::faults(vec![invalid("seconds", reason)])
    })?;
    clock.advance(by);
    Ok(shown(&clock))
}

fn shown(clock: &Clock) -> Response {
    let shown = Shown {
        now: clock.now(),
        frozen: clock.is_frozen(),
    };
    json(StatusCode::OK, &shown)
}

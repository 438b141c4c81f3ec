//! `/_sandbox/requests`: the request log.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::answer::{Refusal, invalid, json, no_content};
use crate::request_log::RequestLog;

/// The log, or with `?since=7` what came after the request of that number.
pub(super) async fn list(
    State(log): State<RequestLog>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let since = since(query.as_deref().unwrap_or_default())?;
    Ok(json(StatusCode::OK, &log.since(since)))
}

pub(super) async fn clear(State(log): State<RequestLog>) -> Response {
    log.clear();
    no_content()
}

fn since(query: &str) -> Result<u64, Refusal> {
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    let Some((_, value)) = parameters.find(|(name, _)| name == "since") else {
        return Ok(0);
    };
    value.parse().map_err(|_| {
        let reason = "it must be the number of a request";
        Refusal::faults(vec![invalid("since", reason)])
    })
}

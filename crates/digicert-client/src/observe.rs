//! What a call shows to `tracing`: one span a call, an event an attempt, names of the
//! OpenTelemetry semantic conventions for HTTP clients. No key and no body (I2).

use std::time::Duration;

use reqwest::Url;
use tokio::time::Instant;
use tracing::{Level, Span, debug, debug_span, enabled, field};

use crate::base_url;
use crate::error::Error;
use crate::operation::Operation;

/// The span of a call. What it says is put together only if anybody looks on.
pub(crate) fn call(operation: &Operation, url: &Url, base_url: &str) -> Span {
    let (method, path) = (operation.method, operation.path);
    debug_span!(
        "digicert",
        otel.kind = "client",
        otel.name = field::display(format_args!("{method} {}{path}", base_url::path(base_url))),
        digicert.operation = operation.id,
        http.request.method = method,
        url.template = field::display(format_args!("{}{path}", base_url::path(base_url))),
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        http.response.status_code = field::Empty,
        http.request.resend_count = field::Empty,
        error.type = field::Empty,
    )
}

/// The time, if anybody looks on: reading a clock costs as much as a good part of the limits.
pub(crate) fn now() -> Option<Instant> {
    enabled!(Level::DEBUG).then(Instant::now)
}

/// A wait for the limits. Taking a turn that is free takes no time worth telling.
pub(crate) fn waited(since: Option<Instant>, until: Instant) {
    let wait_ms = since.map_or(0, |since| millis(until - since));
    if wait_ms > 0 {
        debug!(wait_ms, "waited for the rate limit");
    }
}

/// An attempt that succeeded.
pub(crate) fn succeeded(span: &Span, attempt: u32, status: u16, begun: Instant) {
    record(span, attempt, Some(status), None);
    debug!(
        attempt,
        http.response.status_code = status,
        took_ms = millis(begun.elapsed()),
        "answered"
    );
}

/// An attempt that failed; `again_in` is the wait before the next one, if there is one.
pub(crate) fn failed(
    span: &Span,
    attempt: u32,
    error: &Error,
    begun: Instant,
    again_in: Option<Duration>,
) {
    let kind = format!("{:?}", error.kind());
    // The span tells how the call ended, so it holds nothing of an attempt that another follows:
    // what is recorded cannot be taken back.
    if again_in.is_none() {
        record(span, attempt, error.status(), Some(&kind));
    }
    debug!(
        attempt,
        http.response.status_code = error.status(),
        error.type = kind,
        took_ms = millis(begun.elapsed()),
        again_in_ms = again_in.map(millis),
        "failed"
    );
}

/// Not on the current span: where ours is filtered out, that is the caller's, which may have
/// fields of these names.
fn record(span: &Span, attempt: u32, status: Option<u16>, kind: Option<&str>) {
    span.record("http.response.status_code", status);
    span.record(
        "http.request.resend_count",
        (attempt > 1).then(|| attempt - 1),
    );
    span.record("error.type", kind);
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

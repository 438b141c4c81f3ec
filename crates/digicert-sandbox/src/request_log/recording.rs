//! [`Recording`]: taking a request down, from its arrival until there is an answer, or until it is
//! certain that there will be none.

use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use http_body_util::BodyExt;

use super::capture::Capture;
use super::entry::LoggedRequest;
use super::redaction::{Redacted, window};
use super::{Redactor, RequestLog};
use crate::clock::Clock;
use crate::faults::FaultId;
use crate::operation::Operation;

/// So much is kept of the body of a request: all products with prices for six terms.
const REQUEST_BODY: usize = 128 * 1024;

/// So much is kept of the body of an answer. Reading is what is done most, and what was read can
/// be read again.
const RESPONSE_BODY: usize = 4 * 1024;

/// A request that is being answered. It is in the log once this is dropped, with an answer or
/// without.
pub(crate) struct Recording {
    log: RequestLog,
    arrived: Instant,
    request_body: Option<Capture>,
    /// Nothing once it is in the log.
    entry: Option<LoggedRequest>,
}

impl Recording {
    /// Takes down the head of a request, and has its body taken down as it is read.
    pub(crate) fn begin(
        log: &RequestLog,
        clock: &Clock,
        operation: Option<Operation>,
        request: &mut Request,
    ) -> Self {
        let redactor = &log.0.redactor;
        let headers = request.headers().iter();
        let entry = LoggedRequest {
            number: 0,
            at: clock.now(),
            operation,
            method: request.method().clone(),
            path: path(redactor, request),
            status: None,
            duration: Duration::ZERO,
            request_headers: headers
                .map(|(name, value)| (name.clone(), redactor.header(name, value)))
                .collect(),
            request_body: Redacted::default(),
            response_body: Redacted::default(),
            fault: None,
        };
        Self {
            log: log.clone(),
            arrived: Instant::now(),
            request_body: capture(request),
            entry: Some(entry),
        }
    }

    /// A fault is about to befall the request.
    pub(crate) fn fault(&mut self, fault: FaultId) {
        if let Some(entry) = &mut self.entry {
            entry.fault = Some(fault);
        }
    }

    /// Takes down an answer, and gives it back as it was.
    pub(crate) async fn end(mut self, answer: Response) -> Response {
        let (head, body) = answer.into_parts();
        // All answers are in memory already, as one piece; it is not copied here.
        let body = body.collect().await.unwrap_or_default().to_bytes();
        let status = head.status;
        self.write(Some(status), &body);
        Response::from_parts(head, body.into())
    }

    fn write(&mut self, status: Option<StatusCode>, answer: &[u8]) {
        let Some(mut entry) = self.entry.take() else {
            return;
        };
        let redactor = &self.log.0.redactor;
        entry.status = status;
        entry.duration = self.arrived.elapsed();
        if let Some(capture) = &self.request_body {
            let (beginning, size) = capture.take();
            entry.request_body = redactor.body(&beginning, size, REQUEST_BODY, false);
        }
        let beginning = answer.get(..window(RESPONSE_BODY)).unwrap_or(answer);
        let size = answer.len() as u64;
        entry.response_body = redactor.body(beginning, size, RESPONSE_BODY, true);
        self.log.add(entry);
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.write(None, &[]);
    }
}

fn path(redactor: &Redactor, request: &Request) -> Redacted {
    let uri = request.uri();
    match uri.path_and_query() {
        Some(path) => redactor.path(path.as_str()),
        None => redactor.path(uri.path()),
    }
}

fn capture(request: &mut Request) -> Option<Capture> {
    if request.body().is_end_stream() {
        return None;
    }
    let capture = Capture::default();
    let body = std::mem::replace(request.body_mut(), Body::empty());
    *request.body_mut() = capture.around(body, window(REQUEST_BODY));
    Some(capture)
}

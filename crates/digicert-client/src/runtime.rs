//! How a call is sent and its answer read: the one place that every operation goes through.
//!
//! When to send again is `retry.rs`, how long to hold back `limiter.rs`, what is shown of it
//! `observe.rs`.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use reqwest::{Request, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::answer::{self, Body, Cut};
use crate::error::Error;
use crate::limiter::Limiter;
use crate::observe;
use crate::operation::Operation;
use crate::retry::{self, Budget, RetryPolicy};
use crate::service_error;

/// What the generated operations stand on. Clones share connections, limits and retries.
#[derive(Clone)]
pub(crate) struct Runtime {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: Arc<str>,
    pub(crate) key: HeaderValue,
    pub(crate) key_header: HeaderName,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) retry: Arc<RetryPolicy>,
    pub(crate) budget: Budget,
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime")
            .field("base_url", &self.base_url)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// An attempt that failed, and how long the service asks to wait.
struct Failure {
    error: Error,
    retry_after: Option<Duration>,
}

impl Runtime {
    /// Sends a request whose answer has a body that matters.
    pub(crate) async fn send_for_json<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<T, Error> {
        let (status, body) = self.call(operation, request).await?;
        let why = match (&body.cut, serde_json::from_slice(&body.bytes)) {
            (_, Ok(value)) => return Ok(value),
            (Some(Cut::TooLong), _) => "it is longer than 64 MiB".to_owned(),
            (Some(Cut::Broken(_)), _) => format!("it ends after {} bytes", body.bytes.len()),
            (None, Err(error)) => where_it_fails(&error),
        };
        let mut error = Error::unreadable(operation, status, body.bytes, why);
        if let Some(Cut::Broken(source)) = body.cut {
            error = error.with_source(source);
        }
        Err(error.after(1))
    }

    /// Sends a request whose answer says nothing but that it was done.
    pub(crate) async fn send_for_nothing(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<(), Error> {
        self.call(operation, request).await.map(drop)
    }

    async fn call(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<(StatusCode, Body), Error> {
        let request = self.prepare(operation, request)?;
        let span = observe::call(operation, request.url());
        self.attempts(operation, request).instrument(span).await
    }

    fn prepare(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<Request, Error> {
        let request = request.build();
        let mut request = request.map_err(|error| Error::without_answer(operation, error))?;
        if !operation.is_read() && request.body().is_none() {
            // DigiCert calls a request well-formed only with a length; hyper leaves out a zero.
            request
                .headers_mut()
                .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        request
            .headers_mut()
            .insert(self.key_header.clone(), self.key.clone());
        Ok(request)
    }

    async fn attempts(
        &self,
        operation: &'static Operation,
        request: Request,
    ) -> Result<(StatusCode, Body), Error> {
        let begun = Instant::now();
        let mut next = Some(request);
        let mut attempt = 1;
        while let Some(request) = next.take() {
            next = if attempt < self.retry.attempts {
                request.try_clone()
            } else {
                None
            };
            let attempt_begun = Instant::now();
            let failure = match self.attempt(operation, request).await {
                Ok(answer) => {
                    observe::succeeded(attempt, answer.0.as_u16(), attempt_begun.elapsed());
                    self.budget.give_back();
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            let again_in = self.again_in(
                operation,
                attempt,
                begun.elapsed(),
                &failure,
                next.is_some(),
            );
            observe::failed(attempt, &failure.error, attempt_begun.elapsed(), again_in);
            match again_in {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(failure.error.after(attempt)),
            }
            attempt += 1;
        }
        // Not reached: without a request for another attempt there is no wait for one.
        Err(Error::not_sent("there was nothing to send"))
    }

    /// How long to wait before the next attempt; `None` if there is to be none.
    fn again_in(
        &self,
        operation: &Operation,
        attempt: u32,
        elapsed: Duration,
        failure: &Failure,
        possible: bool,
    ) -> Option<Duration> {
        let allowed = possible && retry::is_safe(operation, &failure.error);
        let wait = self
            .retry
            .delay(attempt, elapsed, failure.retry_after)
            .filter(|_| allowed)?;
        self.budget.take().then_some(wait)
    }

    async fn attempt(
        &self,
        operation: &'static Operation,
        request: Request,
    ) -> Result<(StatusCode, Body), Failure> {
        let asked = Instant::now();
        let turn = self.limiter.turn().await;
        observe::waited(asked.elapsed());
        let keys: Vec<_> = request
            .headers()
            .values()
            .filter(|value| value.is_sensitive())
            .cloned()
            .collect();
        let response = self.http.execute(request).await.map_err(|error| Failure {
            error: Error::without_answer(operation, error),
            retry_after: None,
        })?;
        let status = response.status();
        let retry_after = self.retry_after(&response);
        let body = answer::read(response).await;
        drop(turn);
        if status.is_success() {
            return Ok((status, body));
        }
        let text = answer::without_keys(&body.bytes, &keys);
        let errors = service_error::read(text.as_bytes());
        let error = Error::status_of(operation, status, errors, &text);
        Err(Failure { error, retry_after })
    }

    /// How long the service asks to wait; after a 429 all clones do.
    fn retry_after(&self, response: &Response) -> Option<Duration> {
        let wait = retry::retry_after(response.headers(), SystemTime::now());
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            let pause = wait.unwrap_or(self.retry.first_delay);
            self.limiter.pause(pause.min(self.retry.max_retry_after));
        }
        wait
    }
}

/// serde quotes the value it stumbles over, and that may be a key; its place says enough.
fn where_it_fails(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Data => "a value is not of the expected type",
        serde_json::error::Category::Eof => "it ends too early",
        _ => "it is not JSON",
    };
    format!("{what}, at line {} column {}", error.line(), error.column())
}

//! How a call is sent and its answer read: the one place that every operation goes through.
//!
//! When to send again is `retry.rs`, how long to hold back `limiter.rs`, what is shown of it
//! `observe.rs`.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use reqwest::{Method, Request, RequestBuilder, Response, StatusCode, Url};
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use tracing::{Instrument as _, Span};

use crate::answer::{self, Body, Cut};
use crate::error::{self, Error};
use crate::limiter::{Limiter, Turn};
use crate::observe;
use crate::operation::Operation;
use crate::recovered::{self, NewKey};
use crate::reservation::Reservation;
use crate::retry::{self, Budget, RetryPolicy};
use crate::told::Told;

/// What the generated operations stand on. Clones share connections, limits and retries.
#[derive(Clone)]
pub(crate) struct Runtime {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: Arc<str>,
    pub(crate) key: HeaderValue,
    pub(crate) key_header: HeaderName,
    pub(crate) limiter: Arc<Limiter>,
    /// Calls that need not wait for the limits any more.
    pub(crate) reservation: Option<Reservation>,
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

/// How the body of a success is read. Part of the attempt, because a body that breaks is a failure
/// of the connection, and a read may be sent again after it.
type Read<T> = fn(&'static Operation, StatusCode, Body, Owed) -> Result<T, Error>;

/// Whether the answer has to have a one-time key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owed {
    Key,
    Nothing,
}

impl Owed {
    fn by(operation: &Operation, request: &Request) -> Self {
        let body = request.body().and_then(reqwest::Body::as_bytes);
        let is_owed = !operation.is_idempotent() && body.is_some_and(recovered::is_owed);
        if is_owed { Self::Key } else { Self::Nothing }
    }
}

/// What a request is made of but the client's own key, kept to make it once more.
///
/// `Request::try_clone` would do, for twice the allocations in every call.
struct Spare {
    method: Method,
    url: Url,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Vec<u8>>,
}

impl Spare {
    /// `None` if the body cannot be had once more.
    fn of(request: &Request) -> Option<Self> {
        let body = match request.body() {
            Some(body) => Some(body.as_bytes()?.to_vec()),
            None => None,
        };
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| (name.clone(), value.clone()));
        Some(Self {
            method: request.method().clone(),
            url: request.url().clone(),
            headers: headers.collect(),
            body,
        })
    }

    fn request(&self) -> Request {
        let mut request = Request::new(self.method.clone(), self.url.clone());
        request.headers_mut().extend(self.headers.iter().cloned());
        *request.body_mut() = self.body.clone().map(Into::into);
        request
    }
}

impl Runtime {
    /// Sends a request whose answer has a body that matters.
    pub(crate) async fn send_for_json<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<T, Error> {
        self.call(operation, request, read_json).await
    }

    /// Sends a request whose answer says nothing but that it was done.
    pub(crate) async fn send_for_nothing(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<(), Error> {
        self.call(operation, request, |_, _, _, _| Ok(())).await
    }

    /// The same with other retries.
    pub(crate) fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self {
            retry: Arc::new(policy),
            ..self.clone()
        }
    }

    /// The same with calls that need not wait for the limits any more, once that is so.
    pub(crate) async fn reserve(&self, calls: usize) -> Self {
        if let Some(former) = &self.reservation {
            former.give_up().await;
        }
        let queued = observe::now();
        let reservation = Reservation::of(&self.limiter, calls).await;
        observe::waited(queued, Instant::now());
        Self {
            reservation: Some(reservation),
            ..self.clone()
        }
    }

    /// Leave to send a request that something else sends: the last one of those that are reserved.
    pub(crate) async fn turn(&self) -> Turn {
        let reserved = match &self.reservation {
            Some(reservation) => reservation.call().await,
            None => None,
        };
        match reserved {
            Some(mut calls) => calls.last_turn(&self.limiter).await,
            None => self.limiter.turn().await,
        }
    }

    async fn call<T>(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
        read: Read<T>,
    ) -> Result<T, Error> {
        let request = prepare(operation, request)?;
        let span = observe::call(operation, request.url(), &self.base_url);
        // Pinned, so that not the whole future is moved into the span.
        let attempts = pin!(self.attempts(operation, request, read, &span));
        attempts.instrument(span.clone()).await
    }

    async fn attempts<T>(
        &self,
        operation: &'static Operation,
        mut request: Request,
        read: Read<T>,
        span: &Span,
    ) -> Result<T, Error> {
        // Time in the queue for the limits is nobody's trouble, and does not count as any.
        let mut spent = Duration::ZERO;
        let spare = if self.retry.attempts > 1 {
            Spare::of(&request)
        } else {
            None
        };
        let mut reserved = match &self.reservation {
            Some(reservation) => reservation.call().await,
            None => None,
        };
        let mut attempt = 1;
        let mut may_be_applied = false;
        loop {
            let queued = observe::now();
            let turn = match &mut reserved {
                Some(reserved) => reserved.turn(&self.limiter).await,
                None => self.limiter.turn().await,
            };
            let begun = turn.begun;
            observe::waited(queued, begun);
            let result = self.attempt(operation, request, read, turn).await;
            let error = match result {
                Ok((status, value)) => {
                    observe::succeeded(span, attempt, status.as_u16(), begun);
                    self.budget.give_back();
                    return Ok(value);
                }
                Err(error) => error,
            };
            spent += begun.elapsed();
            let again_in = self.again_in(operation, attempt, spent, &error, spare.is_some());
            observe::failed(span, attempt, &error, begun, again_in);
            let (Some(wait), Some(spare)) = (again_in, &spare) else {
                return Err(error.after(attempt, may_be_applied));
            };
            may_be_applied |= error.may_have_been_applied();
            if let Some(reserved) = &mut reserved {
                reserved.give_back();
            }
            tokio::time::sleep(wait).await;
            spent += wait;
            request = spare.request();
            attempt += 1;
        }
    }

    /// How long to wait before the next attempt; `None` if there is to be none.
    fn again_in(
        &self,
        operation: &Operation,
        attempt: u32,
        spent: Duration,
        error: &Error,
        possible: bool,
    ) -> Option<Duration> {
        let allowed = possible && retry::is_safe(operation, error);
        let wait = self
            .retry
            .delay(attempt, spent, error.retry_after())
            .filter(|_| allowed)?;
        self.budget.take().then_some(wait)
    }

    async fn attempt<T>(
        &self,
        operation: &'static Operation,
        mut request: Request,
        read: Read<T>,
        turn: Turn,
    ) -> Result<(StatusCode, T), Error> {
        // Before the client's own key is among them: most calls have no other, and nothing to keep.
        let mut keys: Vec<_> = request
            .headers()
            .values()
            .filter(|value| value.is_sensitive())
            .cloned()
            .collect();
        request
            .headers_mut()
            .insert(self.key_header.clone(), self.key.clone());
        let owed = Owed::by(operation, &request);
        let response = self.http.execute(request).await;
        let response = response.map_err(|error| Error::without_answer(operation, error))?;
        let status = response.status();
        let retry_after = self.retry_after(&response);
        let body = answer::read(response).await;
        drop(turn);
        if status.is_success() {
            return match read(operation, status, body, owed) {
                Ok(value) => Ok((status, value)),
                Err(error) => Err(error.asking_to_wait(retry_after)),
            };
        }
        keys.push(self.key.clone());
        let error = failed(operation, status, body.bytes, owed, keys);
        Err(error.asking_to_wait(retry_after))
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

fn prepare(operation: &'static Operation, request: RequestBuilder) -> Result<Request, Error> {
    let request = request.build();
    let mut request = request.map_err(|error| Error::without_answer(operation, error))?;
    if !operation.is_read() && request.body().is_none() {
        // DigiCert calls a request well-formed only with a length; hyper leaves out a zero.
        request
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    Ok(request)
}

/// The error of an answer that is not a success. `sent` are the keys that the request had.
fn failed(
    operation: &'static Operation,
    status: StatusCode,
    body: Vec<u8>,
    owed: Owed,
    sent: Vec<HeaderValue>,
) -> Error {
    if operation.is_idempotent() {
        return Error::status_of(operation, status, Told::openly(&body, &sent));
    }
    let is_owed = owed == Owed::Key;
    let new_key = NewKey::in_answer(&body, error::denies(status), is_owed, &sent);
    let found = recovered::keys(&body);
    let found = found
        .iter()
        .map(|key| HeaderValue::from_str(key.expose_secret()));
    let keys: Vec<_> = sent.into_iter().chain(found.flatten()).collect();
    let told = if is_owed {
        Told::warily(&body, &keys)
    } else {
        Told::openly(&body, &keys)
    };
    Error::status_of(operation, status, told).with_what_was_created(body, new_key, is_owed)
}

fn read_json<T: DeserializeOwned>(
    operation: &'static Operation,
    status: StatusCode,
    body: Body,
    owed: Owed,
) -> Result<T, Error> {
    let is_misplaced = || !operation.is_idempotent() && recovered::is_misplaced(&body.bytes);
    let is_missing = || owed == Owed::Key && !recovered::is_in_place(&body.bytes);
    let why = match (&body.cut, serde_json::from_slice(&body.bytes)) {
        (_, Ok(_)) if is_misplaced() => "its API key is not where it belongs".to_owned(),
        (_, Ok(_)) if is_missing() => "it has no API key where it belongs".to_owned(),
        (_, Ok(value)) => return Ok(value),
        (Some(Cut::TooLong), _) => "it is longer than 64 MiB".to_owned(),
        (Some(Cut::Broken(_)), _) => format!("it ends after {} bytes", body.bytes.len()),
        (None, Err(error)) => where_it_fails(&error),
    };
    let error = Error::unreadable(operation, status, body.bytes, why);
    Err(match body.cut {
        Some(Cut::Broken(source)) => error.with_source(source),
        _ => error,
    })
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

//! How a request is sent and its answer read: the one place that every operation goes through.
//!
//! Sending again after a failure, and holding back to the service's limits, belong here as well.

use std::sync::Arc;

use reqwest::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use reqwest::{RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;

use crate::answer::{self, Cut};
use crate::error::Error;
use crate::operation::Operation;
use crate::service_error;

/// What the generated operations stand on. Clones share the connections.
#[derive(Clone)]
pub(crate) struct Runtime {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: Arc<str>,
    pub(crate) key: HeaderValue,
    pub(crate) key_header: HeaderName,
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

impl Runtime {
    /// Sends a request whose answer has a body that matters.
    pub(crate) async fn send_for_json<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<T, Error> {
        let (status, body) = self.exchange(operation, request).await?;
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
        Err(error)
    }

    /// Sends a request whose answer says nothing but that it was done.
    pub(crate) async fn send_for_nothing(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<(), Error> {
        self.exchange(operation, request).await.map(drop)
    }

    async fn exchange(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<(StatusCode, answer::Body), Error> {
        let unsent = |error| Error::without_answer(operation, error);
        let mut request = request.build().map_err(unsent)?;
        request
            .headers_mut()
            .insert(self.key_header.clone(), self.key.clone());
        if !operation.is_read() && request.body().is_none() {
            // DigiCert calls a request well-formed only with a length; hyper leaves out a zero.
            request
                .headers_mut()
                .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let keys: Vec<_> = request
            .headers()
            .values()
            .filter(|value| value.is_sensitive())
            .cloned()
            .collect();
        let response = self.http.execute(request).await.map_err(unsent)?;
        let status = response.status();
        let body = answer::read(response).await;
        if status.is_success() {
            return Ok((status, body));
        }
        let text = answer::without_keys(&body.bytes, &keys);
        let errors = service_error::read(text.as_bytes());
        Err(Error::status_of(operation, status, errors, &text))
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

//! Reading what is sent to the control path.

use axum::extract::Request;
use serde::de::DeserializeOwned;

use crate::answer::Refusal;
use crate::request_body;

/// Far more than a fault or a time takes.
const LIMIT: usize = 64 * 1024;

/// Reads the body as text.
pub(super) async fn text(request: Request) -> Result<String, Refusal> {
    let bytes = request_body::collect(request.into_body(), LIMIT).await?;
    String::from_utf8(bytes.into())
        .map_err(|_| Refusal::bad_request_format("it is not UTF-8 text."))
}

/// Reads the body as JSON, whatever `Content-Type` says, so that a plain `curl -d` does.
pub(super) async fn read<T: DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    let text = text(request).await?;
    serde_json::from_str(&text).map_err(|error| Refusal::bad_request_format(&format!("{error}.")))
}

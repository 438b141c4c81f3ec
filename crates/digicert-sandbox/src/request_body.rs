//! Reading the body of a request: its size, its content type, its JSON, and then the typed
//! request.
//!
//! Which fields a request has is for the operations; the tool that they check fields with is in
//! `request_shape`.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::answer::Refusal;
use crate::request_shape::{Faults, Field};

/// The largest body that is read. All products with prices for six terms take a tenth of it.
const LIMIT: usize = 1024 * 1024;

/// Reads the body as JSON, has `check` look at its fields, and gives the typed request.
///
/// The typed request is read from the text once more, because a JSON value does not tell an
/// amount of money of more than 15 digits from its rounding.
pub(crate) async fn read<T: DeserializeOwned>(
    request: Request,
    check: impl FnOnce(&mut Field<'_>),
) -> Result<T, Refusal> {
    let (head, body) = request.into_parts();
    let bytes = collect(body, LIMIT).await?;
    is_json(&head.headers)?;
    if bytes.is_empty() {
        return Err(Refusal::bad_request_format("it is empty."));
    }
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))?;
    if !value.is_object() {
        return Err(Refusal::bad_request_format("it must be a JSON object."));
    }
    let mut faults = Faults::default();
    check(&mut Field::root(&value, &mut faults));
    faults.into_result()?;
    serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))
}

/// Reads the body to its end and keeps nothing of it. One that is too large is left unread.
pub(crate) async fn discard(body: Body) {
    let _ = collect(body, LIMIT).await;
}

/// Collects the body, if it is not too large. One that announces its size is refused unread.
pub(crate) async fn collect(body: Body, limit: usize) -> Result<Bytes, Refusal> {
    let announced = body.size_hint().lower();
    if usize::try_from(announced).is_ok_and(|size| size <= limit) {
        let collected = Limited::new(body, limit).collect().await;
        return collected
            .map(http_body_util::Collected::to_bytes)
            .map_err(|error| {
                if error.is::<LengthLimitError>() {
                    Refusal::body_too_large(limit)
                } else {
                    Refusal::bad_request_format("it ended too early.")
                }
            });
    }
    Err(Refusal::body_too_large(limit))
}

/// The service reads a body as what `Content-Type` says it is, so JSON that says to be something
/// else is malformed, also if it says so twice. JSON that says nothing is taken.
fn is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut declared = headers.get_all(CONTENT_TYPE).iter();
    let Some(content_type) = declared.next() else {
        return Ok(());
    };
    let is_alone = declared.next().is_none();
    let essence = content_type.to_str().unwrap_or_default().split(';').next();
    let is_json = |essence: &str| essence.trim().eq_ignore_ascii_case("application/json");
    if is_alone && essence.is_some_and(is_json) {
        return Ok(());
    }
    Err(Refusal::bad_request_format(
        "it is not declared as JSON. Send the header Content-Type: application/json, once.",
    ))
}

fn unreadable(error: &serde_json::Error) -> Refusal {
    Refusal::bad_request_format(&format!("{error}."))
}

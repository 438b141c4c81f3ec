//! What goes back to the client: JSON answers, empty ones, and refusals with their status and
//! codes.
//!
//! Whether to refuse is decided elsewhere. No message repeats a value of the request, since
//! nobody knows what a client puts into the wrong place.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use digicert_types::certcentral::{ErrorResponse, ServiceError};
use serde::Serialize;

use crate::state::StateError;

/// Without a charset, as in all recorded answers.
const JSON: HeaderValue = HeaderValue::from_static("application/json");

const INVALID_KEY: &str = "access_denied|access_denied_invalid_key";

/// An answer with a JSON body.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => with_body(status, bytes.into()),
        Err(_) => with_body(
            StatusCode::INTERNAL_SERVER_ERROR,
            r#"{"errors":[{"code":"internal_error","message":"The answer cannot be written as JSON."}]}"#
                .into(),
        ),
    }
}

fn with_body(status: StatusCode, body: Body) -> Response {
    (status, [(CONTENT_TYPE, JSON)], body).into_response()
}

/// The answer to a change that worked and has nothing to tell.
pub(crate) fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// A request that is not carried out, and why.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    errors: Vec<ServiceError>,
}

impl Refusal {
    fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            errors: vec![error(code, message)],
        }
    }

    /// Faults in what was sent, one entry for each.
    pub(crate) fn faults(errors: Vec<ServiceError>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            errors,
        }
    }

    /// The CertCentral key is missing or wrong. Status, code and text are those of a recorded
    /// answer.
    pub(crate) fn invalid_certcentral_key() -> Self {
        let message = "Access denied due to access_denied_invalid_key.";
        Self::new(StatusCode::FORBIDDEN, INVALID_KEY, message)
    }

    /// The partner key is missing or wrong.
    pub(crate) fn invalid_partner_key() -> Self {
        let message = "Authentication failed: X-PARTNER-APIKEY must hold one valid Partner \
                       Subscriptions API key.";
        Self::new(StatusCode::UNAUTHORIZED, INVALID_KEY, message)
    }

    /// The partner key is right, and may do nothing.
    pub(crate) fn inactive_partner_key() -> Self {
        let message = "Access denied: the Partner Subscriptions API key is inactive.";
        Self::new(StatusCode::FORBIDDEN, "access_denied", message)
    }

    /// Code and text are documented (limits page).
    pub(crate) fn request_limit_exceeded() -> Self {
        let message = "Service unavailable, please limit request volume";
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "request_limit_exceeded",
            message,
        )
    }

    pub(crate) fn subaccounts_not_enabled() -> Self {
        let message = "Subaccounts are not enabled for the account of this key.";
        Self::new(
            StatusCode::FORBIDDEN,
            "access_denied|missing_permission",
            message,
        )
    }

    pub(crate) fn unknown_route() -> Self {
        let message = "No such endpoint: check the path.";
        Self::new(StatusCode::NOT_FOUND, "not_found|route", message)
    }

    pub(crate) fn unknown_subaccount() -> Self {
        let message = "The account of this key has no subaccount with this ID.";
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    pub(crate) fn method_not_allowed() -> Self {
        let message = "This endpoint has no such method: see the header Allow.";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            message,
        )
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        let message = format!("The request body is larger than {limit} bytes.");
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "request_body_too_large",
            message,
        )
    }

    /// The body cannot be read at all.
    pub(crate) fn bad_request_format(reason: &str) -> Self {
        let message = format!("The request body is malformed: {reason}");
        Self::new(StatusCode::BAD_REQUEST, "bad_request_format", message)
    }
}

/// The sandbox, and not the request, is why the state was not changed.
impl From<StateError> for Refusal {
    fn from(error: StateError) -> Self {
        let message = format!("Nothing was changed: {error}.");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = ErrorResponse::builder().errors(self.errors).build();
        json(self.status, &body)
    }
}

/// A refusal that no check makes, but somebody who wants one.
pub(crate) fn refusal(status: StatusCode, code: &str, message: &str) -> Refusal {
    Refusal::new(status, code, message)
}

/// A required field or header is missing. Code and text follow answers of the service that
/// users published, such as `required_param:certificate.signature_hash`.
pub(crate) fn missing(name: &str) -> ServiceError {
    let message = format!("{name} is a required parameter.");
    error(&format!("required_param:{name}"), message)
}

/// A field, header or query parameter has a value that is not accepted. Code and the beginning
/// of the text follow published answers, such as `invalid_value:validity_years`.
pub(crate) fn invalid(name: &str, reason: &str) -> ServiceError {
    let message = format!("{name} contains an invalid value: {reason}.");
    error(&format!("invalid_value:{name}"), message)
}

pub(crate) fn error(code: &str, message: impl Into<String>) -> ServiceError {
    ServiceError::builder().code(code).message(message).build()
}

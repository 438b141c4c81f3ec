//! `/_sandbox/faults`: what goes wrong on demand.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::json_body;
use crate::answer::{Refusal, json, no_content, refusal};
use crate::faults::{ActiveFault, Fault, FaultId, Faults};

/// The faults that are on.
#[derive(Serialize)]
pub(super) struct FaultList {
    pub(super) faults: Vec<ActiveFault>,
}

pub(super) async fn list(State(faults): State<Faults>) -> Response {
    let faults = faults.list();
    json(StatusCode::OK, &FaultList { faults })
}

/// Switches a fault on that is sent as JSON or in the text form.
pub(super) async fn add(
    State(faults): State<Faults>,
    request: Request,
) -> Result<Response, Refusal> {
    let text = json_body::text(request).await?;
    let added = text.parse::<Fault>().and_then(|fault| faults.add(fault));
    let id = added.map_err(|error| {
        let message = format!("The fault cannot be switched on: {error}.");
        refusal(StatusCode::BAD_REQUEST, "invalid_fault", &message)
    })?;
    let added = faults.list().into_iter().find(|fault| fault.id == id);
    Ok(json(StatusCode::CREATED, &added))
}

pub(super) async fn clear(State(faults): State<Faults>) -> Response {
    faults.clear();
    no_content()
}

pub(super) async fn remove(
    State(faults): State<Faults>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = id.parse().ok().map(|number: u64| FaultId::from(number));
    if id.is_some_and(|id| faults.remove(id)) {
        return Ok(no_content());
    }
    let message = "No fault with this ID is switched on: see GET /_sandbox/faults.";
    Err(refusal(StatusCode::NOT_FOUND, "not_found", message))
}

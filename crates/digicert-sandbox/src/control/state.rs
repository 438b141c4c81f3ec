//! `/_sandbox/state` and `/_sandbox/reset`: all that the sandbox remembers, kept, loaded again and
//! forgotten.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::answer::{Refusal, json, no_content, refusal};
use crate::request_body;
use crate::state::{SharedState, StateDocument, StateError};

/// Thousands of subaccounts with all products.
const LIMIT: usize = 64 * 1024 * 1024;

pub(super) async fn dump(State(state): State<SharedState>) -> Response {
    let document = state.read().document();
    json(StatusCode::OK, &document)
}

/// Replaces everything, or nothing if the document cannot be loaded.
pub(super) async fn load(
    State(state): State<SharedState>,
    request: Request,
) -> Result<Response, Refusal> {
    let bytes = request_body::collect(request.into_body(), LIMIT).await?;
    let document = StateDocument::from_json(&bytes).map_err(not_loaded)?;
    let loaded = state.change(|state| Ok((state.loaded(document)?, ())));
    loaded.await.map_err(not_loaded)?;
    Ok(no_content())
}

pub(super) async fn reset(State(state): State<SharedState>) -> Result<Response, Refusal> {
    let reset = state.change(|state| Ok((state.reset(), ())));
    reset.await.map_err(not_loaded)?;
    Ok(no_content())
}

fn not_loaded(error: StateError) -> Refusal {
    if error.is_of_the_machine() {
        return error.into();
    }
    let message = format!("The state stays as it was: {error}.");
    refusal(StatusCode::BAD_REQUEST, "invalid_state", &message)
}

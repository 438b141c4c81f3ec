//! What happens around every call of the API: it is taken down in the log, and a fault may befall
//! it.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;
use crate::disconnect::Disconnect;
use crate::faults;
use crate::operation::Operation;
use crate::request_log::Recording;

/// The layer around all operations, and around the refusals of what is none.
pub(crate) async fn exchange(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let operation = operation(&request);
    let mut recording = Recording::begin(&app.log, &app.clock, operation, &mut request);
    let fault = operation.and_then(|operation| app.faults.befalling(operation));
    let answer = match fault {
        None => next.run(request).await,
        Some((id, effect)) => {
            recording.fault(id);
            faults::inject(effect, request, next).await
        }
    };
    if Disconnect::of(&answer).is_some_and(Disconnect::is_unanswered) {
        drop(recording);
        return answer;
    }
    recording.end(answer).await
}

fn operation(request: &Request) -> Option<Operation> {
    let path = request.extensions().get::<MatchedPath>()?;
    Operation::at(request.method(), path.as_str())
}

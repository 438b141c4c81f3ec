//! [`Disconnect`]: what is to become of a connection in place of, or in the middle of, an answer.
//!
//! Whoever answers puts it into the extensions of the answer; `server` obeys.

use axum::body::Body;
use axum::response::{IntoResponse, Response};

/// The end of a connection that HTTP does not provide for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disconnect {
    /// Reset, without an answer.
    Reset,
    /// Closed, without an answer.
    Close,
    /// Closed after the body, of which more was announced.
    AfterBody {
        /// The length that the head of the answer says.
        announced: u64,
    },
}

impl Disconnect {
    /// What an answer says about its connection.
    pub(crate) fn of(answer: &Response) -> Option<Self> {
        answer.extensions().get().copied()
    }

    /// Whether there is no answer.
    pub(crate) fn is_unanswered(self) -> bool {
        matches!(self, Self::Reset | Self::Close)
    }
}

impl IntoResponse for Disconnect {
    fn into_response(self) -> Response {
        let mut answer = Response::new(Body::empty());
        answer.extensions_mut().insert(self);
        answer
    }
}

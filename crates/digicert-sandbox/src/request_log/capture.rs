//! [`Capture`]: the beginning of a request body, taken down while an operation reads it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

/// What has been seen of a body. It has no `Debug`, since it still may hold keys.
#[derive(Clone, Default)]
pub(super) struct Capture(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    beginning: Vec<u8>,
    size: u64,
}

impl Capture {
    /// Puts itself between a body and its reader, and takes down up to so many bytes.
    pub(super) fn around(&self, body: Body, limit: usize) -> Body {
        Body::new(Captured {
            body,
            limit,
            capture: self.clone(),
        })
    }

    /// The beginning and the size of what was read.
    pub(super) fn take(&self) -> (Vec<u8>, u64) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (std::mem::take(&mut seen.beginning), seen.size)
    }

    fn add(&self, data: &[u8], limit: usize) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = limit.saturating_sub(seen.beginning.len()).min(data.len());
        seen.beginning
            .extend_from_slice(data.get(..room).unwrap_or_default());
        seen.size += data.len() as u64;
    }
}

struct Captured {
    body: Body,
    limit: usize,
    capture: Capture,
}

impl HttpBody for Captured {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            self.capture.add(data, self.limit);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

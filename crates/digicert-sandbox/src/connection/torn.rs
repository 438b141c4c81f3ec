//! [`Torn`]: a body that announces more than it has.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

/// A body that fails at its end, after all of it was sent.
pub(super) struct Torn {
    body: Body,
    announced: u64,
    is_sent: bool,
}

impl Torn {
    pub(super) fn new(body: Body, announced: u64) -> Self {
        Self {
            body,
            announced,
            is_sent: false,
        }
    }
}

impl HttpBody for Torn {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(None) if self.is_sent => Poll::Ready(Some(Err(io::Error::from(
                io::ErrorKind::ConnectionAborted,
            )
            .into()))),
            // While a body is pending, hyper sends what it has. An error would discard that.
            Poll::Ready(None) => {
                self.is_sent = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Poll::Ready(Some(frame)) => Poll::Ready(Some(frame.map_err(Into::into))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

//! One connection: serving its requests until it ends, cutting it where a fault says so, and
//! ending it when its client stalls.
//!
//! What a request is answered is for `router`; accepting and stopping is for `server`.

mod stage;
mod torn;
mod watched;

use std::convert::Infallible;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Sleep, sleep, timeout};

use self::stage::{Overdue, Stage};
use self::torn::Torn;
use self::watched::{WatchedBody, WatchedStream};
use crate::disconnect::Disconnect;

/// How long a client may go on sending what nobody reads.
const LINGER: Duration = Duration::from_secs(5);

/// Serves a connection until it ends. A request must have arrived within `patience`, and an answer
/// must have been taken.
pub(crate) async fn serve(
    stream: TcpStream,
    router: Router,
    patience: Duration,
    mut stopped: watch::Receiver<()>,
) {
    // Costs some speed if it fails, and nothing else.
    let _ = stream.set_nodelay(true);
    let stage = Stage::new();
    let stream = TokioIo::new(WatchedStream::new(stream, stage.clone()));
    let service = Answering {
        router: TowerToHyperService::new(router),
        stage: stage.clone(),
    };
    let mut served = Served {
        connection: http1::Builder::new().serve_connection(stream, service),
        stage,
        patience,
        alarm: None,
    };
    let end = tokio::select! {
        end = poll_fn(|context| served.poll(context)) => end,
        _ = stopped.changed() => {
            Pin::new(&mut served.connection).graceful_shutdown();
            let _ = poll_fn(|context| served.poll(context)).await;
            return;
        }
    };
    let stream = served.connection.into_parts().io.into_inner().into_inner();
    match end {
        End::Served(Ok(())) => close(stream).await,
        // The client's fault: it sent no HTTP, or went away. There is nobody to tell. Or it is
        // torn on purpose.
        End::Served(Err(_)) | End::Overdue(Overdue::Silent) | End::Cut(Disconnect::Close) => {}
        End::Overdue(Overdue::Request) => {
            let _ = stream.try_write(request_timeout().as_bytes());
            close(stream).await;
        }
        End::Overdue(Overdue::Answer) | End::Cut(_) => {
            // Then dropping it resets the connection, and what was not sent is gone.
            let _ = stream.set_zero_linger();
        }
    }
}

/// An answer to what is no complete request, so nobody but this can give it.
fn request_timeout() -> String {
    let body = r#"{"errors":[{"code":"request_timeout","message":"The request did not arrive within its time."}]}"#;
    format!(
        "HTTP/1.1 408 Request Timeout\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// The service of one connection: the router, and what the connection has to know about requests
/// and answers.
struct Answering {
    router: TowerToHyperService<Router>,
    stage: Stage,
}

impl Service<Request<Incoming>> for Answering {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let stage = self.stage.clone();
        let has_body = !request.body().is_end_stream();
        stage.head_arrived(has_body);
        let request = request.map(|body| {
            if has_body {
                Body::new(WatchedBody::new(body, stage.clone()))
            } else {
                Body::empty()
            }
        });
        let answer = self.router.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            stage.answered();
            Ok(obeying(answer, &stage).await)
        })
    }
}

/// The answer as it is to be sent. For one that is not to be sent at all it never comes.
async fn obeying(mut answer: Response, stage: &Stage) -> Response {
    match Disconnect::of(&answer) {
        None => answer,
        Some(Disconnect::AfterBody { announced }) => {
            // Of what is there. The right one is said by the torn body.
            answer.headers_mut().remove(CONTENT_LENGTH);
            answer.map(|body| Body::new(Torn::new(body, announced)))
        }
        Some(disconnect) => {
            stage.disconnect(disconnect);
            pending().await
        }
    }
}

/// A connection that is served, with an eye on its client.
struct Served {
    connection: http1::Connection<TokioIo<WatchedStream>, Answering>,
    stage: Stage,
    patience: Duration,
    /// When to look whether the client is overdue. There is none for most requests, since they
    /// arrive as a whole.
    alarm: Option<Pin<Box<Sleep>>>,
}

enum End {
    Served(hyper::Result<()>),
    Cut(Disconnect),
    Overdue(Overdue),
}

impl Served {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<End> {
        if let Poll::Ready(result) = self.connection.poll_without_shutdown(context) {
            return Poll::Ready(End::Served(result));
        }
        if let Some(disconnect) = self.stage.ordered_disconnect() {
            return Poll::Ready(End::Cut(disconnect));
        }
        self.poll_overdue(context).map(End::Overdue)
    }

    /// Goes by real time: in a test that pauses the clock of Tokio timers run ahead.
    fn poll_overdue(&mut self, context: &mut Context<'_>) -> Poll<Overdue> {
        let Some((overdue, since)) = self.stage.waiting() else {
            self.alarm = None;
            return Poll::Pending;
        };
        loop {
            let waited = since.elapsed();
            if waited >= self.patience {
                return Poll::Ready(overdue);
            }
            let rest = self.patience.saturating_sub(waited);
            let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep(rest)));
            if alarm.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.alarm = None;
        }
    }
}

/// Closes a connection so that the client can still read its answer. If a body is left unread,
/// because it was too large, closing at once would reset the connection and lose the answer.
async fn close(mut stream: TcpStream) {
    use tokio::io::AsyncWriteExt as _;

    if stream.shutdown().await.is_err() {
        return;
    }
    let read_on = async {
        while stream.readable().await.is_ok() {
            match stream.try_read(&mut [0; 16 * 1024]) {
                Ok(0) => break,
                Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => break,
                Ok(_) | Err(_) => {}
            }
        }
    };
    let _ = timeout(LINGER, read_on).await;
}

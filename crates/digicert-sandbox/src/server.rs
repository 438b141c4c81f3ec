//! Connections: accepting them, serving each until it ends, and stopping them all.
//!
//! What a request is answered is for `router`.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

/// How long requests may go on when the sandbox stops.
const GRACE: Duration = Duration::from_secs(1);

/// How long a client may go on sending what nobody reads.
const LINGER: Duration = Duration::from_secs(5);

/// A server that runs until it is stopped or dropped. No task of it outlives that by more than
/// [`GRACE`].
#[derive(Debug)]
pub(crate) struct Server {
    /// Dropping it stops the server.
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, router: Router) -> Self {
        let (stop, stopped) = watch::channel(());
        let task = tokio::spawn(serve(listener, router, stopped));
        Self { stop, task }
    }

    /// Stops, and waits until all is closed.
    pub(crate) async fn stop(self) {
        drop(self.stop);
        // It fails only if the runtime ended it first, which is as good.
        let _ = self.task.await;
    }
}

async fn serve(listener: TcpListener, router: Router, mut stopped: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve_connection(stream, router.clone(), stopped.clone()));
                }
                // Out of file descriptors, most likely. Some come back as connections end.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
            _ = stopped.changed() => break,
        }
    }
    drop(listener);
    // Dropping the set ends those that are left.
    let _ = timeout(GRACE, async {
        while connections.join_next().await.is_some() {}
    })
    .await;
}

async fn serve_connection(stream: TcpStream, router: Router, mut stopped: watch::Receiver<()>) {
    // Costs some speed if it fails, and nothing else.
    let _ = stream.set_nodelay(true);
    // Without a timeout for requests: it would end idle connections in tests that pause the clock.
    let service = TowerToHyperService::new(router);
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        served = poll_fn(|context| connection.poll_without_shutdown(context)) => Some(served),
        _ = stopped.changed() => None,
    };
    match ended {
        Some(Ok(())) => close(connection.into_parts().io.into_inner()).await,
        // The client's fault: it sent no HTTP, or went away. There is nobody to tell.
        Some(Err(_)) => {}
        None => {
            Pin::new(&mut connection).graceful_shutdown();
            let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
        }
    }
}

/// Closes a connection so that the client can still read its answer. If a body is left unread,
/// because it was too large, closing at once would reset the connection and lose the answer.
async fn close(mut stream: TcpStream) {
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

//! Accepting connections, and stopping them all.
//!
//! What happens on a connection is for `connection`, what a request is answered for `router`.

use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::connection;

/// How long requests may go on when the sandbox stops.
const GRACE: Duration = Duration::from_secs(1);

/// A server that runs until it is stopped or dropped. No task of it outlives that by more than
/// [`GRACE`].
#[derive(Debug)]
pub(crate) struct Server {
    /// Dropping it stops the server.
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves what arrives. The sender is what stops it, so that streams without an end can be
    /// told, too.
    pub(crate) fn start(
        listener: TcpListener,
        router: Router,
        patience: Duration,
        stop: watch::Sender<()>,
    ) -> Self {
        let task = tokio::spawn(serve(listener, router, patience, stop.subscribe()));
        Self { stop, task }
    }

    /// Stops, and waits until all is closed.
    pub(crate) async fn stop(self) {
        drop(self.stop);
        // It fails only if the runtime ended it first, which is as good.
        let _ = self.task.await;
    }
}

async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Duration,
    mut stopped: watch::Receiver<()>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let (router, stopped) = (router.clone(), stopped.clone());
                    connections.spawn(connection::serve(stream, router, patience, stopped));
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

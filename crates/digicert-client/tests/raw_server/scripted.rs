//! A server that plays a script on every request, and then waits for the next one.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Barrier, watch};
use tokio::task::{JoinHandle, JoinSet};

/// What happens on the server's side once the first byte of a request has arrived.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Reads so many bytes of the request.
    ReadSome(usize),
    /// Reads the whole request.
    Read,
    /// Sends these bytes.
    Write(Arc<[u8]>),
    /// Sends these bytes one by one, with a pause before each.
    Drip(Arc<[u8]>, Duration),
    /// Breaks the connection: the other side gets a reset, not an end.
    Reset,
    /// Ends the connection in an orderly way.
    Close,
    /// Says nothing more until the test is over.
    Stall,
    /// Goes on when so many requests have come this far.
    Meet(Arc<Barrier>),
    /// Waits for another request to overlap with this one, and remembers whether one did.
    Watch(Arc<Overlap>),
}

pub(crate) fn write(bytes: impl Into<Vec<u8>>) -> Step {
    Step::Write(bytes.into().into())
}

/// Reads a request and answers it whole.
pub(crate) fn answer(bytes: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Step::Read, write(bytes)]
}

/// How many requests were under way at once.
#[derive(Debug)]
pub(crate) struct Overlap {
    now: AtomicUsize,
    most: watch::Sender<usize>,
    patience: Duration,
}

impl Overlap {
    /// Until two have met, every request waits so long for another one.
    pub(crate) fn new(patience: Duration) -> Arc<Self> {
        Arc::new(Self {
            now: AtomicUsize::new(0),
            most: watch::Sender::new(0),
            patience,
        })
    }

    pub(crate) fn most(&self) -> usize {
        *self.most.borrow()
    }

    async fn watch(&self) {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.send_modify(|most| *most = now.max(*most));
        let mut most = self.most.subscribe();
        let another = most.wait_for(|most| *most > 1);
        let _ = tokio::time::timeout(self.patience, another).await;
        self.now.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Shared {
    /// One script a request, in their order; the last one is for all that follow.
    scripts: Vec<Vec<Step>>,
    requests: Mutex<Vec<Vec<u8>>>,
}

impl Shared {
    fn arrived(&self) -> usize {
        let mut requests = self.requests.lock().expect("not poisoned");
        requests.push(Vec::new());
        requests.len() - 1
    }

    fn read(&self, number: usize, bytes: &[u8]) {
        self.requests.lock().expect("not poisoned")[number].extend_from_slice(bytes);
    }
}

pub(crate) struct ScriptedServer {
    pub(crate) address: SocketAddr,
    pub(crate) origin: String,
    shared: Arc<Shared>,
    over: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl ScriptedServer {
    /// Plays the same on every request.
    pub(crate) async fn start(script: Vec<Step>) -> Self {
        Self::start_sequence(vec![script]).await
    }

    /// Plays the scripts one after the other, and the last one from then on.
    pub(crate) async fn start_sequence(scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        Self::on(listener.expect("a free port"), scripts)
    }

    pub(crate) fn on(listener: TcpListener, scripts: Vec<Vec<Step>>) -> Self {
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            scripts,
            requests: Mutex::default(),
        });
        let over = watch::Sender::new(false);
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared), over.subscribe()));
        Self {
            address,
            origin: format!("http://{address}"),
            shared,
            over,
            accepting,
        }
    }

    /// How many requests have arrived, be it with a single byte.
    pub(crate) fn count(&self) -> usize {
        self.shared.requests.lock().expect("not poisoned").len()
    }

    /// What was read of every request.
    pub(crate) fn requests(&self) -> Vec<Vec<u8>> {
        self.shared.requests.lock().expect("not poisoned").clone()
    }

    /// The number of requests when nothing more can come; every client must be gone.
    pub(crate) async fn finish(self) -> usize {
        self.over.send_replace(true);
        tokio::time::timeout(Duration::from_secs(20), self.accepting)
            .await
            .expect("every client is gone, so every connection ends")
            .expect("the server does not panic");
        self.shared.requests.lock().expect("not poisoned").len()
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, over: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let mut over_here = over.clone();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted.expect("a connection");
                connections.spawn(serve(stream, Arc::clone(&shared), over.clone()));
            }
            _ = over_here.wait_for(|over| *over) => break,
        }
    }
    // A connection that came up but was not looked at yet counts as well.
    let listener = listener.into_std().expect("a listener");
    while let Ok((stream, _)) = listener.accept() {
        stream.set_nonblocking(true).expect("a socket");
        let stream = TcpStream::from_std(stream).expect("a socket");
        connections.spawn(serve(stream, Arc::clone(&shared), over.clone()));
    }
    while let Some(ended) = connections.join_next().await {
        ended.expect("a connection does not panic");
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>, mut over: watch::Receiver<bool>) {
    // Without this a byte that is sent alone waits for the one before it to be acknowledged.
    let _ = stream.set_nodelay(true);
    while let Ok(1) = stream.peek(&mut [0]).await {
        let number = shared.arrived();
        let script = shared.scripts.get(number).or(shared.scripts.last());
        for step in script.into_iter().flatten() {
            match step {
                Step::ReadSome(count) => {
                    let mut bytes = vec![0; *count];
                    if stream.read_exact(&mut bytes).await.is_ok() {
                        shared.read(number, &bytes);
                    }
                }
                Step::Read => shared.read(number, &read(&mut stream).await),
                // The client may have gone; that is its right.
                Step::Write(bytes) => drop(stream.write_all(bytes).await),
                Step::Drip(bytes, pause) => {
                    for byte in &**bytes {
                        tokio::time::sleep(*pause).await;
                        let _ = stream.write_all(&[*byte]).await;
                    }
                }
                Step::Reset => {
                    let _ = stream.set_zero_linger();
                    return;
                }
                Step::Close => return,
                Step::Stall => {
                    let _ = over.wait_for(|over| *over).await;
                    return;
                }
                Step::Meet(barrier) => {
                    barrier.wait().await;
                }
                Step::Watch(overlap) => overlap.watch().await,
            }
        }
    }
}

async fn read(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    while !super::is_whole(&bytes) {
        match stream.read_buf(&mut bytes).await {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
    }
    bytes
}

/// A port that nobody listens on and nobody else can get as long as this lives.
pub(crate) struct ClosedPort {
    socket: TcpSocket,
    pub(crate) origin: String,
}

impl ClosedPort {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        socket.bind(any).expect("a free port");
        let address = socket.local_addr().expect("an address");
        Self {
            socket,
            origin: format!("http://{address}"),
        }
    }

    /// From now on somebody listens.
    pub(crate) fn open(self, scripts: Vec<Vec<Step>>) -> ScriptedServer {
        let listener = self.socket.listen(16).expect("a listener");
        ScriptedServer::on(listener, scripts)
    }
}

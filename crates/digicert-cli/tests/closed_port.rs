//! A service that is not there.

use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// Nobody listens, and nobody else can be given the port as long as this is there.
pub(crate) struct ClosedPort {
    _socket: TcpSocket,
    pub(crate) origin: String,
}

impl ClosedPort {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let origin = format!("http://{}", socket.local_addr().unwrap());
        Self {
            _socket: socket,
            origin,
        }
    }
}

//! One connection to the sandbox, one request after the other. So little stands between it and the
//! socket that what it measures is the sandbox.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

pub(crate) struct Connection {
    stream: TcpStream,
    key: String,
    received: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(origin: &str, key: &str) -> Self {
        let address = origin.trim_start_matches("http://");
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_nodelay(true).expect("it is TCP");
        Self {
            stream,
            key: key.to_owned(),
            received: Vec::new(),
        }
    }

    /// Sends a request and gives the body of its answer, which must be a success.
    pub(crate) fn send(&mut self, method: &str, path: &str, body: &str) -> String {
        let request = format!(
            "{method} /services/v2{path} HTTP/1.1\r\nHost: localhost\r\nX-DC-DEVKEY: {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.key,
            body.len()
        );
        self.stream
            .write_all(request.as_bytes())
            .expect("it takes requests");
        self.answer()
    }

    fn answer(&mut self) -> String {
        self.received.clear();
        let mut buffer = [0; 16 * 1024];
        loop {
            if let Some((head, body)) = self.answered() {
                assert!(head.starts_with("HTTP/1.1 2"), "{head}");
                return body;
            }
            let count = self.stream.read(&mut buffer).expect("it answers");
            assert!(count > 0, "it closed the connection");
            self.received.extend_from_slice(&buffer[..count]);
        }
    }

    /// Head and body, once both are there.
    fn answered(&self) -> Option<(String, String)> {
        let end = self
            .received
            .windows(4)
            .position(|bytes| bytes == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&self.received[..end]).into_owned();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.parse().expect("a number"));
        let body = self.received.get(end + 4..end + 4 + length)?;
        Some((head, String::from_utf8_lossy(body).into_owned()))
    }
}

//! TCP servers without an HTTP library, so that they can answer what no HTTP library would.

#![allow(dead_code, reason = "not every test file uses all of it")]

pub(crate) mod scripted;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Answers every connection with the same bytes, then closes it.
pub(crate) struct RawServer {
    pub(crate) origin: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl RawServer {
    pub(crate) fn start(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        // The thread lives as long as the test program; the listener needs no stop.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let request = read_request(&mut stream);
                seen.lock().expect("not poisoned").push(request);
                let _ = stream.write_all(&answer);
            }
        });
        Self { origin, requests }
    }

    /// Every request that arrived, head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("not poisoned").clone()
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&bytes) {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether these bytes are a request from its first to its last.
fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().expect("a number"));
        body.len() >= length
    })
}

/// A whole answer with a JSON body.
pub(crate) fn json(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The same from a server that says that it closes the connection after it. One that only does so
/// leaves it open for a moment whether another request would be answered.
pub(crate) fn last_json(status: &str, body: &str) -> String {
    json(status, body).replacen("\r\n", "\r\nconnection: close\r\n", 1)
}

//! The other side: a process of its own, so that what it does is not counted. It keeps connections
//! open, answers a GET with five products and everything else with 204.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};

/// The shape of the sample of the list products page, with the five products of the sample of the
/// set products page.
const PRODUCTS: &str = include_str!("products.json");

/// The server while it runs.
pub(crate) struct Server {
    pub(crate) origin: String,
    process: Child,
}

impl Server {
    /// Starts this program once more, as the server.
    pub(crate) fn start() -> Self {
        let mut process = crate::itself()
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut origin = String::new();
        let output = process.stdout.take().expect("it is piped");
        BufReader::new(output)
            .read_line(&mut origin)
            .expect("the server says where it is");
        Self {
            origin: origin.trim().to_owned(),
            process,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends with its standard input.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Serves until standard input ends, so also when the other process is gone.
pub(crate) fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    println!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || keep_answering(stream));
        }
    });
    let _ = std::io::stdin().read(&mut [0]);
}

fn keep_answering(mut stream: TcpStream) {
    let products = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{PRODUCTS}",
        PRODUCTS.len()
    );
    let _ = stream.set_nodelay(true);
    let mut request = Vec::new();
    while let Some(length) = read_request(&mut stream, &mut request) {
        let answer = if request.starts_with(b"GET ") {
            &products
        } else {
            "HTTP/1.1 204 No Content\r\n\r\n"
        };
        request.drain(..length);
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// Reads until there is a whole request and says how long it is; `None` when the client has gone.
fn read_request(stream: &mut TcpStream, request: &mut Vec<u8>) -> Option<usize> {
    let mut buffer = [0; 4096];
    loop {
        if let Some(length) = length(request).filter(|length| *length <= request.len()) {
            return Some(length);
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => request.extend_from_slice(&buffer[..read]),
        }
    }
}

/// The length of head and body, once the head is there.
fn length(request: &[u8]) -> Option<usize> {
    let end = request.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&request[..end]).expect("a head of ASCII");
    let body = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    Some(end + body.map_or(0, |length| length.parse().expect("a number")))
}

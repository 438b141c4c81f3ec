//! A server whose certificate nobody vouches for gets no byte of a request (I4).

#![allow(clippy::expect_used, reason = "a test may panic")]
#![cfg(feature = "rustls")]

mod capture;
mod operations;
mod raw_server;

use std::io::{ErrorKind as IoErrorKind, Read as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use digicert_client::ErrorKind;
use operations::{Operation, Setup, holds_a_key, printed, quick};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, Stream};

/// Speaks TLS as `localhost`; says of each connection what a client sent inside of TLS.
fn server() -> (String, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let config = Arc::new(config());
    let (send, receive) = channel();
    // The thread lives as long as the test program; the listener needs no stop.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let connection = ServerConnection::new(Arc::clone(&config));
            let mut connection = connection.expect("a valid configuration");
            let mut received = Vec::new();
            let mut buffer = [0; 4096];
            loop {
                match Stream::new(&mut connection, &mut stream).read(&mut buffer) {
                    Ok(0) => break,
                    Ok(read) => received.extend_from_slice(&buffer[..read]),
                    Err(error) if error.kind() == IoErrorKind::Interrupted => {}
                    // The client ends the handshake with an alert.
                    Err(_) => break,
                }
            }
            let _ = send.send(received);
        }
    });
    (format!("https://localhost:{port}"), receive)
}

/// With a certificate that is made up on the spot.
fn config() -> ServerConfig {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]);
    let made = made.expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("they belong together")
}

#[tokio::test]
async fn i4_a_server_with_an_untrusted_certificate_gets_no_byte_of_any_request() {
    for operation in Operation::ALL {
        let (origin, received) = server();
        let clients = Setup::new(origin).retry(quick()).clients();
        let error = operation
            .call(&clients)
            .await
            .expect_err("nobody vouches for it");
        drop(clients);
        assert_eq!(error.kind(), ErrorKind::NotSent, "{error}");
        assert!(!error.was_sent() && !error.may_have_been_applied());
        let shown = printed(&error);
        assert!(
            shown.contains("invalid peer certificate"),
            "its causes say why: {shown}"
        );
        assert!(!holds_a_key(&shown), "{shown}");
        // Nothing was sent, so even a creation may be tried again.
        assert_eq!(error.attempts(), quick().attempts, "{error}");
        for attempt in 0..error.attempts() {
            let bytes = received.recv().expect("the server saw it");
            assert!(bytes.is_empty(), "attempt {attempt} sent {bytes:?}");
        }
    }
}

//! Who may use the control path and the page: programs and people on purpose, but no web page of
//! somebody else, which a browser lets reach loopback.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::answer::{Refusal, refusal};

/// The layer that refuses a request which a foreign web page may have caused.
///
/// A name in `Host` other than `localhost` may be one that leads here only for an attacker. An
/// address cannot be such a name.
pub(crate) async fn from_here_only(request: Request, next: Next) -> Response {
    match check(&request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn check(request: &Request) -> Result<(), Refusal> {
    let host = only_value(request.headers(), &HOST).filter(|host| is_harmless(host));
    // The target of a request can name a host, too.
    let is_meant = |host: &&str| {
        let meant = request.uri().authority();
        meant.is_none_or(|meant| meant.as_str().eq_ignore_ascii_case(host))
    };
    let Some(host) = host.filter(is_meant) else {
        let message = "Host must be localhost or an address, so that no web page can come here by \
                       a name of its own. A program may send Host: localhost, whatever name it \
                       used.";
        return Err(refusal(StatusCode::FORBIDDEN, "foreign_host", message));
    };
    let own = format!("http://{host}");
    let mut origins = request.headers().get_all(ORIGIN).iter();
    if origins.all(|origin| origin.as_bytes().eq_ignore_ascii_case(own.as_bytes())) {
        return Ok(());
    }
    let message = "Origin is that of another web page. From a browser only the page of this \
                   sandbox may come here.";
    Err(refusal(StatusCode::FORBIDDEN, "foreign_origin", message))
}

fn only_value<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    match values.next() {
        None => value.to_str().ok(),
        Some(_) => None,
    }
}

fn is_harmless(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    if authority.as_str().contains('@') {
        return false;
    }
    let name = authority.host();
    let inner = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<Ipv4Addr>().is_ok()
        || inner.is_some_and(|inner| inner.parse::<Ipv6Addr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_and_localhost_are_harmless() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:8700",
            "[::1]:8700",
            "localhost",
            "LOCALHOST:1",
            "10.0.0.7:80",
        ] {
            assert!(is_harmless(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "a@127.0.0.1",
            "127.0.0.1:80@example.com",
            "2130706433",
            "0x7f.1",
            "::1",
            "[::1",
            "[example.com]",
            "localhost.",
        ] {
            assert!(!is_harmless(host), "{host}");
        }
    }
}

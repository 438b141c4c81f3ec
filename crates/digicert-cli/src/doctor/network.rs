//! The way to the service, step by step: its name, a connection, TLS, an answer; and what the
//! answer says about the clock.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use reqwest::{Client, Response, redirect};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::{Host, Url};

use super::{Check, Status};
use crate::connection_trouble::plainly;
use crate::failure;
use crate::service::Service;

const CONNECTED_WITHIN: Duration = Duration::from_secs(10);
/// From how large a difference on the clock is worth a word.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);
/// What `reqwest` takes a proxy from.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Nobody is asked, because of this.
pub(super) fn skip(why: &str, checks: &mut Vec<Check>) {
    checks.extend(["connection", "TLS", "HTTP"].map(|check| Check::skipped(check, why)));
}

/// Whether the service answered.
pub(super) async fn examine(service: &Service, checks: &mut Vec<Check>) -> bool {
    let url = match service.check_address().and_then(|()| service.url()) {
        Ok(url) => url,
        Err(failure) => {
            let check = Check::failed("address", failure.to_string());
            checks.push(check.with_remedy("it is from `--origin`, DIGICERT_ORIGIN or the profile"));
            return false;
        }
    };
    let before = checks.len();
    way(&url, checks).await;
    let is_blocked = |check: &Check| check.status == Status::Failed;
    if checks[before..].iter().any(is_blocked) {
        return false;
    }
    answer(&url, checks).await
}

/// Name and connection, which a proxy sees to if there is one.
async fn way(url: &Url, checks: &mut Vec<Check>) {
    if let Some(variable) = proxy(url) {
        let message = format!("a proxy leads there ({variable}), which looks it up itself");
        checks.push(Check::skipped("name", message));
        return;
    }
    match addresses(url).await {
        Err(why) => {
            let host = url.host_str().unwrap_or_default();
            let remedy = "check the name, and that this machine can look names up";
            let message = format!("{host} has no address: {why}");
            checks.push(Check::failed("name", message).with_remedy(remedy));
        }
        Ok((host, addresses)) if is_number(url) => {
            checks.push(Check::skipped(
                "name",
                format!("{host} is an address already"),
            ));
            checks.push(connection(&addresses).await);
        }
        Ok((host, addresses)) => {
            let listed: Vec<_> = addresses.iter().map(|a| a.ip().to_string()).collect();
            checks.push(Check::ok(
                "name",
                format!("{host} is {}", listed.join(", ")),
            ));
            checks.push(connection(&addresses).await);
        }
    }
}

fn is_number(url: &Url) -> bool {
    matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_)))
}

fn proxy(url: &Url) -> Option<&'static str> {
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    // Plain HTTP to this machine never takes one.
    let may_be_used = url.scheme() == "https";
    PROXY_VARIABLES
        .into_iter()
        .find(is_set)
        .filter(|_| may_be_used)
}

async fn addresses(url: &Url) -> Result<(String, Vec<SocketAddr>), String> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let found = timeout(CONNECTED_WITHIN, lookup_host((name, port))).await;
    let found = found
        .map_err(|_| too_long())?
        .map_err(|error| error.to_string())?;
    let addresses: Vec<_> = found.collect();
    if addresses.is_empty() {
        return Err("the answer was empty".to_owned());
    }
    Ok((host, addresses))
}

async fn connection(addresses: &[SocketAddr]) -> Check {
    let check = "connection";
    let mut why = String::new();
    for address in addresses {
        match timeout(CONNECTED_WITHIN, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Check::ok(check, format!("{address} answers")),
            Ok(Err(error)) => why = format!("{address}: {error}"),
            Err(_) => why = format!("{address}: {}", too_long()),
        }
    }
    Check::failed(check, format!("no connection comes about: {why}"))
        .with_remedy("check the network, a firewall, or whether a proxy is needed (HTTPS_PROXY)")
}

/// Asks without a key, so that nothing is given away to whoever answers.
async fn answer(url: &Url, checks: &mut Vec<Check>) -> bool {
    let sent = SystemTime::now();
    let response = match ask(url).await {
        Ok(response) => response,
        Err(check) => {
            checks.push(check);
            return false;
        }
    };
    if url.scheme() == "https" {
        checks.push(Check::ok("TLS", "the certificate is trusted"));
    } else {
        checks.push(Check::skipped("TLS", "plain HTTP to this machine"));
    }
    let (is_service, check) = looks_like_the_service(&response);
    checks.push(check);
    checks.push(clock(&response, sent, SystemTime::now()));
    is_service
}

async fn ask(url: &Url) -> Result<Response, Check> {
    let client = client(url)?;
    let mut account = url.clone();
    account.set_path("/services/v2/account");
    let sent = client.get(account).send().await;
    sent.map_err(|error| no_answer(url, &error))
}

/// As the commands would, or what it says may not be what they meet.
fn client(url: &Url) -> Result<Client, Check> {
    // Fails if there is one already, which is as well: a client that speaks no TLS asks for it, too.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECTED_WITHIN)
        .timeout(CONNECTED_WITHIN * 2);
    if url.scheme() == "http" {
        builder = builder.no_proxy();
    } else {
        let with_tls = digicert_client::with_tls(builder);
        builder = with_tls.map_err(|error| Check::failed("TLS", failure::with_cause(&error)))?;
    }
    builder.build().map_err(|error| no_answer(url, &error))
}

fn no_answer(url: &Url, error: &reqwest::Error) -> Check {
    let cause = plainly(error);
    if url.scheme() == "https" && error.is_connect() {
        return Check::failed("TLS", format!("no secure connection comes about: {cause}"))
            .with_remedy("check the clock, the trust store, and whether something in between replaces certificates");
    }
    Check::failed("HTTP", format!("no answer comes: {cause}"))
}

/// Without a key, the service refuses. Anything else is somebody else.
fn looks_like_the_service(response: &Response) -> (bool, Check) {
    let status = response.status();
    match status.as_u16() {
        401 | 403 => (true, Check::ok("HTTP", "it answers, and asks for a key")),
        429 => {
            let check = Check::warning("HTTP", "it answers that there are too many requests (429)");
            (true, check.with_remedy("wait some minutes"))
        }
        500..=599 => {
            let check = Check::failed("HTTP", format!("it answers {status}"));
            (
                false,
                check.with_remedy("the trouble is there, not here: try again later"),
            )
        }
        _ => {
            let message = format!("it answers {status} to a request without a key");
            let remedy = "this is hardly DigiCert: check the origin, and what is in between";
            (false, Check::failed("HTTP", message).with_remedy(remedy))
        }
    }
}

fn clock(response: &Response, sent: SystemTime, received: SystemTime) -> Check {
    let check = "clock";
    let date = response.headers().get(reqwest::header::DATE);
    let date = date.and_then(|date| date.to_str().ok());
    let Some(theirs) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
        return Check::skipped(check, "the answer does not say what time it is there");
    };
    // It is in whole seconds, and from somewhere between sending and receiving.
    let behind = theirs.duration_since(received).unwrap_or_default();
    let ahead = sent
        .duration_since(theirs + Duration::from_secs(1))
        .unwrap_or_default();
    let (off, word) = if ahead > behind {
        (ahead, "ahead of")
    } else {
        (behind, "behind")
    };
    if off <= CLOCK_TOLERANCE {
        return Check::ok(check, "it agrees with that of the service");
    }
    let message = format!("this machine is {} s {word} the service", off.as_secs());
    Check::warning(check, message)
        .with_remedy("set it: TLS and the times in the ledger depend on it")
}

fn too_long() -> String {
    format!("it took more than {} s", CONNECTED_WITHIN.as_secs())
}

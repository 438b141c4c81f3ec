//! Where requests go: a region of the service, or an origin of the user's choice.
//!
//! I4 begins here: a base URL that this module accepts is https, or plain HTTP to this machine.

use std::net::IpAddr;

use reqwest::Url;

use crate::error::Error;

/// An instance of the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// `www.digicert.com`, which holds most accounts.
    #[default]
    Us,
    /// `certcentral.digicert.eu`. The Partner Subscriptions API is not documented there.
    Eu,
}

/// The base URL of a region; `servers` are those of the OpenAPI document.
pub(crate) fn of_region(region: Region, servers: &[&str], api: &str) -> Result<String, Error> {
    let index = match region {
        Region::Us => 0,
        Region::Eu => 1,
    };
    servers
        .get(index)
        .map(|server| (*server).to_owned())
        .ok_or_else(|| {
            Error::not_sent(format!(
                "the {api} is documented for the region us only; leave the region out"
            ))
        })
}

/// The base URL at an origin. The path of the API may be there or not.
pub(crate) fn of_origin(origin: &str, servers: &[&str]) -> Result<String, Error> {
    let refuse = |why: String| Err(Error::not_sent(format!("the origin cannot be used: {why}")));
    let url = match Url::parse(origin) {
        Ok(url) => url,
        Err(error) => return refuse(format!("{error}; write it like https://host.example")),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("it holds a user name or password; keys go through the builder".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("it has a query or a fragment; leave them out".into());
    }
    if url.host_str().is_none_or(str::is_empty) {
        return refuse("it names no host; write it like https://host.example".into());
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return refuse(
                "plain HTTP would show the key to everyone on the way; use https, \
                 or an address of this machine such as http://127.0.0.1:8700"
                    .into(),
            );
        }
        other => return refuse(format!("`{other}` is not a scheme we speak; use https")),
    }
    let path = api_path(servers);
    let given = url.path().trim_end_matches('/');
    if !given.is_empty() && given != path {
        return refuse(format!(
            "it has the path `{given}`; leave the path out or end it with `{path}`"
        ));
    }
    Ok(format!("{}{path}", url.origin().ascii_serialization()))
}

/// The path of a base URL that this module made.
pub(crate) fn path(base_url: &str) -> &str {
    let (_, host_and_path) = base_url.split_once("://").unwrap_or_default();
    host_and_path
        .find('/')
        .map_or("", |slash| &host_and_path[slash..])
}

/// The path that every server of an API shares.
fn api_path(servers: &[&str]) -> String {
    let first = servers.first().copied().unwrap_or_default();
    Url::parse(first).map_or_else(
        |_| String::new(),
        |url| url.path().trim_end_matches('/').to_owned(),
    )
}

/// Whether a URL names this machine, by number or as `localhost`.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let number = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || number
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVERS: [&str; 2] = [
        "https://www.digicert.com/services/v2",
        "https://certcentral.digicert.eu/services/v2",
    ];

    #[test]
    fn an_origin_works_with_and_without_the_path() {
        for (origin, expected) in [
            (
                "https://www.digicert.com",
                "https://www.digicert.com/services/v2",
            ),
            (
                "https://www.digicert.com/",
                "https://www.digicert.com/services/v2",
            ),
            (
                "https://www.digicert.com/services/v2",
                "https://www.digicert.com/services/v2",
            ),
            (
                "https://www.digicert.com/services/v2/",
                "https://www.digicert.com/services/v2",
            ),
            (
                "HTTPS://WWW.DIGICERT.COM:443",
                "https://www.digicert.com/services/v2",
            ),
            ("http://127.0.0.1:8700", "http://127.0.0.1:8700/services/v2"),
            ("http://[::1]:8700", "http://[::1]:8700/services/v2"),
            ("http://localhost:8700", "http://localhost:8700/services/v2"),
        ] {
            assert_eq!(of_origin(origin, &SERVERS).expect(origin), expected);
        }
    }

    #[test]
    fn i4_an_origin_that_could_give_a_key_away_is_refused_with_the_remedy() {
        for (origin, message) in [
            ("http://www.digicert.com", "use https"),
            ("http://127.0.0.1.example.com", "use https"),
            ("http://localhost.example.com", "use https"),
            ("http://10.0.0.1", "use https"),
            ("ftp://www.digicert.com", "use https"),
            (
                "https://user:canary@www.digicert.com",
                "keys go through the builder",
            ),
            ("https://www.digicert.com?key=canary", "leave them out"),
            ("https://www.digicert.com#x", "leave them out"),
            (
                "https://www.digicert.com/services",
                "end it with `/services/v2`",
            ),
            (
                "https://www.digicert.com/services/v3",
                "end it with `/services/v2`",
            ),
            ("www.digicert.com", "https://host.example"),
            ("", "https://host.example"),
            ("https://", "https://host.example"),
        ] {
            let error = of_origin(origin, &SERVERS).expect_err(origin).to_string();
            assert!(error.contains(message), "{origin} gave {error}");
            assert!(!error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn a_region_that_an_api_does_not_have_is_refused() {
        assert_eq!(
            of_region(Region::Eu, &SERVERS, "x").expect("documented"),
            SERVERS[1]
        );
        let error = of_region(Region::Eu, &SERVERS[..1], "Partner Subscriptions API");
        assert!(
            error
                .expect_err("not documented")
                .to_string()
                .contains("region us only")
        );
    }
}

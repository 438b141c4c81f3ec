//! Where the service is: a region of its own, or another origin.
//!
//! Whether a key may be sent there at all is for `digicert-client`, which refuses what could give
//! it away.

use digicert_client::{Api, ClientBuilder, Region};
use url::{Host, Url};

use crate::failure::Failure;
use crate::service::mixture::SaidBy;

/// What the paths of the two APIs begin with. An origin may be given with either.
const API_PATHS: [&str; 2] = ["/services/v2", "/partner-subscription/api/v1"];

pub(super) const ORIGIN_VARIABLE: &str = "DIGICERT_ORIGIN";

/// Where requests go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    Region(Region),
    Origin(String),
}

impl Default for Address {
    fn default() -> Self {
        Self::Region(Region::Us)
    }
}

impl Address {
    /// What is said by an origin or a region.
    pub(crate) fn of_options(origin: Option<String>, region: Option<Region>) -> Option<Self> {
        let origin = origin.map(|origin| Self::of_origin(&origin));
        origin.or(region.map(Self::Region))
    }

    /// What the options say, else the environment, else the profile, else the United States. A
    /// profile that an option names comes before the environment.
    pub(crate) fn settle(
        options: Option<Self>,
        profile: Option<Self>,
        profile_by_option: bool,
    ) -> Result<(Self, SaidBy), Failure> {
        match (options, profile) {
            (Some(address), _) => Ok((address, SaidBy::Option)),
            (None, Some(address)) if profile_by_option => Ok((address, SaidBy::Profile)),
            (None, profile) => match (Self::in_environment()?, profile) {
                (Some(address), _) => Ok((address, SaidBy::Environment)),
                (None, Some(address)) => Ok((address, SaidBy::Profile)),
                (None, None) => Ok((Self::default(), SaidBy::Nobody)),
            },
        }
    }

    fn in_environment() -> Result<Option<Self>, Failure> {
        match std::env::var(ORIGIN_VARIABLE) {
            Ok(origin) if !origin.is_empty() => Ok(Some(Self::of_origin(&origin))),
            Err(std::env::VarError::NotUnicode(_)) => Err(Failure::new(format!(
                "the environment variable {ORIGIN_VARIABLE} is not UTF-8"
            ))),
            _ => Ok(None),
        }
    }

    /// Whether the environment names one.
    pub(crate) fn is_in_environment() -> bool {
        std::env::var_os(ORIGIN_VARIABLE).is_some_and(|origin| !origin.is_empty())
    }

    /// Refuses to send without limits to anything but this machine: DigiCert blocks a key that
    /// goes over its limits.
    pub(crate) fn check_that_limits_can_be_off(&self) -> Result<(), Failure> {
        let is_here = self.url().is_ok_and(|url| match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        });
        if is_here {
            return Ok(());
        }
        Err(Failure::new(format!(
            "the profile switches the rate limits off, which is for a sandbox on this machine, not \
             for {}; leave out `rate_limits.off`",
            self.origin()
        )))
    }

    /// Refuses a host that no name can be.
    pub(crate) fn refuse_long_host(&self) -> Result<(), Failure> {
        const LONGEST: usize = 253;
        let url = self.url().ok();
        let length = url.as_ref().and_then(Url::host_str).map_or(0, str::len);
        if length <= LONGEST {
            return Ok(());
        }
        Err(Failure::new(format!(
            "the host name of the origin has {length} characters, and a host name has at most {LONGEST}"
        )))
    }

    fn of_origin(text: &str) -> Self {
        let text = text.trim_end_matches('/');
        let path = API_PATHS.iter().find(|path| text.ends_with(**path));
        let origin = path.and_then(|path| text.strip_suffix(path));
        Self::Origin(origin.unwrap_or(text).to_owned())
    }

    /// The client that the builder makes sends there.
    pub(crate) fn of<C: Api>(&self, builder: ClientBuilder<C>) -> ClientBuilder<C> {
        match self {
            Self::Region(region) => builder.region(*region),
            Self::Origin(origin) => builder.origin(origin),
        }
    }

    /// Scheme, host and port, the same however they were written, and never with a password.
    pub(crate) fn origin(&self) -> String {
        match self.url() {
            Ok(url) => url.origin().ascii_serialization(),
            // No client is ever built for it.
            Err(_) => "an origin that is no URL".to_owned(),
        }
    }

    pub(crate) fn url(&self) -> Result<Url, Failure> {
        let text = match self {
            Self::Region(Region::Eu) => "https://certcentral.digicert.eu",
            Self::Region(_) => "https://www.digicert.com",
            Self::Origin(text) => text,
        };
        // The text stays out of the message: there may be a password in it.
        Url::parse(text).map_err(|error| {
            let message =
                format!("the origin is no URL: {error}; write it like https://host.example");
            Failure::new(message)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_the_same_however_it_is_written() {
        for (text, expected) in [
            ("http://127.0.0.1:8700", "http://127.0.0.1:8700"),
            ("http://127.0.0.1:8700/", "http://127.0.0.1:8700"),
            ("http://127.0.0.1:8700/services/v2", "http://127.0.0.1:8700"),
            (
                "http://127.0.0.1:8700/partner-subscription/api/v1/",
                "http://127.0.0.1:8700",
            ),
            ("HTTPS://WWW.DIGICERT.COM:443", "https://www.digicert.com"),
            ("https://user:canary@host.example", "https://host.example"),
            ("canary", "an origin that is no URL"),
        ] {
            assert_eq!(Address::of_origin(text).origin(), expected, "{text}");
        }
    }
}

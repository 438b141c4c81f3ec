//! The arguments of the program.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser};
use digicert_sandbox::{CertCentralApiKey, Contract, Fault, ParentSettings, PartnerApiKey};

/// A local, stateful stand-in for DigiCert's subaccount and billing calls
#[derive(Parser)]
#[command(
    name = "digicert-sandbox",
    version,
    after_help = "Without --state all is in memory and gone when the program stops. Ctrl-C stops it.\n\
                  Better give keys by variable: every user of the machine can read arguments."
)]
pub(crate) struct Arguments {
    /// Address and port to listen on; port 0 picks a free one, and `:0` is short for `127.0.0.1:0`
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8700",
        value_parser = listen_address
    )]
    pub(crate) listen: SocketAddr,

    /// CertCentral key of the parent account; if there is none, one is made up and printed
    // The parsers of the keys accept everything, because a refusal by clap shows the value.
    #[arg(
        long,
        value_name = "KEY",
        env = "DIGICERT_API_KEY",
        hide_env_values = true
    )]
    certcentral_key: Option<String>,

    /// Key of the Partner Subscriptions account; if there is none, one is made up and printed
    #[arg(
        long,
        value_name = "KEY",
        env = "DIGICERT_PARTNER_API_KEY",
        hide_env_values = true
    )]
    partner_key: Option<String>,

    /// Something that goes wrong on purpose, such as `create_subaccount:reset=after,nth=2` or
    /// `*:status=502,body=html,probability=0.1,seed=7`; can be given more than once
    #[arg(long, value_name = "OPERATION:EFFECT", value_parser = str::parse::<Fault>)]
    pub(crate) fault: Vec<Fault>,

    /// File to keep the state in, a SQLite database; made if there is none
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    /// Answer 429 to a key that sends more than 100 requests in 5 seconds or 1000 in 3 minutes
    #[arg(long)]
    pub(crate) rate_limit: bool,

    /// File to write origin, base URLs and keys to, as JSON, once it listens; removed at the end
    #[arg(long, value_name = "PATH")]
    pub(crate) ready_file: Option<PathBuf>,

    // Last, because all that follows stands under its heading.
    #[command(flatten)]
    pub(crate) parent: ParentArguments,
}

/// What the parent account is like.
#[derive(Args)]
#[command(next_help_heading = "Parent account")]
pub(crate) struct ParentArguments {
    /// Contract with DigiCert; ELA and Flat Fee have Multi-year Plans of at most 2 years
    #[arg(long, value_name = "KIND", value_parser = ["standard", "ela", "flat-fee"])]
    contract: Option<String>,

    /// Whether it may create subaccounts
    #[arg(long, value_name = "ON|OFF", value_parser = ["on", "off"], hide_possible_values = true)]
    subaccounts: Option<String>,

    /// Longest Multi-year Plan
    #[arg(long, value_name = "YEARS", value_parser = clap::value_parser!(u8).range(1..=6))]
    max_plan_years: Option<u8>,

    /// Currency of the account, such as EUR; products without prices cost 0 in all others but USD
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
}

impl ParentArguments {
    /// What was given. The rest stays as it is by default, or in a state file.
    pub(crate) fn settings(&self) -> ParentSettings {
        let mut settings = ParentSettings::default();
        settings = match self.contract.as_deref() {
            Some("ela") => settings.contract(Contract::Ela),
            Some("flat-fee") => settings.contract(Contract::FlatFee),
            Some(_) => settings.contract(Contract::Standard),
            None => settings,
        };
        if let Some(switch) = &self.subaccounts {
            settings = settings.subaccounts_enabled(switch == "on");
        }
        if let Some(years) = self.max_plan_years {
            settings = settings.max_multi_year_plan_length(years);
        }
        if let Some(currency) = &self.currency {
            settings = settings.currency(currency);
        }
        settings
    }
}

impl Arguments {
    /// The key that was given. An empty variable is taken for one that is not set.
    pub(crate) fn certcentral_key(&self) -> Option<CertCentralApiKey> {
        given(self.certcentral_key.as_deref()).map(CertCentralApiKey::from)
    }

    /// The key that was given.
    pub(crate) fn partner_key(&self) -> Option<PartnerApiKey> {
        given(self.partner_key.as_deref()).map(PartnerApiKey::from)
    }
}

fn given(key: Option<&str>) -> Option<&str> {
    key.filter(|key| !key.is_empty())
}

/// Reads `127.0.0.1:8700`, `[::1]:8700`, `localhost:8700`, and `:8700`. The latter two are the
/// loopback interface, not all interfaces.
fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let port = text
        .strip_prefix("localhost:")
        .or_else(|| text.strip_prefix(':'));
    let address = match port {
        Some(port) => port
            .parse()
            .ok()
            .map(|port| (Ipv4Addr::LOCALHOST, port).into()),
        None => text.parse().ok(),
    };
    address
        .ok_or_else(|| "give address and port, such as 127.0.0.1:8700, [::1]:8700 or :0".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn help_has_nothing_but_the_parent_account_under_its_heading() {
        let help = Arguments::command().render_help().to_string();
        let (before, under) = help.split_once("Parent account:\n").unwrap();
        for option in ["--listen", "--fault", "--rate-limit", "--ready-file"] {
            assert!(before.contains(option), "{help}");
            assert!(!under.contains(option), "{help}");
        }
    }

    #[test]
    fn listen_takes_every_usual_form_of_an_address() {
        for (text, address) in [
            ("127.0.0.1:8700", "127.0.0.1:8700"),
            ("[::1]:8700", "[::1]:8700"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("localhost:8700", "127.0.0.1:8700"),
            (":0", "127.0.0.1:0"),
            (":8700", "127.0.0.1:8700"),
        ] {
            assert_eq!(listen_address(text), Ok(address.parse().unwrap()), "{text}");
        }
        for text in [
            "",
            ":",
            "8700",
            "127.0.0.1",
            ":65536",
            ":-1",
            "here:8700",
            "localhost",
        ] {
            assert!(listen_address(text).is_err(), "{text}");
        }
    }
}

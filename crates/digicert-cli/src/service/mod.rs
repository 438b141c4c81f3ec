//! The service that a command talks to: where it is, with which keys, how fast. What is asked of
//! it stands with who asks; here are only the pages of its lists.

mod address;
mod config_file;
pub(crate) mod core_dump;
mod credentials;
pub(crate) mod key_in_argument;
mod mixture;
mod profile;
mod subaccount_pages;

use std::cell::{Cell, OnceCell};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use digicert_client::{ClientBuilder, RateLimits, RetryPolicy, certcentral, partner};
use digicert_types::certcentral::Account;
use digicert_types::{CertCentralApiKey, PartnerApiKey};
use url::Url;

use crate::failure::Failure;
use crate::meant_account::MeantAccount;
use crate::service::address::Address;
use crate::service::config_file::Chosen;
use crate::service::credentials::CERTCENTRAL;
pub(crate) use crate::service::credentials::{KeyOrigin, KeySource, PARTNER};
use crate::service::mixture::{AddressSource, Mixture};
pub(crate) use crate::service::profile::PlanThresholds;
pub(crate) use crate::service::subaccount_pages::{Page, SubaccountPages, USUAL_PAGE};
use crate::standard_error;

/// How a program that talks to the service names itself.
const USER_AGENT: &str = concat!("digicert-cli/", env!("CARGO_PKG_VERSION"));

/// Which service is meant, and where the keys are. To be flattened into a command's options.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Service")]
pub(crate) struct ServiceOptions {
    /// The service's own address for accounts in the United States or in Europe; `us` unless told
    /// otherwise
    #[arg(long, value_name = "REGION", conflicts_with = "origin")]
    region: Option<Region>,

    /// Another address instead, such as that of a sandbox; also `DIGICERT_ORIGIN`
    #[arg(long, value_name = "URL")]
    origin: Option<String>,

    /// A file with the CertCentral API key, or `-` for standard input; also the key itself in
    /// `DIGICERT_API_KEY`
    #[arg(long, value_name = "PATH")]
    api_key_file: Option<PathBuf>,

    /// A file with the Partner Subscriptions API key, or `-` for standard input; also the key
    /// itself in `DIGICERT_PARTNER_API_KEY`
    #[arg(long, value_name = "PATH")]
    partner_api_key_file: Option<PathBuf>,

    /// The profile of the config file to use; also `DIGICERT_PROFILE`
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Another config file; also `DIGICERT_CONFIG`
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Region {
    /// www.digicert.com
    Us,
    /// certcentral.digicert.eu
    Eu,
}

/// The service of a command, settled: options win over the environment, and the environment over
/// the profile, unless the profile was named by an option.
///
/// Nothing is sent before a client is used, and no key is read before it is asked for.
#[derive(Debug)]
pub(crate) struct Service {
    address: Address,
    address_source: AddressSource,
    certcentral: KeySource,
    partner: KeySource,
    chosen: Chosen,
    warns: bool,
    /// Once is enough for both keys.
    has_warned_of_mixture: Cell<bool>,
    certcentral_key: OnceCell<CertCentralApiKey>,
    partner_key: OnceCell<PartnerApiKey>,
}

impl ServiceOptions {
    /// Settles which service is meant.
    pub(crate) fn service(self) -> Result<Service, Failure> {
        let chosen = Chosen::settle(self.config.clone(), self.profile.clone())?;
        self.with(chosen)
    }

    /// As if there were no config file, for who looks at what else is wrong. No key is to be sent
    /// there: the file may say otherwise once it can be read.
    pub(crate) fn without_config_file(self) -> Result<Service, Failure> {
        self.with(Chosen::default())
    }

    /// Whether they say where the service is, whatever stands in the config file.
    pub(crate) fn say_where(&self) -> bool {
        let by_option = self.origin.is_some() || self.region.is_some();
        by_option || self.profile.is_none() && Address::is_in_environment()
    }

    fn with(self, mut chosen: Chosen) -> Result<Service, Failure> {
        let profile = &mut chosen.profile;
        let region = self.region.map(digicert_client::Region::from);
        let address = Address::of_options(self.origin, region);
        let of_profile = Address::of_options(profile.origin.take(), profile.region);
        let (address, said_by) = Address::settle(address, of_profile.clone(), chosen.by_option)?;
        if profile.rate_limits.off {
            address.check_that_limits_can_be_off()?;
        }
        let settle = |kind, option, of_profile| {
            KeySource::settle(kind, option, of_profile, chosen.by_option)
        };
        let key_file = profile.api_key_file.take();
        let certcentral = settle(&CERTCENTRAL, self.api_key_file, key_file);
        let key_file = profile.partner_api_key_file.take();
        let partner = settle(&PARTNER, self.partner_api_key_file, key_file);
        credentials::refuse_one_input_for_two_keys(&certcentral, &partner)?;
        Ok(Service {
            address,
            address_source: AddressSource {
                said_by,
                of_profile,
            },
            certcentral,
            partner,
            chosen,
            warns: true,
            has_warned_of_mixture: Cell::new(false),
            certcentral_key: OnceCell::new(),
            partner_key: OnceCell::new(),
        })
    }
}

impl Service {
    /// Scheme, host and port: what is shown to people, and what entries of the ledger are kept by.
    pub(crate) fn origin(&self) -> String {
        self.address.origin()
    }

    /// The same, for who says by itself what there is to say about keys.
    pub(crate) fn without_warnings(mut self) -> Self {
        self.warns = false;
        self
    }

    /// The address as a URL.
    pub(crate) fn url(&self) -> Result<Url, Failure> {
        self.address.url()
    }

    /// Refuses an address that no key would be sent to.
    pub(crate) fn check_address(&self) -> Result<(), Failure> {
        let no_key = CertCentralApiKey::new("none");
        self.build(certcentral::Client::builder(&no_key)).map(drop)
    }

    pub(crate) fn config_file(&self) -> Option<&Path> {
        self.chosen.file.as_deref()
    }

    pub(crate) fn profile_name(&self) -> Option<&str> {
        self.chosen.name.as_deref()
    }

    pub(crate) fn certcentral_source(&self) -> &KeySource {
        &self.certcentral
    }

    pub(crate) fn partner_source(&self) -> &KeySource {
        &self.partner
    }

    /// The account that the profile is for, if it says so.
    pub(crate) fn meant_account(&self) -> Option<MeantAccount> {
        let id = self.chosen.profile.account_id?;
        let said_by = format!("{} is", self.profile_in_words());
        Some(MeantAccount::new(id, said_by))
    }

    /// Refuses the key of another account than the one that the profile is for.
    pub(crate) fn check_account(&self, account: &Account) -> Result<(), Failure> {
        let meant = self.meant_account();
        meant.map_or(Ok(()), |meant| meant.check(account))
    }

    /// What the profile says of the thresholds of `digicert plan`.
    pub(crate) fn plan_thresholds(&self) -> &PlanThresholds {
        &self.chosen.profile.plan
    }

    /// The limits that its clients keep.
    pub(crate) fn rate_limits(&self) -> RateLimits {
        self.chosen.profile.rate_limits.rate_limits()
    }

    /// A client of the CertCentral API.
    pub(crate) fn certcentral(&self) -> Result<certcentral::Client, Failure> {
        let builder = certcentral::Client::builder(self.certcentral_key()?);
        self.build(builder)
    }

    /// A client of the Partner Subscriptions API, which sends once.
    pub(crate) fn partner(&self) -> Result<partner::Client, Failure> {
        self.partner_with(self.partner_key()?)
    }

    /// The CertCentral key, read when it is first asked for.
    pub(crate) fn certcentral_key(&self) -> Result<&CertCentralApiKey, Failure> {
        if let Some(key) = self.certcentral_key.get() {
            return Ok(key);
        }
        let key = self.read(&self.certcentral)?;
        Ok(self.certcentral_key.get_or_init(|| key.into()))
    }

    /// The Partner Subscriptions key, read when it is first asked for.
    pub(crate) fn partner_key(&self) -> Result<&PartnerApiKey, Failure> {
        if let Some(key) = self.partner_key.get() {
            return Ok(key);
        }
        let key = self.read(&self.partner)?;
        Ok(self.partner_key.get_or_init(|| key.into()))
    }

    fn read(&self, source: &KeySource) -> Result<String, Failure> {
        core_dump::forbid();
        let key = source.read()?;
        if self.warns {
            source.warn_of_others();
            self.warn_of_mixture(source);
        }
        Ok(key)
    }

    fn warn_of_mixture(&self, source: &KeySource) {
        if let Some(Mixture { message, remedy }) = self.mixture(source)
            && !self.has_warned_of_mixture.replace(true)
        {
            standard_error::say(&format!("warning: {message}; {remedy}"));
        }
    }

    /// A CertCentral key of somebody else, in a file.
    pub(crate) fn certcentral_key_in(&self, path: &Path) -> Result<CertCentralApiKey, Failure> {
        let key = self.read(&KeySource::file(&CERTCENTRAL, path))?;
        Ok(key.into())
    }

    /// A Partner Subscriptions key of somebody else, in a file.
    pub(crate) fn partner_key_in(&self, path: &Path) -> Result<PartnerApiKey, Failure> {
        let key = self.read(&KeySource::file(&PARTNER, path))?;
        Ok(key.into())
    }

    /// A client of the CertCentral API for another key.
    pub(crate) fn certcentral_with(
        &self,
        key: &CertCentralApiKey,
    ) -> Result<certcentral::Client, Failure> {
        self.build(certcentral::Client::builder(key))
    }

    /// A client of the Partner Subscriptions API for another key, which sends once as well.
    pub(crate) fn partner_with(&self, key: &PartnerApiKey) -> Result<partner::Client, Failure> {
        self.build(partner::Client::builder(key).retry(RetryPolicy::off()))
    }

    fn build<C: digicert_client::Api>(&self, builder: ClientBuilder<C>) -> Result<C, Failure> {
        self.address.refuse_long_host()?;
        let builder = builder
            .user_agent(USER_AGENT)
            .rate_limits(self.rate_limits());
        Ok(self.address.of(builder).build()?)
    }
}

/// A client of the CertCentral API for a key that came from elsewhere: over a pipe, or in an answer.
pub(crate) fn certcentral_at(
    origin: &str,
    key: &CertCentralApiKey,
) -> Result<certcentral::Client, Failure> {
    let builder = certcentral::Client::builder(key).user_agent(USER_AGENT);
    Ok(builder.origin(origin).build()?)
}

/// An address as entries of the ledger and plans have it; `None` if it is none.
pub(crate) fn origin_of(text: &str) -> Option<String> {
    let address = Address::of_options(Some(text.to_owned()), None)?;
    address.url().is_ok().then(|| address.origin())
}

/// `us` or `eu`.
pub(crate) fn region_of(text: &str) -> Option<digicert_client::Region> {
    match text {
        "us" => Some(digicert_client::Region::Us),
        "eu" => Some(digicert_client::Region::Eu),
        _ => None,
    }
}

/// The address of a region.
pub(crate) fn origin_of_region(region: digicert_client::Region) -> String {
    Address::Region(region).origin()
}

impl From<Region> for digicert_client::Region {
    fn from(region: Region) -> Self {
        match region {
            Region::Us => Self::Us,
            Region::Eu => Self::Eu,
        }
    }
}

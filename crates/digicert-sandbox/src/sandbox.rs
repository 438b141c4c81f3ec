//! [`Sandbox`] and its builder: starting, where it listens, its keys, stopping.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
#[cfg(feature = "persistence")]
use std::path::PathBuf;
use std::time::Duration;

use digicert_types::{Amount, CertCentralApiKey, PartnerApiKey};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::app::App;
use crate::clock::Clock;
use crate::faults::{Fault, Faults};
use crate::keys::made_up;
use crate::limits::Limits;
use crate::page::OfferedKeys;
#[cfg(feature = "persistence")]
use crate::persistence::kept_in;
use crate::request_log::{LogRedactor, RequestLog, Requests};
use crate::router::{CERTCENTRAL, PARTNER, router};
use crate::server::Server;
use crate::start_error::StartError;
use crate::state::{
    ParentSettings, PartnerSubaccount, SharedState, State, StateDocument, StateError,
};

/// A running sandbox. It stops when it is dropped, or, with waiting until it has, by
/// [`stop`](Self::stop).
///
/// Each one has its own state and its own port, so any number can run at once. All that is
/// needed is a Tokio runtime of either kind with I/O and time enabled, as `#[tokio::test]` has.
pub struct Sandbox {
    address: SocketAddr,
    origin: String,
    certcentral_url: String,
    partner_url: String,
    certcentral_key: CertCentralApiKey,
    partner_key: PartnerApiKey,
    app: App,
    server: Server,
}

impl Sandbox {
    /// Starts a sandbox on a free port of the loopback interface, with keys that are made up.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// A sandbox that differs from that.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// Scheme, host and port, such as `http://127.0.0.1:8700`. Below it are the paths of the
    /// real service.
    ///
    /// A sandbox that listens on all addresses gives the one of the loopback interface.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The base URL of the CertCentral API: the origin and `/services/v2`.
    #[must_use]
    pub fn certcentral_url(&self) -> &str {
        &self.certcentral_url
    }

    /// The base URL of the Partner Subscriptions API: the origin and
    /// `/partner-subscription/api/v1`.
    #[must_use]
    pub fn partner_url(&self) -> &str {
        &self.partner_url
    }

    /// The CertCentral key of the parent account, for the header `X-DC-DEVKEY`.
    #[must_use]
    pub fn certcentral_key(&self) -> &CertCentralApiKey {
        &self.certcentral_key
    }

    /// The key of the Partner Subscriptions account, for the header `X-PARTNER-APIKEY`.
    #[must_use]
    pub fn partner_key(&self) -> &PartnerApiKey {
        &self.partner_key
    }

    /// The address that it listens on.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// The ID of the CertCentral account that is linked to the Partner Subscriptions account,
    /// which no call of the API tells.
    #[must_use]
    pub fn billing_account_id(&self) -> Option<i64> {
        self.app.state.read().billing_account_id()
    }

    /// The ID of the CertCentral account that pays for an account of the Partner Subscriptions
    /// API: the one that it is linked to, or else the one that its parent is linked to.
    #[must_use]
    pub fn billing_account_id_of(&self, partner_account_id: i64) -> Option<i64> {
        let state = self.app.state.read();
        state.billing_account_id_of(partner_account_id)
    }

    /// Adds a subaccount to the Partner Subscriptions account, with a key that is made up. It has
    /// no billing account of its own yet.
    pub fn add_partner_subaccount(
        &self,
        name: impl Into<String>,
    ) -> Result<PartnerSubaccount, StateError> {
        let name = name.into();
        self.app
            .state
            .change_blocking(|state| state.new_partner_subaccount(name))
    }

    /// Makes the key of a subaccount of the Partner Subscriptions account inactive, or active
    /// again. An inactive key is answered with 403.
    pub fn set_partner_key_active(
        &self,
        partner_account_id: i64,
        active: bool,
    ) -> Result<(), StateError> {
        self.app.state.change_blocking(|state| {
            let change = state.with_active_partner_key(partner_account_id, active)?;
            Ok((change, ()))
        })
    }

    /// The balance of a subaccount, which none of the seven calls tells. `None` if there is no
    /// such subaccount.
    #[must_use]
    pub fn balance(&self, subaccount_id: i64) -> Option<Amount> {
        self.app.state.read().balance(subaccount_id)
    }

    /// Gives a subaccount a balance, in its currency.
    pub fn set_balance(&self, subaccount_id: i64, balance: Amount) -> Result<(), StateError> {
        self.app
            .state
            .change_blocking(|state| Ok((state.with_balance(subaccount_id, balance)?, ())))
    }

    /// Forgets all subaccounts and links. The settings of the parent account stay as they are.
    pub fn reset(&self) -> Result<(), StateError> {
        self.app
            .state
            .change_blocking(|state| Ok((state.reset(), ())))
    }

    /// How often its state was changed. It stays the same when a request is refused.
    #[must_use]
    pub fn revision(&self) -> u64 {
        *self.app.state.revision().borrow()
    }

    /// All that it remembers, as it is now.
    #[must_use]
    pub fn state(&self) -> StateDocument {
        self.app.state.read().document()
    }

    /// Replaces all that it remembers. The keys of the two parent accounts stay as they are. A
    /// document that cannot be loaded changes nothing.
    pub fn load(&self, document: &StateDocument) -> Result<(), StateError> {
        self.app
            .state
            .change_blocking(|state| Ok((state.loaded(document.clone())?, ())))
    }

    /// The time that it goes by, to set it or to let time pass.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.app.clock
    }

    /// The requests to the API that it was sent so far, to look at and to assert on.
    #[must_use]
    pub fn requests(&self) -> Requests {
        self.app.log.since(0)
    }

    /// Forgets the requests that it was sent so far.
    pub fn clear_requests(&self) {
        self.app.log.clear();
    }

    /// The faults that are switched on, to switch more on or off.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.app.faults
    }

    /// Stops it: requests that have begun get their answer, if they end within a second. When
    /// this returns, the port is free.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// What a sandbox is to be like. Made by [`Sandbox::builder`].
#[derive(Debug, Default)]
#[must_use = "a sandbox starts with `start`"]
pub struct SandboxBuilder {
    listen: Option<SocketAddr>,
    certcentral_key: Option<CertCentralApiKey>,
    partner_key: Option<PartnerApiKey>,
    parent: ParentSettings,
    clock: Clock,
    faults: Vec<Fault>,
    request_timeout: Option<Duration>,
    rate_limit: bool,
    state: Option<StateDocument>,
    #[cfg(feature = "persistence")]
    state_file: Option<PathBuf>,
}

impl SandboxBuilder {
    /// The address to listen on. Port 0 picks a free one. By default it is port 0 of
    /// `127.0.0.1`.
    ///
    /// On an address other than loopback everybody who reaches it can talk to the sandbox, over
    /// plain HTTP.
    pub fn listen(mut self, address: impl Into<SocketAddr>) -> Self {
        self.listen = Some(address.into());
        self
    }

    /// The CertCentral key of the parent account. By default one is made up.
    pub fn certcentral_key(mut self, key: impl Into<CertCentralApiKey>) -> Self {
        self.certcentral_key = Some(key.into());
        self
    }

    /// The key of the Partner Subscriptions account. By default one is made up.
    pub fn partner_key(mut self, key: impl Into<PartnerApiKey>) -> Self {
        self.partner_key = Some(key.into());
        self
    }

    /// How the parent account is set up.
    pub fn parent(mut self, settings: ParentSettings) -> Self {
        self.parent = settings;
        self
    }

    /// The time that it goes by. By default that is the time of the system.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// A fault that is switched on from the start. More can be given; of several that would befall
    /// a call, the first does.
    pub fn fault(mut self, fault: impl Into<Fault>) -> Self {
        self.faults.push(fault.into());
        self
    }

    /// Whether the request limits of the CertCentral API hold: for each key 100 requests in 5
    /// seconds and 1000 in 3 minutes, by the [clock](Self::clock) of the sandbox. By default there
    /// are none.
    pub fn rate_limit(mut self, on: bool) -> Self {
        self.rate_limit = on;
        self
    }

    /// What it remembers from the start.
    pub fn state(mut self, document: StateDocument) -> Self {
        self.state = Some(document);
        self
    }

    /// The file to keep the state in. It is made if there is none; if there is one, its content is
    /// what the sandbox remembers from the start, rather than a [`state`](Self::state).
    ///
    /// Every change is on the disk before it is answered. A change that cannot be kept is not made,
    /// and answered with 500.
    #[cfg(feature = "persistence")]
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// How long a request may take to arrive, and how long a client may not take its answer, until
    /// the connection is ended. By default that is 30 seconds.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = Some(timeout);
        self
    }

    /// Starts it. When this returns, it listens.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let (given_certcentral_key, given_partner_key) =
            (self.certcentral_key.is_some(), self.partner_key.is_some());
        let certcentral_key = match self.certcentral_key {
            Some(key) => key,
            None => made_up("certcentral").map_err(StartError::random)?.into(),
        };
        let partner_key = match self.partner_key {
            Some(key) => key,
            None => made_up("partner").map_err(StartError::random)?.into(),
        };
        check_key("CertCentral", certcentral_key.expose_secret())?;
        check_key("partner", partner_key.expose_secret())?;
        let redactor = LogRedactor::new(certcentral_key.clone(), partner_key.clone());
        let faults = switched_on(self.faults)?;
        let (listener, address) = bind(self.listen.unwrap_or(LOOPBACK)).await?;
        let origin = origin(address);
        let state = |document| {
            State::new(
                document,
                self.parent,
                certcentral_key.clone(),
                partner_key.clone(),
                self.clock.clone(),
            )
        };
        let in_memory = |state: Result<State, StateError>| {
            let state = state.map_err(StartError::state)?;
            Ok(SharedState::new(state, None))
        };
        #[cfg(feature = "persistence")]
        let state = match self.state_file {
            Some(path) => {
                kept_in(&path, |kept| state(kept.or(self.state))).map_err(StartError::state_file)?
            }
            None => in_memory(state(self.state))?,
        };
        #[cfg(not(feature = "persistence"))]
        let state = in_memory(state(self.state))?;
        let (stop, stopped) = watch::channel(());
        let app = App {
            state,
            clock: self.clock,
            offered_keys: OfferedKeys::new(
                address,
                (!given_certcentral_key).then(|| certcentral_key.clone()),
                (!given_partner_key).then(|| partner_key.clone()),
            ),
            log: RequestLog::new(redactor),
            faults,
            limits: if self.rate_limit {
                Limits::on()
            } else {
                Limits::default()
            },
            stopped,
        };
        let patience = self.request_timeout.unwrap_or(PATIENCE);
        Ok(Sandbox {
            address,
            certcentral_url: format!("{origin}{CERTCENTRAL}"),
            partner_url: format!("{origin}{PARTNER}"),
            origin,
            certcentral_key,
            partner_key,
            server: Server::start(listener, router(app.clone()), patience, stop),
            app,
        })
    }
}

fn switched_on(given: Vec<Fault>) -> Result<Faults, StartError> {
    let faults = Faults::default();
    for fault in given {
        faults.add(fault).map_err(StartError::fault)?;
    }
    Ok(faults)
}

const PATIENCE: Duration = Duration::from_secs(30);

const LOOPBACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let bound = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bound
        .await
        .map_err(|error| StartError::listen(address, error))
}

/// A key that no header can hold would only ever be refused, so it is refused here.
fn check_key(kind: &'static str, key: &str) -> Result<(), StartError> {
    if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(StartError::unusable_key(kind))
    }
}

/// An address that stands for all addresses can be listened on, but not everywhere be called.
fn origin(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}
